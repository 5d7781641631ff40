//! The command line as other programs meet it: exit codes, JSON, standard input, and files that are written.
//!
//! Every test uses the library in `tests/cli/library`, so that none changes with the built-in one.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const GOOD: &str = "tests/cli/drafts/good.md";
const WEAK: &str = "tests/cli/drafts/weak.md";

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sekisho"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["--no-builtin", "--library", "tests/cli/library"]).args(args);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command
}

fn run(args: &[&str]) -> Output {
    command(args).output().unwrap()
}

fn run_with(args: &[&str], stdin: &[u8]) -> Output {
    let mut child = command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn last_line(output: &Output) -> String {
    err(output).lines().last().unwrap_or_default().to_owned()
}

fn json(args: &[&str]) -> Value {
    serde_json::from_slice(&run(args).stdout).unwrap()
}

fn path(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_clean_draft_exits_0_and_says_nothing_on_stderr() {
    let output = run(&["check", GOOD]);
    assert_eq!((code(&output), err(&output).as_str()), (0, ""));
}

#[test]
fn findings_exit_1_by_the_threshold() {
    let output = run(&["check", WEAK]);
    assert_eq!(code(&output), 1);
    assert_eq!(last_line(&output), "exit 1: 警告以上の指摘が 2 件あります（--fail-on）");
    assert_eq!(code(&run(&["check", WEAK, "--fail-on", "error"])), 0);
    assert_eq!(code(&run(&["check", WEAK, "--fail-on", "note"])), 1);
    assert_eq!(code(&run(&["check", WEAK, "--exit-zero"])), 0);
}

#[test]
fn bad_usage_and_bad_libraries_exit_2() {
    for args in [&["check"][..], &["chekc", GOOD], &["check", GOOD, "--format", "xml"], &["check", GOOD, "--playbook", "nda"], &["explain", "nothing"]] {
        assert_eq!(code(&run(args)), 2, "{args:?}");
    }
    assert!(last_line(&run(&["check", GOOD, "--playbook", "nda"])).ends_with("there are: nda.both"));
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("playbooks")).unwrap();
    path(folder.path(), "playbooks/x.toml", b"id = \"x\"\nkinds = []\nside = \"x\"\ntitle = { ja = \"x\", en = \"x\" }\n\n[[requirement]]\nclause = \"none\"\nseverity = \"error\"\nreason = { ja = \"\", en = \"\" }\n");
    let output = run(&["library", "check", folder.path().to_str().unwrap()]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("playbooks/x.toml:7: clause: no clause is called `none`"), "{}", err(&output));
    assert!(last_line(&output).starts_with("exit 2: "));
}

#[test]
fn nothing_to_read_exits_3() {
    let folder = tempfile::tempdir().unwrap();
    path(folder.path(), "contract.docx", b"");
    for command in ["check", "fix"] {
        let output = run(&[command, folder.path().to_str().unwrap()]);
        assert_eq!(code(&output), 3);
        assert_eq!(last_line(&output), "exit 3: nothing to read");
        assert!(err(&output).contains("*.md, *.markdown, *.txt"));
    }
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let broken = path(folder.path(), "broken.md", b"\xEF\xBB\xBFabc\xFF");
    let binary = path(folder.path(), "binary.md", b"PK\x03\x04\0\0");
    let absent = folder.path().join("absent.md").to_str().unwrap().to_owned();
    let output = run(&["check", "--format", "json", "--exit-zero", &broken, &absent, GOOD, &binary]);
    assert_eq!(code(&output), 2);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["documents"].as_array().unwrap().len(), 1);
    assert_eq!(report["summary"]["unread"], 3);
    let guessed = path(folder.path(), "guessed.md", &[&fs::read(WEAK).unwrap()[..31], b"\xFF"].concat());
    assert!(err(&run(&["check", &guessed])).contains("UTF-8 (first bad byte at "));
    let lines: Vec<String> = err(&output).lines().map(str::to_owned).collect();
    assert!(lines[0].starts_with(&broken) && lines[0].contains("UTF-8 (first bad byte at 6, line 1)"), "{lines:?}");
    assert!(lines[1].starts_with(&absent) && lines[1].contains("no such file"), "{lines:?}");
    assert!(lines[2].starts_with(&binary) && lines[2].contains("not a text file"), "{lines:?}");
    assert_eq!(lines[3], "exit 2: inputs that could not be processed: 3 (see above)");
}

