//! Ropes that several notes share, see [`Text::share_ropes`], once some of those notes have other texts. What
//! is gone stays in memory with what is left, so that is moved to other ropes.

use std::sync::Arc;

use crate::text::Text;
use crate::vault::model::{Content, Note, Snapshot, VaultWriter};
use crate::vault::names::FileId;

impl Snapshot {
    /// Returns the notes to move to other ropes: those that share one of which more than a tenth is gone.
    /// Notes of one rope follow each other. Linear in the number of notes.
    pub fn notes_in_wasteful_ropes(&self) -> Vec<FileId> {
        let texts = self.files.iter().filter_map(|(id, file)| Some((id, &file.note()?.text)));
        let (ids, texts): (Vec<FileId>, Vec<&Text>) = texts.unzip();
        Text::in_wasteful_ropes(&texts).into_iter().filter_map(|index| ids.get(index).copied()).collect()
    }

    /// Returns these notes, as they are now, and the same on ropes that only they share.
    pub fn moved_to_other_ropes(&self, notes: &[FileId]) -> Vec<MovedNote> {
        let closed = |id: &FileId| match &self.file(*id)?.content {
            Content::Note(note) => Some((*id, Arc::clone(note), Note::clone(note))),
            Content::OpenNote(_) | Content::Attachment | Content::Unread => None,
        };
        let mut moved: Vec<(FileId, Arc<Note>, Note)> = notes.iter().filter_map(closed).collect();
        Text::share_ropes(moved.iter_mut().map(|(_, _, note)| &mut note.text));
        moved.into_iter().map(|(id, from, to)| MovedNote { id, from, to: Arc::new(to) }).collect()
    }
}

/// A note and its equal on another rope.
#[derive(Debug)]
pub struct MovedNote {
    id: FileId,
    from: Arc<Note>,
    to: Arc<Note>,
}

impl VaultWriter {
    /// Puts moved notes in their places. Those that have changed meanwhile stay as they are.
    pub fn move_to_other_ropes(&mut self, notes: Vec<MovedNote>) {
        for MovedNote { id, from, to } in notes {
            let file = self.current.files.get(id);
            let is_same =
                |content: &Content| matches!(content, Content::Note(note) if Arc::ptr_eq(note, &from));
            if let Some(mut file) = file.filter(|file| is_same(&file.content)).cloned() {
                file.content = Content::Note(to);
                self.current.files.set(id, Some(file));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::{Change, DiskFile, VaultPath};

    fn read(writer: &mut VaultWriter, notes: impl Iterator<Item = (usize, String)>) {
        let path = |number| VaultPath::resolve("", &format!("{number}.md")).unwrap();
        let note = |text: &str| DiskFile::Note(Arc::new(Note::new(text)));
        let mut files: Vec<_> = notes.map(|(number, text)| (path(number), note(&text))).collect();
        DiskFile::share_ropes(&mut files);
        writer.apply(Change::Disk(files));
    }

    #[test]
    fn notes_leave_ropes_of_which_much_is_gone_and_nothing_else_changes() {
        let mut writer = VaultWriter::new(Arc::default());
        let text =
            |number: usize, round: usize| format!("# {number}\n\n[[{round}]] {}", "é".repeat(150 * number));
        read(&mut writer, (0..20).map(|number| (number, text(number, 0))));
        assert_eq!(writer.snapshot().notes_in_wasteful_ropes(), []);
        for round in 1..3 {
            read(
                &mut writer,
                (0..20).filter(|number| number % 3 == round % 3).map(|number| (number, text(number, round))),
            );
            let before = writer.snapshot();
            let wasteful = before.notes_in_wasteful_ropes();
            assert!(!wasteful.is_empty());
            for part in wasteful.chunks(5) {
                let moved = writer.snapshot().moved_to_other_ropes(part);
                assert_eq!(moved.len(), part.len());
                writer.move_to_other_ropes(moved);
            }
            let after = writer.snapshot();
            assert_eq!(after.notes_in_wasteful_ropes(), []);
            let files =
                |vault: &Snapshot| -> Vec<_> { vault.files().map(|(id, file)| (id, file.clone())).collect() };
            assert_eq!(files(&before), files(&after));
        }
    }

    #[test]
    fn a_note_that_has_changed_meanwhile_is_not_moved() {
        let mut writer = VaultWriter::new(Arc::default());
        read(&mut writer, [(0, "a".to_owned()), (1, "b".to_owned())].into_iter());
        read(&mut writer, [(1, "c".to_owned())].into_iter());
        let wasteful = writer.snapshot().notes_in_wasteful_ropes();
        let moved = writer.snapshot().moved_to_other_ropes(&wasteful);
        read(&mut writer, [(0, "d".to_owned())].into_iter());
        writer.move_to_other_ropes(moved);
        let texts: Vec<_> = writer.snapshot().notes().map(|note| note.note.text.to_text()).collect();
        assert_eq!((wasteful.len(), texts), (1, vec!["d".to_owned(), "c".to_owned()]));
    }
}
