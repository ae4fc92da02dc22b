//! What a link of Markdown says beside its text: where it leads and its title.

use crate::ide::links::escape::is_bracketed;
use crate::syntax::{LabelDefinition, Link, LinkKind, unescape_destination};
use crate::text::{Offset, Span};
use crate::vault::NoteRef;

/// A destination and title.
pub(super) struct Destination {
    /// The address or path without its escapes.
    address: String,
    /// The title with its quotes, `"title"`; empty without one.
    pub(super) title: String,
    /// The address as it stands in a definition, `<a b.md>`.
    pub(super) written: String,
}

impl Destination {
    /// Returns the address or path without its escapes.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Returns whether another destination is the same with the same title, however it is written.
    pub(super) fn is_same(&self, other: &Destination) -> bool {
        self.address == other.address && self.title == other.title
    }

    /// Returns the destination of an inline link, image or autolink; `None` for another link and one that
    /// leads nowhere.
    pub(super) fn of_link(source: &NoteRef<'_>, link: &Link) -> Option<Destination> {
        let is_autolink = link.kind == LinkKind::Autolink;
        if !is_autolink && !matches!(link.kind, LinkKind::Inline | LinkKind::Image) {
            return None;
        }
        if !is_autolink {
            let end = Offset::new(link.span.end.to_usize().checked_sub(1)?);
            return Destination::read(source, link, Span::between(written(source, link).end, end));
        }
        // What stands between `<` and `>` has no escapes.
        let address = source.note.slice(link.target).into_owned();
        let is_plain = !address.contains(['(', ')', '\\', '&']);
        let written = if is_plain { address.clone() } else { format!("<{}>", escaped(&address)) };
        Some(Destination { address, title: String::new(), written })
    }

    /// Returns the destination that a definition gives, whose link is `link`.
    pub(super) fn of_definition(
        source: &NoteRef<'_>,
        definition: &LabelDefinition,
        link: &Link,
    ) -> Option<Destination> {
        let end = definition.span.end.max(link.span.end);
        Destination::read(source, link, Span::between(link.span.end, end))
    }

    fn read(source: &NoteRef<'_>, link: &Link, title: Span) -> Option<Destination> {
        let written = source.note.slice(written(source, link)).into_owned();
        let end = link.fragment.unwrap_or(link.target).end;
        let address = source.note.slice(Span::between(link.target.start, end));
        let address = unescape_destination(&address).into_owned();
        let title = source.note.slice(title).trim().to_owned();
        (!matches!(&*address, "" | "#")).then_some(Destination { address, title, written })
    }
}

/// Returns the span of a destination as written, with `<` and `>` around it.
fn written(source: &NoteRef<'_>, link: &Link) -> Span {
    let end = link.fragment.unwrap_or(link.target).end.to_usize();
    let around = usize::from(is_bracketed(source, link));
    Span::new(link.target.start.to_usize() - around, end + around)
}

/// Returns an address with a backslash before each one that would escape something.
fn escaped(address: &str) -> String {
    address.replace('\\', "\\\\").replace('&', "\\&")
}
