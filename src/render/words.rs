//! The interface's own words, in both languages. What is said of a clause comes from the library.

use crate::assess::Outcome;
use crate::checklist::{Reply, State};
use crate::library::{Bilingual, Severity};
use crate::outline::Language;
use crate::review::Choice;

/// The words of one language. A text in braces stands for a value that [`fill`] puts in.
#[derive(Debug)]
#[allow(missing_docs, reason = "each field is said by its text")]
pub struct Words {
    pub language: Language,
    severities: [&'static str; 3],
    outcomes: [&'static str; 6],
    pub comma: &'static str,
    pub colon: &'static str,
    pub read_as: &'static str,
    pub kind_unknown: &'static str,
    choices: [&'static str; 4],
    pub near: &'static str,
    pub near_none: &'static str,
    pub fingerprint: &'static str,
    pub notes_in_full: &'static str,
    pub checklist_title: &'static str,
    pub checklist_draft: &'static str,
    pub checklist_people: &'static str,
    pub checklist_open: &'static str,
    pub in_brackets: &'static str,
    pub answers_head: &'static str,
    pub exit_open: &'static str,
    states: [&'static str; 5],
    replies: [&'static str; 3],
    pub no_party: &'static str,
    pub add_before: &'static str,
    pub add_at_end: &'static str,
    pub blanks: &'static str,
    pub note: &'static str,
    pub more_places: &'static str,
    pub lacking: &'static str,
    pub summary: &'static str,
    pub requirements: &'static str,
    pub advice: &'static str,
    pub exit_findings: &'static str,
    pub exit_unread: &'static str,
    pub exit_nothing: &'static str,
    pub no_such_file: &'static str,
    pub denied: &'static str,
    pub not_read: &'static str,
    pub not_written: &'static str,
    pub read_only: &'static str,
    pub too_large: &'static str,
    pub binary: &'static str,
    pub malformed: &'static str,
    pub malformed_guess: &'static str,
    pub no_playbook: &'static str,
    pub empty_folder: &'static str,
    pub cannot_encode: &'static str,
    pub added: &'static str,
    pub added_blanks: &'static str,
    pub nothing_to_add: &'static str,
    pub no_text: &'static str,
    pub before_line: &'static str,
    pub at_end: &'static str,
    pub exit_examples: &'static str,
    pub why: &'static str,
    pub source: &'static str,
    pub looks_for: &'static str,
    pub signals: &'static str,
    pub elements: &'static str,
    pub asked_by: &'static str,
    pub fails: &'static str,
    pub passes: &'static str,
    pub template: &'static str,
    pub no_template: &'static str,
    pub clause_head: [&'static str; 4],
    pub examples: &'static str,
    pub preview: &'static str,
    pub preview_why: &'static str,
    pub table_exists: &'static str,
    pub other_table: &'static str,
    pub table_stopped: &'static str,
    pub table_kept: &'static str,
    pub encoded: &'static str,
    pub not_a_file: &'static str,
    pub changed: &'static str,
    pub not_faithful: &'static str,
    pub idle: &'static str,
    pub idle_covered: &'static str,
    pub idle_unseen: &'static str,
    pub exit_idle: &'static str,
}

static JA: Words = Words {
    language: Language::Ja,
    severities: ["注意", "警告", "エラー"],
    outcomes: ["充足", "不十分", "欠落", "反対", "対象外", "判定不能"],
    comma: "、",
    colon: "：",
    read_as: "契約の種類：{kind}（表題又は前文から）",
    kind_unknown: "契約の種類：読み取れず",
    choices: [
        "プレイブック：{id}「{title}」（--playbook の指定）",
        "プレイブック：{id}「{title}」（種類と --side から選択）",
        "プレイブック：{id}「{title}」（種類から選択）",
        "プレイブック：{id}「{title}」（この種類のものがないため、一般のものを選択）",
    ],
    near: "近い箇所：{line} 行目 {unit}「{quote}」— {reason}",
    near_none: "近い箇所：なし（{n} 文を読みました）",
    fingerprint: "指紋：{fingerprint}",
    notes_in_full: "注意は 1 行で示しています。--full で箇所と文案を表示します",
    checklist_title: "締結前チェックリスト：{name}",
    checklist_draft: "文案から読み取った項目",
    checklist_people: "人が確かめる項目",
    checklist_open: "{total} 項目のうち {open} 項目が残っています。",
    in_brackets: "（{text}）",
    answers_head: "締結前チェックリストの回答。answer は yes（はい）、no（いいえ）又は not-applicable（該当なし）。by に氏名、date に日付を記入してください。",
    exit_open: "チェックリストに未了の項目が {n} 件あります",
    states: [
        "回答済み",
        "未回答",
        "署名なし（by と date を記入してください）",
        "文案と未照合（--write で照合してください）",
        "要再確認（回答の後に文案の該当箇所が変わりました）",
    ],
    replies: ["はい", "いいえ", "該当なし"],
    no_party: "{name}：--party の「{party}」はこの文書の当事者ではありません。当事者：{parties}",
    add_before: "提案：{line} 行目の前に加える文案",
    add_at_end: "提案：末尾に加える文案",
    blanks: "要記入の空欄：{blanks}",
    note: "注：{note}",
    more_places: "ほか {n} か所：{places}",
    lacking: "不足：{names}",
    summary: "{documents} 件の文書：エラー {error}、警告 {warning}、注意 {note}",
    requirements: "要件 {total}：{counts}",
    advice: "sekisho は文案に書かれていることを報告します。法的助言ではありません。",
    exit_findings: "{level}以上の指摘が {n} 件あります（--fail-on）",
    exit_unread: "{n} 件の入力を処理できませんでした（上記）",
    exit_nothing: "読むべき文書がありません",
    no_such_file: "{name}：ファイルがありません。パスを確かめてください",
    denied: "{name}：読み取りが許可されていません。アクセス権を確かめてください",
    not_read: "{name}：読めません（{error}）",
    not_written: "{name}：書き込めません（{error}）。元のファイルはそのままです",
    read_only: "{name}：読み取り専用です。書き込みを許可するか、--diff を使ってください",
    too_large: "{name}：{bytes} バイトは上限（{most}）を超えています。分割してください",
    binary: "{name}：テキストファイルではありません（{line} 行目、{offset} バイトの位置に NUL があります）。Markdown に変換してください",
    malformed: "{name}：{encoding} として正しくありません（最初の不正なバイトは {offset}、{line} 行目）。UTF-8 で保存し直してください",
    malformed_guess: "{name}：UTF-8 としても {encoding} としても正しくありません（最初の不正なバイトは {offset}、{line} 行目）。UTF-8 で保存し直してください",
    no_playbook: "{name}：この種類の契約（{kind}）のプレイブック、又はそのうち求められた立場のものがライブラリにありません。--playbook で指定してください",
    empty_folder: "{name}：文書（{kinds}）がありません。.gitignore や .ignore の対象は除かれます。ファイルを直接指定すれば読みます",
    cannot_encode: "{name}：文字「{char}」は {encoding} で表せません。UTF-8 で保存し直してから fix してください",
    added: "{name}：{code} {title}を加えました（{place}）",
    added_blanks: "{name}：{code} {title}を加えました（{place}）。要記入の空欄：{blanks}",
    nothing_to_add: "{name}：加える文案はありません",
    no_text: "{name}：文案のない指摘が {n} 件あります。check で確かめてください",
    before_line: "{line} 行目の前",
    at_end: "末尾",
    exit_examples: "例のうち {n} 件が不合格です",
    why: "理由",
    source: "出典",
    looks_for: "読み取り方",
    signals: "手がかりの語句",
    elements: "要素",
    asked_by: "求めるプレイブック",
    fails: "満たさない例",
    passes: "満たす例",
    template: "文案（{source}、{date}）",
    no_template: "この言語の文案はありません",
    clause_head: ["ID", "コード", "名称", "命題"],
    examples: "例 {n} 件、不合格 {failed} 件",
    idle_covered: "他の語句で足りています",
    idle_unseen: "どの例にも文書にも現れません",
    preview: "{title}（試行）",
    preview_why: "試行中：見落としが多いため、組込みのプレイブックでは求めません",
    table_exists: "{name}：すでにあります。続きから書くには --resume を付け、初めからなら別の名前にしてください",
    other_table: "{name}：同じ指定（形式、ライブラリ、プレイブックなど）で書いた表ではないため、続けられません。元のファイルはそのままです",
    table_stopped: "{name}：書き込みが止まりました（{error}）。原因を除き、同じ指定に --resume を付けて続けてください",
    table_kept: "すでに表にある {n} 件の文書は読み直しません",
    encoded: "文字コード：{encoding}（位置は UTF-8 に直した本文のもの）",
    not_a_file: "{name}：通常のファイルではないため、書き込みません",
    changed: "{name}：読んだ後に別のところで変更されました。何も書いていません。もう一度実行してください",
    not_faithful: "{name}：{encoding} のままでは元のバイト列どおりに書き戻せません。何も書いていません。UTF-8 で保存し直してください",
    idle: "語句 {n} 件、なくても答えの変わらないもの {idle} 件",
    exit_idle: "なくても答えの変わらない語句が {n} 件あります",
};

static EN: Words = Words {
    language: Language::En,
    severities: ["note", "warning", "error"],
    outcomes: ["met", "weak", "missing", "contrary", "not applicable", "undetermined"],
    comma: ", ",
    colon: ": ",
    read_as: "kind of contract: {kind} (by its title or recitals)",
    kind_unknown: "kind of contract: not recognised",
    choices: [
        "playbook: {id}, {title} (given with --playbook)",
        "playbook: {id}, {title} (chosen by kind and --side)",
        "playbook: {id}, {title} (chosen by kind)",
        "playbook: {id}, {title} (the general one: there is none for this kind)",
    ],
    near: "nearest: line {line} {unit} “{quote}” - {reason}",
    near_none: "nearest: nothing in {n} sentences comes near",
    fingerprint: "fingerprint: {fingerprint}",
    notes_in_full: "notes are shown in a line each; --full shows their places and suggested text",
    checklist_title: "Checklist before signature: {name}",
    checklist_draft: "What the draft answers",
    checklist_people: "What people answer",
    checklist_open: "{open} of {total} items are open.",
    in_brackets: " ({text})",
    answers_head: "Answers to the checklist before signature. answer is yes, no or not-applicable; by is a name, date a date.",
    exit_open: "open items of the checklist: {n}",
    states: [
        "answered",
        "open",
        "not signed (fill in by and date)",
        "not yet bound to the draft (run with --write)",
        "look again (what the draft says of it has changed since)",
    ],
    replies: ["yes", "no", "not applicable"],
    no_party: "{name}: “{party}” (--party) is no party of this draft; its parties: {parties}",
    add_before: "suggestion: text to add before line {line}",
    add_at_end: "suggestion: text to add at the end",
    blanks: "blanks to fill: {blanks}",
    note: "note: {note}",
    more_places: "and {n} more: {places}",
    lacking: "lacking: {names}",
    summary: "documents: {documents}; errors: {error}, warnings: {warning}, notes: {note}",
    requirements: "requirements: {total} ({counts})",
    advice: "sekisho reports what a draft says. It is no legal advice.",
    exit_findings: "findings at or above {level}: {n} (--fail-on)",
    exit_unread: "inputs that could not be processed: {n} (see above)",
    exit_nothing: "nothing to read",
    no_such_file: "{name}: no such file; check the path",
    denied: "{name}: permission denied; check who may read it",
    not_read: "{name}: cannot be read ({error})",
    not_written: "{name}: cannot be written ({error}); the file is as it was",
    read_only: "{name}: read-only; allow writing to it, or use --diff",
    too_large: "{name}: {bytes} bytes is more than a draft may have ({most}); split the file",
    binary: "{name}: not a text file (NUL at byte {offset}, line {line}); convert it to Markdown first",
    malformed: "{name}: not valid {encoding} (first bad byte at {offset}, line {line}); save it as UTF-8",
    malformed_guess: "{name}: neither valid UTF-8 nor {encoding} (first bad byte at {offset}, line {line}); save it as UTF-8",
    no_playbook: "{name}: the library has no playbook for this kind of contract ({kind}), or none that serves the side asked for; name one with --playbook",
    empty_folder: "{name}: no drafts ({kinds}) in it; files that .gitignore or .ignore names are left out, name a file to read it all the same",
    cannot_encode: "{name}: {encoding} has no character “{char}”; save the draft as UTF-8 and fix it again",
    added: "{name}: added {code} {title} ({place})",
    added_blanks: "{name}: added {code} {title} ({place}); blanks to fill: {blanks}",
    nothing_to_add: "{name}: nothing to add",
    no_text: "{name}: findings without text to add: {n}; see check",
    before_line: "before line {line}",
    at_end: "at the end",
    exit_examples: "examples that failed: {n}",
    why: "Why it matters",
    source: "Source",
    looks_for: "What it looks for",
    signals: "Words it goes by",
    elements: "Elements",
    asked_by: "Playbooks that ask for it",
    fails: "A draft that fails",
    passes: "A draft that passes",
    template: "Suggested text ({source}, {date})",
    no_template: "There is no text in this language",
    clause_head: ["ID", "CODE", "TITLE", "PROPOSITION"],
    examples: "{n} examples, {failed} failed",
    idle_covered: "other phrases cover it",
    idle_unseen: "in no example and no draft",
    preview: "{title} (preview)",
    preview_why: "preview: it is overlooked too often, so no built-in playbook asks for it",
    table_exists: "{name}: already there; --resume goes on with it, or choose another name",
    other_table: "{name}: not a table of a run with the same format, library and options, so it cannot be gone on with; the file is as it was",
    table_stopped: "{name}: writing stopped ({error}); when that is mended, run the same again with --resume",
    table_kept: "already in the table, not read again: {n}",
    encoded: "encoding: {encoding} (positions are those of the text in UTF-8)",
    not_a_file: "{name}: not a regular file, so nothing is written to it",
    changed: "{name}: changed by someone else since it was read; nothing was written, run it again",
    not_faithful: "{name}: cannot be written back byte for byte in {encoding}; nothing was written, save it as UTF-8 first",
    idle: "{n} phrases, {idle} of them idle",
    exit_idle: "phrases that no answer depends on: {n}",
};

/// The words for a language: English, or Japanese for anything else.
pub fn words(language: Language) -> &'static Words {
    if language == Language::En { &EN } else { &JA }
}

impl Words {
    /// The word for a severity.
    pub fn severity(&self, severity: Severity) -> &'static str {
        self.severities[severity as usize]
    }

    /// The word for an outcome.
    pub fn outcome(&self, outcome: Outcome) -> &'static str {
        let i = super::OUTCOMES.iter().position(|o| *o == outcome);
        i.map_or("", |i| self.outcomes[i])
    }

    /// How a question of the checklist stands.
    pub fn state(&self, state: State) -> &'static str {
        self.states[state as usize]
    }

    /// The word for an answer.
    pub fn reply(&self, reply: Reply) -> &'static str {
        self.replies[reply as usize]
    }

    /// How a playbook was chosen.
    pub fn choice(&self, choice: Choice) -> &'static str {
        self.choices[choice as usize]
    }

