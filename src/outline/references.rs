//! The reader of cross-references: where a text points at another unit, of its own contract or of another text.
//!
//! It reads folded text: 第5条第2項, 前条, 別紙2, Section 5.2(a), Articles 4 to 6, Exhibit B. Whether the unit is there is not asked here.

use super::numbering::{Cursor, letter, roman};
use aho_corasick::AhoCorasick;
use std::sync::OnceLock;

/// What a reference points at.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Target {
    /// An article, and what is named below it.
    Article(ArticleTarget),
    /// 前条.
    PreviousArticle,
    /// 第3項 of the article it stands in.
    Paragraph(u32),
    /// 前項.
    PreviousParagraph,
    /// 別紙2, Exhibit B.
    Annex(AnnexTarget),
}

/// An article as a reference names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ArticleTarget {
    /// What the reference calls it.
    pub word: ArticleWord,
    /// Its number.
    pub number: u32,
    /// The branch of 第12条の2; 0 where there is none.
    pub branch: u32,
    /// The further components of 5.2.1.
    pub below: Vec<u32>,
    /// The paragraph of 第5条第2項.
    pub paragraph: Option<u32>,
}

/// What a reference calls an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub enum ArticleWord {
    /// 条.
    #[default]
    Jo,
    /// Article.
    Article,
    /// Section, Clause.
    Section,
}

/// An annex as a reference names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct AnnexTarget {
    /// 別紙, Exhibit; in its singular.
    pub word: &'static str,
    /// Its number; letters count from 1.
    pub number: u32,
    /// Whether it is numbered by a letter.
    pub lettered: bool,
}

/// A place that points at a unit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Reference {
    /// Its first byte in the text read.
    pub start: usize,
    /// One past its last byte, without the subject.
    pub end: usize,
    /// What it points at.
    pub target: Target,
    /// The subject it names: 第9条「（秘密保持）」, Section 9 (Confidentiality); bytes inside the brackets.
    pub subject: Option<(usize, usize)>,
    /// Whether it points, or may point, at a unit of another text: a statute, another agreement.
    pub foreign: bool,
    /// Whether it ends a range that the reference before it begins: 第4条から第9条まで, Sections 4 through 9.
    pub through: bool,
}

/// Reads the references of a folded text. Linear in the text: each context is cut at a fixed length.
///
/// ```
/// use sekisho::outline::{Target, references};
/// let found = references("乙は、前条及び会社法第2条に従う。");
/// assert_eq!(found[0].target, Target::PreviousArticle);
/// assert!(!found[0].foreign && found[1].foreign);
/// ```
pub fn references(text: &str) -> Vec<Reference> {
    references_at(text, 0..text.len())
}

/// How references begin, in either case: a word with ASCII letters only where no ASCII letter or digit stands before it.
pub(crate) const REFERENCE_WORDS: [&str; 18] = [
    "第",
    "前条",
    "前項",
    "別紙",
    "別表",
    "別添",
    "添付資料",
    "附属書",
    "付属書",
    "Section",
    "Article",
    "Clause",
    "Exhibit",
    "Schedule",
    "Appendix",
    "Annex",
    "Attachment",
    "Addendum",
];

/// Reads the references of a folded text that begin at some places of it, given in order; none begins elsewhere than at one of
/// [`REFERENCE_WORDS`].
pub(crate) fn references_at(text: &str, places: impl Iterator<Item = usize>) -> Vec<Reference> {
    let mut out: Vec<Reference> = Vec::new();
    let bytes = text.as_bytes();
    let mut from = 0;
    for at in places {
        if at < from {
            continue;
        }
        let end = match bytes[at] {
            b'A' | b'C' | b'E' | b'S' | b'a' | b'c' | b's' if !(at > 0 && bytes[at - 1].is_ascii_alphanumeric()) && may_name(bytes, at) => {
                english(text, at, &mut out)
            }
            0xe4..=0xe9 if text[at..].starts_with(['第', '前', '別', '添', '附', '付']) => japanese(text, at, &mut out),
            _ => None,
        };
        from = end.unwrap_or(from);
    }
    out
}

