//! Notes that are not UTF-8.

use crate::config::{RuleSpec, Severity};
use crate::text::Span;
use crate::vault::Cancelled;

use super::super::rule;
use crate::ide::diagnostics::context::NoteContext;
use crate::ide::diagnostics::{Finding, Findings};

rule! {
    /// The file holds bytes that are not UTF-8.
    ///
    /// It is read with replacement characters from there on, and vaultls never edits it: writing the
    /// characters back would lose the bytes. Convert the file with your editor.
    spec: RuleSpec::new("note/not-utf8", Some(Severity::Error), "The file is not UTF-8; it is never edited."),
    check: check,
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    if let Some(at) = note.source.note.invalid_utf8 {
        let replaced = Span::between(at, at.plus(char::REPLACEMENT_CHARACTER.len_utf8()));
        findings.add(replaced, NotUtf8);
    }
    Ok(())
}

struct NotUtf8;

impl Finding for NotUtf8 {
    fn message(&self, _note: &NoteContext<'_>) -> String {
        "Invalid UTF-8: the rest is shown with replacement characters, and the note is never edited"
            .to_owned()
    }
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
