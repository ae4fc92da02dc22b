//! Vaults as text for tests: `//- folder/note.md` starts a file, `$0` is the cursor.

use std::sync::Arc;

use crate::text::Offset;
use crate::vault::{Change, DiskFile, FileId, Note, Settings, Snapshot, VaultPath, VaultWriter};

use super::NotePosition;

/// A vault of the files in `text`, with the default settings, and where its cursor is (the start of the first file if
/// there is no `$0`). A text without a header is the one file `note.md`.
pub(super) fn vault(text: &str) -> (Snapshot, NotePosition) {
    with_settings(text, Settings::default())
}

/// The same with other settings.
pub(super) fn with_settings(text: &str, settings: Settings) -> (Snapshot, NotePosition) {
    let mut writer = VaultWriter::new(Arc::new(settings));
    let mut cursor = None;
    let mut files = Vec::new();
    for (path, content) in split(text) {
        let path = VaultPath::resolve("", path).expect("a path in the fixture's vault");
        let at = content.find("$0");
        if let Some(at) = at {
            cursor = Some((path.clone(), at));
        }
        let content = content.replacen("$0", "", usize::from(at.is_some()));
        let file =
            if path.is_note() { DiskFile::Note(Arc::new(Note::new(&content))) } else { DiskFile::Attachment };
        files.push((path, file));
    }
    let first = files.first().expect("a fixture has a file").0.clone();
    writer.apply(Change::Disk(files));
    let snapshot = writer.snapshot();
    let (path, at) = cursor.unwrap_or((first, 0));
    let note = snapshot.find(path.as_str()).expect("the file with the cursor");
    (snapshot, NotePosition { note, at: Offset::new(at) })
}

/// The path of a file, for expected outcomes.
pub(super) fn path(vault: &Snapshot, file: FileId) -> String {
    vault.file(file).map(|file| file.path.to_string()).unwrap_or_default()
}

fn split(text: &str) -> Vec<(&str, String)> {
    let mut files: Vec<(&str, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("//- ") {
            Some(path) => files.push((path.trim(), String::new())),
            None => {
                if files.is_empty() {
                    files.push(("note.md", String::new()));
                }
                files.last_mut().expect("just pushed").1.push_str(line);
            }
        }
    }
    files
}