/// Whether the first three letters are those of a word for a unit: of [`UNITS`] or [`ANNEXES_EN`].
fn may_name(bytes: &[u8], at: usize) -> bool {
    let letter = |i: usize| bytes.get(at + i).map_or(b' ', u8::to_ascii_lowercase);
    match letter(0) {
        b's' => matches!((letter(1), letter(2)), (b'e', b'c') | (b'c', b'h')),
        b'c' => letter(1) == b'l' && letter(2) == b'a',
        b'e' => letter(1) == b'x' && letter(2) == b'h',
        _ => matches!((letter(1), letter(2)), (b'r', b't') | (b'p', b'p') | (b'n', b'n') | (b't', b't') | (b'd', b'd')),
    }
}

/// At most the last `most` bytes of the text before `at`.
fn before(text: &str, at: usize, most: usize) -> &str {
    let mut from = at.saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..at]
}

/// At most the first `most` bytes of the text from `at`.
fn after(text: &str, at: usize, most: usize) -> &str {
    let mut to = text.len().min(at + most);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    &text[at..to]
}

fn cursor(text: &str, at: usize) -> Cursor<'_> {
    Cursor { rest: &text[at..], taken: 0 }
}

// ---- Japanese ----

const ANNEXES_JA: [&str; 6] = ["別紙", "別表", "別添", "添付資料", "附属書", "付属書"];

fn japanese(text: &str, at: usize, out: &mut Vec<Reference>) -> Option<usize> {
    let rest = &text[at..];
    let (target, end) = if rest.starts_with("前条") && !rest["前条".len()..].starts_with(['件', '例', '文', '約']) {
        let end = at + "前条".len();
        (Target::PreviousArticle, below_previous(text, end))
    } else if rest.starts_with("前項") && !rest["前項".len()..].starts_with('目') {
        (Target::PreviousParagraph, at + "前項".len())
    } else if rest.starts_with('第') {
        numbered_ja(text, at)?
    } else {
        let word = ANNEXES_JA.into_iter().find(|w| rest.starts_with(w))?;
        annex_ja(text, at, word)?
    };
    let subject = subject_ja(text, end);
    let target = carried(text, at, target, out.last());
    let joined = out.last().and_then(|last| joint(text, last, at).map(|through| (through, last.foreign)));
    let foreign = match joined {
        Some((_, foreign)) => foreign,
        None => foreign_ja(text, at, &target),
    };
    let through = joined.is_some_and(|(through, _)| through);
    out.push(Reference { start: at, end, target, subject, foreign, through });
    Some(subject.map_or(end, |(_, to)| to))
}

/// 第13条第3項及び「第4項」: a paragraph joined to one of another article is that article's.
fn carried(text: &str, at: usize, target: Target, last: Option<&Reference>) -> Target {
    let Some(last) = last.filter(|l| joint(text, l, at).is_some()) else { return target };
    match (target, &last.target) {
        (Target::Paragraph(n), Target::Article(article)) => Target::Article(ArticleTarget { paragraph: Some(n), ..article.clone() }),
        (Target::Paragraph(_), Target::PreviousArticle) => Target::PreviousArticle,
        (target, _) => target,
    }
}

/// 前条第2項 points into the article before; its paragraph is passed over.
fn below_previous(text: &str, end: usize) -> usize {
    numbered_ja(text, end).map_or(end, |(target, to)| if matches!(target, Target::Paragraph(_)) { to } else { end })
}

/// 第5条の2第3項第1号 or 第3項.
fn numbered_ja(text: &str, at: usize) -> Option<(Target, usize)> {
    let mut c = cursor(text, at);
    let (number, unit) = dai(&mut c)?;
    match unit {
        '条' => {
            let mut branch = 0;
            let mut ahead = c.clone();
            if ahead.eat('の')
                && let Some(b) = ahead.number()
            {
                branch = b;
                c = ahead;
            }
            let mut target = ArticleTarget { number, branch, ..ArticleTarget::default() };
            let mut ahead = c.clone();
            if let Some((n, '項')) = dai(&mut ahead) {
                target.paragraph = Some(n);
                c = ahead;
            }
            skip_items(&mut c);
            Some((Target::Article(target), at + c.taken))
        }
        '項' => {
            skip_items(&mut c);
            Some((Target::Paragraph(number), at + c.taken))
        }
        _ => None,
    }
}