#[test]
fn folders_are_walked_in_order_and_each_draft_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("b")).unwrap();
    for name in ["c.TXT", "b/x.markdown", "a.md", "note.rs"] {
        path(folder.path(), name, b"Recipient shall not copy.\n");
    }
    let root = folder.path().to_str().unwrap();
    let first = folder.path().join("a.md").to_str().unwrap().to_owned();
    let report = json(&["check", "--format", "json", &first, root]);
    let paths: Vec<&str> = report["documents"].as_array().unwrap().iter().map(|d| d["path"].as_str().unwrap().strip_prefix(root).unwrap()).collect();
    assert_eq!(paths, ["/a.md", "/b/x.markdown", "/c.TXT"]);
}

#[test]
fn standard_input_is_a_draft_with_a_name() {
    let text = fs::read(WEAK).unwrap();
    let output = run_with(&["check", "--format", "json", "--stdin-filename", "x/nda.md", "-"], &text);
    assert_eq!(code(&output), 1);
    let piped: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut read = json(&["check", "--format", "json", WEAK]);
    assert_eq!(piped["documents"][0]["path"], "x/nda.md");
    read["documents"][0]["path"] = "x/nda.md".into();
    assert_eq!(piped, read);
    assert_eq!(code(&run_with(&["check", "-", "-"], b"")), 2);
    assert_eq!(code(&run(&["check", GOOD, "--stdin-filename", "x.md"])), 2);
}

#[test]
fn json_has_every_field_of_the_contract() {
    let report = json(&["check", "--format", "json", WEAK]);
    assert_eq!(report["schema"], "sekisho/1");
    let document = &report["documents"][0];
    assert_eq!(document["path"], WEAK);
    assert_eq!(document["language"], "ja");
    assert_eq!(document["kind"], "nda");
    assert_eq!(document["side"], "both");
    assert_eq!(document["playbook"], "nda.both");

    let clause = &document["clauses"][0];
    assert_eq!(clause["id"], "no-copy");
    assert_eq!(clause["stance"], "affirmed");
    assert_eq!(clause["elements"], serde_json::json!({"with-consent": false}));
    assert!(clause["binds"].is_array() && clause["values"].is_object());
    let text = fs::read_to_string(WEAK).unwrap();
    let quote = "乙は、秘密情報を複製してはならない。";
    let start = text.find(quote).unwrap();
    let place = |v: &Value| {
        assert_eq!(v["start"], start);
        assert_eq!(v["end"], start + quote.len());
        assert_eq!(v["line"], 11);
        assert_eq!(v["column"], 1);
        assert_eq!(v["unit"], "第2条");
    };
    place(&clause["evidence"][0]);
    assert_eq!(clause["evidence"][0]["quote"], quote);
    assert_eq!(clause["evidence"][0]["reading"], "ban");
    assert_eq!(document["clauses"][1]["stance"], "silent");

    let assessments = document["assessments"].as_array().unwrap();
    assert_eq!(assessments.len(), 2);
    assert_eq!(assessments[0], serde_json::json!({"clause": "no-copy", "outcome": "weak", "severity": "warning", "lacking": [["with-consent"]]}));
    assert_eq!(assessments[1]["outcome"], "missing");

    let finding = &document["findings"][0];
    assert_eq!(finding["code"], "T001");
    assert_eq!(finding["clause"], "no-copy");
    assert_eq!(finding["outcome"], "weak");
    assert_eq!(finding["severity"], "warning");
    assert_eq!(finding["confidence"], "medium");
    assert!(finding["message"].as_str().unwrap().contains("事前の承諾"));
    place(finding);
    place(&finding["evidence"][0]);
    assert_eq!(finding["fingerprint"].as_str().unwrap().len(), 16);
    let suggestion = &document["findings"][1]["suggestions"][0];
    assert!(suggestion["template"].is_string());
    assert!(suggestion["text"].as_str().unwrap().contains("返還しなければならない"));
    assert!(suggestion["insert_at"].is_u64());
    assert_eq!(suggestion["open_slots"], serde_json::json!(["日数"]));
    assert_eq!(suggestion["applicability"], "has-blanks");

    assert_eq!(report["summary"]["documents"], 1);
    assert_eq!(report["summary"]["unread"], 0);
    assert_eq!(report["summary"]["findings"], serde_json::json!({"error": 0, "warning": 2, "note": 0}));
    let outcomes = serde_json::json!({"met": 0, "weak": 1, "missing": 1, "contrary": 0, "not-applicable": 0, "undetermined": 0});
    assert_eq!(report["summary"]["outcomes"], outcomes);
}

