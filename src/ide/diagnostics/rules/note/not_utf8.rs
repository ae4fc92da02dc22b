//! Notes that are not UTF-8.

use super::super::prelude::*;

rule! {
    /// The file is not UTF-8; it is never edited.
    ///
    /// It is read with replacement characters from there on, and vaultls never edits it: writing the
    /// characters back would lose the bytes. Convert the file with your editor.
    "note/not-utf8", Some(Severity::Error)
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    if let Some(at) = note.source.note.invalid_utf8 {
        let replaced = Span::between(at, at.plus(char::REPLACEMENT_CHARACTER.len_utf8()));
        let message =
            "Invalid UTF-8: the rest is shown with replacement characters, and the note is never edited";
        findings.push(Finding::new(replaced, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::ide::diagnostics::diagnostics;
    use crate::vault::{Cancel, Change, DiskFile, Note, VaultPath, VaultWriter};

    #[test]
    fn the_first_replaced_byte_is_marked() {
        let mut writer = VaultWriter::new(Arc::default());
        let path = VaultPath::resolve("", "note.md").unwrap();
        writer.apply(Change::Disk(vec![(path, DiskFile::Note(Arc::new(Note::from_bytes(b"ab\xff c"))))]));
        let vault = writer.snapshot();
        let found = diagnostics(&vault, vault.find("note.md").unwrap(), &Cancel::new()).unwrap();
        let found: Vec<_> = found.iter().map(|one| (one.code.as_str(), one.span)).collect();
        assert_eq!(found, [("note/not-utf8", (2..5).into())]);
    }
}
