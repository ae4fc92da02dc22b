//! Vaults of random notes that change, for tests that compare a search with a plain one.

use std::sync::Arc;

use crate::config::Settings;
use crate::text::Text;
use crate::vault::{Change, DiskFile, Note, Snapshot, VaultPath, VaultWriter};

const WORDS: [&str; 14] = [
    "stone", "Store", "toast", "a", "b2", "Größe", "note", "sTone", "#x", "stamp", "tone", "e's", "map",
    "Über",
];
/// More files than one group of rows holds.
const FILES: usize = 150;

/// A vault that draws the same notes and changes each time.
pub(crate) struct RandomVault {
    writer: VaultWriter,
    state: u64,
}

impl RandomVault {
    pub(crate) fn new(settings: Settings) -> RandomVault {
        let mut vault = RandomVault { writer: VaultWriter::new(Arc::new(settings)), state: 7 };
        for _ in 0..FILES {
            vault.change();
        }
        vault
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.writer.snapshot()
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap_or(0) % limit
    }

    /// Up to so many words with something between them.
    pub(crate) fn words(&mut self, most: usize, between: &str) -> String {
        let count = 1 + self.below(most);
        (0..count).map(|_| WORDS[self.below(WORDS.len())]).collect::<Vec<_>>().join(between)
    }

    /// Writes, edits, opens, closes or removes a file.
    pub(crate) fn change(&mut self) {
        let extension = if self.below(9) == 0 { "png" } else { "md" };
        let path = format!("{}/{}.{extension}", self.below(3), self.words(2, "_"));
        let Ok(path) = VaultPath::resolve("", &path) else { return };
        let text = self.text();
        let change = match self.below(10) {
            _ if extension == "png" => Change::Disk(vec![(path, DiskFile::Attachment)]),
            0 => Change::Disk(vec![(path, DiskFile::Gone)]),
            1 => Change::Closed { path },
            2..4 => Change::Opened { path, text: Text::from(&*text) },
            4..6 => Change::Edited { path, text: Text::from(&*text) },
            _ => Change::Disk(vec![(path, DiskFile::Note(Arc::new(Note::new(&text))))]),
        };
        self.writer.apply(change);
    }

    /// Opens a note with a text.
    pub(crate) fn write(&mut self, path: &str, text: &str) {
        let Ok(path) = VaultPath::resolve("", path) else { return };
        self.writer.apply(Change::Opened { path, text: Text::from(text) });
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        if self.below(3) == 0 {
            text += &format!(
                "---\naliases: [\"{}\"]\nvideoId: Rxmv7rT9le{}\n---\n",
                self.words(3, " "),
                self.below(3)
            );
        }
        for _ in 0..self.below(4) {
            let (level, name) = ("#".repeat(1 + self.below(3)), self.words(3, " "));
            text += &format!(
                "{level} {name}\n\n#{} [[{}]] [[{}]]\n\n",
                self.words(2, "/"),
                self.words(2, " "),
                self.words(3, "_")
            );
        }
        text
    }
}