#[test]
fn met_requirements_are_reported_and_all_clauses_lists_the_library() {
    let good = json(&["check", "--format", "json", GOOD]);
    assert_eq!(good["documents"][0]["assessments"][1], serde_json::json!({"clause": "return", "outcome": "met", "severity": "warning", "lacking": []}));
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("playbooks")).unwrap();
    let one = b"id = \"one\"\nkinds = []\nside = \"x\"\ntitle = { ja = \"x\", en = \"x\" }\n[[requirement]]\nclause = \"return\"\nseverity = \"note\"\nreason = { ja = \"\", en = \"\" }\n";
    path(folder.path(), "playbooks/one.toml", one);
    let house = folder.path().to_str().unwrap();
    let args = ["check", "--library", house, "--playbook", "one", "--format", "json", GOOD];
    let count = |report: Value| report["documents"][0]["clauses"].as_array().unwrap().len();
    assert_eq!(count(json(&args)), 1);
    assert_eq!(count(json(&[&args[..], &["--all-clauses"]].concat())), 2);
}

#[test]
fn a_kind_without_a_playbook_is_never_clean() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("playbooks")).unwrap();
    let none = b"id = \"nda.both\"\nkinds = []\nside = \"x\"\ntitle = { ja = \"x\", en = \"x\" }\nrequirement = []\n";
    path(folder.path(), "playbooks/nda.both.toml", none);
    let args = ["check", "--library", folder.path().to_str().unwrap(), GOOD];
    let output = run(&args);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("no playbook for this kind of contract (nda)"), "{}", err(&output));
    assert_eq!(code(&run(&[&args[..], &["--all-clauses", "--exit-zero"]].concat())), 0);
}

#[test]
fn the_report_for_people() {
    insta::assert_snapshot!("human", out(&run(&["check", "tests/cli/drafts"])));
}

