//! Playbooks from their files: requirements resolved, `extends` followed.

use super::load::{File, MOST_QUESTIONS, Report, is_id};
use super::raw::{self, Text};
use super::{Bound, Clause, Playbook, Quantity, Question, Requirement, Severity};
use std::collections::BTreeMap;

/// A playbook extends another through no more steps than this.
const DEEPEST: usize = 8;

pub(super) fn playbooks(files: &BTreeMap<&str, File<'_>>, clauses: &[Clause], report: &mut Report) -> Vec<Playbook> {
    let mut written: BTreeMap<String, (&File<'_>, raw::Playbook)> = BTreeMap::new();
    for (path, file) in files.iter().filter(|(path, _)| path.starts_with("playbooks/") && path.ends_with(".toml")) {
        let Some(raw) = file.parse::<raw::Playbook>(report) else { continue };
        let stem = path.trim_start_matches("playbooks/").trim_end_matches(".toml");
        let id = raw.id.get_ref().clone();
        if stem != id {
            file.fail(report, raw.id.span().start, "id", format!("the id is `{id}` but the file is `{stem}.toml`; they must be the same"));
        }
        if !is_id(&id) {
            file.fail(report, raw.id.span().start, "id", format!("`{id}` is not an id: letters, digits, hyphens and dots"));
        }
        written.insert(id, (file, raw));
    }
    let ids: Vec<&String> = written.keys().collect();
    ids.into_iter().map(|id| playbook(id, &written, clauses, 0, report)).collect()
}

/// A playbook over what it extends: a requirement takes the place of the base's for the same clause, a new one follows them.
fn playbook(id: &str, written: &BTreeMap<String, (&File<'_>, raw::Playbook)>, clauses: &[Clause], depth: usize, report: &mut Report) -> Playbook {
    let (file, raw) = &written[id];
    let mut out = Playbook {
        id: id.to_owned(),
        kinds: raw.kinds.clone().unwrap_or_default(),
        side: raw.side.clone().unwrap_or_default(),
        title: raw.title.clone(),
        extends: raw.extends.as_ref().map(|e| e.get_ref().clone()),
        first: raw.first,
        supplies: raw.supplies.iter().map(|s| s.get_ref().clone()).collect(),
        requirements: Vec::new(),
    };
    if let Some(base) = &raw.extends {
        if !written.contains_key(base.get_ref()) {
            file.fail(report, base.span().start, "extends", format!("no playbook is called `{}`", base.get_ref()));
        } else if depth == 0 && endless(id, written) {
            file.fail(report, base.span().start, "extends", format!("`{id}` extends itself, or more than {DEEPEST} others"));
        } else if depth < DEEPEST {
            let base = playbook(base.get_ref(), written, clauses, depth + 1, &mut Report::default());
            if raw.kinds.is_none() {
                out.kinds = base.kinds;
            }
            if raw.side.is_none() {
                out.side = base.side;
            }
            out.requirements = base.requirements;
            out.supplies.extend(base.supplies);
        }
    } else if raw.kinds.is_none() || raw.side.is_none() {
        file.fail(report, raw.id.span().start, "kinds", "a playbook that extends none says its `kinds` and its `side`");
    }
    for clause in raw.supplies.iter().filter(|s| !clauses.iter().any(|c| c.id == *s.get_ref())) {
        file.fail(report, clause.span().start, "supplies", format!("no clause is called `{}`", clause.get_ref()));
    }
    for clause in &raw.drop {
        match out.requirements.iter().position(|r| r.clause == *clause.get_ref()) {
            Some(i) => drop(out.requirements.remove(i)),
            None => file.fail(report, clause.span().start, "drop", format!("what it extends does not ask for `{}`", clause.get_ref())),
        }
    }
    for r in &raw.requirement {
        let Some(requirement) = requirement(file, r, clauses, report) else { continue };
        match out.requirements.iter_mut().find(|had| had.clause == requirement.clause) {
            Some(had) => *had = requirement,
            None => out.requirements.push(requirement),
        }
    }
    out
}

/// Whether the chain of what a playbook extends comes round to itself, or is too long to be meant.
fn endless(id: &str, written: &BTreeMap<String, (&File<'_>, raw::Playbook)>) -> bool {
    let next = |id: &str| written.get(id).and_then(|(_, raw)| raw.extends.as_ref()).map(|e| e.get_ref().as_str());
    std::iter::successors(next(id), |id| next(id)).nth(DEEPEST).is_some()
}

fn requirement(file: &File<'_>, r: &raw::Requirement, clauses: &[Clause], report: &mut Report) -> Option<Requirement> {
    let find = |id: &Text, key: &str, report: &mut Report| {
        let found = clauses.iter().find(|c| c.id == *id.get_ref());
        if found.is_none() {
            file.fail(report, id.span().start, key, format!("no clause is called `{}`", id.get_ref()));
        }
        found
    };
    let clause = find(&r.clause, "clause", report)?;
    let mut elements = Vec::new();
    for element in &r.elements {
        let names: Vec<String> = element.get_ref().split('|').map(|n| n.trim().to_owned()).collect();
        for name in &names {
            // Its own, another clause's, or another clause as a whole.
            let (of, own) = name.split_once('.').unwrap_or((&clause.id, name));
            if !clauses.iter().any(|c| c.id == of && c.elements.contains_key(own) || c.id == *name && c.id != clause.id) {
                file.fail(report, element.span().start, "elements", format!("`{of}` has no element `{own}`"));
            }
        }
        elements.push(names);
    }
    let mut values = Vec::new();
    for value in &r.values {
        let name = value.name.get_ref().clone();
        if !clause.values.contains(&name) {
            file.fail(report, value.name.span().start, "values", format!("`{}` has no value `{name}`", clause.id));
        }
        let mut quantity = |text: &Option<Text>| {
            let text = text.as_ref()?;
            let read = Quantity::parse(text.get_ref());
            if read.is_none() {
                file.fail(report, text.span().start, "values", format!("`{}` is not a quantity such as `3 years`, `30 days` or `50 %`", text.get_ref()));
            }
            read
        };
        let (at_least, at_most) = (quantity(&value.at_least), quantity(&value.at_most));
        values.push(Bound { name, at_least, at_most });
    }
    if let Some(binds) = r.binds.as_ref().filter(|b| b.get_ref() != "counterparty") {
        file.fail(report, binds.span().start, "binds", format!("`{}` is not `counterparty`", binds.get_ref()));
    }
    let worst = severity(file, &r.severity, report);
    let weak = r.weak.as_ref().map_or(worst.min(Severity::Warning), |w| severity(file, w, report));
    let elsewhere = r.elsewhere.as_ref().and_then(|o| find(o, "elsewhere", report)).map(|c| c.id.clone());
    Some(Requirement {
        clause: clause.id.clone(),
        severity: worst,
        elements,
        values,
        counterparty: r.binds.is_some(),
        weak,
        kinds: r.kinds.clone(),
        elsewhere,
        reason: r.reason.clone(),
    })
}

/// The checklist's questions; a later file's question takes the place of an earlier one with the same id.
pub(super) fn questions(files: &BTreeMap<&str, File<'_>>, clauses: &[Clause], report: &mut Report) -> Vec<Question> {
    let mut out: Vec<Question> = Vec::new();
    for (_, file) in files.iter().filter(|(path, _)| path.starts_with("checklist/") && path.ends_with(".toml")) {
        for raw in file.parse::<raw::Checklist>(report).into_iter().flat_map(|c| c.question) {
            for clause in raw.about.iter().filter(|a| !clauses.iter().any(|c| c.id == *a.get_ref())) {
                file.fail(report, clause.span().start, "about", format!("no clause is called `{}`", clause.get_ref()));
            }
            let id = raw.id.get_ref().clone();
            if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
                file.fail(report, raw.id.span().start, "id", format!("`{id}` is not an id: letters, digits and hyphens"));
            }
            let about = raw.about.into_iter().map(Text::into_inner).collect();
            if out.len() >= MOST_QUESTIONS {
                file.fail(report, raw.id.span().start, "question", format!("more than {MOST_QUESTIONS} questions"));
                return out;
            }
            let question = Question { id, section: raw.section, text: raw.text, source: raw.source, about, kinds: raw.kinds };
            match out.iter_mut().find(|q| q.id == question.id) {
                Some(had) => *had = question,
                None => out.push(question),
            }
        }
    }
    out
}

fn severity(file: &File<'_>, written: &Text, report: &mut Report) -> Severity {
    match written.get_ref().as_str() {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        "note" => Severity::Note,
        other => {
            file.fail(report, written.span().start, "severity", format!("`{other}` is not a severity: error, warning or note"));
            Severity::Note
        }
    }
}
