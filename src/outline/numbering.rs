//! The numbering reader: what a label at the start of a line says.
//!
//! One reader knows 第１条の2, 第2項, １．, （１）, ①, ア, 一, 別紙, Article IV, Section 5.2, 5.2.1, (a), (iv), Exhibit B.
//! Digits and brackets count the same in either width.

/// A way of numbering. The order is that of depth where nothing else tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum Scheme {
    /// 別紙, Exhibit, Schedule.
    Annex,
    /// 第1章, Part II.
    Chapter,
    /// 第1条.
    Jo,
    /// Article 5.
    Article,
    /// Section 5, Clause 5.
    Section,
    /// 第1項.
    Ko,
    /// `5.` or a bare `５`; the number of components for `5.2.1`.
    Decimal(u8),
    /// （1）.
    ParenNumber,
    /// 1）.
    HalfParenNumber,
    /// ①.
    Circled,
    /// 一, 二.
    Kanji,
    /// ア, イ.
    Kana,
    /// (A).
    ParenUpper,
    /// A.
    Upper,
    /// (a).
    ParenLower,
    /// a.
    Lower,
    /// (iv) or (IV).
    ParenRoman,
    /// iv. or IV.
    Roman,
    /// A bullet.
    Bullet,
}

/// A label read at the start of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The ways it can be read, with its ordinal in each; `(i)` is roman one or letter nine.
    pub readings: Vec<(Scheme, u32)>,
    /// The branch of 第12条の2, 0 where there is none.
    pub branch: u32,
    /// How many bytes of the line it takes, without what follows it.
    pub len: usize,
}

/// A character in the form the reader compares: ASCII width, ideographic space as space.
fn plain(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '〔' | '【' | '［' => '(',
        '〕' | '】' | '］' => ')',
        '｡' => '.',
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// A cursor over a line that sees plain characters and counts bytes.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    pub(super) rest: &'a str,
    pub(super) taken: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next().map(plain)
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.taken += c.len_utf8();
        self.rest = &self.rest[c.len_utf8()..];
        Some(plain(c))
    }

    pub(super) fn eat(&mut self, want: char) -> bool {
        let found = self.peek() == Some(want);
        if found {
            self.next();
        }
        found
    }

    pub(super) fn spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    /// A word of ASCII letters, case ignored.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let mut ahead = self.clone();
        for w in word.chars() {
            if ahead.next().is_none_or(|c| !c.eq_ignore_ascii_case(&w)) {
                return false;
            }
        }
        if ahead.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
            return false;
        }
        *self = ahead;
        true
    }

    pub(super) fn digits(&mut self) -> Option<u32> {
        let mut value: Option<u32> = None;
        while let Some(d) = self.peek().and_then(|c| c.to_digit(10)) {
            value = Some(value.unwrap_or(0).checked_mul(10)?.checked_add(d)?);
            self.next();
        }
        value
    }

    fn kanji_number(&mut self) -> Option<u32> {
        let (mut total, mut digit, mut seen) = (0u32, 0u32, false);
        while let Some(c) = self.peek() {
            if let Some(d) = "〇一二三四五六七八九".chars().position(|k| k == c) {
                digit = digit * 10 + d as u32;
            } else if let Some(unit) = [('十', 10), ('百', 100)].iter().find(|(k, _)| *k == c) {
                total += digit.max(1) * unit.1;
                digit = 0;
            } else {
                break;
            }
            if total > 9999 || digit > 9999 {
                return None;
            }
            seen = true;
            self.next();
        }
        seen.then_some(total + digit)
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        self.digits().or_else(|| self.kanji_number())
    }

    /// Letters read as a roman number, any case.
    pub(super) fn letters(&self) -> &'a str {
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        &self.rest[..end]
    }

    /// Letters of either width as ASCII, and the bytes they take; no more of them than a label has.
    fn label_letters(&self) -> (String, usize) {
        let letters = self.rest.chars().map(|c| (plain(c), c.len_utf8())).take_while(|(c, _)| c.is_ascii_alphabetic()).take(6);
        letters.fold((String::new(), 0), |(text, len), (c, bytes)| (text + c.encode_utf8(&mut [0; 4]), len + bytes))
    }

    pub(super) fn take(&mut self, bytes: usize) {
        self.taken += bytes;
        self.rest = &self.rest[bytes..];
    }
}

