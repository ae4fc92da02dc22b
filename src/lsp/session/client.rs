//! What the client can do, read once from its `initialize` request; everything it does not name it cannot.

use std::path::PathBuf;

use serde_json::Value;
use tower_lsp::ls_types::{
    ClientCapabilities, InitializeParams, MarkupKind, PositionEncodingKind, ResourceOperationKind,
    TextDocumentClientCapabilities, WorkspaceClientCapabilities,
};

use crate::text::Encoding;

use crate::lsp::wire::uri;

/// The command of a lens, which the client carries out: it shows the references of a place as a list. Its
/// arguments are the URI, the position to ask `textDocument/references` at, and, only where that would find
/// something else, the locations to show instead.
pub const SHOW_REFERENCES_COMMAND: &str = "vaultls.showReferences";

/// The capabilities that change what we answer.
#[derive(Clone, Debug, Default)]
pub struct ClientFeatures {
    /// What columns are counted in.
    pub encoding: Encoding,
    /// Definitions may be `LocationLink`s.
    pub definition_links: bool,
    /// Hovers may be Markdown.
    pub hover_markdown: bool,
    /// Documentation of completion items may be Markdown.
    pub completion_markdown: bool,
    /// A completion list may name the range of all its items once.
    pub shares_edit_ranges: bool,
    /// Outlines may be trees.
    pub symbol_trees: bool,
    /// Diagnostics may name related places.
    pub related_information: bool,
    /// Diagnostics may carry an address of their documentation.
    pub code_description: bool,
    /// The client asks for diagnostics and can be told to ask again, so nothing is pushed.
    pub pulls_diagnostics: bool,
    /// Progress of our own may be shown.
    pub progress: bool,
    /// Edits may name the versions of the notes that they are about.
    pub document_changes: bool,
    /// Edits may rename files.
    pub renames_files: bool,
    /// Edits may create files.
    pub creates_files: bool,
    /// Edits may delete files.
    pub deletes_files: bool,
    /// The client makes edits that the server asks for.
    pub applies_edits: bool,
    /// The client shows files that the server asks it to.
    pub shows_documents: bool,
    /// Code actions may be more than commands.
    pub code_actions: bool,
    /// The edit of a code action may be asked for when it is picked.
    pub resolves_action_edits: bool,
    /// Edits may say what they are for.
    pub annotates_changes: bool,
    /// The client asks what a rename is about before it does it.
    pub prepares_renames: bool,
    /// The client shows how the server is.
    pub shows_status: bool,
    /// The client carries out the command of our lenses: it lists `vaultls.showReferences` among the
    /// experimental `commands.commands`, as rust-analyzer's clients do with theirs. Without it a lens would
    /// be dead.
    pub shows_references: bool,
    /// The client can be told to ask for lenses again.
    pub refreshes_lenses: bool,
    /// The client can be told to ask for semantic tokens again.
    pub refreshes_tokens: bool,
    /// The client can be told to ask for inlay hints again.
    pub refreshes_hints: bool,
    /// The range of a symbol of the workspace may be asked for later.
    pub resolves_symbol_ranges: bool,
    /// The client opens a file at the line that the fragment of its URI names (`#L3,1`); it says so by an
    /// experimental `lineFragments`.
    pub opens_at_lines: bool,
    /// Links may have tooltips.
    pub link_tooltips: bool,
    /// How many folds of a note the client takes at most.
    pub folds_at_most: Option<usize>,
    /// The client watches files for us.
    pub watches_files: bool,
    /// The client answers `workspace/configuration`.
    pub configuration: bool,
    /// `workspace/didChangeConfiguration` may be asked for.
    pub configuration_registration: bool,
}

