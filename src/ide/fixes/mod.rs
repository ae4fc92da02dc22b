//! What mends a finding.
//!
//! A fix is worked out anew from the snapshot and the finding, never kept. After it the finding is gone and no other has
//! come. **To add one**: match its code in the file of its group (`links`, `labels`, `timestamps`) and answer the fixes
//! there, best first; everything else (actions, `source.fixAll`, commands) comes from here.

mod fragments;
mod labels;
#[cfg(test)]
mod link_tests;
mod links;
mod missing;
#[cfg(test)]
mod tests;
mod timestamps;
mod videos;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::config::DiagnosticCode;
use crate::text::Span;
use crate::vault::{Cancel, Cancelled, FileId, NoteRef, Snapshot};

use crate::ide::change::{Edit, NoteEdits, VaultChange, edited};
use crate::ide::diagnostics::{Diagnostic, diagnostics};
use crate::ide::rename::with_links_to_headings;
use crate::ide::timestamps::plausibility::Evidence;

/// One way to mend a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, for the person who picks it: `` Write `large_models` ``. No two fixes of a finding share a title.
    pub title: String,
    /// What it changes.
    pub change: VaultChange,
    /// Whether there is no other answer, and one that a careful person would accept unseen.
    pub is_sure: bool,
}

/// Fixes of one note that can be made together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SureFixes {
    /// What is mended, in the order of the text.
    pub findings: Vec<Diagnostic>,
    /// All edits, within the note.
    pub change: VaultChange,
}

/// What mends a finding of a note, the best first. Empty if nothing is known to, or the note is never edited.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn fixes(
    vault: &Snapshot,
    note: FileId,
    finding: &Diagnostic,
    cancel: &Cancel,
) -> Result<Vec<Fix>, Cancelled> {
    fixes_in_pass(vault, note, finding, &FixCache::default(), cancel)
}

fn fixes_in_pass(
    vault: &Snapshot,
    note: FileId,
    finding: &Diagnostic,
    pass: &FixCache,
    cancel: &Cancel,
) -> Result<Vec<Fix>, Cancelled> {
    let Some(source) = vault.note(note).filter(|note| note.note.invalid_utf8.is_none()) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    let mut broken = FixContext { vault, source, finding, pass, cancel, fixes: &mut found };
    match finding.code.group() {
        "link" => {
            links::fix(&mut broken)?;
            missing::fix(&mut broken)?;
            fragments::fix(&mut broken)?;
            labels::fix(&mut broken)?;
        }
        "timestamp" | "video" => timestamps::fix(&mut broken)?,
        _ => {}
    }
    for fix in &mut found {
        let edits = std::mem::take(&mut fix.change.edits).into_iter();
        let edits =
            edits.flat_map(|NoteEdits { note, edits }| edits.into_iter().map(move |edit| (note, edit)));
        let edits: Vec<_> = edits.collect();
        // Where a fix changes the words of a heading, links go on to lead to it.
        fix.change.edits = with_links_to_headings(vault, &edits, &str::to_owned, cancel)?;
    }
    found.retain(|fix| !fix.change.is_empty() && fix.change.check_writable(vault).is_ok());
    Ok(found)
}

