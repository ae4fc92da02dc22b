//! Notes that share their name.

use crate::config::{RuleSpec, Severity};
use crate::syntax::Link;
use crate::vault::{Cancelled, FileId, Key, Resolution, Tier, fold, without_note_extension};

use super::super::rule;
use crate::ide::diagnostics::context::NoteContext;
use crate::ide::diagnostics::{Example, Finding, Findings, MAX_RELATED, Related};

rule! {
    /// Two notes have the same file name in different folders, and some link means one of them by that name
    /// alone. Reported on the first line of both.
    ///
    /// Which note such a link opens depends on the note it is in and on the program that follows it.
    spec: RuleSpec::new(
        "note/duplicate-name",
        Some(Severity::Information),
        "Another note has the same name, and links use it.",
    ),
    check: check,
    examples: &[Example {
        files: "//- x/twin.md\nOne.\n//- y/twin.md\nTwo.\n//- y/z.md\n[[twin]]\n",
        fix: None,
    }],
}

/// Another note with the same stem matters only if some link means one of them by that stem alone.
fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    let stem = note.source.path.stem();
    let key = Key::name(stem);
    let wanted = fold(stem);
    let is_same = |id: &FileId| {
        *id != note.source.id && note.vault.note(*id).is_some_and(|other| fold(other.path.stem()) == wanted)
    };
    let others: Vec<FileId> = note.vault.definers(key).iter().copied().filter(is_same).collect();
    if !others.is_empty() && is_linked_by_stem(note, key, &wanted)? {
        findings.add(note.first_line(), DuplicateName { others });
    }
    Ok(())
}

fn is_linked_by_stem(note: &NoteContext<'_>, key: Key, stem: &str) -> Result<bool, Cancelled> {
    for user in note.vault.users(key).iter().filter_map(|id| note.vault.note(*id)) {
        note.cancel.check()?;
        let is_by_stem = |link: &&Link| {
            link.kind.is_wiki() && fold(without_note_extension(&user.note.slice(link.target))) == stem
        };
        let mut links = user.note.parsed.links.iter().filter(is_by_stem);
        let by_name = |tier| matches!(tier, Tier::Name | Tier::Folded);
        let is_found = |resolution| matches!(resolution, Resolution::Found(found) if by_name(found.tier));
        if links.any(|link| is_found(note.vault.resolve(&user, link))) {
            return Ok(true);
        }
    }
    Ok(false)
}

struct DuplicateName {
    others: Vec<FileId>,
}

impl Finding for DuplicateName {
    fn message(&self, note: &NoteContext<'_>) -> String {
        let stem = note.source.path.stem();
        match self.others.len() {
            1 => format!("Duplicate note name: `{stem}` is also the name of another note, and links use it"),
            count => format!(
                "Duplicate note name: `{stem}` is also the name of {count} other notes, and links use it"
            ),
        }
    }

    fn related(&self, note: &NoteContext<'_>) -> Vec<Related> {
        let mut related: Vec<Related> =
            self.others.iter().filter_map(|id| Related::file(note.vault, *id)).collect();
        related.sort_by(|a, b| a.message.cmp(&b.message));
        related.truncate(MAX_RELATED);
        related
    }
}