impl ClientFeatures {
    /// Reads what an `initialize` request says.
    pub fn read(params: &InitializeParams) -> ClientFeatures {
        let capabilities = &params.capabilities;
        let document = capabilities.text_document.clone().unwrap_or_default();
        let workspace = capabilities.workspace.clone().unwrap_or_default();
        let is = |flag: Option<bool>| flag.unwrap_or_default();
        let refresh = workspace.diagnostics.as_ref().and_then(|diagnostics| diagnostics.refresh_support);
        let watched = workspace.did_change_watched_files.as_ref();
        let changed = workspace.did_change_configuration.as_ref();
        let is_called = |name| params.client_info.as_ref().is_some_and(|client| client.name == name);
        // Neovim (seen in 0.12), when told to ask again, asks for the whole workspace and drops what it hears
        // of open notes.
        let forgets_open_notes = is_called("Neovim");
        // Helix (seen in 25.07) offers to watch files and tells only of those that it saves itself.
        let watches_own_only = is_called("helix");
        ClientFeatures {
            encoding: encoding(capabilities),
            definition_links: is(document.definition.as_ref().and_then(|definition| definition.link_support)),
            hover_markdown: hover_markdown(&document),
            completion_markdown: completion_markdown(&document),
            shares_edit_ranges: shares_edit_ranges(&document),
            symbol_trees: is(document
                .document_symbol
                .as_ref()
                .and_then(|symbols| symbols.hierarchical_document_symbol_support)),
            pulls_diagnostics: document.diagnostic.is_some() && is(refresh) && !forgets_open_notes,
            related_information: diagnostics_flag(&document, |push| push.0, |pull| pull.0),
            code_description: diagnostics_flag(&document, |push| push.1, |pull| pull.1),
            progress: is(capabilities.window.as_ref().and_then(|window| window.work_done_progress)),
            prepares_renames: is(document.rename.as_ref().and_then(|rename| rename.prepare_support)),
            shows_status: is(experimental(capabilities, "/serverStatusNotification").and_then(Value::as_bool)),
            shows_references: carries_out(capabilities, SHOW_REFERENCES_COMMAND),
            refreshes_lenses: is(workspace.code_lens.as_ref().and_then(|lenses| lenses.refresh_support)),
            refreshes_tokens: is(workspace
                .semantic_tokens
                .as_ref()
                .and_then(|tokens| tokens.refresh_support)),
            refreshes_hints: is(workspace.inlay_hint.as_ref().and_then(|hints| hints.refresh_support)),
            resolves_symbol_ranges: resolves_symbol_ranges(&workspace),
            opens_at_lines: is(experimental(capabilities, "/lineFragments").and_then(Value::as_bool)),
            link_tooltips: is(document.document_link.as_ref().and_then(|links| links.tooltip_support)),
            folds_at_most: document
                .folding_range
                .as_ref()
                .and_then(|folding| usize::try_from(folding.range_limit?).ok()),
            watches_files: is(watched.and_then(|watched| watched.dynamic_registration)) && !watches_own_only,
            configuration: is(workspace.configuration),
            configuration_registration: is(changed.and_then(|changed| changed.dynamic_registration)),
            ..of_edits(capabilities)
        }
    }
}

/// Those that say which edits can be made, and how.
fn of_edits(capabilities: &ClientCapabilities) -> ClientFeatures {
    let workspace = capabilities.workspace.clone().unwrap_or_default();
    let document = capabilities.text_document.clone().unwrap_or_default();
    let edits = workspace.workspace_edit.unwrap_or_default();
    let does = |operation: &ResourceOperationKind| {
        edits.resource_operations.as_ref().is_some_and(|operations| operations.contains(operation))
    };
    let actions = document.code_action.as_ref();
    let show = capabilities.window.as_ref().and_then(|window| window.show_document.as_ref());
    let renames_files = does(&ResourceOperationKind::Rename);
    ClientFeatures {
        // Only such edits can rename files; Neovim (seen in 0.12) says that it can, and forgets to say the
        // rest.
        document_changes: edits.document_changes.unwrap_or_default() || renames_files,
        renames_files,
        creates_files: does(&ResourceOperationKind::Create),
        deletes_files: does(&ResourceOperationKind::Delete),
        annotates_changes: edits.change_annotation_support.is_some(),
        applies_edits: workspace.apply_edit.unwrap_or_default(),
        shows_documents: show.is_some_and(|show| show.support),
        code_actions: actions.is_some_and(|actions| actions.code_action_literal_support.is_some()),
        resolves_action_edits: resolves_action_edits(&document),
        ..ClientFeatures::default()
    }
}

fn resolves_symbol_ranges(workspace: &WorkspaceClientCapabilities) -> bool {
    let resolve = workspace.symbol.as_ref().and_then(|symbol| symbol.resolve_support.as_ref());
    resolve.is_some_and(|resolve| resolve.properties.iter().any(|property| property == "location.range"))
}

/// An action that is resolved later has to bring back what it is about.
fn resolves_action_edits(document: &TextDocumentClientCapabilities) -> bool {
    let Some(actions) = &document.code_action else { return false };
    let resolve = actions.resolve_support.as_ref();
    let resolves_edits = resolve.is_some_and(|resolve| resolve.properties.iter().any(|name| name == "edit"));
    resolves_edits && actions.data_support.unwrap_or_default()
}

/// What the client says of itself beyond the protocol.
fn experimental<'a>(capabilities: &'a ClientCapabilities, pointer: &str) -> Option<&'a Value> {
    capabilities.experimental.as_ref()?.pointer(pointer)
}

