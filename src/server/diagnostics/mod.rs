//! Diagnostics: pushed, or pulled for one document or the whole workspace.
//!
//! They are computed on one snapshot, and by its coverage `ide` reports only what is certain in that state.

pub(crate) mod cache;
pub(crate) mod push;
pub(crate) mod workspace;

use tower_lsp::ls_types::Diagnostic;

use crate::config::DiagnosticScope;
use crate::ide;
use crate::lsp;
use crate::vault::{Cancel, Cancelled, FileId, Snapshot};

use super::workspace::view::VaultView;
use cache::ResultCache;

/// The diagnostics of a note.
pub(crate) fn of_note(view: &VaultView, note: FileId, cancel: &Cancel) -> Result<Vec<Diagnostic>, Cancelled> {
    let found = ide::diagnostics(&view.snapshot, note, cancel)?;
    Ok(view.encode(|encoder| lsp::diagnostics(found.iter(), note, encoder)))
}

/// The diagnostics of a note, and their identity, which `results` remembers.
pub(crate) fn with_result(
    view: &VaultView,
    note: FileId,
    results: &ResultCache,
    cancel: &Cancel,
) -> Result<(Vec<Diagnostic>, String), Cancelled> {
    let items = of_note(view, note, cancel)?;
    let result = lsp::result_id(&items);
    results.set(view, note, &result);
    Ok((items, result))
}

/// Whether closed notes are diagnosed too: not before all have been read.
pub(crate) fn shows_closed_notes(vault: &Snapshot) -> bool {
    vault.coverage().is_whole() && vault.settings().diagnostic_scope == DiagnosticScope::Vault
}
