//! Random vaults as texts by path, and what is left of them after edits.

#![allow(dead_code)] // each test uses a part of it

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use vaultls::config::Settings;
use vaultls::ide::NoteEdits;
use vaultls::vault::{Change, DiskFile, FileId, Note, Snapshot, VaultPath, VaultWriter};

/// The texts of a vault by path; that of an attachment counts for nothing.
pub(crate) type Files = BTreeMap<String, String>;

/// So many cases, or as many as `PROPTEST_CASES` says.
pub(crate) fn with_cases(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|asked| asked.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(cases), ..ProptestConfig::default() }
}

/// Names that shadow each other, in folders that can lie in each other.
pub(crate) const NAMES: [&str; 17] = [
    "a.md",
    "b.md",
    "B.md",
    "b c.md",
    "b_c.md",
    "index.md",
    "README.md",
    "x.md",
    "café.md",
    "🦀 crab.md",
    "p.png",
    "50% (x).md",
    "c.markdown",
    "nick.md",
    "a.MD",
    "B.markdown",
    "c.md",
];
pub(crate) const FOLDERS: [&str; 7] = ["", "x", "y", "x/y", "y/x", "é f", "x/y/z"];

/// Pieces of notes. Those that link name many of the paths that there may be.
pub(crate) const PIECES: [&str; 50] = [
    "[[a]] ",
    "[[ b | shown ]] ",
    "[[B]]\r\n",
    "[[b c]] ",
    "[[b_c#Head]] ",
    "[[B-C]] ",
    "[[x]] ",
    "[[x/a]] ",
    "[[x/a.md]] ",
    "[[/a]] ",
    "[[./b]] ",
    "[[../a]] ",
    "[[y/x/a|🦀]] ",
    "[[cafe\u{301}]] ",
    "[[café#Head#Sub]] ",
    "[[🦀 crab]] ",
    "![[p.png|30]] ",
    "![[x/p.png]] ",
    "[[nick]] ",
    "[[Tall tale#^id]] ",
    "[[é f/a]] ",
    "[md](a.md) ",
    "[md](x/a.md#head) ",
    "[up](../a.md \"title\") ",
    "[dot](./b.md) ",
    "[root](/x/a.md) ",
    "[no extension](b) ",
    "[space](b%20c.md) ",
    "[<](<b c.md>) ",
    "![image](x/p.png) ",
    "![image](../p.png) ",
    "[é](%C3%A9%20f/a.md) ",
    "[é](é%20f/b.md) ",
    "[50](50%25%20%28x%29.md) ",
    "[crab](<🦀 crab.md#head>) ",
    "\n\n[label]: y/a.md\n\n",
    "[[gone]] [gone](gone.md) ",
    "[[#Head]] ",
    "\r\n# Head\r\n## Sub\r\n",
    "`[[a]]` <https://a.b> ",
    "\n\n| [[a\\|cell]] | [[nick]] |\n|---|---|\n\n",
    "[index](x/) ",
    "\n\n## On [[b]] [md](x/a.md)\n\n",
    "[[a#On b md]] [[x/a#On b md|on]] ",
    "[on](b.md#on-b-md) [[#On b md]] ",
    "[[a.MD]] [[A]] ",
    "[[B.markdown]] [[c]] ",
    "[twin](a.MD) [twin](b.markdown#head) ",
    "\r# Lone\r[[a#Lone]]\r",
    "[lone](c.markdown#lone)\r\rx\r",
];

/// Where a file of one of these names may lie.
pub(crate) fn file_path(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    (prop::sample::select(&FOLDERS[..]), prop::sample::select(names))
        .prop_map(|(folder, name)| VaultPath::resolve(folder, name).unwrap().as_str().to_owned())
}

/// The vault of these files, with the default settings.
pub(crate) fn vault(files: &Files) -> Snapshot {
    let mut writer = VaultWriter::new(Arc::new(Settings::default()));
    let file = |(path, text): (&String, &String)| {
        let path = VaultPath::resolve("", path).unwrap();
        let file =
            if path.is_note() { DiskFile::Note(Arc::new(Note::new(text))) } else { DiskFile::Attachment };
        (path, file)
    };
    writer.apply(Change::Disk(files.iter().map(file).collect()));
    writer.snapshot()
}

/// Where a file lies.
pub(crate) fn path_of(vault: &Snapshot, id: FileId) -> String {
    vault.file(id).unwrap().path.as_str().to_owned()
}

/// The texts after these edits.
pub(crate) fn edited(before: &Snapshot, files: &Files, edits: &[NoteEdits]) -> Files {
    let mut texts = files.clone();
    for NoteEdits { note, edits } in edits {
        let text = texts.get_mut(&path_of(before, *note)).unwrap();
        let mut end = text.len();
        for edit in edits.iter().rev() {
            let range = edit.span.range();
            assert!(range.end <= end, "edits overlap");
            end = range.start;
            text.replace_range(range, &edit.new_text);
        }
    }
    texts
}
