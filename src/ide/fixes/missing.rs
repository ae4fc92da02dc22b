//! Links to files that are not there: the files that may have been meant, here, everywhere in the note, or everywhere in
//! the vault.

use crate::config::DiagnosticCode;
use crate::syntax::{Link, LinkKind, decode_link_part};
use crate::text::Span;
use crate::vault::{Cancelled, FileId, Key, NoteRef, Resolution, Snapshot, fold};

use super::FixContext;
use crate::ide::change::{Edit, VaultChange};
use crate::ide::links::fragment::{Fragments, Place};
use crate::ide::links::relink::{edit_to_name, is_writable, shown_as_before};
use crate::ide::search::suggestions::{Nearest, NearestPart, suggest_files};

/// How many files are offered.
const AT_MOST: usize = 3;

pub(super) fn fix(broken: &mut FixContext<'_>) -> Result<(), Cancelled> {
    let leads_nowhere = matches!(
        broken.finding.code,
        DiagnosticCode::MissingNote | DiagnosticCode::MissingFile | DiagnosticCode::OutsideVault
    );
    // Never sure: the note may be one that is still to be written.
    if leads_nowhere && !broken.pass.wants_sure_only {
        broken.change_to_nearest()?;
    }
    Ok(())
}

/// What a link that leads nowhere shall lead to.
struct Change<'a> {
    vault: &'a Snapshot,
    /// What it says now, decoded and folded.
    target: String,
    nearest: &'a Nearest,
}

impl FixContext<'_> {
    fn change_to_nearest(&mut self) -> Result<(), Cancelled> {
        let Some(link) = self.link() else { return Ok(()) };
        let raw = self.source.note.slice(link.target);
        let target = decode_link_part(link, &raw);
        let nearest = suggest_files(self.vault, &self.source, &target, self.cancel)?;
        let may_show = |near: &&Nearest| {
            !matches!(link.kind, LinkKind::Embed | LinkKind::Image) || self.may_embed(near.file, &target)
        };
        let nearest: Vec<&Nearest> = nearest.iter().filter(may_show).collect();
        let target = fold(&target).into_owned();
        let mut everywhere = Vec::new();
        for near in nearest {
            let change = Change { vault: self.vault, target: target.clone(), nearest: near };
            let Some((edits, name)) = change.of_link(&self.source, link) else { continue };
            self.add(format!("Change to `{name}`"), edits, false);
            everywhere.push((change, name));
            if everywhere.len() == AT_MOST {
                break;
            }
        }
        for (change, name) in everywhere {
            self.change_everywhere(&change, &name)?;
        }
        Ok(())
    }

    /// Whether a file can stand where another one is embedded: a picture for a picture.
    fn may_embed(&self, file: FileId, target: &str) -> bool {
        let is_note = self.vault.note(file).is_some();
        let extension = target.rsplit_once('.').map(|(_, extension)| extension);
        let names_attachment = extension.is_some_and(|extension| {
            let is_short = (1..=5).contains(&extension.len());
            is_short && extension.bytes().all(|byte| byte.is_ascii_alphanumeric()) && extension != "md"
        });
        is_note != names_attachment
    }

    fn change_everywhere(&mut self, change: &Change<'_>, name: &str) -> Result<(), Cancelled> {
        let mut edits = Vec::new();
        let (mut here, mut all, mut notes) = (0, 0, 0);
        for note in self.notes_with_target(&change.target) {
            self.cancel.check()?;
            let links = note.note.parsed.links.iter().filter(|link| change.is_about(&note, link));
            let changed = links.filter_map(|link| change.of_link(&note, link));
            let before = all;
            for (of_link, _) in changed {
                edits.extend(of_link.into_iter().map(|edit| (note.id, edit)));
                all += 1;
            }
            notes += usize::from(all > before);
            if note.id == self.source.id {
                here = all - before;
            }
        }
        if here > 1 {
            let own = edits.iter().filter(|(note, _)| *note == self.source.id);
            let own = own.map(|(_, edit)| edit.clone()).collect();
            self.add(format!("Change all {here} in this note to `{name}`"), own, false);
        }
        if all > here {
            let title = format!("Change all {all} in {notes} notes to `{name}`");
            self.add_change(title, VaultChange::in_notes(self.vault, edits), false);
        }
        Ok(())
    }

    /// The notes whose links may name the same target, those left out that are never edited; by path.
    fn notes_with_target(&self, target: &str) -> Vec<NoteRef<'_>> {
        let users = Key::of_target(target).map(|key| self.vault.users(key));
        let mut users: Vec<FileId> = users.into_iter().flatten().copied().collect();
        users.sort_unstable();
        users.dedup();
        let notes = users.into_iter().filter_map(|id| self.vault.note(id));
        let mut notes: Vec<NoteRef<'_>> = notes.filter(|note| note.note.invalid_utf8.is_none()).collect();
        notes.sort_by_key(|note| note.path);
        notes
    }
}

impl Change<'_> {
    /// Whether a link names the same target and leads nowhere either.
    fn is_about(&self, source: &NoteRef<'_>, link: &Link) -> bool {
        let raw = source.note.slice(link.target);
        let is_same = fold(&decode_link_part(link, &raw)) == self.target;
        is_same && matches!(self.vault.resolve(source, link), Resolution::Missing | Resolution::OutsideVault)
    }

    /// The edits of one link, and what it names afterwards. A fragment that the other file does not have is left out. The
    /// words that a reader sees stay, unless they are a misspelling of the name.
    fn of_link(&self, source: &NoteRef<'_>, link: &Link) -> Option<(Vec<Edit>, String)> {
        let file = self.nearest.file;
        let edit = edit_to_name(self.vault, source, link, file)?;
        let mut name = edit.new_text.clone();
        let mut edits = vec![edit];
        let after = Span::between(link.target.end, link.fragment.unwrap_or(link.target).end);
        let heading = self.heading(link);
        if let Some(heading) = heading {
            name = format!("{name}#{heading}");
            edits.push(Edit::replace(after, format!("#{heading}")));
        } else if link.fragment.is_some() && !self.has_fragment(source, link) {
            edits.push(Edit::remove(after));
        }
        if !self.nearest.is_misspelling {
            let shown = source.note.slice(link.target);
            edits.extend(shown_as_before(source, link, &shown));
        }
        Some((edits, name))
    }

    /// What a wikilink can say to lead to the heading that is like its target.
    fn heading(&self, link: &Link) -> Option<String> {
        let NearestPart::Heading(index) = self.nearest.part else { return None };
        let note = self.vault.note(self.nearest.file)?;
        let parsed = &note.note.parsed;
        let heading = parsed.headings.get(index)?;
        let name = parsed.heading_name(heading);
        let is_it = |place| matches!(place, Place::Heading { heading: found, .. } if found == heading.span);
        let can_say = link.kind.is_wiki() && link.fragment.is_none() && is_writable(name);
        (can_say && is_it(Fragments::of(note).find(name))).then(|| name.to_owned())
    }

    fn has_fragment(&self, source: &NoteRef<'_>, link: &Link) -> bool {
        let note = self.vault.note(self.nearest.file);
        note.is_none_or(|note| Fragments::of(note).find_place(source, link) != Place::Missing)
    }
}
