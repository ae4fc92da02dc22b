//! The names of files and how they are compared: exactly, or in one of a few normal forms.
//!
//! # Normal forms
//!
//! | form | made by | of `Lücke_Ab's–1` | compared for |
//! |---|---|---|---|
//! | exact | – | as written | paths, the first tiers of resolution |
//! | folded | [`fold`] | `lücke_ab's–1` | tiers that ignore case, aliases, titles, tags, callouts |
//! | normalized | [`normalized_name`] | `lücke ab's–1` | names in running text |
//! | loose | [`loose`] | `lückeabs1` | the last tier of resolution, folders |
//! | key | [`Key`] | a hash | finding the candidates that one of the forms then compares |
//! | searchable | [`searchable`] | `Lücke Ab's–1` | what is shown and matched fuzzily while typing |
//! | letters | [`Letters`], [`Initials`] | a set of bits | ruling out names that cannot match, or not well |
//! | words | [`Word`], [`key_words`] | `lücke`, `ab`, `1` | names that share a word, in suggestions |
//!
//! Equality in one form implies equality in the next of each of these chains, for every pair of names:
//!
//! - exact, folded, normalized, loose, key;
//! - exact, searchable, letters;
//! - folded, words.
//!
//! A loose form may be empty (`🚀`). Such a name is loosely equal to none, and its key is that of its folded
//! form.
//!
//! Keys are hashed from the kind of thing and: the exact path ([`Key::path`]), the loose form of a name or of
//! the last component of a folder ([`Key::name`], [`Key::folder`]), the folded tag ([`Key::tag`]), the exact
//! id of a video ([`Key::video`]), the singular of a folded word (`Key::word`).
//!
//! What a Markdown link names is compared after [`decode_link_part`] has undone its escapes and
//! percent-encoding; a wikilink is compared as written.
//!
//! Three more forms belong to the syntax of one note and know no files: the slug of a heading
//! ([`slug`](crate::syntax::slug), GitHub), the folded label of a reference or footnote
//! ([`fold_label`](crate::syntax::fold_label), CommonMark) and the folded text of a heading
//! ([`HeadingIndex`](crate::syntax::HeadingIndex), Obsidian). Equal folded names have equal folded headings.
//!
//! [`normalized_name`]: crate::vault::normalized_name
//! [`decode_link_part`]: crate::syntax::decode_link_part

mod address;
mod file_id;
mod index;
mod journal;
mod key;
mod letters;
mod normal_forms;
mod path;
mod persistent_vec;
mod shard;
mod site_marker;
mod wildcard;
mod words;

pub use crate::text::fold;
pub(crate) use address::{address_name, dated_name, note_number, page_of, without_query};
pub use file_id::FileId;
pub(crate) use index::Index;
pub(crate) use journal::{journal_title, ordinal};
pub use key::{Key, NoteKeys};
pub(crate) use key::{path_keys, sorted};
pub use letters::{Initials, Letters};
pub use normal_forms::{is_loosely, loose, searchable};
pub(crate) use path::is_anchored;
pub(crate) use path::is_language;
pub use path::{
    PathError, VaultPath, dotted_relative_path, folder_distance, is_relative, last_component, relative_path,
    without_note_extension,
};
pub(crate) use persistent_vec::PersistentVec;
pub(crate) use shard::{Entry, Filing, Role};
pub(crate) use site_marker::site_marker;
pub(crate) use wildcard::fits_pattern;
pub(crate) use words::PartsBuilder;
pub use words::{KeyWord, NameParts, PartsOfNames, Word, key_words};
