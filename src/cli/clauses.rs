//! `sekisho clauses`: the library's clauses at a glance.

use super::{Ending, Format, House, Session};
use crate::render::frame::{fit, pad, width};
use crate::render::json::SCHEMA;
use crate::render::words::fill;
use clap::Args;

#[derive(Args, Debug)]
pub(super) struct ClausesArgs {
    /// How to list them
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    format: Format,
    #[command(flatten)]
    pub(super) house: House,
}

pub(super) fn run(session: &mut Session, args: &ClausesArgs) -> Result<Ending, Ending> {
    let text = match args.format {
        Format::Json => json(session),
        Format::Human => table(session),
    };
    session.print_plain(&text)?;
    Ok(Ending::CLEAN)
}

fn json(session: &Session) -> String {
    let clause = |c: &crate::library::Clause| serde_json::json!({"id": c.id, "code": c.code, "title": c.title, "proposition": c.proposition, "source": c.source, "preview": c.preview, "elements": c.elements});
    let clauses: Vec<serde_json::Value> = session.library().clauses().iter().map(clause).collect();
    format!("{}\n", serde_json::json!({"schema": SCHEMA, "clauses": clauses}))
}

fn table(session: &Session) -> String {
    let words = session.words();
    let mut rows = vec![words.clause_head.map(str::to_owned)];
    for clause in session.library().clauses() {
        let title = words.pick(&clause.title);
        let title = if clause.preview { fill(words.preview, &[("title", &title)]) } else { title.to_owned() };
        rows.push([clause.id.clone(), clause.code.clone(), title, words.pick(&clause.proposition).to_owned()]);
    }
    let columns: Vec<usize> = (0..3).map(|i| rows.iter().map(|r| width(&r[i])).max().unwrap_or(0)).collect();
    let line = |row: &[String; 4]| {
        let cells: Vec<String> = row.iter().zip(&columns).map(|(c, w)| pad(c, *w)).collect();
        let room = session.width().saturating_sub(columns.iter().map(|c| c + 2).sum()).max(20);
        format!("{}  {}\n", cells.join("  "), fit(&row[3], room))
    };
    rows.iter().map(line).collect()
}
