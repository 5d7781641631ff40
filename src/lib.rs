//! sekisho (関所) reads a draft contract in Markdown, Japanese or English, and says which protections against technology leakage it
//! has, which are missing, weak or turned around, where it read that, and what text to add.
//!
//! ```
//! use sekisho::{Draft, ReviewOptions, Reviewer, SourceText};
//!
//! let source = SourceText::new("nda.md", "# 秘密保持契約書\n\n第1条（秘密保持）\n乙は、甲の秘密情報を第三者に開示してはならない。\n");
//! let draft = Draft::parse(source);
//! let review = Reviewer::builtin().review(&draft, &ReviewOptions::default());
//! assert_eq!(review.provisions.kind, "nda");
//! for finding in &review.findings {
//!     let at = draft.source().line_column(finding.span.start);
//!     println!("{}:{}: {} {}", at.line, at.column, finding.code, finding.message);
//! }
//! ```
//!
//! # The floors
//!
//! Data flows one way, and each floor uses only those above it in this list:
//! [`span`] positions · [`source`] bytes to text · [`markdown`] text to visible lines · [`outline`] lines to a contract ·
//! [`fold`] the contract as searchable statements · [`library`] the knowledge · [`signal`] what is observed · [`provision`] what the
//! draft provides · [`assess`] what it should provide · [`check`] faults of the draft itself · [`edit`] and [`suggest`] what to do about it · [`review`] the one call ·
//! `render` and `cli` (feature `cli`) the hosts.
//!
//! # Promises
//!
//! Building a [`Draft`] never fails. Nothing here touches files, the network, the clock or the environment. Every span is in bytes of
//! the decoded text, on character boundaries, and evidence quotes exactly what stands there. The same draft, library and options give
//! the same review. Time is linear in the text.

pub mod assess;
mod builtin;
pub mod check;
pub mod checklist;
pub mod edit;
pub mod eval;
pub mod examples;
pub mod fold;
pub mod idle;
pub mod library;
pub mod markdown;
pub mod outline;
pub mod provision;
pub mod review;
pub mod signal;
pub mod source;
pub mod span;
pub mod suggest;

#[cfg(feature = "cli")]
pub mod cli;
pub mod render;

pub use library::{ClauseLibrary, LibraryError, LibraryFile, Severity, Stance};
pub use outline::{Draft, Language};
pub use review::{Finding, Review, ReviewOptions, Reviewer};
pub use source::{DecodeError, SourceText};
pub use span::Span;

/// The README's examples are run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// So are those of its Japanese sister.
#[cfg(doctest)]
#[doc = include_str!("../README.ja.md")]
struct ReadmeJa;