fn skip_items(c: &mut Cursor<'_>) {
    let mut ahead = c.clone();
    if let Some((_, '号')) = dai(&mut ahead) {
        *c = ahead;
    }
}

/// 第, a number, and the unit it counts.
fn dai(c: &mut Cursor<'_>) -> Option<(u32, char)> {
    (c.next()? == '第').then_some(())?;
    let number = c.number()?;
    let unit = c.next()?;
    matches!(unit, '条' | '項' | '号').then_some((number, unit))
}

fn annex_ja(text: &str, at: usize, word: &'static str) -> Option<(Target, usize)> {
    let mut c = cursor(text, at + word.len());
    c.eat('第');
    let (number, lettered) = match c.digits() {
        Some(n) => (n, false),
        None => {
            let letters = c.letters();
            let n = letter(letters).filter(|_| letters.chars().all(|l| l.is_ascii_uppercase()))?;
            c.take(letters.len());
            (n, true)
        }
    };
    Some((Target::Annex(AnnexTarget { word, number, lettered }), at + word.len() + c.taken))
}

/// （秘密保持） right after a reference.
fn subject_ja(text: &str, end: usize) -> Option<(usize, usize)> {
    let inner = text[end..].strip_prefix('(')?;
    let close = after(text, end + 1, 90).find(')')?;
    let words = &inner[..close];
    let plain = !words.is_empty() && words.chars().count() <= 25 && !words.contains(['(', '。', '「', '第', '条', '項']);
    let aside = ["以下", "ただし", "但し", "前", "後", "本", "当該", "同", "又は", "及び"].iter().any(|w| words.starts_with(w));
    let aside = aside || ["除く", "含む", "限る", "いう", "準用", "参照", "同じ"].iter().any(|w| words.contains(w));
    (plain && !aside).then_some((end + 1, end + 1 + close))
}

/// Whether a reference that begins at `at` goes on with the one before it (及び, 、, から), and whether it ends a range.
fn joint(text: &str, last: &Reference, at: usize) -> Option<bool> {
    let from = last.subject.map_or(last.end, |(_, to)| to + 1);
    let between = text.get(from..at)?;
    if between.len() > 60 {
        return None;
    }
    let mut rest = between;
    let mut through = false;
    while !rest.is_empty() {
        const JOINTS: [&str; 25] = [
            "まで",
            "の規定",
            "の各規定",
            "の定め",
            "及び",
            "および",
            "並びに",
            "ならびに",
            "又は",
            "または",
            "若しくは",
            "もしくは",
            "、",
            ",",
            "・",
            "と",
            "乃至",
            "ないし",
            "から",
            "~",
            "-",
            "より",
            "各号",
            "のほか",
            " ",
        ];
        let joint = JOINTS.iter().find(|j| rest.starts_with(**j))?;
        through |= ["から", "~", "-", "乃至", "ないし", "より"].contains(joint);
        rest = &rest[joint.len()..];
    }
    // 会社法第2条、第5条により: a comma alone does not carry a statute over to the next reference, but it may.
    Some(through)
}

/// Whether what stands before a Japanese reference makes it another text's: 会社法第2条, 基本契約第5条, 同法第3条.
fn foreign_ja(text: &str, at: usize, target: &Target) -> bool {
    let front = before(text, at, 90);
    let whole = front.trim_end_matches(' ');
    let owner = whole.strip_suffix('の').unwrap_or(whole).trim_end();
    if matches!(target, Target::PreviousArticle | Target::PreviousParagraph) {
        return whole.ends_with(['以', '「', '『', '従', '直', '同']);
    }
    let annex = matches!(target, Target::Annex(_));
    let this = owner.ends_with("本契約") && !owner.ends_with("基本契約") || owner.ends_with("本基本契約");
    if this || owner.ends_with("本条") && matches!(target, Target::Paragraph(_)) {
        return false;
    }
    let Some(last) = owner.chars().next_back() else { return false };
    let hiragana = ('\u{3041}'..='\u{3096}').contains(&last);
    let mark = matches!(last, '、' | '。' | ',' | '.' | ':' | ';' | '\n' | '・' | '|');
    if annex && last == '(' || annex && hiragana && owner.len() == whole.len() {
        return false;
    }
    // …法、第5条: the comma may carry a statute; 」and ) close a name.
    let listed = mark && owner.trim_end_matches(['、', ',', ' ']).ends_with(['法', '令', '則', '約', '」', '』', '程', '款']);
    !(mark && !listed || hiragana && owner.len() == whole.len() || last == '(' && !annex)
}

