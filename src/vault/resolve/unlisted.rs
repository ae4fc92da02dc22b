//! Files that links name and the vault leaves out: hidden ones, those that `.gitignore` or the settings
//! exclude. What a vault leaves out is not listed, so that only the disk tells whether such a file exists;
//! here is where to look.

use crate::syntax::{Link, decode_link_part};
use crate::vault::model::{NoteRef, Snapshot};
use crate::vault::names::{VaultPath, is_anchored, last_component, page_of};
use crate::vault::parallel::in_parts;
use crate::vault::resolve::Resolution;

/// Fewer notes are looked through by one thread.
const MANY_NOTES: usize = 1024;

impl Snapshot {
    /// Returns where the files may lie that the links of a note name and that are not in the vault. The cost
    /// is that of resolving its links.
    pub fn unlisted_places(&self, source: &NoteRef<'_>) -> Vec<VaultPath> {
        let mut places = Vec::new();
        for link in source.note.parsed.links.iter().filter(|link| !link.is_external) {
            let written = source.note.slice(link.target);
            let target = decode_link_part(link, &written);
            if may_name_a_path(link, &target) && self.resolve(source, link) == Resolution::Missing {
                push_places(source.path.folder(), link, &target, &mut places);
            }
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Returns the same for all notes, on several threads.
    pub fn all_unlisted_places(&self) -> Vec<VaultPath> {
        let notes: Vec<NoteRef<'_>> = self.notes().collect();
        let parts = in_parts(notes.len(), MANY_NOTES, |part| {
            let notes = notes.get(part).unwrap_or_default();
            notes.iter().flat_map(|note| self.unlisted_places(note)).collect::<Vec<_>>()
        });
        let mut places = parts.concat();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// Returns whether a target is more than a name, which may belong to a file anywhere.
fn may_name_a_path(link: &Link, target: &str) -> bool {
    !target.is_empty() && (!link.kind.is_wiki() || target.contains('/') || has_extension(target))
}

fn has_extension(target: &str) -> bool {
    const LONGEST: usize = 8;
    let extension = last_component(target).rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| {
        (1..=LONGEST).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn push_places(folder: &str, link: &Link, target: &str, places: &mut Vec<VaultPath>) {
    let path = Some(page_of(target)).filter(|page| !link.kind.is_wiki() && page.len() < target.len());
    for name in std::iter::once(target).chain(path) {
        let folders = [(!name.starts_with('/')).then_some(folder), (!is_anchored(name)).then_some("")];
        let root = name.starts_with('/').then_some("");
        for folder in folders.into_iter().chain([root]).flatten() {
            places.extend(VaultPath::resolve(folder, name));
            if !has_extension(name) && !name.contains('?') {
                places.extend(VaultPath::resolve(folder, &format!("{name}.md")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::config::Settings;
    use crate::vault::{Change, Coverage, DiskFile, Note, VaultPath, VaultWriter};

    #[test]
    fn links_say_where_their_files_may_lie() {
        let file = |path: &str, text: &str| {
            (VaultPath::resolve("", path).unwrap(), DiskFile::Note(Arc::new(Note::new(text))))
        };
        for (text, places) in [
            ("[[name]] [[b]] [b](b.md) <https://x.y/z.md>", &[][..]),
            ("[r](deps/r.md)", &["deps/r.md", "in/deps/r.md"]),
            ("[r](./r.md) [q](/q.pdf)", &["in/r.md", "q.pdf"]),
            ("![[big.pdf]]", &["big.pdf", "in/big.pdf"]),
            (
                "[[.hidden/note]]",
                &[".hidden/note.md", ".hidden/note", "in/.hidden/note", "in/.hidden/note.md"],
            ),
            ("[x](x.png?raw=true)", &["in/x.png", "in/x.png?raw=true", "x.png", "x.png?raw=true"]),
            ("[x](../../../x.md)", &[]),
        ] {
            let mut writer = VaultWriter::new(Arc::new(Settings::default()));
            writer.apply(Change::Disk(vec![file("in/a.md", text), file("in/b.md", "")]));
            writer.apply(Change::Coverage(Coverage::Whole));
            let vault = writer.snapshot();
            let note = vault.note(vault.find("in/a.md").unwrap()).unwrap();
            let found = vault.unlisted_places(&note);
            let mut expected: Vec<String> = places.iter().map(|place| (*place).to_owned()).collect();
            expected.sort();
            assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), expected, "{text}");
            assert_eq!(vault.all_unlisted_places(), found);
        }
    }
}
