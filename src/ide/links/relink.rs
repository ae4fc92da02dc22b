//! A link written anew in the style of its author.

use crate::ide::links::pipe::Pipe;
use crate::syntax::{Link, LinkKind, decode_link_part, split_wikilink_name};
use crate::text::Span;
use crate::vault::{FileId, Key, NoteRef, Resolution, Snapshot, Tier, VaultPath, fold};

use crate::ide::change::Edit;
use crate::ide::links::target::Target;

/// The edits after which a link of `source` leads to `file` by its path or name to the letter, and no less surely than a
/// link can. It goes on to show what it shows and keeps its fragment. `None` if no text of its kind can lead there.
pub(in crate::ide) fn edits_to_name(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    link: &Link,
    file: FileId,
) -> Option<Vec<Edit>> {
    let raw = source.note.slice(link.target);
    let mut edits = vec![edit_to_name(vault, source, link, file)?];
    edits.extend(shown_as_before(source, link, &raw));
    Some(edits)
}

/// The same for the target alone: a wikilink without display text shows the new one. A note that shares its name with
/// another one is named by its path.
pub(in crate::ide) fn edit_to_name(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    link: &Link,
    file: FileId,
) -> Option<Edit> {
    let raw = source.note.slice(link.target);
    let decoded = decode_link_part(link, &raw);
    let path = &vault.file(file)?.path;
    let folder = source.path.folder();
    let written = Written { source, link, raw: &raw, decoded: &decoded };
    let target = written.target(path);
    let worst = if shares_name(vault, file) { Tier::Path } else { Tier::Name };
    let leads_there = |name: &String| match vault.resolve_target(folder, link.kind, name) {
        Resolution::Found(found) => found.best == file && found.tier <= worst && !found.is_ambiguous,
        _ => false,
    };
    let candidates = target.candidates(folder, path).into_iter();
    let mut writable = candidates.filter(|name| !link.kind.is_wiki() || is_writable(name));
    let new_text = target.write(&writable.find(leads_there)?);
    fits_where_it_stands(source, link, &new_text).then_some(Edit { span: link.target, new_text })
}

/// Whether another note has the name of this one, in any case.
pub(in crate::ide) fn shares_name(vault: &Snapshot, file: FileId) -> bool {
    let Some(note) = vault.note(file) else { return false };
    let stem = fold(note.path.stem());
    let others = vault.definers(Key::name(note.path.stem())).iter().filter(|other| **other != file);
    others.into_iter().filter_map(|other| vault.note(*other)).any(|other| fold(other.path.stem()) == stem)
}

/// Whether a text can be written in a link: in the front matter it must not end the string of YAML that it stands in.
pub(in crate::ide) fn fits_where_it_stands(source: &NoteRef<'_>, link: &Link, text: &str) -> bool {
    let front_matter = source.note.parsed.front_matter.as_ref();
    let is_in_yaml = front_matter.is_some_and(|front_matter| front_matter.span.covers(link.span));
    !is_in_yaml || !text.contains(['"', '\'', '\\'])
}

/// A link and what its target says.
pub(crate) struct Written<'a> {
    pub(crate) source: &'a NoteRef<'a>,
    pub(crate) link: &'a Link,
    /// As it is written.
    pub(crate) raw: &'a str,
    /// What that says.
    pub(crate) decoded: &'a str,
}

impl<'a> Written<'a> {
    /// The target as one that leads to `file`.
    pub(crate) fn target(&self, file: &'a VaultPath) -> Target<'a> {
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

/// Whether a wikilink can hold the name: nothing in it ends the name or means something else, and no end is trimmed.
pub(in crate::ide) fn is_writable(name: &str) -> bool {
    let has_reserved = name.contains(|char: char| matches!(char, '|' | '[' | ']') || char.is_control());
    !has_reserved && !name.ends_with('\\') && split_wikilink_name(name) == (0..name.len(), None)
}

/// A wikilink without display text shows its target; if that has to be another one, it goes on to show `shown`.
pub(in crate::ide) fn shown_as_before(source: &NoteRef<'_>, link: &Link, shown: &str) -> Option<Edit> {
    let is_plain = link.kind == LinkKind::Wikilink && link.display.is_none();
    let end = link.fragment.unwrap_or(link.target).end;
    is_plain.then(|| {
        let bar = Pipe::at(source.note, link.span.start).as_str();
        Edit { span: Span::empty(end), new_text: format!("{bar}{shown}") }
    })
}

/// Whether the destination of a link stands between `<` and `>`.
pub(in crate::ide) fn is_bracketed(source: &NoteRef<'_>, link: &Link) -> bool {
    let before = Span::new(link.target.start.to_usize().saturating_sub(1), link.target.start.to_usize());
    !link.kind.is_wiki() && source.note.slice(before) == "<"
}
