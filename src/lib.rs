pub mod span;
pub mod source;
pub mod markdown;
pub use span::Span;
pub use source::SourceText;
