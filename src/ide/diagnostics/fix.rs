//! The fixes of diagnostics: one by one, and all safe ones of a note at once.
//!
//! A fix is worked out anew from the snapshot, never kept. Afterwards its diagnostic is gone and there is no
//! new one.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::DiagnosticCode;
use crate::text::Span;
use crate::vault::{Cancel, Cancelled, FileId, Note, Snapshot};

use super::context::NoteContext;
use super::{Diagnostic, Found, diagnostics};
use crate::ide::change::{Edit, NoteEdits, VaultChange, edited};
use crate::ide::links::heading_links::with_links_to_headings;
use crate::ide::note::lines::{appended_to, line_break};

/// One way to fix a diagnostic.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, for the person who picks it: `` Change to `large_models` ``. No two fixes of a
    /// diagnostic share a title.
    pub title: String,
    /// What it changes.
    pub change: VaultChange,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
    /// Where it can change what diagnostics about timestamps say. They have to be found anew.
    outdates: Option<Span>,
}

/// Whether a fix may be applied without a look at it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Applicability {
    /// Nothing else can have been meant.
    Safe,
    /// One of several possible meanings, or it removes something.
    Unsafe,
}

impl Applicability {
    pub(super) fn safe_if(is_safe: bool) -> Applicability {
        if is_safe { Applicability::Safe } else { Applicability::Unsafe }
    }
}

impl Fix {
    /// Whether it may be applied unseen.
    pub fn is_safe(&self) -> bool {
        self.applicability == Applicability::Safe
    }
}

/// Safe fixes of one note that can be applied together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SafeFixes {
    /// What is fixed, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// All edits, within the note.
    pub change: VaultChange,
}

/// Returns the fixes of a diagnostic of a note, the best first. Empty if there are none, or the note is never
/// edited.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn fixes(
    vault: &Snapshot,
    note: FileId,
    diagnostic: &Diagnostic,
    cancel: &Cancel,
) -> Result<Vec<Fix>, Cancelled> {
    let Some(source) = vault.note(note) else { return Ok(Vec::new()) };
    let context = NoteContext::new(vault, source, cancel);
    let all = context.find()?;
    match all.iter().find(|found| found.diagnostic == *diagnostic) {
        Some(found) => context.fixes(found, &all, false),
        None => Ok(Vec::new()),
    }
}

