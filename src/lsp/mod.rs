//! Between the protocol's types and those of the lower floors: conversions only. No state, no tokio; a place
//! in a note is always converted with the snapshot that it was computed on.

mod annotations;
mod capabilities;
mod code_actions;
mod commands;
mod completion;
mod diagnostics;
mod document_links;
mod encode;
mod hierarchy;
mod link_texts;
mod mentions;
mod navigation;
mod outline;
mod session;
mod vault_symbols;
pub mod wire;

pub use annotations::hints::title_hints;
pub use annotations::lenses::code_lenses;
pub use annotations::tokens::{all_tokens, semantic_tokens, token_changes};
pub use capabilities::{server_capabilities, watched_files};
pub use code_actions::{
    APPLY_ACTION_COMMAND, CodeActionData, action_command, action_kind, code_action, fingerprint, wanted_kinds,
};
pub use commands::{
    BACKLINKS_COMMAND, COMMANDS, CONVERT_TIMESTAMPS_COMMAND, CREATE_NOTE_COMMAND, ConvertTimestampsArguments,
    CreateNoteArguments, DAILY_NOTE_COMMAND, DailyNoteArguments, FIX_ALL_COMMAND, FIX_TIMESTAMPS_COMMAND,
    FixTimestampsArguments, GRAPH_COMMAND, INSERT_TIMESTAMP_COMMAND, InsertTimestampArguments,
    LINK_MENTIONS_COMMAND, LinkMentionsArguments, MENTIONS_COMMAND, NoteArguments, REINDEX_COMMAND,
    STATS_COMMAND, VaultArguments, WantedMoment, argument, link_graph, link_locations, stats,
};
pub use completion::{
    ADD_BLOCK_ID_COMMAND, AddBlockId, CompletionAnswer, CompletionData, completion, completion_documentation,
};
pub use diagnostics::{diagnostics, file_warning, result_id};
pub use document_links::{DocumentLinkData, document_links, link_target};
pub use encode::workspace_edit::{EditRefusal, is_empty_edit, joined_edits, prepared_rename, workspace_edit};
pub use encode::{Encoder, position, to_lsp_range, to_text_range};
pub use hierarchy::{HierarchyItemData, hierarchy_item, incoming_calls, outgoing_calls};
pub use link_texts::{ResolveLinksParams, ResolvedLinks, resolved_link};
pub use mentions::mentions;
pub use navigation::{definition, document_symbols, highlights, hover, references};
pub use outline::{folding_ranges, selection_range};
pub use session::client::{ClientFeatures, SHOW_REFERENCES_COMMAND, folders};
pub use session::own_methods::{CHANGE, COMPLETION, OWN_METHODS, RESOLVE_COMPLETION, RESOLVE_LINKS};
pub use session::settings::settings_layer;
pub use session::status::{Health, ServerStatus, ServerStatusNotification, VaultStatus};
pub use vault_symbols::{symbol_location, symbol_uri, vault_symbol};
pub use wire::uri;
