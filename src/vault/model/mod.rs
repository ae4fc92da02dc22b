//! The state of a vault: its files and notes, the immutable snapshots that readers hold, and the writer that
//! alone changes it.

mod bulk;
mod change;
mod coverage;
mod file;
mod inbound_links;
mod leaf_rows;
mod link_conventions;
mod needs;
mod note;
mod shared_ropes;
mod snapshot;
mod unresolved;
mod what_if;
mod writer;

pub use change::{Change, DiskFile};
pub use coverage::Coverage;
pub(crate) use file::Files;
pub use file::{Content, File};
pub(crate) use inbound_links::InboundLinkCounts;
pub use link_conventions::{LinkConventions, LinkStyle};
pub use needs::Needs;
pub use note::Note;
pub use shared_ropes::MovedNote;
pub use snapshot::{LinkRef, NoteRef, Snapshot};
pub use unresolved::UnresolvedName;
pub(crate) use unresolved::UnresolvedNames;
pub use writer::{Applied, VaultWriter};
