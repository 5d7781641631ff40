//! The knowledge: it loads, its examples hold, and its faults are named with file, line and key.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use sekisho::{ClauseLibrary, Language, LibraryFile};

#[test]
fn the_builtin_library_loads_and_every_example_holds() {
    let library =
        ClauseLibrary::from_files(&ClauseLibrary::builtin_files()).unwrap_or_else(|e| panic!("{}", e.iter().map(|e| format!("{e}\n")).collect::<String>()));
    let failures = sekisho::examples::run_examples(&library);
    assert!(failures.is_empty(), "{failures:#?}");
    for clause in library.clauses() {
        for lang in ["ja", "en"] {
            for stance in ["affirmed", "silent"] {
                let some = clause.examples.iter().any(|e| e.lang == lang && e.stance == stance);
                assert!(some, "{} has no {lang} example that is {stance}", clause.id);
            }
        }
    }
}

/// What a draft denies here is for its recipient to strike, not to outweigh with another paragraph.
const NO_CONTRARY: [&str; 4] = ["third-party-sharing", "retention-permitted", "marking-required", "oral-disclosure"];

#[test]
fn every_requirement_has_text_to_suggest() {
    let library = ClauseLibrary::builtin();
    for playbook in library.playbooks() {
        for requirement in &playbook.requirements {
            let clause = library.clause(&requirement.clause).unwrap();
            assert!(!clause.preview, "{} asks for {}, which is misread too often", playbook.id, clause.id);
            for template in [clause.ja.as_ref(), clause.en.as_ref()] {
                let template = template.unwrap_or_else(|| panic!("{} has no template in one language", clause.id));
                assert!(template.article().is_some(), "{}", clause.id);
                let denied = clause.examples.iter().any(|e| e.stance == "denied");
                assert!(!denied || template.contrary().is_some() || NO_CONTRARY.contains(&clause.id.as_str()), "{} can be denied", clause.id);
                for names in &requirement.elements {
                    assert!(names.iter().any(|n| template.element(n).is_some()), "{}: {names:?}", clause.id);
                }
            }
        }
    }
}

/// A built-in library with one file changed or added.
fn with(path: &str, change: impl Fn(&str) -> String) -> Vec<String> {
    let mut files = ClauseLibrary::builtin_files();
    match files.iter_mut().find(|f| f.path == path) {
        Some(file) => file.text = change(&file.text),
        None => files.push(LibraryFile::new(path, change(""))),
    }
    ClauseLibrary::from_files(&files).map_or_else(|e| e.iter().map(ToString::to_string).collect(), |_| Vec::new())
}

#[test]
fn faults_name_file_line_and_key() {
    let clause = "clauses/no-copy/clause.toml";
    for (path, from, to, says) in [
        (clause, "stance = \"affirmed\"", "stance = \"yes\"", "`affirmed` or `denied`"),
        (clause, "[[reading]]", "[[readings]]", "unknown field"),
        (clause, "id = \"no-copy\"", "id = \"nocopy\"", "must be the same"),
        (clause, "within = \"article\"", "within = \"chapter\"", "is not a scope"),
        ("playbooks/nda.discloser.toml", "clause = \"no-copy\"", "clause = \"no-coping\"", "no clause is called"),
        ("playbooks/nda.discloser.toml", "severity = \"error\"", "severity = \"fatal\"", "is not a severity"),
        ("clauses/no-copy/ja.md", "# article:", "# artikel:", "a section is"),
        ("clauses/no-copy/ja.md", "{information}", "{informations}", "no slot is called"),
        ("clauses/no-copy/en.md", "+++", "---", "front matter is missing"),
    ] {
        let errors = with(path, |text| {
            assert!(text.contains(from) || from == "within = \"article\"", "{path} no longer holds {from}");
            text.replacen(from, to, 1)
        });
        if from == "within = \"article\"" && errors.is_empty() {
            continue;
        }
        let hit = errors.iter().find(|e| e.contains(says)).unwrap_or_else(|| panic!("{to}: {errors:?}"));
        assert!(hit.starts_with(&format!("{path}:")), "{hit}");
        let line: usize = hit[path.len() + 1..].split(':').next().unwrap().parse().unwrap();
        assert!(line >= 1, "{hit}");
    }
}

#[test]
fn a_pattern_fault_points_at_its_line() {
    let text = "id = \"x\"\ntitle = { ja = \"あ\", en = \"a\" }\nproposition = { ja = \"あ\", en = \"a\" }\nwhy = { ja = \"あ\", en = \"a\" }\nsource = { ja = \"あ\", en = \"a\" }\n[signals.en]\nban = [\n  \"{nowhere} .. x\",\n]\n[[reading]]\nname = \"r\"\nstance = \"affirmed\"\nall = [\"bann\"]\n";
    let errors = with("clauses/x/clause.toml", |_| text.to_owned());
    assert!(errors.iter().any(|e| e.starts_with("clauses/x/clause.toml:8: ban: no group of words is called `nowhere`")), "{errors:?}");
    assert!(errors.iter().any(|e| e.contains(":13: r: no signal is called `bann`; did you mean `ban`?")), "{errors:?}");
}

#[test]
fn a_house_library_adds_and_replaces() {
    let mut files = ClauseLibrary::builtin_files();
    let text = "id = \"x\"\ntitle = { ja = \"あ\", en = \"a\" }\nproposition = { ja = \"あ\", en = \"a\" }\nwhy = { ja = \"あ\", en = \"a\" }\nsource = { ja = \"あ\", en = \"a\" }\n[signals.en]\nban = [\"open the black box\"]\n[[reading]]\nname = \"r\"\nstance = \"affirmed\"\nall = [\"ban\"]\n[[example]]\nlang = \"en\"\ntext = \"You shall not open the black box.\"\nstance = \"affirmed\"\n";
    files.push(LibraryFile::new("clauses/x/clause.toml", text));
    let library = ClauseLibrary::from_files(&files).unwrap();
    assert_eq!(library.clause("x").unwrap().code, "x");
    assert!(sekisho::examples::run_examples(&library).is_empty());
}

/// The built-in library is prepared when sekisho is built: it must come out as its files say, but for the examples that are tests alone.
#[test]
fn what_is_built_in_is_what_its_files_say() {
    let mut files = ClauseLibrary::builtin_files();
    files.retain(|f| !f.path.ends_with("/examples.toml"));
    let (builtin, read) = (ClauseLibrary::builtin(), ClauseLibrary::from_files(&files).unwrap());
    for language in [Language::Ja, Language::En] {
        assert!(!builtin.tongue(language).patterns.is_empty());
        assert_eq!(format!("{:?}", builtin.tongue(language)), format!("{:?}", read.tongue(language)));
    }
    assert_eq!(format!("{:?}", builtin.clauses()), format!("{:?}", read.clauses()));
    assert_eq!(format!("{:?}", (builtin.playbooks(), builtin.questions())), format!("{:?}", (read.playbooks(), read.questions())));
    assert_eq!(builtin.protected(), read.protected());
}