// ---- English ----

const UNITS: [(&str, ArticleWord); 6] = [
    ("Sections", ArticleWord::Section),
    ("Section", ArticleWord::Section),
    ("Articles", ArticleWord::Article),
    ("Article", ArticleWord::Article),
    ("Clauses", ArticleWord::Section),
    ("Clause", ArticleWord::Section),
];

const ANNEXES_EN: [&str; 6] = ["Exhibit", "Schedule", "Appendix", "Annex", "Attachment", "Addendum"];

fn english(text: &str, at: usize, out: &mut Vec<Reference>) -> Option<usize> {
    let mut c = cursor(text, at);
    if let Some((name, word)) = UNITS.into_iter().find(|(name, _)| c.word(name)) {
        return articles_en(text, at, c, word, name.ends_with('s'), out);
    }
    let word = ANNEXES_EN.into_iter().find(|w| c.word(w))?;
    if !text[at..].starts_with(|l: char| l.is_ascii_uppercase()) || c.peek() != Some(' ') {
        return None;
    }
    c.spaces();
    let (number, lettered) = annex_number(&mut c)?;
    let end = at + c.taken;
    let foreign = foreign_en(text, at, end);
    out.push(Reference { start: at, end, target: Target::Annex(AnnexTarget { word, number, lettered }), subject: None, foreign, through: false });
    Some(end)
}

/// `B`, `2`; not `B-1`, `3.01`, `AB`, `I` (a letter or a number).
fn annex_number(c: &mut Cursor<'_>) -> Option<(u32, bool)> {
    let letters = c.letters();
    let found = if letters.is_empty() {
        (c.digits()?, false)
    } else {
        let n = letter(letters).filter(|_| letters.len() == 1 && letters.starts_with(|l: char| l.is_ascii_uppercase()))?;
        c.take(1);
        (n, true)
    };
    let mut ahead = c.clone();
    let further = match ahead.next() {
        Some('-' | '/' | '_' | '\'') => true,
        Some('.') => ahead.peek().is_some_and(|n| n.is_ascii_alphanumeric()),
        Some(n) => n.is_ascii_alphanumeric(),
        None => false,
    };
    let roman = found.1 && matches!(letters, "I" | "V" | "X");
    (!further && !roman).then_some(found)
}

fn articles_en(text: &str, at: usize, mut c: Cursor<'_>, word: ArticleWord, plural: bool, out: &mut Vec<Reference>) -> Option<usize> {
    if c.peek() != Some(' ') {
        return None;
    }
    c.spaces();
    let first = out.len();
    let mut start = at;
    let mut through = false;
    while let Some(target) = number_en(&mut c, word) {
        let end = at + c.taken;
        let subject = subject_en(text, end);
        out.push(Reference { start, end, target: Target::Article(target), subject, foreign: false, through });
        if let Some((_, to)) = subject {
            c.take(to + 1 - end);
        }
        let mut ahead = c.clone();
        let Some(range) = plural.then(|| connector(&mut ahead)).flatten() else { break };
        c = ahead;
        through = range;
        start = at + c.taken;
    }
    let end = out.get(first..)?.last()?.end.max(at + c.taken);
    let foreign = foreign_en(text, at, end);
    out[first..].iter_mut().for_each(|r| r.foreign = foreign);
    Some(out.last().map_or(end, |r| r.end))
}

