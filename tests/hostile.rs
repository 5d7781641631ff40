//! Libraries that mean harm, or were broken by accident: each is refused with its file, line and key, or does nothing worse than what it says.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use sekisho::render::{Document, human};
use sekisho::{ClauseLibrary, Draft, LibraryError, LibraryFile, ReviewOptions, Reviewer, SourceText};
use std::time::{Duration, Instant};

const CLAUSE: &str = "id = \"x\"\ntitle = { ja = \"あ\", en = \"a\" }\nproposition = { ja = \"あ\", en = \"a\" }\nwhy = { ja = \"あ\", en = \"a\" }\nsource = { ja = \"あ\", en = \"a\" }\n";
const READING: &str = "[[reading]]\nname = \"r\"\nstance = \"affirmed\"\nall = [\"ban\"]\n";

/// Refused libraries are refused quickly too, whatever they hold.
const SOON: Duration = Duration::from_secs(20);

fn load(files: &[(&str, &str)]) -> Result<ClauseLibrary, Vec<LibraryError>> {
    let begun = Instant::now();
    let files: Vec<LibraryFile> = files.iter().map(|(path, text)| LibraryFile::new(*path, *text)).collect();
    let result = ClauseLibrary::from_files(&files);
    assert!(begun.elapsed() < SOON, "loading took {:?}", begun.elapsed());
    result
}

/// The first error of a library that must not load.
#[track_caller]
fn refused(files: &[(&str, &str)]) -> String {
    let errors = load(files).map(|_| ()).expect_err("it loads");
    assert!(errors.len() <= 200, "{} errors", errors.len());
    errors[0].to_string()
}

#[track_caller]
fn says(error: &str, place: &str, what: &str) {
    assert!(error.starts_with(place) && error.contains(what), "{:.300}", error);
}

/// A clause with these English words, and these patterns for its one signal.
fn clause(words: &str, patterns: &str) -> String {
    format!("{CLAUSE}[words.en]\n{words}\n[signals.en]\nban = [\n{patterns}\n]\n{READING}")
}

fn template(body: &str) -> Vec<String> {
    let text = format!("+++\nsource = \"s\"\ndate = \"2026-11-23\"\n+++\n\n# article: A\n\n{body}\n");
    let errors = load(&[("clauses/x/clause.toml", &clause("a = [\"a\"]", "\"{a}\"")), ("clauses/x/en.md", &text)]);
    errors.map_or_else(|e| e.iter().map(ToString::to_string).collect(), |_| Vec::new())
}

#[test]
fn a_pattern_that_grows_is_refused() {
    let long = format!("\"a {}\"", "b".repeat(5_000));
    says(&refused(&[("clauses/x/clause.toml", &clause("", &long))]), "clauses/x/clause.toml:10: ban", "longer than 4000");
    let optional = format!("\"a {}\"", "[b] ".repeat(30));
    says(&refused(&[("clauses/x/clause.toml", &clause("", &optional))]), "clauses/x/clause.toml:10: ban", "variants");
    let parts = format!("\"{}\"", "a .. ".repeat(30) + "b");
    says(&refused(&[("clauses/x/clause.toml", &clause("", &parts))]), "clauses/x/clause.toml:10: ban", "parts");
    let open = format!("\"{}\"", "[".repeat(3_000));
    says(&refused(&[("clauses/x/clause.toml", &clause("", &open))]), "clauses/x/clause.toml:10: ban", "not closed");
}

#[test]
fn groups_that_hold_each_other_are_refused_before_they_fill_the_memory() {
    // Each holds all that follow: half a billion words.
    let chain: String = (0..30_000).map(|i| format!("g{i} = [\"w{i}\", \"{{g{}}}\"]\n", i + 1)).collect();
    let words = format!("{chain}g30000 = [\"end\"]");
    let error = refused(&[("clauses/x/clause.toml", &clause(&words, "\"{g1}\""))]);
    says(&error, "clauses/x/clause.toml:", "more than 2000000 words");
    // The same through patterns: one large group in each of many.
    let large: String = (0..50_000).map(|i| format!("\"w{i}\",\n")).collect();
    let error = refused(&[("clauses/x/clause.toml", &clause(&format!("g = [\n{large}]"), &"\"{g} .. {g}\",\n".repeat(1_000)))]);
    says(&error, "clauses/x/clause.toml:", "come to more than 2000000 words");
    // Two groups in a circle are one group.
    load(&[("clauses/x/clause.toml", &clause("a = [\"a\", \"{b}\"]\nb = [\"b\", \"{a}\"]", "\"{a} .. {b}\""))]).unwrap();
}