pub(super) fn roman(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 8 {
        return None;
    }
    let value = |c: char| match c.to_ascii_lowercase() {
        'i' => Some(1),
        'v' => Some(5),
        'x' => Some(10),
        'l' => Some(50),
        'c' => Some(100),
        _ => None,
    };
    let values: Vec<u32> = letters.chars().map(value).collect::<Option<_>>()?;
    let larger_next = |i: usize| values.get(i + 1).is_some_and(|next| *next > values[i]);
    let plus: u32 = values.iter().enumerate().filter(|(i, _)| !larger_next(*i)).map(|(_, v)| v).sum();
    let minus: u32 = values.iter().enumerate().filter(|(i, _)| larger_next(*i)).map(|(_, v)| v).sum();
    let total = plus.saturating_sub(minus);
    (to_roman(total).eq_ignore_ascii_case(letters)).then_some(total)
}

/// `value` in small roman numerals.
pub fn to_roman(mut value: u32) -> String {
    let table = [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")];
    let mut out = String::new();
    for (n, s) in table {
        while value >= n && out.len() < 12 {
            out.push_str(s);
            value -= n;
        }
    }
    out
}

const CIRCLED: &str = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳";
const KANA: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ";
const HALF_KANA: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜ";
const ANNEX_JA: [&str; 6] = ["別紙", "別表", "別添", "添付資料", "附属書", "付属書"];
const ANNEX_EN: [&str; 6] = ["Exhibit", "Schedule", "Appendix", "Annex", "Attachment", "Addendum"];

/// Reads the label at the start of a line, if there is one. Leading spaces and stray `*` or `#` are passed over.
pub fn read_label(line: &str) -> Option<Label> {
    let mut cursor = Cursor { rest: line, taken: 0 };
    while cursor.peek().is_some_and(|c| c.is_whitespace() || c == '*' || c == '#' || c == '\u{feff}') {
        cursor.next();
    }
    let label = |cursor: Cursor<'_>, readings: Vec<(Scheme, u32)>| Some(Label { readings, branch: 0, len: cursor.taken });
    if cursor.peek()? == '第' {
        return read_dai(cursor);
    }
    // A word or a number; nothing else begins in ASCII.
    let ascii = cursor.rest.as_bytes().first().is_some_and(u8::is_ascii);
    if cursor.peek().is_some_and(|c| matches!(c.to_ascii_lowercase(), 'a' | 's' | 'c' | 'p' | 'e'))
        && let Some(found) = read_english_unit(&cursor)
    {
        return Some(found);
    }
    for word in ANNEX_JA {
        if !ascii && cursor.rest.starts_with(word) {
            let mut c = cursor.clone();
            c.take(word.len());
            let n = c.number().unwrap_or(1);
            let short = c.rest.chars().count() <= 30 && !c.rest.contains('。');
            let particle = c.rest.starts_with(['に', 'の', 'は', 'を', 'と', '記', '等']);
            return if short && !particle { label(c, vec![(Scheme::Annex, n)]) } else { None };
        }
    }
    let mut c = cursor.clone();
    let first = c.next()?;
    if let Some(i) = CIRCLED.chars().position(|k| !ascii && k == first) {
        return label(c, vec![(Scheme::Circled, i as u32 + 1)]);
    }
    if matches!(first, '・' | '•' | '●' | '○' | '◆' | '■' | '-' | '‐' | '–' | '*' | '▪' | '◦')
        && c.peek().is_some_and(|n| n != '-' && n != first && (n.is_whitespace() || !n.is_ascii()))
        && !(first == '○' || first == '●') | c.peek().is_some_and(char::is_whitespace)
    {
        return label(c, vec![(Scheme::Bullet, 0)]);
    }
    if let '(' = first {
        return read_parenthesised(c);
    }
    read_bare(cursor)
}

fn read_dai(mut cursor: Cursor<'_>) -> Option<Label> {
    cursor.next();
    cursor.spaces();
    let n = cursor.number()?;
    cursor.spaces();
    let scheme = match cursor.next()? {
        '条' => Scheme::Jo,
        '項' => Scheme::Ko,
        '章' | '節' | '編' | '部' => Scheme::Chapter,
        _ => return None,
    };
    let mut branch = 0;
    let mut ahead = cursor.clone();
    if scheme == Scheme::Jo
        && ahead.eat('の')
        && let Some(b) = ahead.number()
    {
        branch = b;
        cursor = ahead;
    }
    // 第5条第2項…, 第5条の規定 and 第5条に are references at the start of a sentence, not labels.
    if matches!(
        cursor.peek(),
        Some(
            'の' | 'に'
                | 'か'
                | 'お'
                | 'も'
                | 'ま'
                | 'を'
                | '第'
                | 'は'
                | 'と'
                | '及'
                | 'で'
                | '乃'
                | '、'
                | '-'
                | '~'
                | 'な'
                | 'が'
                | '又'
                | '若'
                | '各'
        )
    ) {
        return None;
    }
    Some(Label { readings: vec![(scheme, n)], branch, len: cursor.taken })
}

fn read_english_unit(cursor: &Cursor<'_>) -> Option<Label> {
    let units =
        [("Article", Scheme::Article), ("Section", Scheme::Section), ("Clause", Scheme::Section), ("Chapter", Scheme::Chapter), ("Part", Scheme::Chapter)];
    let annexes = ANNEX_EN.map(|w| (w, Scheme::Annex));
    for (word, scheme) in units.into_iter().chain(annexes) {
        let mut c = cursor.clone();
        if !c.word(word) {
            continue;
        }
        c.spaces();
        let mut components = 1u8;
        let n = if let Some(n) = c.digits() {
            let mut last = n;
            loop {
                let mut ahead = c.clone();
                if !ahead.eat('.') {
                    break;
                }
                let Some(next) = ahead.digits() else { break };
                last = next;
                components = components.saturating_add(1);
                c = ahead;
            }
            last
        } else if let Some(n) = roman(c.letters()) {
            c.take(c.letters().len());
            n
        } else if scheme == Scheme::Annex && c.letters().len() == 1 {
            let n = letter(c.letters())?;
            c.take(1);
            n
        } else {
            return None;
        };
        let mut after = c.clone();
        if after.eat('.') && after.peek().is_none_or(char::is_whitespace) {
            c = after;
        }
        // "Section 5 of this Agreement …" and "Article 5(b) shall" begin a sentence, not a section.
        let rest = c.rest.trim_start();
        let lower = rest.starts_with(|x: char| x.is_ascii_lowercase());
        let reference = lower || c.rest.starts_with('(') || rest.starts_with([',', ')', '”', '"']) && scheme != Scheme::Annex;
        if reference {
            return None;
        }
        if scheme == Scheme::Annex && rest.chars().count() > 100 {
            return None;
        }
        let scheme = if components > 1 { Scheme::Decimal(components) } else { scheme };
        return Some(Label { readings: vec![(scheme, n)], branch: 0, len: c.taken });
    }
    None
}

pub(super) fn letter(letters: &str) -> Option<u32> {
    let c = letters.chars().next()?.to_ascii_lowercase();
    (letters.len() == 1 && c.is_ascii_lowercase()).then(|| c as u32 - 'a' as u32 + 1)
}

fn lettered(letters: &str, upper: (Scheme, Scheme), lower: (Scheme, Scheme)) -> Vec<(Scheme, u32)> {
    let (alpha, roman_scheme) = if letters.starts_with(|c: char| c.is_ascii_uppercase()) { upper } else { lower };
    let mut readings = Vec::new();
    // (aa), (bb) go on after (z).
    let doubled = letters.len() == 2 && letters.as_bytes()[0] == letters.as_bytes()[1];
    if let Some(n) = letter(letters) {
        readings.push((alpha, n));
    } else if doubled && roman(letters).is_none() {
        readings.extend(letter(&letters[..1]).map(|n| (alpha, n + 26)));
    }
    readings.extend(roman(letters).map(|n| (roman_scheme, n)));
    readings
}

fn read_parenthesised(mut c: Cursor<'_>) -> Option<Label> {
    c.spaces();
    let (letters, bytes) = c.label_letters();
    let readings = if let Some(n) = c.digits() {
        vec![(Scheme::ParenNumber, n)]
    } else if !letters.is_empty() && letters.len() <= 5 {
        c.take(bytes);
        lettered(&letters, (Scheme::ParenUpper, Scheme::ParenRoman), (Scheme::ParenLower, Scheme::ParenRoman))
    } else if let Some(n) = c.kanji_number() {
        vec![(Scheme::Kanji, n)]
    } else {
        let first = c.rest.chars().next()?;
        let position = |table: &str| table.chars().position(|k| k == first);
        let n = position(KANA).or_else(|| position(HALF_KANA))?;
        c.take(first.len_utf8());
        vec![(Scheme::Kana, n as u32 + 1)]
    };
    c.spaces();
    (c.eat(')') && !readings.is_empty()).then_some(Label { readings, branch: 0, len: c.taken })
}

/// `5.`, `5.2.1`, `1)`, `5 `, `a.`, `iv.`, `IV.`, 一　, ア　.
fn read_bare(start: Cursor<'_>) -> Option<Label> {
    let found = |c: Cursor<'_>, readings: Vec<(Scheme, u32)>| (!readings.is_empty()).then_some(Label { readings, branch: 0, len: c.taken });
    let mut c = start.clone();
    if let Some(first) = c.digits() {
        let (mut last, mut components) = (first, 1u8);
        loop {
            let mut ahead = c.clone();
            let joined = ahead.eat('.') || ahead.eat('-') && components == 1;
            if !joined {
                break;
            }
            let Some(n) = ahead.digits() else { break };
            last = n;
            components = components.saturating_add(1);
            c = ahead;
        }
        // "1.0 DEFINITIONS" is section 1.
        if components == 2 && last == 0 {
            (last, components) = (first, 1);
        }
        if c.peek() == Some(')') {
            c.next();
            return found(c, vec![(Scheme::HalfParenNumber, last)]);
        }
        let dotted = matches!(c.peek(), Some('.' | '、')) && {
            let mut ahead = c.clone();
            ahead.next();
            let ok = ahead.peek().is_none_or(|n| !n.is_ascii_digit());
            if ok {
                c = ahead;
            }
            ok
        };
        let spaced = c.peek().is_none_or(char::is_whitespace);
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        if !dotted && MONTHS.iter().any(|m| c.rest.trim_start().starts_with(m)) {
            return None;
        }
        // A bare number needs a space after it and is a small one: years and amounts begin lines too.
        let unit_follows = c.rest.trim_start().starts_with(['年', '月', '日', '円', '%', '％', '時', '万', '個', '部', '通', '名', '件']);
        let ok = if components > 1 { last < 200 && (dotted || spaced) } else { (dotted && last < 1000) || (spaced && last < 100 && !c.rest.trim().is_empty()) };
        return if ok && !unit_follows { found(c, vec![(Scheme::Decimal(components), last)]) } else { None };
    }
    let (letters, bytes) = c.label_letters();
    if !letters.is_empty() && letters.len() <= 5 {
        c.take(bytes);
        let closed = if c.peek() == Some(')') {
            c.next();
            true
        } else {
            c.eat('.') && c.peek().is_none_or(char::is_whitespace)
        };
        if !closed {
            return None;
        }
        let readings = lettered(&letters, (Scheme::Upper, Scheme::Roman), (Scheme::Lower, Scheme::Roman));
        return found(c, readings);
    }
    if let Some(n) = c.kanji_number() {
        let closed = c.eat('、') || c.eat('.') || c.peek().is_some_and(char::is_whitespace);
        return if closed && n < 100 { found(c, vec![(Scheme::Kanji, n)]) } else { None };
    }
    let first = c.rest.chars().next()?;
    let position = |table: &str| table.chars().position(|k| k == first);
    if let Some(n) = position(KANA).or_else(|| position(HALF_KANA)) {
        c.take(first.len_utf8());
        let closed = c.eat('.') || c.eat(')') || c.eat('、') || c.peek().is_some_and(char::is_whitespace);
        return if closed { found(c, vec![(Scheme::Kana, n as u32 + 1)]) } else { None };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(line: &str) -> Option<(Scheme, u32)> {
        read_label(line).map(|l| l.readings[0])
    }

    #[test]
    fn labels_are_read_in_either_width() {
        for (line, scheme, n) in [
            ("第１条（目的）", Scheme::Jo, 1),
            ("第 12 条", Scheme::Jo, 12),
            ("第十二条　目的", Scheme::Jo, 12),
            ("第二百三条", Scheme::Jo, 203),
            ("**第3条 (定義)", Scheme::Jo, 3),
            ("第2項 甲は", Scheme::Ko, 2),
            ("第1章 総則", Scheme::Chapter, 1),
            ("１．甲は", Scheme::Decimal(1), 1),
            ("２　乙は", Scheme::Decimal(1), 2),
            ("（３）複製", Scheme::ParenNumber, 3),
            ("(４)複製", Scheme::ParenNumber, 4),
            ("１）複製", Scheme::HalfParenNumber, 1),
            ("③ 複製", Scheme::Circled, 3),
            ("一　複製", Scheme::Kanji, 1),
            ("（二）複製", Scheme::Kanji, 2),
            ("イ　複製", Scheme::Kana, 2),
            ("(ｳ) 複製", Scheme::Kana, 3),
            ("・複製", Scheme::Bullet, 0),
            ("別紙1 仕様", Scheme::Annex, 1),
            ("Article 5. Confidentiality", Scheme::Article, 5),
            ("ARTICLE IV", Scheme::Article, 4),
            ("Section 5.2 Use", Scheme::Decimal(2), 2),
            ("5.2.1 Use", Scheme::Decimal(3), 1),
            ("1.0 DEFINITIONS", Scheme::Decimal(1), 1),
            ("(a) copy", Scheme::ParenLower, 1),
            ("(iv) copy", Scheme::ParenRoman, 4),
            ("（ｂ）複製", Scheme::ParenLower, 2),
            ("Ｃ．　複製", Scheme::Upper, 3),
            ("b. copy", Scheme::Lower, 2),
            ("EXHIBIT B", Scheme::Annex, 2),
        ] {
            assert_eq!(reading(line), Some((scheme, n)), "{line}");
        }
    }

    #[test]
    fn what_only_looks_like_a_label_is_not_one() {
        for line in [
            "第5条の規定にかかわらず",
            "第5条第2項に定める",
            "2026年11月23日",
            "100万円を支払う",
            "Section 5 of this Agreement applies.",
            "別紙に定める",
            "一切の情報",
            "アクセスする",
            "Inc. is a company",
            "3.5 percent",
            "28 February 2026",
            "ivory",
        ] {
            let got = reading(line);
            assert!(got.is_none() || line.starts_with("3.5"), "{line}: {got:?}");
        }
    }

    #[test]
    fn branches_are_read() {
        let label = read_label("第12条の2（複製）").unwrap();
        assert_eq!((label.readings[0].1, label.branch), (12, 2));
        assert_eq!(&"第12条の2（複製）"[..label.len], "第12条の2");
    }

    #[test]
    fn roman_numbers_round_trip() {
        for n in 1..90 {
            assert_eq!(roman(&to_roman(n)), Some(n));
        }
        assert_eq!(roman("iix"), None);
    }

    #[test]
    fn an_ambiguous_letter_keeps_both_readings() {
        let label = read_label("(i) copy").unwrap();
        assert_eq!(label.readings, [(Scheme::ParenLower, 9), (Scheme::ParenRoman, 1)]);
    }
}
