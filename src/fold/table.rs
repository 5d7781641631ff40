//! How characters fold: NFKC by cluster, with explicit tables where NFKC leaves apart what a reader takes as one.

use unicode_normalization::UnicodeNormalization;

/// Whether a character is written without spaces around it.
pub(crate) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff61}'..='\u{ff9f}')
}

/// Whether a character folds to itself and starts no cluster: the common case, told without a table.
fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{3001}'..='\u{3003}' | '\u{3005}'..='\u{3007}' | '\u{300a}'..='\u{3011}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fe}' | '\u{4e00}'..='\u{9fff}')
}

/// How many bytes at the start of `text` fold to themselves, whatever stands before them: words, and single spaces between ASCII words.
/// Emphasis marks are left to the reader of those, spaces at the end and a character that a mark follows too.
pub(crate) fn plain_run(text: &str) -> usize {
    let bytes = text.as_bytes();
    let graphic = |at: usize| bytes.get(at).is_some_and(|b| matches!(b, b'!'..=b'~') && !matches!(b, b'*' | b'_'));
    let (mut at, mut last) = (0, 0);
    loop {
        if graphic(at) {
            (last, at) = (at, at + 1);
        } else if at > 0 && bytes.get(at) == Some(&b' ') && graphic(at - 1) && graphic(at + 1) {
            (last, at) = (at + 1, at + 2);
        } else {
            let Some(byte) = bytes.get(at) else { return at };
            if byte.is_ascii() {
                return at;
            }
            let Some(c) = text[at..].chars().next() else { return at };
            if is_mark(c) {
                // A space may stand before the character that goes.
                return text[..last].trim_end_matches(' ').len();
            }
            if !is_plain(c) {
                return at;
            }
            (last, at) = (at, at + c.len_utf8());
        }
    }
}

/// A mark that makes one cluster with the character before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{3099}'..='\u{309c}' | '\u{ff9e}' | '\u{ff9f}' | '\u{300}'..='\u{36f}')
}

/// The mark that combines, of one that is written by itself.
fn combining(c: char) -> char {
    match c {
        '\u{309b}' => '\u{3099}',
        '\u{309c}' => '\u{309a}',
        c => c,
    }
}

/// Dashes, tildes, quotation marks and spaces that NFKC keeps apart.
fn substitute(c: char) -> Option<char> {
    Some(match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{301c}' | '\u{ff5e}' | '\u{223c}' => '~',
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{ff07}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{ff02}' => '"',
        // Line separators and the soft line breaks that word processors leave behind part words as spaces do.
        c if c.is_whitespace() => ' ',
        _ => return None,
    })
}

/// Characters that show nothing.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}' | '\0')
}

/// Folds the cluster at the start of `text` after `before`, pushing onto `out`; returns how many bytes it took.
/// `text` must not be empty.
pub(crate) fn cluster(text: &str, before: Option<char>, out: &mut String) -> usize {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return 0 };
    let voiced = chars.clone().next().is_some_and(is_mark);
    if is_plain(first) && !voiced {
        out.push(first);
        return first.len_utf8();
    }
    // A mark that stands behind no character has nothing to change.
    if is_invisible(first) || is_mark(first) {
        return first.len_utf8();
    }
    // Some Japanese drafts punctuate with ，and ．; after a Japanese character they are 、and 。.
    if matches!(first, '，' | '．') && before.is_some_and(is_cjk) {
        out.push(if first == '，' { '、' } else { '。' });
        return first.len_utf8();
    }
    if let Some(c) = substitute(first) {
        out.push(c);
        return first.len_utf8();
    }
    let len = first.len_utf8() + chars.take_while(|c| is_mark(*c)).map(char::len_utf8).sum::<usize>();
    // NFKC may itself give a dash, a quotation mark or a space that the table folds further.
    out.extend(text[..len].chars().map(combining).nfkc().filter(|c| !c.is_control() && !is_invisible(*c)).map(|c| substitute(c).unwrap_or(c)));
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(text: &str) -> String {
        crate::fold::fold_text(text)
    }

    #[test]
    fn widths_and_marks_fold() {
        assert_eq!(fold("第１条（ﾘﾊﾞｰｽ）"), "第1条(リバース)");
        // However the mark is written; and a mark of nothing is nothing.
        assert_eq!(fold("か゛す\u{3099}ﾊﾟは゜"), "がずパぱ");
        assert_eq!(fold("す\u{200b}\u{3099}\u{309b}る"), "する");
        assert_eq!(fold("e\u{302}\u{301}"), "\u{1ebf}");
        assert_eq!(fold("３～５日 ３〜５日"), "3~5日3~5日");
        assert_eq!(fold("non–use “X”’s"), "non-use \"X\"'s");
        assert_eq!(fold("秘密，情報．"), "秘密、情報。");
        assert_eq!(fold("①㍻"), "1平成");
        assert_eq!(fold("︱"), fold(&fold("︱")));
    }

    #[test]
    fn spaces_fold() {
        assert_eq!(fold("秘密 情報 を  30 日"), "秘密情報を30日");
        assert_eq!(fold("shall   not\u{a0}copy"), "shall not copy");
        for soft_break in ["\u{2028}", "\u{2029}", "\u{85}", "\u{b}", "\u{c}"] {
            assert_eq!(fold(&format!("{soft_break}shall{soft_break}not copy{soft_break} 秘{soft_break}密")), "shall not copy秘密", "{soft_break:?}");
        }
    }

    #[test]
    fn invisible_characters_vanish() {
        assert_eq!(fold("秘\u{200b}密\u{feff}"), "秘密");
        let mut out = String::new();
        assert_eq!(cluster("\u{200b}", None, &mut out), 3);
        assert!(out.is_empty());
    }
}