#[test]
fn files_that_no_person_wrote_are_refused_unread() {
    let large = "# \n".repeat(2 * 1024 * 1024);
    says(&refused(&[("clauses/x/clause.toml", &large)]), "clauses/x/clause.toml:1: file", "larger than");
    let line = format!("id = \"x\"\n# {}\n", "a".repeat(30_000));
    says(&refused(&[("clauses/x/clause.toml", &line)]), "clauses/x/clause.toml:2: line", "longer than");
    let text = format!("{CLAUSE}[[example]]\nlang = \"en\"\nstance = \"silent\"\ntext = \"\"\"\n{}\"\"\"\n", "a b\n".repeat(10_000));
    says(&refused(&[("clauses/x/clause.toml", &text)]), "clauses/x/clause.toml:9: text", "longer than");
    let many: Vec<(String, String)> = (0..10_100).map(|i| (format!("playbooks/p{i}.toml"), String::new())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    assert!(load(&many).unwrap_err().iter().any(|e| e.message.contains("at most 10000 files")));
    let deep = format!("id = {}1{}\n", "[".repeat(9_000), "]".repeat(9_000));
    says(&refused(&[("clauses/x/clause.toml", &deep)]), "clauses/x/clause.toml:1: id", "");
}

#[test]
fn errors_are_counted_only_as_far_as_people_read() {
    let patterns = "\"{nowhere}\",\n".repeat(100_000);
    let error = refused(&[("clauses/x/clause.toml", &clause("", &patterns))]);
    says(&error, "clauses/x/clause.toml:10: ban", "no group of words is called");
}

#[test]
fn paths_that_lead_out_are_no_files_of_a_library() {
    for path in
        ["../clauses/x/clause.toml", "/clauses/x/clause.toml", "clauses/../../x/clause.toml", "clauses/x/../clause.toml", "lexicon/../codes.toml", "x.toml"]
    {
        let error = refused(&[(path, "")]);
        says(&error, &format!("{path}:1: {path}"), "not a file of a library");
    }
    // The folder of a clause is its id, and an id leads nowhere.
    for id in ["..", ".x", "x y", "x\\\\y", "あ", ""] {
        let text = CLAUSE.replace("id = \"x\"", &format!("id = \"{id}\""));
        let path = format!("clauses/{}/clause.toml", id.replace("\\\\", "\\"));
        says(&refused(&[(path.as_str(), &text)]), &format!("{path}:1: id"), "is not an id");
    }
    let text = "id = \"../p\"\nkinds = []\nside = \"s\"\ntitle = { ja = \"あ\", en = \"a\" }\n";
    says(&refused(&[("playbooks/../p.toml", text)]), "playbooks/../p.toml:1: id", "is not an id");
}

#[test]
fn playbooks_that_extend_each_other_for_ever_are_refused() {
    let playbook = |id: &str, base: &str| format!("id = \"{id}\"\nextends = \"{base}\"\ntitle = {{ ja = \"あ\", en = \"a\" }}\n");
    let (a, b) = (playbook("a", "b"), playbook("b", "a"));
    says(&refused(&[("playbooks/a.toml", &a), ("playbooks/b.toml", &b)]), "playbooks/a.toml:2: extends", "extends itself");
    says(&refused(&[("playbooks/a.toml", &playbook("a", "a"))]), "playbooks/a.toml:2: extends", "extends itself");
    let chain: Vec<(String, String)> = (0..2_000).map(|i| (format!("playbooks/p{i}.toml"), playbook(&format!("p{i}"), &format!("p{}", i + 1)))).collect();
    let chain: Vec<(&str, &str)> = chain.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    says(&refused(&chain), "playbooks/p0.toml:2: extends", "more than 8 others");
}

#[test]
fn what_cannot_be_seen_is_refused() {
    for written in ["\u{202e}", "\u{200f}", "\u{2066}", "\\u202e", "\\u001b]0;x\\u0007", "\\U0000001b[2J", "\\e[2J", "\\u0085", "a\\rb"] {
        let text = CLAUSE.replace("en = \"a\" }\nproposition", &format!("en = \"a{written}\" }}\nproposition"));
        assert_ne!(text, CLAUSE);
        let errors = load(&[("clauses/x/clause.toml", &text)]).map_or_else(|e| e, |_| Vec::new());
        let error = errors.first().map_or_else(|| "it loads".to_owned(), ToString::to_string);
        assert!(error.starts_with("clauses/x/clause.toml:2: ") && error.contains("cannot be seen"), "{written:?}: {error}");
    }
    assert!(template("A paragraph\u{1b}[2J.")[0].contains("cannot be seen"));
    // Tabs and the ends of lines are no secret.
    load(&[("clauses/x/clause.toml", &format!("{CLAUSE}[signals.en]\r\nban\t= [\"a\\tb\"]\r\n{READING}"))]).unwrap();
}

#[test]
fn a_template_cannot_reach_beyond_its_paragraph() {
    assert_eq!(template("A paragraph of {agreement} – with “quotes”, (brackets) and 100 %."), Vec::<String>::new());
    for body in [
        "<!-- what follows",
        "```",
        "~~~",
        "<script>alert(1)</script>",
        "[a](https://example.com)",
        "![a](x)",
        "> quoted",
        "- item",
        "1. item",
        "a <b>c</b>",
        "&lt;",
        "**bold**",
        "## heading",
    ] {
        let errors = template(body);
        assert!(errors.iter().any(|e| e.starts_with("clauses/x/en.md:8: text: ") && e.contains("plain text")), "{body}: {errors:?}");
    }
    // Front matter ends once; what looks like more of it is text, and a heading opens a section or nothing.
    assert!(template("# element: nothing")[0].starts_with("clauses/x/en.md:8: element"));
    assert!(template("{system}")[0].contains("no slot is called"));
    assert!(template("{parties")[0].contains("not closed"));
    assert!(!template("+++\nsource = \"t\"\n+++\n\ntext").is_empty() || template("text").is_empty());
}

#[test]
fn texts_are_put_into_texts_once() {
    // Each value names the next slot: filled again and again, these would come to terabytes.
    let many = |slot: &str| format!("{{{slot}}}").repeat(1_000);
    let lexicon = format!("[messages]\nmissing = \"{}\"\n[[kinds]]\nid = \"other\"\nname = \"n\"\n", many("title"));
    let title = format!("title = {{ ja = \"あ\", en = \"{}\" }}", many("reason"));
    let clause = clause("a = [\"zz\"]", "\"{a}\"").replace("title = { ja = \"あ\", en = \"a\" }", &title);
    let playbook = format!(
        "id = \"p\"\nkinds = [\"other\"]\nside = \"s\"\ntitle = {{ ja = \"あ\", en = \"a\" }}\n[[requirement]]\nclause = \"x\"\nseverity = \"error\"\nreason = {{ ja = \"あ\", en = \"{}\" }}\n",
        many("reason")
    );
    let library = load(&[("lexicon/en.toml", &lexicon), ("clauses/x/clause.toml", &clause), ("playbooks/p.toml", &playbook)]).unwrap();
    let draft = Draft::parse(SourceText::new("d.md", "1. Term. This Agreement lasts one year.\n"));
    let review = Reviewer::new(&library).review(&draft, &ReviewOptions::default());
    let message = &review.findings.iter().find(|f| f.clause == "x").unwrap().message;
    assert_eq!(message.len(), 1_000 * 1_000 * "{reason}".len());
    let report = human::document(Document { library: &library, draft: &draft, review: &review }, human::Options::default());
    assert!(report.len() < 3 * message.len());
}

/// A folder of a library on the disk, and what the program says of it.
#[cfg(all(unix, feature = "cli"))]
mod on_disk {
    use std::os::unix::fs::symlink;
    use std::path::Path;
    use std::process::Command;

    fn check(dir: &Path) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_sekisho")).args(["library", "check"]).arg(dir).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    #[test]
    fn links_are_not_followed_and_large_files_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret.toml"), "not = [\"a library\"").unwrap();
        std::fs::create_dir_all(folder.path().join("playbooks")).unwrap();
        symlink(outside.path().join("secret.toml"), folder.path().join("playbooks/p.toml")).unwrap();
        symlink(outside.path(), folder.path().join("clauses")).unwrap();
        symlink(folder.path(), folder.path().join("checklist")).unwrap();
        let (code, said) = check(folder.path());
        assert_eq!(code, 0, "{said}");
        assert!(!said.contains("secret"), "{said}");
        let large = std::fs::File::create(folder.path().join("playbooks/q.toml")).unwrap();
        large.set_len(1 << 36).unwrap();
        let (code, said) = check(folder.path());
        assert!(code == 2 && said.contains("q.toml:1: file: larger than"), "{said}");
    }

    #[test]
    fn errors_name_the_file_and_obey_no_escape() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("playbooks")).unwrap();
        std::fs::write(folder.path().join("playbooks/p.toml"), "id = \"p\"\n\u{9b}31m = 1\n").unwrap();
        let (code, said) = check(folder.path());
        assert!(code == 2 && said.contains("playbooks/p.toml:2: character: "), "{said}");
        assert!(!said.contains(['\u{9b}', '\u{1b}']), "{said:?}");
    }
}
