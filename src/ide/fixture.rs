//! Vaults as text for tests: `//- folder/note.md` starts a file, `$0` is the cursor.

use std::sync::Arc;

use crate::config::Settings;
use crate::text::Offset;
use crate::vault::{Change, DiskFile, FileId, Note, Snapshot, VaultPath, VaultWriter};

use crate::ide::change::{NoteEdits, VaultChange};
use crate::ide::place::NotePosition;

/// A vault of the files in `text`, with the default settings, and where its cursor is (the start of the first
/// file if there is no `$0`). A text without a header is the one file `note.md`.
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

/// The files that a change touches as they are afterwards: `//- path` and the text of what was edited or
/// created, `old -> new` of what moved, `gone: path` of what was deleted.
pub(super) fn drawn(vault: &Snapshot, change: &VaultChange) -> String {
    let mut said = String::new();
    for remark in &change.remarks {
        said.push_str(&format!("! {remark}\n"));
    }
    if let Some((file, new)) = &change.moved {
        said.push_str(&format!("{} -> {new}\n", path(vault, *file)));
    }
    for edits in &change.edits {
        said.push_str(&format!("//- {}\n{}", path(vault, edits.note), edited(vault, edits)));
    }
    for new in &change.created {
        said.push_str(&format!("//- {} (new)\n{}", new.path, new.text));
    }
    for file in &change.deleted {
        said.push_str(&format!("gone: {}\n", path(vault, *file)));
    }
    said
}

/// The vault after a change, read anew from its texts.
pub(super) fn changed(vault: &Snapshot, change: &VaultChange) -> Snapshot {
    let mut writer = VaultWriter::new(Arc::clone(vault.settings()));
    let mut files = Vec::new();
    for (id, file) in vault.files().filter(|(id, _)| !change.deleted.contains(id)) {
        let moved = change.moved.as_ref().filter(|(moved, _)| *moved == id);
        let place = moved.map_or(&file.path, |(_, place)| place).clone();
        let edits = change.edits.iter().find(|edits| edits.note == id);
        let content = match (file.note(), edits) {
            (Some(_), Some(edits)) => DiskFile::Note(Arc::new(Note::new(&edited(vault, edits)))),
            (Some(note), None) => DiskFile::Note(Arc::clone(note)),
            (None, _) if file.is_note() => DiskFile::Unread,
            (None, _) => DiskFile::Attachment,
        };
        files.push((place, content));
    }
    let created = change.created.iter();
    files.extend(created.map(|new| (new.path.clone(), DiskFile::Note(Arc::new(Note::new(&new.text))))));
    writer.apply(Change::Disk(files));
    writer.snapshot()
}

/// The text of a note after its edits.
fn edited(vault: &Snapshot, NoteEdits { note, edits }: &NoteEdits) -> String {
    let mut text = vault.note(*note).expect("an edited note").note.text.to_text();
    let mut end = text.len();
    for edit in edits.iter().rev() {
        assert!(edit.span.end.to_usize() <= end, "edits overlap or are out of order: {edits:?}");
        end = edit.span.start.to_usize();
        text.replace_range(edit.span.range(), &edit.new_text);
    }
    text
}

/// The files of a fixture with their texts.
pub(super) fn split(text: &str) -> Vec<(&str, String)> {
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

/// Pieces of notes in which brackets, tags and code may come to stand beside each other.
pub(super) const MOMENT_PIECES: [&str; 22] = [
    "[1:55]",
    "<a class=\"yt-timestamp\" data-t=\"0:01:56\">[0:01:56]</a>",
    "[1:57](https://youtu.be/Rxmv7rT9leo?t=117)",
    "1:58",
    "at 2:00.",
    "https://youtu.be/Rxmv7rT9leo?t=121",
    "[[a]]",
    "[x](y.md)",
    "[",
    "]",
    "(",
    ")",
    "!",
    "\\",
    ":",
    "`",
    "<",
    " ",
    "\n",
    "\n\n    ",
    "%%",
    "é",
];