/// `5`, `5.2.1`, `IV`, `5.2(a)(ii)`.
fn number_en(c: &mut Cursor<'_>, word: ArticleWord) -> Option<ArticleTarget> {
    let letters = c.letters();
    let mut target = ArticleTarget { word, ..ArticleTarget::default() };
    if letters.is_empty() {
        target.number = c.digits()?;
    } else {
        target.number = roman(letters).filter(|_| letters.bytes().all(|b| b.is_ascii_uppercase()))?;
        c.take(letters.len());
    }
    loop {
        let mut ahead = c.clone();
        if !ahead.eat('.') {
            break;
        }
        let Some(n) = ahead.digits() else { break };
        target.below.push(n);
        *c = ahead;
    }
    if c.peek().is_some_and(|x| x.is_ascii_alphanumeric()) {
        return None;
    }
    // "7.00" is article 7.
    if target.below.len() == 1 && target.below[0] == 0 {
        target.below.clear();
    }
    loop {
        let mut ahead = c.clone();
        if ahead.peek() == Some(' ') {
            ahead.next();
        }
        let inside = ahead.eat('(') && !ahead.letters().is_empty() && ahead.letters().len() <= 4 || ahead.peek().is_some_and(|x| x.is_ascii_digit());
        if !inside || c.peek() == Some(' ') && ahead.letters().len() > 3 {
            break;
        }
        let len = ahead.letters().len();
        if len > 0 {
            ahead.take(len);
        } else if ahead.digits().is_none() {
            break;
        }
        if !ahead.eat(')') {
            break;
        }
        *c = ahead;
    }
    Some(target)
}

/// `, `, ` and `, `, or `, ` through `: whether a range goes on; nothing where no number follows.
fn connector(c: &mut Cursor<'_>) -> Option<bool> {
    let (mut any, mut range) = (false, false);
    loop {
        let before = c.taken;
        c.spaces();
        if c.eat(',') || c.eat('&') {
            any = true;
        } else if c.eat('-') || c.word("through") || c.word("to") {
            (any, range) = (true, true);
        } else if c.word("and") || c.word("or") || c.word("inclusive") {
            any = true;
        } else if c.taken == before || c.peek().is_some_and(|x| x.is_ascii_digit()) || !any {
            break;
        }
    }
    let upper = c.letters().chars().all(|l| l.is_ascii_uppercase()) && !c.letters().is_empty();
    (any && (c.peek()?.is_ascii_digit() || upper && roman(c.letters()).is_some())).then_some(range)
}

/// (Confidentiality) or [Indemnity] right after a reference.
fn subject_en(text: &str, end: usize) -> Option<(usize, usize)> {
    let rest = after(text, end, 90);
    let open = rest.strip_prefix(" (").or_else(|| rest.strip_prefix(" [")).or_else(|| rest.strip_prefix('('))?;
    let from = rest.len() - open.len();
    let close = open.find([')', ']'])?;
    let words = &open[..close];
    let capital = words.starts_with(|c: char| c.is_ascii_uppercase());
    let plain =
        words.len() >= 4 && words.len() <= 80 && words.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | ',' | '-' | '/' | '\'' | '&' | ';'));
    (capital && plain).then_some((end + from, end + from + close))
}

/// Words that begin a phrase before a reference and own nothing.
const LEADS: [&str; 21] = [
    "In",
    "Under",
    "See",
    "To",
    "By",
    "This",
    "Each",
    "If",
    "As",
    "And",
    "Or",
    "Upon",
    "With",
    "Subject",
    "Notwithstanding",
    "Except",
    "Per",
    "From",
    "For",
    "Both",
    "Of",
];

/// Marks of a statute or a rule near a reference.
const STATUTES: [&str; 18] = [
    " Act",
    " Code",
    " Treaty",
    " Regulation",
    "U.S.C",
    "C.F.R",
    "CFR",
    " Law",
    " Rule",
    "Directive",
    " Statute",
    "ERISA",
    " FAR ",
    "Constitution",
    " Convention",
    " GDPR",
    " Ordinance",
    "UCC",
];

/// Whether an English reference is, or may be, another text's: Section 365 of the Bankruptcy Code, Section 4 of the Supply Agreement.
fn foreign_en(text: &str, at: usize, end: usize) -> bool {
    let (front, back) = (before(text, at, 120), after(text, end, 120));
    let sentence = front.rsplit(". ").next().unwrap_or(front);
    let next = back.trim_start_matches([' ', ',', ')', ']', '"']);
    let own = ["hereof", "above", "below", "of this Agreement", "of the Agreement", "hereto", "herein", "of this Contract"].iter().any(|w| next.starts_with(w));
    static STATUTE: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let statutes = STATUTE.get_or_init(|| AhoCorasick::new(STATUTES).ok());
    let statute = |s: &str| statutes.as_ref().is_some_and(|a| a.is_match(s));
    if own {
        return false;
    }
    let elsewhere = ["of ", "to the", "in the", "under the", "thereof", "therein", "thereto", "from the", "- of", "et seq"].iter().any(|w| next.starts_with(w));
    let last = sentence.trim_end().rsplit([' ', '(', '"']).next().unwrap_or("");
    let named = last.starts_with(|c: char| c.is_ascii_uppercase()) && !LEADS.contains(&last) && sentence.trim_end().len() > last.len();
    let clause = back.split(". ").next().unwrap_or(back);
    elsewhere
        || named
        || last.ends_with(['\'', '§'])
        || last.ends_with("'s")
        || statute(sentence)
        || statute(clause)
        || other_agreement(sentence)
        || other_agreement(clause)
}

