//! A vault in numbers.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cli::check::in_parallel;
use crate::cli::load::RequestedVault;
use crate::cli::place::escape_json;
use crate::cli::query::QueryFormat;
use crate::cli::terminal::{STRONG, escape, painted};
use crate::ide::{self, VaultStats};
use crate::vault::{Cancel, Cancelled, FileId};

/// How many of the most linked notes and of the most wanted names are shown.
const MOST: usize = 10;

/// How often each diagnostic was found, by code.
type Findings = BTreeMap<&'static str, usize>;

pub(super) fn written(
    asked: &RequestedVault,
    format: QueryFormat,
    cancel: &Cancel,
) -> Result<String, Cancelled> {
    let vault = &asked.loaded.vault;
    let all = ide::overview(vault, cancel)?;
    let stats = VaultStats::of(vault, cancel)?;
    let total = stats.total();
    let numbers = [
        ("notes", stats.notes()),
        ("attachments", stats.attachments()),
        ("links", total.links),
        ("brokenLinks", total.unresolved_links),
        ("unresolvedNames", all.unresolved.len()),
        ("orphans", all.orphans.len()),
        ("headings", total.headings),
        ("tags", all.tags.len()),
        ("timestamps", total.timestamps),
        ("videos", all.videos),
    ];
    let findings = findings(asked, &all.notes, cancel)?;
    let path = |id: FileId| vault.file(id).map(|file| file.path.to_string()).unwrap_or_default();
    let hubs: Vec<(String, usize)> =
        all.linked.iter().take(MOST).map(|(id, links)| (path(*id), *links)).collect();
    let wanted = all.unresolved.get(..MOST.min(all.unresolved.len())).unwrap_or_default();
    Ok(match format {
        QueryFormat::Pretty => {
            let numbers: Vec<(String, usize)> =
                numbers.iter().map(|(name, count)| (words(name), *count)).collect();
            let findings: Vec<(String, usize)> =
                findings.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect();
            let parts = [
                ("", &numbers[..]),
                ("most linked", &hubs),
                ("most wanted, not written yet", wanted),
                ("findings", &findings),
            ];
            parts.iter().map(|(title, rows)| table(title, rows)).collect()
        }
        QueryFormat::Json => {
            let counted = |name: &str, counted: &[(String, usize)], of: &str| -> Value {
                counted.iter().map(|(text, count)| json!({ name: text, of: count })).collect()
            };
            let mut object: serde_json::Map<String, Value> =
                numbers.iter().map(|(name, count)| ((*name).to_owned(), json!(count))).collect();
            object.insert("mostLinked".to_owned(), counted("path", &hubs, "links"));
            object.insert("mostWanted".to_owned(), counted("name", wanted, "notes"));
            object.insert("findings".to_owned(), json!(findings));
            escape_json(&format!("{}\n", Value::from(object)))
        }
    })
}

fn findings(asked: &RequestedVault, notes: &[FileId], cancel: &Cancel) -> Result<Findings, Cancelled> {
    let mut all = Findings::new();
    for found in in_parallel(notes, |id| ide::diagnostics(&asked.loaded.vault, *id, cancel)) {
        for diagnostic in found? {
            *all.entry(diagnostic.code.as_str()).or_default() += 1;
        }
    }
    Ok(all)
}

/// Returns the name of a number in JSON as words: `broken links`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for char in name.chars() {
        if char.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(char.to_ascii_lowercase());
    }
    words
}

fn table(title: &str, rows: &[(String, usize)]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let width = rows.iter().map(|(_, count)| count.to_string().len()).max().unwrap_or_default();
    let lines = rows.iter().map(|(text, count)| format!("{count:>width$}  {}\n", escape(text)));
    let title = if title.is_empty() { String::new() } else { format!("\n{}\n", painted(STRONG, title)) };
    title + &lines.collect::<String>()
}
