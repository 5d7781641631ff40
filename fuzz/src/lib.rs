//! What is thrown at sekisho, and what must hold whatever it is. Each target is a plain function over bytes: libFuzzer calls it from
//! `fuzz_targets/`, and `tests/fuzz.rs` calls it from `cargo test` with the crashes that were found and with mutated seeds.

use sekisho::check::Checker;
use sekisho::fold::{Folded, fold_text};
use sekisho::outline::{read_label, references, to_roman};
use sekisho::render::{Bundle, Document, Tally, human, json};
use sekisho::span::FoldedSpan;
use sekisho::{ClauseLibrary, Draft, Language, LibraryError, LibraryFile, Review, ReviewOptions, Reviewer, SourceText, checklist, eval, examples};
use std::sync::OnceLock;

/// One thing to throw bytes at.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name: that of its function, and of its folder in `fixtures/crashes`.
    pub name: &'static str,
    /// What is run.
    pub run: fn(&[u8]),
    /// Where its seeds come from, relative to the repository; folders that are not there are left out.
    pub seeds: &'static [&'static str],
}

/// Every target.
pub const TARGETS: [Target; 7] = [
    Target { name: "review", run: review, seeds: DRAFTS },
    Target { name: "fold", run: fold, seeds: DRAFTS },
    Target { name: "numbering", run: numbering, seeds: DRAFTS },
    Target { name: "fix", run: fix, seeds: DRAFTS },
    Target { name: "library", run: library, seeds: &["clause-library", "fuzz/src/house"] },
    Target { name: "playbook", run: playbook, seeds: &["clause-library/playbooks"] },
    Target { name: "answers", run: answers, seeds: &["clause-library/checklist"] },
];

const DRAFTS: &[&str] = &["fixtures/drafts", "../shared/corpora/ja/docs", "../shared/corpora/contractnli/docs"];

/// A draft from any bytes: decoded as a file would be, else its text with the bad bytes replaced.
fn draft(bytes: &[u8]) -> Draft {
    let source = SourceText::decode("draft.md", bytes).unwrap_or_else(|_| SourceText::new("draft.md", String::from_utf8_lossy(bytes)));
    if let Some(back) = source.encode(source.text()) {
        let again = SourceText::decode("draft.md", &back).map(|s| s.text().to_owned());
        // A guessed encoding may be guessed otherwise where the text is written in another of its forms.
        assert!(source.encoding() != "UTF-8" || again.is_err() || again.as_deref() == Ok(source.text()), "encoding loses text");
    }
    Draft::parse(source)
}

