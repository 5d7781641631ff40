pub mod fold;
pub mod markdown;
pub mod outline;
pub mod source;
pub mod span;
pub use outline::Draft;
pub use source::SourceText;
pub use span::Span;
