//! What a person can ask of a vault: one file a feature, each a plain function from a snapshot to a plain
//! result.
//!
//! Places are byte spans of the snapshot that was asked; nothing here knows the protocol or opens a file.

mod actions;
mod change;
mod completion;
mod cursor;
mod diagnostics;
#[cfg(test)]
mod fixture;
mod graph;
mod hover;
mod links;
mod mentions;
mod navigation;
mod new_note;
mod note;
mod outline;
mod overview;
mod place;
mod preview;
mod rename;
mod search;
mod stats;
mod timestamps;

pub use actions::{
    ActionKind, ActionOptions, ActionSubject, CodeAction, LinkForm, Reach, code_actions, resolve_action,
};
pub use change::{ChangeError, ChangeFailure, Edit, NewNote, NoteEdits, VaultChange};
pub use completion::{
    Completion, CompletionItem, CompletionKind, CompletionSubject, NewBlockId, completion,
    completion_documentation,
};
pub use diagnostics::{
    Applicability, DIAGNOSTIC_CODES, Diagnostic, Fix, RULES, Related, Rule, SafeFixes, diagnostics, fixes,
    safe_fixes,
};
pub use graph::{LinkGraph, link_graph};
pub use hover::hover;
pub use links::resolve_links::{FragmentMeaning, LinkMeaning, LinkText, link_meanings};
pub use mentions::{Mention, NoteMentions, link_mentions_of, mentions, mentions_of};
pub use navigation::call_hierarchy::{GraphEdge, GraphFile, graph_file, links_into, links_out_of};
pub use navigation::code_lens::{Lens, LensList, code_lenses};
pub use navigation::definition::definition;
pub use navigation::document_links::{DocumentLink, LinkDestination, document_links, fragment_target};
pub use navigation::references::{Highlight, Reference, ReferenceOptions, document_highlights, references};
pub use new_note::{NoteMaker, ReadTemplate, WantedNote, new_place};
pub use note::block_ids::add_block_id;
pub use note::sentence::{Sentence, sentences_around};
pub use outline::document_symbols::{DocumentSymbol, DocumentSymbolKind, document_symbols};
pub use outline::folding::{Fold, FoldKind, folding_ranges};
pub use outline::inlay_hints::{TitleHint, title_hints};
pub use outline::selection::selection_ranges;
pub use outline::semantic_tokens::{Token, TokenKind, semantic_tokens};
pub use overview::{Overview, overview};
pub use place::{NotePosition, Ranged, Target};
pub use preview::Preview;
pub use rename::{move_files, prepare_rename, rename};
pub use search::suggestions::{Nearest, NearestPart, suggest_files};
pub use search::vault_symbols::{SymbolRank, SymbolSubject, VaultSymbol, symbol_place, vault_symbols};
pub use stats::{NoteStats, VaultStats};
pub use timestamps::insert::{insert_timestamp, is_moment_of_video};
pub use timestamps::video::{CitedMoment, VideoMoments, address_of_moment, moments};
