//! Links to files that are not there, changed to the files that may have been meant: here, in the note, in
//! the vault. Never safe: the note may be one that is still to be written.

use super::super::prelude::*;
use crate::ide::diagnostics::context::ResolvedLink;
use crate::ide::links::escape::Position;
use crate::ide::links::fragment::FragmentCache;
use crate::ide::links::write::{edit_to_name, shown_as_before};
use crate::ide::search::suggestions::{Nearest, NearestPart, suggest_files};
use crate::syntax::decode_link_part;
use crate::vault::{Key, Snapshot, fold};

/// The number of files that are offered at most.
const MAX_OFFERED: usize = 3;

/// A target that leads nowhere, and what it becomes.
struct Change<'c, 'a> {
    vault: &'a Snapshot,
    /// The target as it is written now, decoded and folded.
    target: String,
    nearest: Nearest,
    places: &'c FragmentCache<'a>,
}

/// Finds the links that lead to no file in the way of one rule.
pub(super) fn find_unresolved<'a>(
    note: &NoteContext<'a>,
    what: &str,
    is_meant: impl Fn(&ResolvedLink<'_>) -> bool,
    findings: &mut Findings<'a>,
) -> Result<(), Cancelled> {
    for resolved in note.links()?.iter().filter(|link| is_meant(link)) {
        let link = resolved.link;
        let message = format!("{what}: `{}`", note.shown(link.target));
        let finding = Finding::new(resolved.target_span(), message);
        findings.push(finding.fixed_unsafely_by(|fixes| change_to_nearest(link, fixes)));
    }
    Ok(())
}

/// Adds the fixes of a link that leads nowhere.
fn change_to_nearest(link: &Link, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
    let context = fixes.note;
    let (vault, source) = (context.vault, context.source);
    let raw = source.note.slice(link.target);
    let target = decode_link_part(link, &raw);
    let mut nearest = suggest_files(vault, &source, &target, fixes.note.cancel)?;
    if matches!(link.kind, LinkKind::Embed | LinkKind::Image) {
        nearest.retain(|near| may_embed(vault, near.file, &target));
    }
    let target = fold(&target).into_owned();
    let mut everywhere = Vec::new();
    for nearest in nearest {
        let places = &context.fragments;
        let change = Change { vault, places, target: target.clone(), nearest };
        let Some((edits, name)) = change.of_link(&source, link) else { continue };
        fixes.edit(format!("Change to `{name}`"), edits, Applicability::Unsafe);
        everywhere.push((change, name));
        if everywhere.len() == MAX_OFFERED {
            break;
        }
    }
    for (change, name) in everywhere {
        change.everywhere(&name, fixes)?;
    }
    Ok(())
}

/// Whether a file can stand where another one is embedded: a picture for a picture.
fn may_embed(vault: &Snapshot, file: FileId, target: &str) -> bool {
    let is_note = vault.note(file).is_some();
    let extension = target.rsplit_once('.').map(|(_, extension)| extension);
    let names_attachment = extension.is_some_and(|extension| {
        let is_short = (1..=5).contains(&extension.len());
        is_short && extension.bytes().all(|byte| byte.is_ascii_alphanumeric()) && extension != "md"
    });
    is_note != names_attachment
}