#[test]
fn colours_follow_the_option_and_the_environment() {
    assert!(!out(&run(&["check", WEAK])).contains('\x1b'));
    assert!(out(&run(&["check", WEAK, "--color", "always"])).contains("\x1b["));
    let forced = command(&["check", WEAK]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(out(&forced).contains("\x1b["));
    let never = command(&["check", WEAK, "--color", "never"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(!out(&never).contains('\x1b'));
}

#[test]
fn an_escape_sequence_in_a_draft_stays_text() {
    let output = run_with(&["check", "--color", "always", "-"], "乙は、\x1b]0;x\x07秘密情報を複製してはならない。\n".as_bytes());
    assert!(!out(&output).contains("\x1b]0"));
}

/// What a terminal is sent by a command, line by line and without our own colours.
#[cfg(unix)]
fn on_a_terminal(args: &[&str]) -> String {
    let spawn = "import pty, sys; pty.spawn(sys.argv[1:])";
    let inner = command(args);
    let mut outer = Command::new("python3");
    outer.current_dir(env!("CARGO_MANIFEST_DIR")).env("COLUMNS", "400").stdin(Stdio::null());
    let output = outer.args(["-c", spawn]).arg(inner.get_program()).args(inner.get_args()).output().unwrap();
    let text = out(&output).replace("\r\n", "\n");
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, p| all + p.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').strip_prefix('m').unwrap_or("\x1b"))
}

#[cfg(unix)]
#[test]
fn no_terminal_obeys_a_draft() {
    let obeyed = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let hostile = "ならない\x1b]0;x\x07\u{7f}\u{85}\u{9b}31m\u{9d}0;x\u{9c}\u{202e}\u{2066}\u{200e}\u{200f}\u{61c}";
    let text = fs::read_to_string(WEAK).unwrap().replace("ならない", hostile).replace('\n', "\r\n");
    let folder = tempfile::tempdir().unwrap();
    let draft = path(folder.path(), "hostile.md", text.as_bytes());
    let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = path(folder.path(), "wide.md", &wide);
    let commands: [&[&str]; 13] = [
        &["check", "--full", "--color", "always"],
        &["check", "--format", "json"],
        &["check", "--format", "json", "--bundle"],
        &["check", "--format", "jsonl"],
        &["check", "--format", "csv"],
        &["checklist"],
        &["checklist", "--format", "json"],
        &["fix"],
        &["fix", "--diff"],
        &["dump", "--stage", "outline"],
        &["dump", "--stage", "statements"],
        &["dump", "--stage", "signals"],
        &["dump", "--stage", "provisions"],
    ];
    for args in commands {
        for draft in [&draft, &wide] {
            let shown = on_a_terminal(&[args, &[draft]].concat());
            assert!(shown.contains("ならない") || args[0] == "checklist", "{args:?}: {shown}");
            assert_eq!(shown.chars().find(|c| obeyed(*c)), None, "{args:?}: {shown:?}");
        }
    }
    // Elsewhere nothing is lost: JSON has them as escapes, a table for spreadsheets and the amended draft as they are.
    let report = run(&["check", "--format", "json", &draft]);
    assert!(!out(&report).contains(obeyed));
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    assert_eq!(report["documents"][0]["clauses"][0]["evidence"][0]["quote"], format!("乙は、秘密情報を複製しては{hostile}。"));
    for args in [["check", "--format", "csv", &draft].as_slice(), &["fix", &draft]] {
        assert!(out(&run(args)).contains(hostile), "{args:?}");
    }
}

#[test]
fn a_long_line_is_cut() {
    let text = format!("{}乙は、{}秘密情報を複製してはならない。{}\n", "甲は払う。".repeat(500), "書類及び".repeat(20), "甲は払う。".repeat(500));
    let shown = out(&run_with(&["check", "-"], text.as_bytes()));
    let frame = shown.lines().find(|l| l.starts_with("1 | ")).unwrap();
    assert!(frame.contains("…") && frame.contains("乙は、"), "{frame}");
    assert!(sekisho::render::frame::width(frame) <= 100, "{frame}");
}

#[test]
fn messages_are_in_the_language_asked_for() {
    let shown = out(&run(&["check", WEAK, "--lang", "en"]));
    assert!(shown.contains("warning[T001]") && shown.contains("It is no legal advice."), "{shown}");
    assert!(out(&run(&["--lang", "ja", "check", GOOD])).contains("法的助言ではありません"));
}

#[test]
fn fix_prints_the_amended_draft_and_fixing_it_again_changes_nothing() {
    let output = run(&["fix", WEAK]);
    assert_eq!(code(&output), 0);
    assert!(err(&output).contains("T002 返還") && err(&output).contains("日数"), "{}", err(&output));
    let amended = out(&output);
    let mut rest = amended.as_str();
    for line in fs::read_to_string(WEAK).unwrap().lines() {
        rest = &rest[rest.find(line).unwrap() + line.len()..];
    }
    let again = run_with(&["fix", "-"], amended.as_bytes());
    assert_eq!(out(&again), amended);
    assert_eq!(code(&run_with(&["check", "-"], amended.as_bytes())), 0);
    assert_eq!(code(&run(&["fix", WEAK, GOOD])), 2);
    assert_eq!(code(&run_with(&["fix", "--write", "-"], b"")), 2);
}

#[test]
fn fix_shows_a_diff_and_leaves_the_file() {
    let before = fs::read(WEAK).unwrap();
    let output = run(&["fix", "--diff", WEAK, GOOD]);
    assert_eq!(code(&output), 0);
    let diff = out(&output);
    assert!(diff.starts_with("--- tests/cli/drafts/weak.md\n+++ tests/cli/drafts/weak.md\n@@ "), "{diff}");
    assert!(diff.contains("\n+## 第2条の2（返還）\n") && !diff.lines().skip(2).any(|l| l.starts_with('-')), "{diff}");
    assert!(!diff.contains("good.md"));
    assert_eq!(fs::read(WEAK).unwrap(), before);
}

#[test]
fn fix_writes_in_the_encoding_and_with_the_permissions_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(WEAK).unwrap();
    let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(&text);
    let draft = path(folder.path(), "sjis.md", &bytes);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&draft, fs::Permissions::from_mode(0o640)).unwrap();
    }
    let output = run(&["fix", "--write", &draft]);
    assert_eq!((code(&output), out(&output).as_str()), (0, ""));
    let written = fs::read(&draft).unwrap();
    let (amended, _, lossy) = encoding_rs::SHIFT_JIS.decode(&written);
    assert!(!lossy && amended.contains("第2条の2（返還）"), "{amended}");
    assert_eq!(amended.as_bytes(), out(&run(&["fix", WEAK])).as_bytes());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&draft).unwrap().permissions().mode() & 0o777, 0o640);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let time = fs::metadata(&draft).unwrap().modified().unwrap();
    assert!(err(&run(&["fix", "--write", &draft])).contains("加える文案はありません"));
    assert_eq!(fs::metadata(&draft).unwrap().modified().unwrap(), time);
}

