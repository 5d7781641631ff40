//! Template text: front matter and sections, in Markdown a lawyer can edit.

use super::raw::FrontMatter;
use super::{LibraryError, load::Report};
use crate::markdown::{self, BlockKind};

/// The text that is suggested for a clause, in one language.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Template {
    /// Where the requirement comes from.
    pub source: String,
    /// When the text was last reviewed.
    pub date: String,
    /// Ids of the clauses after whose article a new one best goes, best first.
    pub after: Vec<String>,
    /// Whether its duties are those of the party that receives the information; in a draft that binds one party alone, that one.
    pub receiver: bool,
    /// What whoever pastes it should think about.
    pub note: Option<String>,
    /// Its sections.
    pub sections: Vec<(TemplateSection, Vec<String>)>,
}

/// What a section of a template is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum TemplateSection {
    /// A whole article, with its heading.
    Article(String),
    /// A paragraph that adds an element.
    Element(String),
    /// A paragraph that prevails over a contrary one.
    Contrary,
}

impl Template {
    /// The heading and paragraphs of the article.
    pub fn article(&self) -> Option<(&str, &[String])> {
        self.sections.iter().find_map(|(s, p)| if let TemplateSection::Article(title) = s { Some((title.as_str(), p.as_slice())) } else { None })
    }

    /// The paragraphs that add an element.
    pub fn element(&self, name: &str) -> Option<&[String]> {
        self.sections.iter().find(|(s, _)| matches!(s, TemplateSection::Element(n) if n == name)).map(|(_, p)| p.as_slice())
    }

    /// The paragraphs that prevail over a contrary clause.
    pub fn contrary(&self) -> Option<&[String]> {
        self.sections.iter().find(|(s, _)| *s == TemplateSection::Contrary).map(|(_, p)| p.as_slice())
    }

    /// Reads a template file.
    pub(super) fn parse(file: &str, text: &str, elements: &[String], report: &mut Report) -> Option<Template> {
        let text = text.replace("\r\n", "\n");
        let fail = |report: &mut Report, line: usize, key: &str, message: String| {
            report.push(LibraryError { file: file.to_owned(), line, key: key.to_owned(), message });
        };
        let Some((front, body)) = text.strip_prefix("+++\n").and_then(|t| t.split_once("\n+++\n")) else {
            fail(report, 1, "+++", "front matter is missing: begin with a line `+++`, then source and date, then `+++`".to_owned());
            return None;
        };
        let front: FrontMatter = match toml::from_str(front) {
            Ok(front) => front,
            Err(e) => {
                let line = e.span().map_or(0, |s| front[..s.start.min(front.len())].matches('\n').count()) + 2;
                fail(report, line, "front matter", e.message().to_owned());
                return None;
            }
        };
        let first = text.len() - body.len();
        let mut sections: Vec<(TemplateSection, Vec<String>)> = Vec::new();
        let mut line = text[..first].matches('\n').count();
        for row in body.lines() {
            line += 1;
            if let Some(head) = row.strip_prefix("# ") {
                let (word, rest) = head.split_once(':').unwrap_or((head, ""));
                let rest = rest.trim().to_owned();
                let section = match word.trim() {
                    "article" if !rest.is_empty() => TemplateSection::Article(rest),
                    "element" if elements.contains(&rest) => TemplateSection::Element(rest),
                    "element" => {
                        fail(report, line, head, format!("the clause has no element `{rest}`; it has: {}", elements.join(", ")));
                        continue;
                    }
                    "contrary" => TemplateSection::Contrary,
                    _ => {
                        fail(report, line, head, "a section is `# article: HEADING`, `# element: NAME` or `# contrary`".to_owned());
                        continue;
                    }
                };
                sections.push((section, Vec::new()));
            } else if !row.trim().is_empty() {
                if let Some(fault) = slot_fault(row) {
                    fail(report, line, "slot", fault);
                }
                if !plain(row.trim()) {
                    let message = "a paragraph is one line of plain text: Markdown or HTML in it would reach beyond it in the draft";
                    fail(report, line, "text", message.to_owned());
                }
                match sections.last_mut() {
                    Some((_, paragraphs)) => paragraphs.push(row.trim().to_owned()),
                    None => fail(report, line, "text", "text before the first `# ` section".to_owned()),
                }
            }
        }
        for (section, paragraphs) in &sections {
            if paragraphs.is_empty() {
                fail(report, line, &format!("{section:?}"), "the section has no text".to_owned());
            }
        }
        let after = front.after.iter().map(|a| a.get_ref().clone()).collect();
        Some(Template { source: front.source, date: front.date, after, receiver: front.receiver, note: front.note, sections })
    }
}

/// Whether a paragraph is read as it is written, in any draft: no comment, fence, link or tag that hides it or what follows.
fn plain(row: &str) -> bool {
    let read = markdown::read(row);
    let shown: String = read.lines.iter().flat_map(|l| l.runs.iter().map(|r| r.text(row))).collect();
    read.solid.is_empty() && read.lines.len() == 1 && shown == row && read.lines[0].kind == BlockKind::Text
}

/// The slots a template may use, beside `{blank:…}`.
const SLOTS: [&str; 5] = ["parties", "other", "information", "agreement", "purpose"];

fn slot_fault(row: &str) -> Option<String> {
    let mut rest = row;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else { return Some("`{` is not closed".to_owned()) };
        let slot = &rest[open + 1..open + close];
        if !SLOTS.contains(&slot) && slot.strip_prefix("blank:").is_none_or(|b| b.trim().is_empty()) {
            return Some(format!("no slot is called `{{{slot}}}`; there are {} and blank:…", SLOTS.join(", ")));
        }
        rest = &rest[open + close + 1..];
    }
    None
}
