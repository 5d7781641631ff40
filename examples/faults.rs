//! Prints the structural faults of drafts: `cargo run --example faults -- FILE…`. For trying the checks.

#![allow(clippy::print_stdout, reason = "it prints")]

use sekisho::check::Checker;
use sekisho::fold::Folded;
use sekisho::{ClauseLibrary, Draft, Language, SourceText};

fn main() {
    let library = ClauseLibrary::builtin();
    let checkers = [Language::Ja, Language::En].map(|l| Checker::new(library.tongue(l), l, library.protected()));
    for path in std::env::args().skip(1) {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let Ok(source) = SourceText::decode(&path, &bytes) else { continue };
        let draft = Draft::parse(source);
        let folded = Folded::new(&draft);
        let checker = &checkers[usize::from(draft.language() == Language::En)];
        for fault in checker.check(&draft, &folded, library.tongue(draft.language())) {
            let at = draft.source().line_column(fault.span.start);
            let related: Vec<usize> = fault.related.iter().map(|r| draft.source().line_column(r.start).line).collect();
            println!("{path}:{}:{}: {} {:?} {} {related:?}", at.line, at.column, fault.code, fault.severity, fault.message);
        }
    }
}