#[test]
fn fix_refuses_what_it_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    // An English clause with a typographic mark that ISO-2022-JP has no room for.
    let house = folder.path().join("house/clauses/return");
    fs::create_dir_all(&house).unwrap();
    let template = fs::read_to_string("tests/cli/library/clauses/return/ja.md").unwrap().replace("終了後", "終了後☃");
    fs::write(house.join("ja.md"), template).unwrap();
    let text = fs::read_to_string(WEAK).unwrap();
    let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(&text);
    let draft = path(folder.path(), "sjis.md", &bytes);
    let house = folder.path().join("house").to_str().unwrap().to_owned();
    let output = run(&["fix", "--write", "--library", &house, &draft]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains('☃') && err(&output).contains("Shift_JIS"), "{}", err(&output));
    assert_eq!(fs::read(&draft).unwrap(), &*bytes);
    let mut permissions = fs::metadata(&draft).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&draft, permissions).unwrap();
    let output = run(&["fix", "--write", &draft]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("読み取り専用"), "{}", err(&output));
}

#[test]
fn explain_takes_an_id_or_a_code() {
    let page = out(&run(&["explain", "no-copy"]));
    for part in [
        "T001 no-copy: No copying",
        "Why it matters",
        "ban (affirmed): copy-ban",
        "shall not .. copy",
        "with-consent",
        "A draft that fails (silent)",
        "{parties} shall not copy",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(out(&run(&["explain", "t001"])), page);
    assert!(out(&run(&["explain", "T001", "--lang", "ja"])).contains("複製の禁止"));
}

#[test]
fn clauses_are_listed() {
    assert_eq!(out(&run(&["clauses"])).lines().nth(1), Some("no-copy  T001  No copying  The information may not be copied."));
    let list = json(&["clauses", "--format", "json"]);
    assert_eq!(list["schema"], "sekisho/1");
    assert_eq!(list["clauses"][1]["id"], "return");
    assert_eq!(list["clauses"][0]["title"]["ja"], "複製の禁止");
}

#[test]
fn each_stage_can_be_dumped() {
    let shows = [
        ("outline", "article [第2条]"),
        ("statements", "乙は、秘密情報を複製してはならない。"),
        ("signals", "no-copy/copy-ban: "),
        ("provisions", "ban (affirmed) [第2条]"),
    ];
    for (stage, part) in shows {
        let output = run(&["dump", "--stage", stage, WEAK]);
        assert_eq!(code(&output), 0);
        assert!(out(&output).contains(part), "{stage}: {}", out(&output));
    }
}

#[test]
fn library_check_runs_the_examples() {
    let output = run(&["library", "check", "tests/cli/library"]);
    assert_eq!((code(&output), out(&output).as_str()), (0, "6 examples, 0 failed\n"));
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("clauses/return")).unwrap();
    let clause = fs::read_to_string("tests/cli/library/clauses/return/clause.toml").unwrap();
    path(folder.path(), "clauses/return/clause.toml", clause.replace("stance = \"affirmed\"\n\n[[example]]", "stance = \"denied\"\n\n[[example]]").as_bytes());
    let output = run(&["library", "check", folder.path().to_str().unwrap()]);
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert_eq!(out(&output), "return: ja example: wanted denied, read affirmed: 乙は、秘密情報を返還するものとする。\n6 examples, 1 failed\n");
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_fault() {
    for args in
        [&["check", WEAK][..], &["check", "--format", "json", WEAK], &["dump", "--stage", "signals", WEAK], &["clauses"], &["explain", "T001"], &["--help"]]
    {
        let mut child = command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(!err(&output).contains("panicked") && [0, 1].contains(&code(&output)), "{args:?}: {}", err(&output));
    }
}

#[test]
fn eval_scores_the_library_on_known_answers() {
    let folder = tempfile::tempdir().unwrap();
    path(folder.path(), "has.md", "# 秘密保持契約書\n\n第1条（返還）\n乙は、秘密情報を返還しなければならない。\n".as_bytes());
    path(folder.path(), "bare.md", "# 秘密保持契約書\n\n第1条（目的）\n甲は、乙に図面を渡す。\n".as_bytes());
    let rows = [
        r#"{"file": "has.md", "labels": {"return": {"stance": "affirmed", "evidence": [[47, 107]]}}}"#,
        r#"{"file": "bare.md", "labels": {"return": {"stance": "silent", "evidence": []}, "unknown-clause": {"stance": "silent"}}}"#,
    ];
    let labels = path(folder.path(), "labels.jsonl", rows.join("\n").as_bytes());
    let dir = folder.path().to_str().unwrap();
    let table = json(&["eval", &labels, dir, "--format", "json"]);
    assert_eq!((table[0]["clause"].as_str(), table[0]["acc"].as_f64(), table[0]["ev"].as_f64()), (Some("return"), Some(1.0), Some(1.0)));
    assert_eq!(table[1]["acc"].as_f64(), Some(0.0));
    let human = out(&run(&["eval", &labels, dir, "--flip", "--misses", "unknown-clause"]));
    assert!(human.contains("clause not in the library") && human.contains("labelled silent, answered unknown"), "{human}");
    assert!(human.lines().any(|l| l.contains("return") && l.trim_end().ends_with("1.000")), "{human}");
    let bad = path(folder.path(), "bad.jsonl", b"{\"file\": 1}\n");
    let output = run(&["eval", &bad, dir]);
    assert!(code(&output) == 2 && last_line(&output).contains("bad.jsonl: line 1:"), "{}", last_line(&output));
}

#[test]
fn a_checklist_keeps_answers_and_tells_which_have_gone_stale() {
    let folder = tempfile::tempdir().unwrap();
    let good = fs::read_to_string(GOOD).unwrap();
    let draft = path(folder.path(), "draft.md", good.as_bytes());
    let file = format!("{draft}.checklist.toml");
    let output = run(&["checklist", &draft]);
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("- [ ] `code-names`") && !Path::new(&file).exists());

    let answer = ["checklist", &draft, "--answer", "code-names=yes", "--answer", "partner=yes", "--by", "関 所子", "--date", "2026-11-23"];
    assert_eq!(code(&run(&answer)), 0, "{}", err(&run(&answer)));
    // What people write in the file stays, and an answer typed into it is bound by --write.
    let text = fs::read_to_string(&file).unwrap().replace("[partner]", "# 面談済み\n[partner]");
    fs::write(&file, &text).unwrap();
    assert_eq!(code(&run(&["checklist", &draft])), 0);

    // Another width and line break is the same draft; another duty of return is not.
    fs::write(&draft, good.replace(" return ", " promptly return ")).unwrap();
    let list = json(&["checklist", &draft, "--format", "json", "--exit-zero"]);
    let state = |i: usize| list["contracts"][0]["people"][i]["state"].as_str().unwrap().to_owned();
    assert_eq!((state(0).as_str(), state(1).as_str()), ("stale", "answered"));
    assert!(fs::read_to_string(&file).unwrap().contains("# 面談済み\n[partner]"));

    let output = run(&["checklist", &draft, "--answer", "partner=perhaps", "--by", "関"]);
    assert!(code(&output) == 2 && last_line(&output).contains("`perhaps` is not an answer"), "{}", last_line(&output));
    fs::write(&file, "[partner]\nanswer = 1\n").unwrap();
    let output = run(&["checklist", &draft]);
    assert!(code(&output) == 2 && last_line(&output).contains("draft.md.checklist.toml: line 2"), "{}", last_line(&output));
}

