//! Link definitions and footnotes that are written, moved and sorted. Whatever else the note says stays as it
//! is: an action that would change what another link or block means is refused.

mod definitions;
mod destination;
pub(super) mod extract;
pub(super) mod footnote;
mod meaning;
pub(super) mod organize;
#[cfg(test)]
mod tests;