/// Whether the client says that it carries out a command by itself.
fn carries_out(capabilities: &ClientCapabilities, command: &str) -> bool {
    let commands = experimental(capabilities, "/commands/commands").and_then(Value::as_array);
    commands.is_some_and(|commands| commands.iter().any(|known| known.as_str() == Some(command)))
}

/// A flag that clients declare for pushed and for pulled diagnostics; either is enough.
fn diagnostics_flag(
    document: &TextDocumentClientCapabilities,
    push: impl Fn((Option<bool>, Option<bool>)) -> Option<bool>,
    pull: impl Fn((Option<bool>, Option<bool>)) -> Option<bool>,
) -> bool {
    let pushed = document
        .publish_diagnostics
        .as_ref()
        .and_then(|flags| push((flags.related_information, flags.code_description_support)));
    let pulled = document
        .diagnostic
        .as_ref()
        .and_then(|flags| pull((flags.related_information, flags.code_description_support)));
    pushed.unwrap_or_default() || pulled.unwrap_or_default()
}

/// The best encoding that the client offers (LSP 3.17): ours first, not the client's, for offsets are bytes
/// inside.
fn encoding(capabilities: &ClientCapabilities) -> Encoding {
    let offered = capabilities.general.as_ref().and_then(|general| general.position_encodings.as_ref());
    let Some(offered) = offered else { return Encoding::Utf16 };
    let is_offered = |encoding: &Encoding| offered.contains(&encoding_kind(*encoding));
    Encoding::PREFERRED.into_iter().find(is_offered).unwrap_or(Encoding::Utf16)
}

/// The name of an encoding in the protocol.
pub(crate) fn encoding_kind(encoding: Encoding) -> PositionEncodingKind {
    match encoding {
        Encoding::Utf8 => PositionEncodingKind::UTF8,
        Encoding::Utf16 => PositionEncodingKind::UTF16,
        Encoding::Utf32 => PositionEncodingKind::UTF32,
    }
}

fn hover_markdown(document: &TextDocumentClientCapabilities) -> bool {
    let formats = document.hover.as_ref().and_then(|hover| hover.content_format.as_ref());
    formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown))
}

fn completion_markdown(document: &TextDocumentClientCapabilities) -> bool {
    let item = document.completion.as_ref().and_then(|completion| completion.completion_item.as_ref());
    let formats = item.and_then(|item| item.documentation_format.as_ref());
    formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown))
}

fn shares_edit_ranges(document: &TextDocumentClientCapabilities) -> bool {
    let list = document.completion.as_ref().and_then(|completion| completion.completion_list.as_ref());
    let defaults = list.and_then(|list| list.item_defaults.as_ref());
    defaults.is_some_and(|defaults| defaults.iter().any(|property| property == "editRange"))
}

/// The folders that the client works in: its workspace folders, else `rootUri`, else `rootPath`. Empty if a
/// single file was opened. Folders that are not on this disk are left out.
#[allow(deprecated, reason = "older clients know nothing but `rootUri` and `rootPath`")]
pub fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    let folders = params.workspace_folders.iter().flatten();
    let mut found: Vec<PathBuf> = folders.filter_map(|folder| uri::to_path(&folder.uri)).collect();
    if found.is_empty() {
        let root = params.root_uri.as_ref().and_then(uri::to_path);
        let path = || params.root_path.as_ref().filter(|path| !path.is_empty()).map(PathBuf::from);
        found.extend(root.or_else(path));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    #[test]
    fn files_are_watched_for_those_who_only_say_that_they_do() {
        for (name, expected) in [("Visual Studio Code", true), ("helix", false)] {
            let params = json!({
                "clientInfo": { "name": name },
                "capabilities": { "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } },
            });
            let features = ClientFeatures::read(&serde_json::from_value(params).unwrap());
            assert_eq!(features.watches_files, expected, "{name}");
        }
    }

    #[test]
    fn what_is_declared_for_either_kind_of_diagnostics_is_enough() {
        for (pushed, pulled, expected) in
            [(false, true, true), (true, false, true), (true, true, true), (false, false, false)]
        {
            let document = json!({
                "publishDiagnostics": { "relatedInformation": pushed, "codeDescriptionSupport": pushed },
                "diagnostic": { "relatedInformation": pulled, "codeDescriptionSupport": pulled },
            });
            let params = json!({ "capabilities": { "textDocument": document } });
            let features = ClientFeatures::read(&serde_json::from_value(params).unwrap());
            assert_eq!((features.related_information, features.code_description), (expected, expected));
        }
    }
}