#[test]
fn a_bundle_is_one_contract() {
    let report = json(&["check", "--bundle", "--format", "json", WEAK, GOOD]);
    let outcomes: Vec<&str> = report["bundle"]["assessments"].as_array().unwrap().iter().map(|a| a["outcome"].as_str().unwrap()).collect();
    assert!(outcomes.iter().all(|o| *o == "met"), "{outcomes:?}");
    assert!(report["bundle"]["assessments"][0]["places"][0]["path"].as_str().unwrap().ends_with(".md"));
    let human = out(&run(&["check", "--bundle", WEAK, GOOD]));
    assert!(human.contains(&format!("{WEAK} + {GOOD}")), "{human}");
    let missing = run(&["check", "--bundle", WEAK, "tests/cli/drafts/none.md"]);
    assert_eq!((code(&missing), out(&missing).as_str()), (2, ""));
}

#[test]
fn a_side_a_party_or_a_finding_that_is_not_there_is_an_error() {
    let said = |args: &[&str]| {
        let output = run(args);
        assert_eq!(code(&output), 2);
        last_line(&output)
    };
    assert!(said(&["check", GOOD, "--side", "moon"]).contains("no playbook serves the side `moon`"));
    let output = run(&["check", GOOD, "--party", "丙"]);
    assert!(code(&output) == 2 && err(&output).contains("“丙” (--party) is no party of this draft"), "{}", err(&output));
    assert!(said(&["explain", "--finding", "T999", WEAK]).contains("has no finding `T999`"));
    assert!(out(&run(&["explain", "--finding", "T002", WEAK])).contains("指紋"));
}

