//! Text on ropes, byte offsets and positions.
//!
//! Inside vaultls, every place in a note is a byte offset. Lines and columns exist only at the edge to the
//! client and are always computed from the text that the offset belongs to.

mod encoding;
mod fold;
mod offset;
mod placed;
mod rope;

pub use encoding::{Encoding, Position, Range};
pub use fold::fold;
pub use offset::{Offset, Span};
pub use placed::{Placed, SortedByPlace};
pub use rope::{Edit, EditError, Text};
