//! A vault, or a note of it, in the state that it is asked about.

use std::borrow::Borrow;
use std::ops::Deref;
use std::sync::Arc;

use tower_lsp::ls_types::{Position, Uri};

use crate::ide::NotePosition;
use crate::lsp::{self, ClientFeatures, Encoder, uri};
use crate::vault::{FileId, Snapshot, VaultPath};

use super::vault::{FileUris, ServedVault};

/// A vault at one moment.
pub(crate) struct VaultView {
    pub(crate) vault: Arc<ServedVault>,
    pub(crate) snapshot: Snapshot,
    pub(crate) uris: FileUris,
    pub(crate) features: Arc<ClientFeatures>,
}

/// A file at one moment, with its vault.
pub(crate) struct FileView {
    vault: VaultView,
    /// A note, unless attachments are asked about too.
    pub(crate) file: FileId,
    /// As the client writes it.
    pub(crate) uri: Uri,
}

impl VaultView {
    /// A vault as it is now.
    pub(crate) fn new(vault: Arc<ServedVault>, features: Arc<ClientFeatures>) -> VaultView {
        let (snapshot, uris) = (vault.snapshot(), vault.uris());
        VaultView { vault, snapshot, uris, features }
    }

    /// Encodes something with this state.
    pub(crate) fn encode<T>(&self, encode: impl FnOnce(&Encoder<'_>) -> T) -> T {
        let address = |path: &VaultPath| self.uris.of(path);
        encode(&Encoder { vault: &self.snapshot, features: &self.features, address: &address })
    }

    /// The file at a URI; `None` if it is of another vault.
    pub(crate) fn file_at(&self, uri: &Uri) -> Option<FileId> {
        self.snapshot.find(self.vault.path_of(&uri::to_path(uri)?)?.as_str())
    }

    /// The URI of a file, as text; empty if it has none.
    pub(crate) fn address(&self, path: &VaultPath) -> String {
        self.uris.of(path).map(|uri| uri.as_str().to_owned()).unwrap_or_default()
    }
}

impl FileView {
    pub(super) fn new(vault: VaultView, file: FileId, uri: Uri) -> FileView {
        FileView { vault, file, uri }
    }

    /// Keeps account of what is asked of the vault from here on and is not known yet.
    pub(crate) fn keep_account(&mut self) {
        self.vault.snapshot = self.vault.snapshot.accounting();
    }

    /// The place of the note that a position of the client means; `None` for an attachment.
    pub(crate) fn position(&self, at: Position) -> Option<NotePosition> {
        let note = self.snapshot.note(self.file)?;
        Some(NotePosition { note: note.id, at: lsp::position(&note.note.text, at, self.features.encoding) })
    }
}

impl Deref for FileView {
    type Target = VaultView;

    fn deref(&self) -> &VaultView {
        &self.vault
    }
}

impl Borrow<VaultView> for FileView {
    fn borrow(&self) -> &VaultView {
        &self.vault
    }
}