/// A folder of drafts, some of which cannot be read or have awkward names and texts.
fn archive(folder: &Path) -> String {
    fs::create_dir(folder.join("in")).unwrap();
    let root = folder.join("in");
    for i in 0..150 {
        let from = if i % 2 == 0 { GOOD } else { WEAK };
        path(&root, &format!("{i:03}.md"), &fs::read(from).unwrap());
    }
    path(&root, "a, \"b\".md", "=1+1、乙は、秘密情報を複製してはならない。\r\n".as_bytes());
    path(&root, "broken.md", b"abc\n\0");
    root.to_str().unwrap().to_owned()
}

#[test]
fn an_archive_is_a_table_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    let root = archive(folder.path());
    for format in ["jsonl", "csv"] {
        let one = run(&["check", "--format", format, "--jobs", "1", &root]);
        let many = run(&["check", "--format", format, "--jobs", "7", &root]);
        assert_eq!((code(&one), out(&one)), (2, out(&many)));
        assert!(err(&one).contains("broken.md") && last_line(&one).starts_with("exit 2: "), "{}", err(&one));
    }
    let text = out(&run(&["check", "--format", "csv", &root]));
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let names = table.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let lines: Vec<Value> = out(&run(&["check", "--format", "jsonl", &root])).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((rows.len(), lines.len()), (302, 302));
    for (row, line) in rows.iter().zip(&lines) {
        let line = line.as_object().unwrap();
        assert_eq!(line.len(), names.len());
        for (name, cell) in names.iter().zip(row) {
            match &line[name] {
                Value::Null => assert_eq!(cell, ""),
                // No cell begins as a formula does; the draft that tries is told by the apostrophe.
                Value::String(s) => assert_eq!(cell, if s.starts_with('=') { format!("'{s}") } else { s.clone() }),
                other => assert_eq!(&serde_json::from_str::<Value>(cell).unwrap(), other),
            }
        }
        if let Some(quote) = line["quote"].as_str() {
            let (start, end) = (line["start_byte"].as_u64().unwrap() as usize, line["end_byte"].as_u64().unwrap() as usize);
            assert_eq!(&fs::read_to_string(line["path"].as_str().unwrap()).unwrap()[start..end], quote);
        }
    }
    assert!(rows.iter().any(|r| r.iter().any(|c| c.starts_with("'=1+1"))));
    let weak = |row: &&Value| row["path"].as_str().unwrap().ends_with("001.md");
    let outcomes: Vec<&str> = lines.iter().filter(weak).map(|r| r["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["weak", "missing"]);
}

#[test]
fn an_interrupted_table_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let root = archive(folder.path());
    for format in ["jsonl", "csv"] {
        let whole = run(&["check", "--format", format, &root]).stdout;
        let table = folder.path().join(format!("table.{format}"));
        let name = table.to_str().unwrap();
        let args = ["check", "--format", format, "--output", name, &root];
        assert_eq!(code(&run(&args)), 2);
        assert_eq!(fs::read(&table).unwrap(), whole);
        // Never overwritten.
        let again = run(&args);
        assert!(code(&again) == 2 && last_line(&again).contains("--resume"), "{}", last_line(&again));
        let resume = [&args[..], &["--resume"]].concat();
        let row = whole.iter().position(|b| *b == b'\n').unwrap();
        for cut in [0, 4, row - 3, row + 1, row + 40, whole.len() / 2, whole.len() - 700, whole.len() - 1, whole.len()] {
            fs::write(&table, &whole[..cut]).unwrap();
            let output = run(&resume);
            assert_eq!(fs::read(&table).unwrap(), whole, "{format} cut at {cut}: {}", err(&output));
        }
        // 151 drafts can be read; the last of a table is read again.
        let kept = run(&resume);
        assert!(err(&kept).lines().any(|l| l.contains("150")), "{}", err(&kept));
        // A table of another run, or no table, is left alone.
        for other in [["--all-clauses"].as_slice(), &["--ignore", "T001"]] {
            let output = run(&[&resume[..], other].concat());
            assert!(code(&output) == 2 && fs::read(&table).unwrap() == whole, "{}", err(&output));
        }
        let draft = folder.path().join("in/000.md");
        let before = fs::read(&draft).unwrap();
        assert_eq!(code(&run(&["check", "--format", format, "--output", draft.to_str().unwrap(), "--resume", &root])), 2);
        assert_eq!(fs::read(&draft).unwrap(), before);
    }
    assert_eq!(code(&run(&["check", "--output", "x.csv", &root])), 2);
    assert_eq!(code(&run(&["check", "--bundle", "--format", "csv", GOOD, WEAK])), 2);
}

