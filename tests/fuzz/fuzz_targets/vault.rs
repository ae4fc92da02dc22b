//! Links of any note in a small vault resolve, and what is asked of them has an answer.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use vaultls::config::Settings;
use vaultls::ide;
use vaultls::vault::{Cancel, Change, Coverage, DiskFile, Note, VaultPath, VaultWriter};

/// Of one note and another one; the rest have names that links may mean.
const PATHS: [&str; 6] = ["in/a.md", "b.md", "in/b.md", "pic.png", "index.md", "mkdocs.yml"];

fuzz_target!(|texts: (&str, &str)| {
    let mut writer = VaultWriter::new(Arc::new(Settings::default()));
    let files = PATHS.iter().zip([texts.0, texts.1, "# B\n[[a]]", "", "x ^id", ""]).map(|(path, text)| {
        let path = VaultPath::resolve("", path).expect("the paths are valid");
        let note = DiskFile::Note(Arc::new(Note::new(text)));
        (path.clone(), if path.is_note() { note } else { DiskFile::Attachment })
    });
    writer.apply(Change::Disk(files.collect()));
    writer.apply(Change::Coverage(Coverage::Whole));
    let vault = writer.snapshot();
    for note in vault.notes() {
        let cancel = Cancel::new();
        let found = ide::diagnostics(&vault, note.id, &cancel).expect("nothing cancels it");
        assert!(found.iter().all(|one| one.span.end <= note.note.text.end()));
        for link in note.note.parsed.links.iter().take(20) {
            let at = ide::NotePosition { note: note.id, at: link.target.start };
            let _ = ide::definition(&vault, at);
            let _ = ide::rename(&vault, at, "new name", &cancel);
        }
    }
});