/// Bytes → review with every clause, its suggestions, and every report of it.
pub fn review(bytes: &[u8]) {
    let draft = draft(bytes);
    let reviewer = Reviewer::builtin();
    let review = reviewer.review(&draft, &ReviewOptions::default());
    sound(&draft, &review);
    // Each language's checks, whatever the draft is written in.
    static CHECKERS: OnceLock<Vec<(Checker<'static>, Language)>> = OnceLock::new();
    let checkers = CHECKERS.get_or_init(|| {
        let one = |language| (Checker::new(ClauseLibrary::builtin().tongue(language), language, &[]), language);
        [Language::Ja, Language::En].map(one).into()
    });
    let folded = Folded::new(&draft);
    for (checker, language) in checkers {
        for fault in checker.check(&draft, &folded, reviewer.library().tongue(*language)) {
            assert!(draft.source().text().get(fault.span.start..fault.span.end).is_some(), "{fault:?}");
        }
    }
    shown(reviewer.library(), &draft, &review);
    let answers = checklist::Answers::new();
    assert!(!checklist::ask(reviewer.library(), &[(&draft, &review)], &answers).is_empty());
    if bytes.len() > 2048 {
        return;
    }
    let drafts = [draft.clone(), draft];
    let both = reviewer.review_bundle(&drafts, &ReviewOptions::default());
    let bundle = Bundle { library: reviewer.library(), drafts: &drafts, review: &both };
    printable(&human::bundle(bundle, human::Options::default()));
    let report = json::open() + &json::bundle(bundle, true) + &json::close_bundle(bundle, &Tally::default());
    assert!(serde_json::from_str::<serde::de::IgnoredAny>(&report).is_ok(), "{report}");
}

/// What holds of any review.
fn sound(draft: &Draft, review: &Review) {
    let text = draft.source().text();
    for facts in &review.provisions.facts {
        for provision in &facts.provisions {
            assert_eq!(text.get(provision.evidence.span.start..provision.evidence.span.end), Some(provision.evidence.quote.as_str()));
        }
    }
    for finding in &review.findings {
        assert!(text.get(finding.span.start..finding.span.end).is_some(), "{finding:?}");
        for at in finding.evidence.iter().chain(finding.nearest.iter().map(|p| &p.evidence)) {
            assert_eq!(text.get(at.span.start..at.span.end), Some(at.quote.as_str()), "{finding:?}");
            assert!(at.unit < draft.units().len().max(1));
        }
        for suggestion in &finding.suggestions {
            assert!(text.is_char_boundary(suggestion.insert_at), "{suggestion:?}");
        }
    }
}

/// Every report can be written, JSON is JSON, and nothing but our own colours reaches a terminal.
fn shown(library: &ClauseLibrary, draft: &Draft, review: &Review) {
    let document = Document { library, draft, review };
    for full in [false, true] {
        printable(&human::document(document, human::Options { width: 40 + 60 * usize::from(full), full }));
    }
    review.findings.iter().take(3).for_each(|f| printable(&human::finding(document, f, human::Options::default())));
    let report = json::report(&[document], true);
    assert!(serde_json::from_str::<serde::de::IgnoredAny>(&report).is_ok(), "{report}");
}

/// No control character but line breaks, once the colours that we set ourselves (`ESC [ digits m`) are taken out.
fn printable(report: &str) {
    let mut parts = report.split("\x1b[");
    let plain: String = parts
        .next()
        .into_iter()
        .chain(parts.map(|p| p.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').strip_prefix('m').unwrap_or("\x1b")))
        .collect();
    let odd = plain
        .chars()
        .find(|c| c.is_control() && *c != '\n' || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    assert_eq!(odd, None, "{plain:?}");
}

/// The fold map leads every folded character back to the source, in order, on character boundaries, and to the text it came from.
pub fn fold(bytes: &[u8]) {
    let draft = draft(bytes);
    let text = draft.source().text();
    let folded = Folded::new(&draft);
    let mut last = 0;
    for statement in folded.statements() {
        let span = folded.source_span(statement.body);
        assert!(text.get(span.start..span.end).is_some(), "{span:?}");
        assert!(span.start >= last, "statements run backwards");
        last = span.start;
        let mut from = span.start;
        for (i, c) in statement.body.slice(folded.text()).char_indices() {
            let at = statement.body.start + i;
            let one = folded.source_span(FoldedSpan::new(at, at + c.len_utf8()));
            let shown = text.get(one.start..one.end).unwrap_or_else(|| panic!("{c:?} maps inside a character: {one:?}"));
            assert!(one.start >= from && one.end <= span.end, "the map runs backwards at {c:?}");
            from = one.start;
            // An entity or an escape is written otherwise than it is read, and ，．after a Japanese character are 、。. A mark that its
            // character does not take stands behind it, and is nothing by itself.
            let mark = matches!(c, '\u{3099}' | '\u{309a}' | '\u{300}'..='\u{36f}');
            let written = shown.starts_with(['&', '\\', '，', '．']) || c == ' ' || mark;
            assert!(written || fold_text(shown).contains(c), "{c:?} maps to {shown:?}");
        }
        let _ = folded.read(statement);
    }
    let once = fold_text(text);
    assert_eq!(fold_text(&once), once);
}

/// Labels, references and the outline made of them.
pub fn numbering(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for line in text.lines() {
        if let Some(label) = read_label(line) {
            assert!(line.is_char_boundary(label.len) && !label.readings.is_empty(), "{line:?}: {label:?}");
        }
        references(&fold_text(line)).iter().for_each(|r| assert!(!format!("{r:?}").is_empty()));
    }
    if let Some((number, _)) = bytes.split_first_chunk::<4>() {
        assert!(!to_roman(u32::from_le_bytes(*number).max(1)).is_empty());
    }
    let draft = Draft::parse(SourceText::new("draft.md", text.as_ref()));
    for (id, unit) in draft.units().iter().enumerate() {
        assert!(text.get(unit.span.start..unit.span.end).is_some(), "{unit:?}");
        assert!(unit.parent.is_none_or(|p| p < id) && unit.article.is_none_or(|a| a <= id), "{unit:?}");
        assert!(unit.label.as_ref().is_none_or(|l| text.get(l.span.start..l.span.end).is_some()), "{unit:?}");
        let _ = (draft.path(id), draft.visible(&unit.title), draft.visible(&unit.text));
    }
}

/// Fixing only inserts, and fixing what was fixed changes nothing.
pub fn fix(bytes: &[u8]) {
    let draft = draft(bytes);
    let playbooks = Reviewer::builtin().library().playbooks();
    let playbook = playbooks.get(bytes.len() % (playbooks.len() + 1)).map(|p| p.id.clone());
    fix_against(&draft, &ReviewOptions { playbook, ..ReviewOptions::default() });
}

fn fix_against(draft: &Draft, options: &ReviewOptions) {
    let reviewer = Reviewer::builtin();
    let text = draft.source().text();
    let first = reviewer.fix(draft, options);
    let mut rest = first.text.chars();
    assert!(text.chars().all(|c| rest.any(|d| d == c)), "something was lost");
    assert!(first.text.len() > text.len() || first.review.edits().is_empty());
    let options = ReviewOptions { playbook: Some(first.review.playbook).filter(|p| !p.is_empty()), ..options.clone() };
    let second = reviewer.fix(&Draft::parse(SourceText::new("draft.md", first.text.as_str())), &options);
    assert!(second.text == first.text, "fixing twice is not fixing once: {:#?}\n{}", second.review.edits(), first.text);
}

/// What every library here needs, and two clauses for a playbook to ask for.
const HOUSE: [(&str, &str); 4] = [
    ("lexicon/en.toml", include_str!("house/en.toml")),
    ("lexicon/ja.toml", include_str!("house/ja.toml")),
    ("clauses/no-copy/clause.toml", include_str!("house/clause.toml")),
    ("clauses/no-copy/en.md", include_str!("house/template.md")),
];

/// One file at every place a library has, beside files that are sound; what loads must be fit for use.
pub fn library(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let id = id_of(&text);
    let places = [
        "codes.toml".to_owned(),
        "protected.toml".to_owned(),
        "lexicon/ja.toml".to_owned(),
        "lexicon/en.toml".to_owned(),
        format!("clauses/{id}/clause.toml"),
        "clauses/no-copy/en.md".to_owned(),
        format!("playbooks/{id}.toml"),
        "checklist/questions.toml".to_owned(),
        format!("{id}.toml"),
    ];
    for place in places {
        let mut files = house();
        files.push(LibraryFile::new(place, text.as_ref()));
        load(&files);
    }
}

/// Playbooks, separated by lines `+++`, over one small library: what they extend, ask for and drop.
pub fn playbook(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut files = house();
    for part in text.split("\n+++\n").take(16) {
        files.push(LibraryFile::new(format!("playbooks/{}.toml", id_of(part)), part));
    }
    load(&files);
}

fn house() -> Vec<LibraryFile> {
    HOUSE.map(|(path, text)| LibraryFile::new(path, text)).to_vec()
}

/// What a file says it is called.
fn id_of(text: &str) -> String {
    let id = text.lines().find_map(|l| l.strip_prefix("id = \"")?.split('"').next());
    id.unwrap_or("x").to_owned()
}

fn load(files: &[LibraryFile]) {
    static DRAFT: OnceLock<Draft> = OnceLock::new();
    let draft = DRAFT.get_or_init(|| Draft::parse(SourceText::new("draft.md", include_str!("house/draft.md"))));
    match ClauseLibrary::from_files(files) {
        Ok(library) => {
            let _ = examples::run_examples(&library);
            let reviewer = Reviewer::new(&library);
            for playbook in library.playbooks().iter().map(|p| Some(p.id.clone())).chain([None]).take(4) {
                let review = reviewer.review(draft, &ReviewOptions { playbook, ..ReviewOptions::default() });
                sound(draft, &review);
                shown(&library, draft, &review);
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            errors.iter().for_each(|e| named(e, files));
        }
    }
}

/// An error points at a line of a file that was given.
fn named(error: &LibraryError, files: &[LibraryFile]) {
    let lines = files.iter().filter(|f| f.path == error.file).map(|f| f.text.lines().count() + 1).max();
    assert!(lines.is_some_and(|l| (1..=l).contains(&error.line)) && !error.message.is_empty(), "{error}");
}

/// The files that people write beside their drafts: answers to the checklist, labels of contracts whose answers are known.
pub fn answers(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match checklist::parse(&text) {
        Ok(answers) => {
            static READ: OnceLock<(Draft, Review)> = OnceLock::new();
            let (draft, review) = READ.get_or_init(|| {
                let draft = Draft::parse(SourceText::new("draft.md", include_str!("house/draft.md")));
                let review = Reviewer::builtin().review(&draft, &ReviewOptions::default());
                (draft, review)
            });
            for asked in checklist::ask(ClauseLibrary::builtin(), &[(draft, review)], &answers) {
                assert_eq!(asked.answer.is_some(), answers.contains_key(&asked.question.id));
            }
        }
        Err(message) => assert!(!message.is_empty()),
    }
    if let Err(error) = eval::parse(&text) {
        assert!((1..=text.lines().count()).contains(&error.line), "{error}");
    }
}