#[test]
fn the_encoding_is_reported_and_kept_with_marks_and_line_endings() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(WEAK).unwrap().replace('\n', "\r\n");
    let marked = format!("\u{feff}{text}");
    let encoded = |e: &'static encoding_rs::Encoding| e.encode(&text).0.into_owned();
    let drafts: [(&str, Vec<u8>); 8] = [
        ("UTF-8", text.clone().into_bytes()),
        ("UTF-8", marked.clone().into_bytes()),
        ("UTF-16LE", marked.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16BE", marked.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("UTF-16LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("Shift_JIS", encoded(encoding_rs::SHIFT_JIS)),
        ("EUC-JP", encoded(encoding_rs::EUC_JP)),
        ("ISO-2022-JP", encoded(encoding_rs::ISO_2022_JP)),
    ];
    for (i, (encoding, bytes)) in drafts.iter().enumerate() {
        let draft = path(folder.path(), &format!("{i}.md"), bytes);
        let report = json(&["check", "--format", "json", &draft]);
        assert_eq!(report["documents"][0]["encoding"], *encoding);
        // Positions are bytes of the text in UTF-8, its byte order mark included.
        let shown = if bytes.starts_with(b"\xEF\xBB\xBF") || bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") { &marked } else { &text };
        let evidence = &report["documents"][0]["clauses"][0]["evidence"][0];
        let (start, end) = (evidence["start"].as_u64().unwrap() as usize, evidence["end"].as_u64().unwrap() as usize);
        assert_eq!(evidence["quote"], shown[start..end]);
        assert_eq!(out(&run(&["check", &draft])).contains("文字コード"), *encoding != "UTF-8");

        assert_eq!(code(&run(&["fix", "--write", &draft])), 0);
        let written = fs::read(&draft).unwrap();
        let amended = sekisho::SourceText::decode("x", &written).unwrap();
        assert_eq!((amended.encoding(), amended.text().starts_with('\u{feff}')), (*encoding, shown.starts_with('\u{feff}')));
        assert!(amended.text().contains("第2条の2（返還）"));
        assert_eq!(amended.text().matches('\n').count(), amended.text().matches("\r\n").count());
        // Only bytes were added, in one place.
        let same = bytes.iter().zip(&written).take_while(|(a, b)| a == b).count();
        let rest = bytes.iter().rev().zip(written.iter().rev()).take_while(|(a, b)| a == b).count();
        assert!(written.len() > bytes.len() && same + rest >= bytes.len(), "{encoding}");
    }
}

#[test]
fn what_cannot_be_written_back_unchanged_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(WEAK).unwrap();
    // Two byte sequences of Shift_JIS mean ∵; encoders know one of them.
    let bytes = [&encoding_rs::SHIFT_JIS.encode(&text).0[..], b"\x87\x9A\x81\xE6\n"].concat();
    let draft = path(folder.path(), "x.md", &bytes);
    let output = run(&["fix", "--write", &draft]);
    assert!(code(&output) == 2 && err(&output).contains("元のバイト列"), "{}", err(&output));
    assert_eq!(fs::read(&draft).unwrap(), bytes);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn links_pipes_and_unwritable_places_lose_nothing() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let draft = path(root, "draft.md", &fs::read(WEAK).unwrap());
    symlink(root, root.join("loop")).unwrap();
    symlink("gone.md", root.join("dangling.md")).unwrap();
    assert!(Command::new("mkfifo").arg(root.join("pipe.md")).status().unwrap().success());
    // In a folder, links are not followed and pipes are not opened: this ends, with one draft.
    assert_eq!(json(&["check", "--format", "json", root.to_str().unwrap()])["summary"]["documents"], 1);
    // A link that is named is written through, and stays a link.
    let link = root.join("link.md");
    symlink("draft.md", &link).unwrap();
    assert_eq!(code(&run(&["fix", "--write", link.to_str().unwrap()])), 0);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink() && fs::read_to_string(&draft).unwrap().contains("第2条の2"));
    assert!(fs::symlink_metadata(root.join("pipe.md")).unwrap().file_type().is_fifo());
    let output = run(&["check", root.join("dangling.md").to_str().unwrap()]);
    assert!(code(&output) == 2 && err(&output).contains("no such file"), "{}", err(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_that_says_so() {
    for args in [&["check", WEAK][..], &["check", "--format", "json", WEAK], &["check", "--format", "csv", WEAK], &["fix", WEAK]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command(args).stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        assert!(code(&output) == 2 && last_line(&output).contains("the output cannot be written"), "{args:?}: {}", err(&output));
    }
}
