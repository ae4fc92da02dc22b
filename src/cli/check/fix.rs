//! `vaultls check --fix`: everything with one sure answer is mended, and the notes are written.

use std::collections::BTreeMap;

use crate::config::DiagnosticCode;
use crate::disk;
use crate::ide;
use crate::text::Text;
use crate::vault::{Cancel, FileId, Snapshot};

use super::filter::FindingFilter;
use super::in_parallel;
use crate::cli::load::Loaded;

/// Fixes that touch each other are made one after the other, at most so many.
const MOST_ROUNDS: usize = 16;

/// What was mended.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Fixed {
    /// Notes that were written, by path, with how many findings of each code are gone.
    pub(super) notes: BTreeMap<String, BTreeMap<&'static str, usize>>,
    /// Notes that would have been, by path, and why they were not. They are as they were.
    pub(super) refused: Vec<(String, String)>,
}

/// Mends what is sure in some notes of a vault and writes them, each as a whole. `loaded` is the vault as it
/// is afterwards.
pub(super) fn fix(loaded: &mut Loaded, notes: &[FileId], filter: &FindingFilter) -> Fixed {
    let mut fixed = Fixed::default();
    let mut counts: BTreeMap<FileId, BTreeMap<&'static str, usize>> = BTreeMap::new();
    let mut vault = loaded.vault.clone();
    let mut due = notes.to_vec();
    for _ in 0..MOST_ROUNDS {
        let mended = in_parallel(&due, |note| mended(&vault, *note, filter));
        due.clear();
        for Mended { note, text, codes } in mended.into_iter().flatten() {
            vault = vault.with_text(note, &text);
            let counts = counts.entry(note).or_default();
            codes.into_iter().for_each(|code| *counts.entry(code.as_str()).or_default() += 1);
            due.push(note);
        }
        if due.is_empty() {
            break;
        }
    }
    for (note, counts) in counts {
        let (Some(before), Some(after)) = (loaded.vault.note(note), vault.note(note)) else { continue };
        let [known, new] = [before, after].map(|note| note.note.text.to_text());
        match disk::replace_text(&loaded.root, before.path, &known, &new) {
            Ok(()) => drop(fixed.notes.insert(before.path.to_string(), counts)),
            Err(error) => {
                fixed.refused.push((before.path.to_string(), error.to_string()));
                vault = vault.with_text(note, &known);
            }
        }
    }
    fixed.refused.sort();
    loaded.vault = vault;
    fixed
}

/// A note with another text.
struct Mended {
    note: FileId,
    text: String,
    /// What is gone.
    codes: Vec<DiagnosticCode>,
}

fn mended(vault: &Snapshot, note: FileId, filter: &FindingFilter) -> Option<Mended> {
    let is_wanted = |code: DiagnosticCode| {
        vault.settings().severity(code).is_some_and(|severity| filter.keeps(code.as_str(), severity))
    };
    // Nobody raises this flag.
    let safe = ide::safe_fixes(vault, note, &is_wanted, &Cancel::new()).ok()?;
    let edits = safe.change.edits_of(note);
    if edits.is_empty() {
        return None;
    }
    let mut text: Text = vault.note(note)?.note.text.clone();
    // From the end, so that the places before stay where they are.
    edits.iter().rev().for_each(|edit| text.replace(edit.span, &edit.new_text));
    let codes = safe.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    Some(Mended { note, text: text.to_text(), codes })
}