/// Returns the safe fixes of a note, one for each diagnostic whose code passes `filter`. They stay within the
/// note and do not overlap: of two that would touch the same bytes the first is taken, and the other may be
/// found again afterwards. So may those of timestamps that an earlier fix puts in another light.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn safe_fixes(
    vault: &Snapshot,
    note: FileId,
    filter: &dyn Fn(DiagnosticCode) -> bool,
    cancel: &Cancel,
) -> Result<SafeFixes, Cancelled> {
    let mut taken = SafeFixes::default();
    let Some(source) = vault.note(note) else { return Ok(taken) };
    let context = NoteContext::new(vault, source, cancel);
    let all = context.find()?;
    let mut edits: BTreeMap<Span, Edit> = BTreeMap::new();
    let mut outdated: Vec<Span> = Vec::new();
    for found in all.iter().filter(|found| filter(found.diagnostic.code)) {
        let span = found.diagnostic.span;
        if found.rule.is_about_timestamp && outdated.iter().any(|stretch| stretch.overlaps(span)) {
            continue;
        }
        let fix = context.fixes(found, &all, true)?.into_iter().find(Fix::is_safe);
        let Some(fix) = fix.filter(|fix| fix.change.is_within(note)) else { continue };
        let own = fix.change.edits_of(note);
        if own.iter().any(|edit| collides(&edits, edit.span)) {
            continue;
        }
        outdated.extend(fix.outdates);
        edits.extend(own.iter().map(|edit| (edit.span, edit.clone())));
        taken.diagnostics.push(found.diagnostic.clone());
    }
    if !edits.is_empty() {
        taken.change = VaultChange::in_note(note, edits.into_values().collect());
    }
    Ok(taken)
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

impl<'a> NoteContext<'a> {
    /// Returns the fixes of one of `all` diagnostics of the note. With `safe_only`, those that are not safe
    /// may be left out.
    pub(in crate::ide) fn fixes(
        &self,
        found: &Found<'a>,
        all: &[Found<'a>],
        safe_only: bool,
    ) -> Result<Vec<Fix>, Cancelled> {
        let Some(fix) = found.fix.as_ref().filter(|_| self.source.note.invalid_utf8.is_none()) else {
            return Ok(Vec::new());
        };
        self.cancel.check()?;
        let mut context = FixContext { note: self, all, safe_only, fixes: Vec::new() };
        fix(&mut context)?;
        let mut fixes = context.fixes;
        for fix in &mut fixes {
            let edits = std::mem::take(&mut fix.change.edits).into_iter();
            let edits =
                edits.flat_map(|NoteEdits { note, edits }| edits.into_iter().map(move |edit| (note, edit)));
            let edits: Vec<_> = edits.collect();
            // Where a fix changes the words of a heading, links to it follow.
            fix.change.edits = with_links_to_headings(self.vault, &edits, &str::to_owned, self.cancel)?;
        }
        fixes.retain(|fix| !fix.change.is_empty() && fix.change.check_writable(self.vault).is_ok());
        Ok(fixes)
    }
}

/// Where the fixes of one finding are gathered.
pub(super) struct FixContext<'c, 'a> {
    pub(super) note: &'c NoteContext<'a>,
    /// Whether fixes that are not safe need not be worked out.
    pub(super) safe_only: bool,
    all: &'c [Found<'a>],
    fixes: Vec<Fix>,
}

impl FixContext<'_, '_> {
    /// Adds a fix.
    pub(super) fn add(
        &mut self,
        title: impl Into<String>,
        change: VaultChange,
        applicability: Applicability,
    ) {
        self.fixes.push(Fix { title: title.into(), change, applicability, outdates: None });
    }

    /// Adds a fix that edits the note.
    pub(super) fn edit(&mut self, title: impl Into<String>, edits: Vec<Edit>, applicability: Applicability) {
        self.add(title, VaultChange::in_note(self.note.source.id, edits), applicability);
    }

    /// Adds a fix of several places of the note at once, each with its edits, if there are several.
    pub(super) fn edit_all(&mut self, places: &[Vec<Edit>], title: impl Fn(usize) -> String) {
        if places.len() > 1 {
            self.edit(title(places.len()), places.concat(), Applicability::Unsafe);
        }
    }

    /// Adds a fix that edits the note, unless the note would have a diagnostic that it does not have now.
    /// Returns whether it was added. Diagnoses the whole note.
    pub(super) fn edit_unless_worse(
        &mut self,
        title: impl Into<String>,
        edits: Vec<Edit>,
        applicability: Applicability,
    ) -> Result<bool, Cancelled> {
        let NoteContext { vault, source, cancel, .. } = *self.note;
        let change = VaultChange::in_note(source.id, edits);
        let after = vault.with_text(source.id, &edited(source.note, change.edits_of(source.id)));
        let after = diagnostics(&after, source.id, cancel)?;
        let count_before = |code| self.all.iter().filter(|found| found.diagnostic.code == code).count();
        let count_after = |code| after.iter().filter(|one| one.code == code).count();
        let is_no_worse = after.iter().all(|one| count_after(one.code) <= count_before(one.code));
        if is_no_worse {
            self.add(title, change, applicability);
        }
        Ok(is_no_worse)
    }

    /// Marks the last fix: after it, diagnostics about timestamps in a stretch have to be found anew.
    pub(super) fn outdate(&mut self, timestamps_in: Span) {
        if let Some(fix) = self.fixes.last_mut() {
            fix.outdates = Some(timestamps_in);
        }
    }
}

/// Returns the edit that appends a heading or a definition to a note. `None` if more or less than that would
/// come of it, or what comes is not what is meant.
pub(super) fn append(note: &Note, block: &str, is_meant: impl Fn(&Arc<Note>) -> bool) -> Option<Edit> {
    let text = note.text.to_text();
    let appended = appended_to(&text, block, line_break(&text));
    let after = Arc::new(Note::new(&format!("{text}{appended}")));
    let (before, parsed) = (&note.parsed, &after.parsed);
    let added = parsed.headings.len() + parsed.label_definitions.len();
    let is_one_more = added == before.headings.len() + before.label_definitions.len() + 1;
    (is_one_more && parsed.faults.len() == before.faults.len() && is_meant(&after))
        .then(|| Edit::replace(Span::empty(note.text.end()), appended))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture;

    #[test]
    fn safe_fixes_are_applied_together() {
        let (vault, at) =
            fixture::vault("[[Real Name]] [[real-name|x]] [[gone]]\n\n[x]: y.md\n//- real_name.md\n");
        let safe = safe_fixes(&vault, at.note, &|_| true, &Cancel::new()).unwrap();
        assert_eq!(safe.diagnostics.len(), 2);
        let expected = "//- note.md\n[[real_name|Real Name]] [[real_name|x]] [[gone]]\n\n[x]: y.md\n";
        assert_eq!(fixture::drawn(&vault, &safe.change), expected);
        let none =
            safe_fixes(&vault, at.note, &|code| code.as_str() != "link/inexact", &Cancel::new()).unwrap();
        assert_eq!(none, SafeFixes::default());
    }

    #[test]
    fn timestamps_wait_until_their_video_is_named() {
        let tag = "<a class=\"yt-timestamp\" data-t=\"[0:08:43]\">words</a>\n";
        let (vault, at) = fixture::vault(&format!(
            "---\nvideoId: https://youtu.be/Rxmv7rT9leo\n---\n{tag}//- b.md\n---\nvideoId: Rxmv7rT9leo\nduration: 300\n---\n"
        ));
        let codes = |vault: &Snapshot| -> Vec<&str> {
            let safe = safe_fixes(vault, at.note, &|_| true, &Cancel::new()).unwrap();
            safe.diagnostics.iter().map(|one| one.code.as_str()).collect()
        };
        assert_eq!(codes(&vault), ["video/bad-id"]);
        let named = vault.with_text(at.note, &format!("---\nvideoId: Rxmv7rT9leo\n---\n{tag}"));
        assert_eq!(codes(&named), Vec::<&str>::new());
    }

    #[test]
    fn edits_that_touch_collide() {
        let edits: BTreeMap<Span, Edit> =
            [Span::new(5, 8), Span::new(10, 10)].map(|span| (span, Edit::remove(span))).into();
        for ((start, end), expected) in [
            ((0, 5), false),
            ((0, 6), true),
            ((5, 5), true),
            ((8, 9), false),
            ((8, 8), true),
            ((9, 10), true),
            ((10, 10), true),
            ((11, 11), false),
        ] {
            assert_eq!(collides(&edits, Span::new(start, end)), expected, "{start}..{end}");
        }
    }
}