    /// The text in this language.
    pub fn pick<'a>(&self, text: &'a Bilingual) -> &'a str {
        if self.language == Language::En { &text.en } else { &text.ja }
    }
}

/// Puts values into a text; a value is never looked into again.
///
/// ```
/// use sekisho::render::words::fill;
/// assert_eq!(fill("{a} of {b}", &[("a", &1), ("b", &"{a}")]), "1 of {a}");
/// ```
pub fn fill(text: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some((_, value)) = values.iter().find(|(n, _)| *n == name) {
            out.push_str(&value.to_string());
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_ask_for_the_same_values() {
        let slots = |text: &str| {
            let mut names: Vec<&str> = text.split('{').skip(1).filter_map(|t| t.split('}').next()).collect();
            names.sort_unstable();
            names.join(" ")
        };
        let texts = |w: &Words| {
            [
                w.read_as,
                w.near,
                w.no_party,
                w.choices[0],
                w.add_before,
                w.more_places,
                w.summary,
                w.requirements,
                w.exit_findings,
                w.no_playbook,
                w.added_blanks,
                w.cannot_encode,
                w.binary,
                w.malformed,
                w.malformed_guess,
                w.table_exists,
                w.other_table,
                w.table_stopped,
                w.table_kept,
                w.encoded,
                w.not_a_file,
                w.changed,
                w.not_faithful,
            ]
        };
        for (ja, en) in texts(&JA).iter().zip(texts(&EN)) {
            assert_eq!(slots(ja), slots(en), "{en}");
        }
    }
}