/// Whether a named agreement other than this one stands in the text: the Supply Agreement, the Lease.
fn other_agreement(text: &str) -> bool {
    static AGREEMENT: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let agreements = AGREEMENT.get_or_init(|| AhoCorasick::new(["Agreement", "Lease", "Contract", "Indenture", "Policy", "Plan"]).ok());
    agreements.iter().flat_map(|a| a.find_iter(text)).any(|found| {
        let front = text[..found.start()].trim_end();
        let last = front.rsplit([' ', '(', '"']).next().unwrap_or("");
        last.starts_with(|c: char| c.is_ascii_uppercase()) && last != "This" && last != "The"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(&str, bool)> {
        let found = references(text);
        found.iter().map(|r| (&text[r.start..r.end], r.foreign)).collect()
    }

    #[test]
    fn japanese_references_are_read() {
        assert_eq!(read("乙は、第5条第2項及び第12条の2に従う。"), [("第5条第2項", false), ("第12条の2", false)]);
        assert_eq!(read("前条の規定及び前項は、本契約第3条による。"), [("前条", false), ("前項", false), ("第3条", false)]);
        assert_eq!(read("別紙2及び別紙Cに定める。"), [("別紙2", false), ("別紙C", false)]);
        assert_eq!(read("以前条件を、前条件を、前項目を"), []);
        assert!(references("第4条から第9条まで")[1].through);
        let text = "第9条(秘密保持)及び第10条(以下同じ。)";
        let subjects: Vec<Option<&str>> = references(text).iter().map(|r| r.subject.map(|(a, b)| &text[a..b])).collect();
        assert_eq!(subjects, [Some("秘密保持"), None]);
    }

    #[test]
    fn references_into_other_texts_are_told_apart() {
        for text in ["会社法第2条", "下請法第3条", "基本契約第5条", "同法第3条", "原契約の第5条", "「取引基本契約」第5条", "民法(明治29年法律第89号)第5条"]
        {
            assert!(read(text).iter().all(|r| r.1), "{text}");
        }
        assert_eq!(read("著作権法第27条及び第28条"), [("第27条", true), ("第28条", true)]);
        for text in [
            "under Section 365 of the Bankruptcy Code",
            "Article 82 of the EC Treaty",
            "as set out in Section 4 of the Supply Agreement",
            "pursuant to Section 10 thereof",
            "within the meaning of Section 13(d) under the Exchange Act",
            "Sections 4 and 5 of the Supply Agreement",
        ] {
            assert!(!read(text).is_empty() && read(text).iter().all(|r| r.1), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn english_references_are_read() {
        assert_eq!(read("subject to Section 5.2(a) and Article IV hereof."), [("Section 5.2(a)", false), ("Article IV", false)]);
        assert_eq!(read("Sections 4, 5.1 and 9 survive."), [("Sections 4", false), ("5.1", false), ("9", false)]);
        assert!(references("Sections 4 through 9")[1].through);
        assert_eq!(read("listed in Exhibit B and Schedule 2."), [("Exhibit B", false), ("Schedule 2", false)]);
        assert!(read("Rule 12b-2, Exhibit B-1, Section 12b, a section of the plant").is_empty());
        let text = "under Section 9 (Confidentiality) it";
        assert_eq!(references(text)[0].subject.map(|(a, b)| &text[a..b]), Some("Confidentiality"));
    }

    #[test]
    fn any_text_is_read() {
        for text in ["第", "第条", "Section ", "Sections 4, ", "Exhibit", "第9999999999999条", "Section 5.", "Section 5.(", "前", "Sections 4 and"] {
            references(text);
        }
    }
}
