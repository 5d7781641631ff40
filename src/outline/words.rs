//! The few words of drafting form that structure is read from: how a lead-in points at its items, how a proviso opens,
//! how a contract closes. They say nothing of any subject matter; that is the clause library's.

/// Whether a text begins with one of some words.
pub fn begins(text: &str, words: &[&str]) -> bool {
    let first = text.as_bytes().first();
    // Nearly every text differs from every word in its first byte.
    words.iter().any(|w| w.as_bytes().first() == first && text.starts_with(w))
}

/// A sentence that begins so belongs to the one before it: it narrows or reverses it.
pub const PROVISO_OPENERS: [&str; 16] = [
    "ただし",
    "但し",
    "但 し",
    "もっとも",
    "なお",
    "この場合",
    "その場合",
    "かかる場合",
    "Provided",
    "provided",
    "However",
    "Notwithstanding the foregoing",
    "Notwithstanding the above",
    "The foregoing",
    "Except as",
    "This restriction",
];

/// How a Japanese lead-in begins to point at the items below it.
pub const POINTERS: [&str; 14] = [
    "次の各号",
    "以下の各号",
    "下記の各号",
    "下記各号",
    "左の各号",
    "次に掲げる",
    "以下に掲げる",
    "下記に掲げる",
    "次の",
    "以下の",
    "下記の",
    "左記の",
    "次に",
    "各号",
];

/// The noun on which such a pointer ends: 次の「行為」, 各号のいずれかに該当する「場合」.
pub const POINTED: [&str; 18] =
    ["行為", "事項", "事由", "場合", "情報", "義務", "措置", "条件", "各号", "いずれか", "一つ", "とき", "とおり", "通り", "もの", "こと", "者", "書類"];

/// What follows such a noun where it is what the sentence is about.
pub const TOPICS: [&str; 4] = ["は", "については", "に関しては", "につきましては"];

/// A line that begins so closes the contract: the signatures follow.
pub const CLOSINGS: [&str; 18] = [
    "以上の証",
    "上記の証",
    "以上を証",
    "上記契約の証",
    "本契約の成立を証",
    "本契約締結の証",
    "本契約の締結を証",
    "本契約の証として",
    "本書の成立を証",
    "以上、本契約",
    "以上の合意を証",
    "上記合意を証",
    "上記条項を証",
    "上記の合意",
    "本覚書締結の証",
    "IN WITNESS WHEREOF",
    "In witness whereof",
    "In Witness Whereof",
];

/// A short line that begins so stands in a signature block.
pub const SIGNATURES: [&str; 46] = [
    "住所",
    "所在地",
    "氏名",
    "会社名",
    "商号",
    "代表者",
    "代表取締役",
    "署名",
    "記名",
    "締結日",
    "契約日",
    "令和",
    "平成",
    "甲：",
    "甲:",
    "乙：",
    "乙:",
    "（甲）",
    "(甲)",
    "（乙）",
    "(乙)",
    "甲　",
    "乙　",
    "Name:",
    "Name ",
    "Signature",
    "Signed",
    "SIGNED",
    "By:",
    "BY:",
    "By ",
    "Title:",
    "TITLE:",
    "NAME:",
    "Date:",
    "DATE:",
    "/s/",
    "____",
    "Its:",
    "For and on behalf",
    "Print Name",
    "Printed Name",
    "Authorized Signat",
    "Authorised Signat",
    "Witness:",
    "Date ",
];

/// An English line that ends on one of these goes on after a page break.
pub const UNFINISHED: [&str; 24] = [
    "a", "an", "and", "any", "at", "by", "for", "from", "in", "into", "its", "not", "of", "on", "or", "shall", "such", "that", "the", "their", "this", "to",
    "which", "with",
];

/// Abbreviations after which a full stop ends no sentence.
pub const ABBREVIATIONS: [&str; 30] = [
    "inc", "ltd", "co", "corp", "no", "nos", "sec", "art", "e.g", "i.e", "u.s", "u.s.c", "v", "vs", "st", "mr", "ms", "mrs", "dr", "jr", "sr", "llc", "l.p",
    "p.c", "n.a", "n.v", "b.v", "s.a", "approx", "cf",
];

/// What follows one of these in a sentence is an exception.
pub const EXCEPTING: [&str; 4] = [" unless ", " without ", " except ", " save "];

/// Whether an English word is a verb by which a contract says something, in any case.
pub fn says(word: &str) -> bool {
    const VERBS: [&str; 33] = [
        "shall",
        "will",
        "may",
        "must",
        "can",
        "cannot",
        "is",
        "are",
        "be",
        "been",
        "was",
        "has",
        "have",
        "had",
        "agree",
        "agrees",
        "means",
        "does",
        "do",
        "did",
        "pays",
        "makes",
        "keeps",
        "represents",
        "warrants",
        "acknowledges",
        "undertakes",
        "covenants",
        "returns",
        "terminates",
        "survives",
        "remains",
        "grants",
    ];
    VERBS.iter().any(|v| word.eq_ignore_ascii_case(v))
}

/// Whether an English word joins others in a caption, where it is written small.
pub fn joins(word: &str) -> bool {
    const JOINING: [&str; 31] = [
        "a", "an", "and", "any", "as", "at", "between", "by", "during", "for", "from", "in", "into", "its", "no", "not", "of", "on", "or", "other", "per",
        "the", "their", "this", "to", "under", "upon", "via", "with", "within", "without",
    ];
    JOINING.contains(&word)
}
