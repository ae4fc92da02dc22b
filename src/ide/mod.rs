//! What a person can ask of a vault: one file a feature, each a plain function from a snapshot to a plain result.
//!
//! Places are byte spans of the snapshot that was asked; nothing here knows the protocol or opens a file.

mod actions;
mod bar;
mod block_ids;
mod change;
mod clocks;
mod completion;
mod cursor;
mod dates;
mod definition;
mod diagnostics;
mod document_links;
mod fixes;
#[cfg(test)]
mod fixture;
mod folding;
mod fragment;
mod graph;
mod hierarchy;
mod hints;
mod hover;
mod lenses;
mod link_texts;
mod matching;
mod mentions;
mod nearest;
mod new_note;
mod new_timestamp;
mod preview;
mod references;
mod rename;
mod selection;
mod sentence;
mod slips;
mod stats;
mod subject;
mod symbols;
mod timestamp_forms;
mod timestamp_style;
mod tokens;
mod transplant;
mod upcoming;
mod vault_symbols;
mod videos;

pub use actions::{
    ActionError, ActionFailure, ActionKind, ActionOptions, ActionSubject, CodeAction, LinkForm, Reach,
    code_actions, resolve_action,
};
pub use block_ids::add_block_id;
pub use change::{Edit, NewNote, NotWritable, NoteEdits, VaultChange};
pub use completion::{
    Completion, CompletionItem, CompletionKind, CompletionSubject, NewBlockId, completion,
    completion_documentation,
};
pub use definition::definition;
pub use diagnostics::{Diagnostic, Related, diagnostics};
pub use document_links::{DocumentLink, LinkDestination, document_links, fragment_target};
pub use fixes::{Fix, SureFixes, fixes, sure_fixes};
pub use folding::{Fold, folding_ranges};
pub use graph::{LinkGraph, link_graph};
pub use hierarchy::{GraphEdge, GraphFile, graph_file, links_into, links_out_of};
pub use hints::{TitleHint, title_hints};
pub use hover::hover;
pub use lenses::{Lens, LensList, code_lenses};
pub use link_texts::{Excerpt, FragmentMeaning, LinkMeaning, LinkText, link_meanings, video_of_note};
pub use mentions::{Mention, NoteMentions, link_mentions_of, mentions, mentions_of};
pub use nearest::{Nearest, NearestPart, nearest_files};
pub use new_note::{NoteMaker, ReadTemplate, WantedNote};
pub use new_timestamp::insert_timestamp;
pub use references::{Highlight, Reference, ReferenceOptions, document_highlights, references};
pub use rename::{RenameError, RenameFailure, move_files, prepare_rename, rename};
pub use selection::selection_ranges;
pub use stats::{LinkCounts, VaultStats, count_links, stats};
pub use symbols::{Symbol, document_symbols};
pub use tokens::{Token, TokenKind, TokenOptions, semantic_tokens};
pub use vault_symbols::{SymbolRank, SymbolSubject, VaultSymbol, symbol_place, vault_symbols};
pub use videos::{CitedMoment, VideoMoments, moments};

use crate::text::{Offset, Span};
use crate::vault::FileId;

/// A cursor: an offset in a note.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotePosition {
    /// The note.
    pub note: FileId,
    /// The place in its text.
    pub at: Offset,
}

/// An answer together with the stretch of the asking note that it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranged<T> {
    /// What the cursor stands on.
    pub span: Span,
    /// The answer.
    pub value: T,
}

/// A place that one can jump to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Target {
    /// The note or attachment.
    pub file: FileId,
    /// All of it: the note, the section of a heading, the block. Empty for an attachment.
    pub whole: Span,
    /// Where the cursor should land: the heading, the block's id.
    pub focus: Span,
}