impl<'a> Change<'_, 'a> {
    /// Adds the fixes of all links with the same target, in the note and in the vault.
    fn everywhere(&self, name: &str, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        let mut edits = Vec::new();
        let (mut here, mut all, mut notes) = (0, 0, 0);
        let source = fixes.note.source.id;
        for note in self.notes_with_target() {
            fixes.note.cancel.check()?;
            let links = note.note.parsed.links.iter().filter(|link| self.is_about(&note, link));
            let before = all;
            for (of_link, _) in links.filter_map(|link| self.of_link(&note, link)) {
                edits.extend(of_link.into_iter().map(|edit| (note.id, edit)));
                all += 1;
            }
            notes += usize::from(all > before);
            if note.id == source {
                here = all - before;
            }
        }
        if here > 1 {
            let own = edits.iter().filter(|(note, _)| *note == source);
            let own = own.map(|(_, edit)| edit.clone()).collect();
            fixes.edit(format!("Change all {here} in this note to `{name}`"), own, Applicability::Unsafe);
        }
        if all > here {
            let title = format!("Change all {all} in {notes} notes to `{name}`");
            let change = VaultChange::in_notes(self.vault, edits);
            fixes.add(title, change, Applicability::Unsafe);
        }
        Ok(())
    }

    /// Returns the notes whose links may name the same target, by path, without those that are never edited.
    fn notes_with_target(&self) -> Vec<NoteRef<'_>> {
        let users = Key::of_target(&self.target).map(|key| self.vault.users(key));
        let mut users: Vec<FileId> = users.into_iter().flatten().copied().collect();
        users.sort_unstable();
        users.dedup();
        let notes = users.into_iter().filter_map(|id| self.vault.note(id));
        let mut notes: Vec<NoteRef<'_>> = notes.filter(|note| note.note.invalid_utf8.is_none()).collect();
        notes.sort_by_key(|note| note.path);
        notes
    }

    /// Whether a link names the same target and leads nowhere either.
    fn is_about(&self, source: &NoteRef<'_>, link: &Link) -> bool {
        let raw = source.note.slice(link.target);
        let is_same = fold(&decode_link_part(link, &raw)) == self.target;
        is_same && matches!(self.vault.resolve(source, link), Resolution::Missing | Resolution::OutsideVault)
    }

    /// Returns the edits of one link, and what it names afterwards. A fragment that the other file does not
    /// have is left out. The words that a reader sees stay, unless they are a misspelling of the name.
    fn of_link(&self, source: &NoteRef<'_>, link: &Link) -> Option<(Vec<Edit>, String)> {
        let edit = edit_to_name(self.vault, source, link, self.nearest.file)?;
        let mut name = edit.new_text.clone();
        let mut edits = vec![edit];
        let after = Span::between(link.target.end, link.fragment.unwrap_or(link.target).end);
        if let Some(heading) = self.heading(link) {
            name = format!("{name}#{heading}");
            edits.push(Edit::replace(after, format!("#{heading}")));
        } else if link.fragment.is_some() && !self.has_fragment(source, link) {
            edits.push(Edit::remove(after));
        }
        if !self.nearest.is_misspelling {
            edits.extend(shown_as_before(source, link));
        }
        Some((edits, name))
    }

    /// Returns the fragment by which a wikilink leads to the heading that is like its target.
    fn heading(&self, link: &Link) -> Option<String> {
        let NearestPart::Heading(index) = self.nearest.part else { return None };
        let note = self.vault.note(self.nearest.file)?;
        let is_possible = link.kind.is_wiki() && link.fragment.is_none();
        is_possible.then(|| self.places.of(note).name_heading(index, Position::Fragment, None))?
    }

    fn has_fragment(&self, source: &NoteRef<'_>, link: &Link) -> bool {
        let note = self.vault.note(self.nearest.file);
        note.is_none_or(|note| self.places.of(note).find_place(source, link) != Place::Missing)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::check_fixes;

    #[test]
    fn a_broken_link_gets_the_nearest_name_here_in_the_note_and_in_the_vault() {
        check_fixes(
            "//- a.md\n[[ketam$0in_risk | Risks]] and [[ketamin_risk]]\n//- b.md\n- [[Ketamin_risk]]\n- [k](ketamin_risk.md)\n//- x/ketamine_risks.md\n",
            &expect![[r#"
                Change to `ketamine_risks`
                //- a.md
                [[ketamine_risks | Risks]] and [[ketamin_risk]]
                Change all 2 in this note to `ketamine_risks`
                //- a.md
                [[ketamine_risks | Risks]] and [[ketamine_risks]]
                Change all 3 in 2 notes to `ketamine_risks`
                //- a.md
                [[ketamine_risks | Risks]] and [[ketamine_risks]]
                //- b.md
                - [[ketamine_risks]]
                - [k](ketamin_risk.md)
            "#]],
        );
    }

    #[test]
    fn words_that_are_no_misspelling_stay_as_they_read() {
        check_fixes(
            "//- a.md\nUse [[ketamine the$0rapy]] here.\n//- ketamine_assisted_therapy.md\n//- play.md\n",
            &expect![[r#"
                Change to `ketamine_assisted_therapy`
                //- a.md
                Use [[ketamine_assisted_therapy|ketamine therapy]] here.
            "#]],
        );
        check_fixes(
            "//- a.md\n| a |\n|---|\n| [[light spe$0ed of]] |\n//- c.md\n# C\n\n## Of light-speed\n//- speed_of_light.md\n",
            &expect![[r#"
                Change to `speed_of_light`
                //- a.md
                | a |
                |---|
                | [[speed_of_light\|light speed of]] |
            "#]],
        );
    }

    #[test]
    fn a_note_with_that_heading() {
        check_fixes(
            "//- a.md\n[[Light spe$0ed]]\n//- c.md\n# C\n\n## Light-speed\n",
            &expect![[r#"
            Change to `c#Light-speed`
            //- a.md
            [[c#Light-speed|Light speed]]
        "#]],
        );
    }

    #[test]
    fn a_fragment_that_the_other_note_lacks_goes() {
        check_fixes(
            "//- a.md\n[[not$0s#One]] [[nots#Two | t]]\n//- notes.md\n# One\n",
            &expect![[r#"
            Change to `notes`
            //- a.md
            [[notes#One]] [[nots#Two | t]]
            Change all 2 in this note to `notes`
            //- a.md
            [[notes#One]] [[notes | t]]
        "#]],
        );
    }

    #[test]
    fn files_that_are_not_there() {
        check_fixes(
            "//- a.md\n[t](my%20nots$0.md#one) ![p](img/pick.png)\n//- sub/my notes.md\n# One\n//- sub/pic.md\n//- sub/pic.png\n",
            &expect![[r#"
                Change to `my%20notes.md`
                //- a.md
                [t](my%20notes.md#one) ![p](img/pick.png)
            "#]],
        );
        check_fixes(
            "//- a.md\n[t](nots.md) ![p](img/pi$0ck.png \"title\")\n//- sub/notes.md\n//- sub/pic.md\n//- sub/pic.png\n",
            &expect![[r#"
                Change to `sub/pic.png`
                //- a.md
                [t](nots.md) ![p](sub/pic.png "title")
            "#]],
        );
        check_fixes(
            "//- x/a.md\n[[../../sub/no$0tes]] [d]: x\n//- sub/notes.md\n",
            &expect![[r#"
            Change to `../sub/notes`
            //- x/a.md
            [[../sub/notes]] [d]: x
        "#]],
        );
        check_fixes(
            "//- x/a.md\n[x][d]\n\n[d]: <su$0b/my nots.md>\n//- sub/my notes.md\n",
            &expect![[r#"
            Change to `sub/my notes.md`
            //- x/a.md
            [x][d]

            [d]: <sub/my notes.md>
        "#]],
        );
    }

    #[test]
    fn front_matter_stays_valid() {
        check_fixes(
            "//- a.md\n---\nup: \"[[say h$0]]\"\n---\n//- say \"h\".md\n//- say hi.md\n",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn names_that_no_link_can_hold() {
        check_fixes("//- a.md\n[[a b$0]] [x](a%20b.md)\n//- a [b].md\n", &expect![[r#""#]]);
        check_fixes(
            "//- a.md\n[x](a%20$0b.md)\n//- a [b].md\n",
            &expect![[r#"
            Change to `a%20%5Bb%5D.md`
            //- a.md
            [x](a%20%5Bb%5D.md)
        "#]],
        );
    }
}
