//! A link written anew in the style of its author.

use crate::ide::bar::Bar;
use crate::syntax::{Link, LinkKind};
use crate::text::Span;
use crate::vault::{FileId, NoteRef, Resolution, Snapshot, Tier, VaultPath, decode_link_part};

use super::Edit;
use super::target::Target;

/// The edits after which a link of `source` leads to `file` by its path or name to the letter, and no less surely than a
/// link can. It goes on to show what it shows and keeps its fragment. `None` if no text of its kind can lead there.
pub(in crate::ide) fn edits_to_name(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    link: &Link,
    file: FileId,
) -> Option<Vec<Edit>> {
    let raw = source.note.slice(link.target);
    let decoded = decode_link_part(link, &raw);
    let path = &vault.file(file)?.path;
    let folder = source.path.folder();
    let written = Written { source, link, raw: &raw, decoded: &decoded };
    let target = written.target(path);
    let leads_there = |name: &String| match vault.resolve_target(folder, link.kind, name) {
        Resolution::Found(found) => found.best == file && found.tier <= Tier::Name && !found.is_ambiguous,
        _ => false,
    };
    let candidates = target.candidates(folder, path).into_iter();
    let mut writable = candidates.filter(|name| !link.kind.is_wiki() || is_writable(name));
    let name = writable.find(leads_there)?;
    let mut edits = vec![Edit { span: link.target, new_text: target.write(&name) }];
    edits.extend(shown_as_before(source, link, &raw));
    Some(edits)
}

/// A link and what its target says.
pub(super) struct Written<'a> {
    pub(super) source: &'a NoteRef<'a>,
    pub(super) link: &'a Link,
    /// As it is written.
    pub(super) raw: &'a str,
    /// What that says.
    pub(super) decoded: &'a str,
}

impl<'a> Written<'a> {
    /// The target as one that leads to `file`.
    pub(super) fn target(&self, file: &'a VaultPath) -> Target<'a> {
        Target {
            link: self.link,
            raw: self.raw,
            decoded: self.decoded,
            is_bracketed: is_bracketed(self.source, self.link),
            folder: self.source.path.folder(),
            file,
        }
    }
}

/// Whether a wikilink can hold the name.
pub(super) fn is_writable(name: &str) -> bool {
    !name.contains(['#', '|', '[', ']'])
}

/// A wikilink without display text shows its target; if that has to be another one, it goes on to show `shown`.
pub(super) fn shown_as_before(source: &NoteRef<'_>, link: &Link, shown: &str) -> Option<Edit> {
    let is_plain = link.kind == LinkKind::Wikilink && link.display.is_none();
    let end = link.fragment.unwrap_or(link.target).end;
    is_plain.then(|| {
        let bar = Bar::at(source.note, link.span.start).as_str();
        Edit { span: Span::empty(end), new_text: format!("{bar}{shown}") }
    })
}

/// Whether the destination of a link stands between `<` and `>`.
pub(in crate::ide) fn is_bracketed(source: &NoteRef<'_>, link: &Link) -> bool {
    let before = Span::new(link.target.start.to_usize().saturating_sub(1), link.target.start.to_usize());
    !link.kind.is_wiki() && source.note.slice(before) == "<"
}
