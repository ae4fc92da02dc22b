//! `vaultls check --fix`: applies all safe fixes and writes the notes.

use std::collections::BTreeMap;

use crate::config::DiagnosticCode;
use crate::disk;
use crate::ide;
use crate::text::Text;
use crate::vault::{Cancel, FileId, Snapshot};

use super::filter::FindingFilter;
use super::in_parallel;
use crate::cli::load::Loaded;

/// Fixes that overlap are applied one after the other, at most this often.
const MAX_ROUNDS: usize = 16;

/// The result of `--fix`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Fixed {
    /// The notes that were written, by path, with the number of fixed findings of each code.
    pub(super) notes: BTreeMap<String, BTreeMap<&'static str, usize>>,
    /// The notes that could not be written, by path, with the reason. They are unchanged.
    pub(super) refused: Vec<(String, String)>,
}

/// Applies the safe fixes in some notes of a vault and writes each note as a whole. Afterwards `loaded` is
/// the changed vault.
pub(super) fn fix(loaded: &mut Loaded, notes: &[FileId], filter: &FindingFilter) -> Fixed {
    disk::remove_left_behind(&loaded.report.left_behind);
    let mut fixed = Fixed::default();
    let mut counts: BTreeMap<FileId, BTreeMap<&'static str, usize>> = BTreeMap::new();
    let mut vault = loaded.vault.clone();
    let mut due = notes.to_vec();
    for _ in 0..MAX_ROUNDS {
        let fixed_notes = in_parallel(&due, |note| fixed_note(&vault, *note, filter));
        due.clear();
        for FixedNote { note, text, codes } in fixed_notes.into_iter().flatten() {
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

/// A note with its text after the fixes.
struct FixedNote {
    note: FileId,
    text: String,
    /// The codes of the fixed findings.
    codes: Vec<DiagnosticCode>,
}

fn fixed_note(vault: &Snapshot, note: FileId, filter: &FindingFilter) -> Option<FixedNote> {
    let is_wanted = |code: DiagnosticCode| {
        vault.settings().severity(code).is_some_and(|severity| filter.keeps(code.as_str(), severity))
    };
    // Never cancelled.
    let safe = ide::safe_fixes(vault, note, &is_wanted, &Cancel::new()).ok()?;
    let edits = safe.change.edits_of(note);
    if edits.is_empty() {
        return None;
    }
    let mut text: Text = vault.note(note)?.note.text.clone();
    // From the end, so that the spans of earlier edits stay valid.
    edits.iter().rev().for_each(|edit| text.replace(edit.span, &edit.new_text));
    let codes = safe.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    Some(FixedNote { note, text: text.to_text(), codes })
}
