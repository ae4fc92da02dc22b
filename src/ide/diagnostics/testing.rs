//! Diagnostics and fixes drawn as text, for the tests of rules. Each fix that is drawn is held to fix its
//! diagnostic and to add none.

use std::collections::BTreeMap;

use expect_test::Expect;

use super::{Diagnostic, Fix, diagnostics, fixes};
use crate::ide::fixture;
use crate::vault::{Cancel, FileId, Snapshot};

pub(super) fn found(vault: &Snapshot, note: FileId) -> Vec<Diagnostic> {
    diagnostics(vault, note, &Cancel::new()).unwrap()
}

/// Draws each diagnostic of every note of a fixture, by path.
pub(super) fn check(text: &str, expected: &Expect) {
    let (vault, _) = fixture::vault(text);
    let mut notes: Vec<_> = vault.notes().collect();
    notes.sort_by_key(|note| note.path);
    let mut drawn = String::new();
    for note in notes {
        for one in found(&vault, note.id) {
            let line = note.note.text.line_of(one.span.start) + 1;
            let marked = note.note.slice(one.span);
            let (path, code, message) = (note.path, one.code.as_str(), &one.message);
            drawn.push_str(&format!("{path}:{line} {marked:?} {code}: {message}"));
            let related: Vec<String> =
                one.related.iter().map(|one| fixture::path(&vault, one.file)).collect();
            drawn.push_str(&if related.is_empty() { "\n".into() } else { format!(" {related:?}\n") });
        }
    }
    expected.assert_eq(&drawn);
}

/// Draws each fix of the diagnostics at the cursor, a safe one with `!`, and what it changes.
pub(super) fn check_fixes(text: &str, expected: &Expect) {
    let (vault, at) = fixture::vault(text);
    let mut drawn = String::new();
    for diagnostic in found(&vault, at.note).into_iter().filter(|one| one.span.touches(at.at)) {
        for fix in fixes(&vault, at.note, &diagnostic, &Cancel::new()).unwrap() {
            let safe = if fix.is_safe() { "! " } else { "" };
            drawn.push_str(&format!("{safe}{}\n{}", fix.title, fixture::drawn(&vault, &fix.change)));
            check_invariant(&vault, &diagnostic, &fix);
        }
    }
    expected.assert_eq(&drawn);
}

/// The diagnostic is gone, and nothing is found that was not found before.
fn check_invariant(vault: &Snapshot, diagnostic: &Diagnostic, fix: &Fix) {
    let before = all_messages(vault);
    let after = all_messages(&fixture::changed(vault, &fix.change));
    let count = |all: &[String], one: &str| all.iter().filter(|other| *other == one).count();
    let fixed = diagnostic.message.clone();
    assert!(count(&after, &fixed) < count(&before, &fixed), "{}: {fixed}", fix.title);
    for one in &after {
        assert!(count(&after, one) <= count(&before, one), "{}: {one}", fix.title);
    }
}

fn all_messages(vault: &Snapshot) -> Vec<String> {
    vault.notes().flat_map(|note| found(vault, note.id)).map(|one| one.message).collect()
}

/// Draws the fixes of each diagnostic of a note about a video: a safe one with `!`, and the lines that it
/// changes.
pub(super) fn check_timestamps(front_matter: &str, text: &str, expected: &Expect) {
    let video = if front_matter.contains("videoId") { "" } else { "videoId: Rxmv7rT9leo\n" };
    check_note(&format!("---\n{video}{front_matter}---\n{text}\n"), expected);
}

/// The same for any note.
pub(super) fn check_note(text: &str, expected: &Expect) {
    let (vault, at) = fixture::vault(text);
    let before = vault.note(at.note).unwrap().note.text.to_text();
    let mut drawn = String::new();
    for diagnostic in found(&vault, at.note) {
        drawn.push_str(&format!("{}\n", diagnostic.code.as_str()));
        for fix in fixes(&vault, at.note, &diagnostic, &Cancel::new()).unwrap() {
            check_timestamp_invariant(&vault, at.note, &diagnostic, &fix);
            let after = fixture::changed(&vault, &fix.change).note(at.note).unwrap().note.text.to_text();
            let safe = if fix.is_safe() { "! " } else { "  " };
            drawn.push_str(&format!("{safe}{}\n", fix.title));
            let changed = after.lines().filter(|line| !before.lines().any(|other| other == *line));
            changed.for_each(|line| drawn.push_str(&format!("      {line}\n")));
        }
    }
    expected.assert_eq(&drawn);
}

/// Within the note, the diagnostic is gone, there is no new one, and nothing is written outside of
/// timestamps, of what is found and, for the video, of the front matter.
pub(super) fn check_timestamp_invariant(vault: &Snapshot, note: FileId, diagnostic: &Diagnostic, fix: &Fix) {
    let after = fixture::changed(vault, &fix.change);
    let (before, after_codes) = (codes(vault, note), codes(&after, note));
    let code = diagnostic.code.as_str();
    for (other, count) in &after_codes {
        let most = before.get(other).copied().unwrap_or_default() - usize::from(*other == code);
        assert!(*count <= most, "{}: {other} {before:?} {after_codes:?}", fix.title);
    }
    let parsed = &vault.note(note).unwrap().note.parsed;
    assert!(fix.change.is_within(note));
    for edit in fix.change.edits_of(note) {
        let is_in_timestamp = parsed.timestamps.iter().any(|stamp| stamp.span.covers(edit.span));
        let names_video = matches!(code, "timestamp/no-video" | "video/bad-id");
        let is_in_finding = diagnostic.span.covers(edit.span);
        assert!(is_in_timestamp || is_in_finding || names_video, "{edit:?}");
    }
}

/// Counts the diagnostics of each code.
pub(super) fn codes(vault: &Snapshot, note: FileId) -> BTreeMap<&'static str, usize> {
    let mut codes = BTreeMap::new();
    for one in found(vault, note) {
        *codes.entry(one.code.as_str()).or_default() += 1;
    }
    codes
}

/// A timestamp in the form of a tag.
pub(super) fn tag(value: &str, label: &str) -> String {
    format!("<a class=\"yt-timestamp\" data-t=\"{value}\">{label}</a>")
}