/// The fixes of a note that have one sure answer, of the findings that `filter` keeps. They stay within the note and do not
/// overlap: of two that would touch the same bytes the first is made, and the other is sure again afterwards, or not. So are
/// timestamps of a note that gets another video, and one whose outer label was hidden by the tag before it.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn sure_fixes(
    vault: &Snapshot,
    note: FileId,
    filter: &dyn Fn(DiagnosticCode) -> bool,
    cancel: &Cancel,
) -> Result<SureFixes, Cancelled> {
    let pass = FixCache { wants_sure_only: true, ..FixCache::default() };
    let mut all = SureFixes::default();
    let mut edits: BTreeMap<Span, Edit> = BTreeMap::new();
    let Some(source) = vault.note(note) else { return Ok(all) };
    let line_of = |span: Span| source.note.text.line_of(span.start);
    let mut has_other_video = false;
    let mut unwrapped_line = None;
    for finding in diagnostics(vault, note, cancel)?.into_iter().filter(|finding| filter(finding.code)) {
        let sure = fixes_in_pass(vault, note, &finding, &pass, cancel)?.into_iter().find(|fix| fix.is_sure);
        let Some(fix) = sure.filter(|fix| fix.change.is_within(note)) else { continue };
        let own = fix.change.edits_of(note);
        let waits = finding.code.group() == "timestamp"
            && (has_other_video || Some(line_of(finding.span)) == unwrapped_line);
        if waits || own.iter().any(|edit| collides(&edits, edit.span)) {
            continue;
        }
        has_other_video |= finding.code == DiagnosticCode::BadVideoId;
        if finding.code == DiagnosticCode::UnclosedTimestamp
            && source.note.slice(finding.span).ends_with("](")
        {
            unwrapped_line = Some(line_of(finding.span));
        }
        edits.extend(own.iter().map(|edit| (edit.span, edit.clone())));
        all.findings.push(finding);
    }
    if !edits.is_empty() {
        all.change = VaultChange::in_note(note, edits.into_values().collect());
    }
    Ok(all)
}

/// Whether an edit would touch the same bytes as another, or insert where another begins or ends.
fn collides(edits: &BTreeMap<Span, Edit>, span: Span) -> bool {
    let touch = |other: &Span| {
        span.overlaps(*other)
            || (span.is_empty() || other.is_empty()) && span.start <= other.end && other.start <= span.end
    };
    let before = edits.range(..=span).next_back();
    let after = edits.range(span..).next();
    before.into_iter().chain(after).any(|(other, _)| touch(other))
}

/// What the fixes of one note share.
#[derive(Default)]
struct FixCache {
    /// What is known of the timestamps of the note, once somebody has asked.
    evidence: OnceCell<Evidence>,
    /// Whether fixes that are not sure are of no use.
    wants_sure_only: bool,
}

/// A finding, and the fixes that are known so far.
struct FixContext<'a> {
    vault: &'a Snapshot,
    source: NoteRef<'a>,
    finding: &'a Diagnostic,
    pass: &'a FixCache,
    cancel: &'a Cancel,
    fixes: &'a mut Vec<Fix>,
}

impl FixContext<'_> {
    /// Adds a fix that edits the note.
    fn add(&mut self, title: impl Into<String>, edits: Vec<Edit>, is_sure: bool) {
        self.add_change(title, VaultChange::in_note(self.source.id, edits), is_sure);
    }

    /// Whether the note has no finding after a change of it that it does not have now.
    fn adds_no_finding(&self, change: &VaultChange) -> Result<bool, Cancelled> {
        let note = self.source;
        let after = self.vault.with_text(note.id, &edited(note.note, change.edits_of(note.id)));
        let before = diagnostics(self.vault, note.id, self.cancel)?;
        let found = diagnostics(&after, note.id, self.cancel)?;
        let count = |found: &[Diagnostic], code| found.iter().filter(|one| one.code == code).count();
        Ok(found.iter().all(|one| count(&found, one.code) <= count(&before, one.code)))
    }

    /// Adds a fix.
    fn add_change(&mut self, title: impl Into<String>, change: VaultChange, is_sure: bool) {
        self.fixes.push(Fix { title: title.into(), change, is_sure });
    }
}

/// What to append to a text so that a block stands at its end, after a blank line, with line breaks as the text has them.
fn appended_to(text: &str, block: &str) -> String {
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let missing = match text.rsplit(['\n', '\r']).next() {
        _ if text.is_empty() => 0,
        Some(last_line) if !last_line.is_empty() => 2,
        _ if text.ends_with("\n\n") || text.ends_with("\n\r\n") => 0,
        _ => 1,
    };
    format!("{}{block}{line_break}", line_break.repeat(missing))
}
