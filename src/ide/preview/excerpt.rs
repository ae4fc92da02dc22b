//! A part of a note that can be shown anywhere: links that the vault alone understands are turned into
//! ordinary ones, and all that lead to files of the vault hold their full address.

use crate::syntax::{Link, LinkKind, Timestamp};
use crate::text::{Placed, SortedByPlace, Span};
use crate::vault::{NoteRef, Resolution, VaultPath};

use super::contents::{PreviewBuilder, is_image, moment_link};
use super::{Excerpt, Inline};
use crate::ide::timestamps::video::video_of;

/// A preview is for a glance: one of a note with a picture or a table of megabytes in a line ends after so
/// many bytes.
const MAX_BYTES: usize = 6_000;

type Replacements = Vec<(Span, Option<Inline>)>;

impl PreviewBuilder<'_> {
    /// Returns the first lines of a part of a note, as many as `hover.previewLines` says, empty ones at its
    /// start and ids of blocks left out, with wikilinks, embedded images and timestamps as ordinary links.
    /// `None` if they are blank.
    pub(crate) fn excerpt(&self, note: &NoteRef<'_>, part: Span) -> Option<Excerpt> {
        let part = first_lines(note, part, self.vault.settings().hover_preview_lines);
        let mut replacements = Replacements::new();
        for timestamp in note.note.parsed.timestamps.starting_in(part) {
            replacements.extend(link_of(note, timestamp).map(|link| (timestamp.span, Some(link))));
        }
        let links = note.note.parsed.links.starting_in(part).iter();
        for link in links.filter(|link| !link.is_external && part.covers(link.span)) {
            if link.kind.is_wiki() {
                replacements.push((link.span, Some(self.ordinary_link(note, link))));
            } else {
                self.replace_destination(note, link, &mut replacements);
            }
        }
        for block in note.note.parsed.blocks.iter().filter(|block| part.covers(block.place())) {
            let before = note.note.slice(Span::between(part.start, block.place().start));
            let blank = before.len() - before.trim_end_matches([' ', '\t']).len();
            let start = block.place().start.to_usize() - blank;
            replacements.push((Span::new(start, block.id.end.to_usize()), None));
        }
        replacements.sort_by_key(|(span, _)| *span);
        let source = |span: Span| Inline::Source(note.note.slice(span).into_owned());
        let mut inlines = Vec::new();
        let mut at = part.start;
        for (span, replacement) in replacements.into_iter().filter(|(span, _)| part.covers(*span)) {
            if span.start < at {
                continue;
            }
            inlines.push(source(Span::between(at, span.start)));
            inlines.extend(replacement);
            at = span.end;
        }
        inlines.push(source(Span::between(at, part.end)));
        let remote_images = self.vault.settings().hover_remote_images;
        (!part.is_empty()).then_some(Excerpt { inlines, remote_images })
    }

    /// A wikilink as an ordinary link or image; what it shows, if it leads nowhere.
    fn ordinary_link(&self, note: &NoteRef<'_>, link: &Link) -> Inline {
        let target = Some(link.target).filter(|target| !target.is_empty());
        let shown = link.display.or(target).or(link.fragment).unwrap_or_default();
        let text = note.note.slice(shown).into_owned();
        match self.linked_path(note, link) {
            Some(path) if link.kind == LinkKind::Embed && is_image(path.file_name()) => {
                Inline::Image { text, address: (self.address)(path) }
            }
            Some(path) => Inline::Link { text, address: (self.address)(path) },
            None => Inline::Text(text),
        }
    }

    /// Gives a Markdown link a destination that holds wherever the preview is shown. Of a link that leads to
    /// no file, what it shows is left. That may hold links itself, so only what stands around it is replaced.
    fn replace_destination(&self, note: &NoteRef<'_>, link: &Link, replacements: &mut Replacements) {
        let destination = Span::between(link.target.start, link.fragment.unwrap_or(link.target).end);
        if destination.is_empty() {
            return;
        }
        let written = note.note.slice(destination).into_owned();
        if let Some(path) = self.linked_path(note, link) {
            let address = (self.address)(path);
            replacements.push((destination, Some(Inline::Destination { written, address })));
            return;
        }
        match link.display.filter(|display| !display.is_empty()) {
            _ if link.kind == LinkKind::Definition => {}
            Some(display) => {
                replacements.push((Span::between(link.span.start, display.start), None));
                replacements.push((Span::between(display.end, link.span.end), None));
            }
            None => replacements.push((link.span, Some(Inline::Text(written)))),
        }
    }

    fn linked_path(&self, note: &NoteRef<'_>, link: &Link) -> Option<&VaultPath> {
        let Resolution::Found(found) = self.vault.resolve(note, link) else { return None };
        self.vault.file(found.best).map(|file| &file.path)
    }
}

/// A timestamp as a link that opens its video at the moment.
fn link_of(note: &NoteRef<'_>, timestamp: &Timestamp) -> Option<Inline> {
    Some(moment_link(&video_of(note, timestamp)?, timestamp.moment()?))
}

/// The lines without white space around them.
fn first_lines(note: &NoteRef<'_>, part: Span, lines: usize) -> Span {
    let text = &note.note.text;
    let mut line = text.line_of(part.start);
    let mut start = part.start;
    let is_blank = |span: Span| span.len() < MAX_BYTES && text.slice(span).trim().is_empty();
    while let Some(span) = text.line(line).filter(|span| span.end < part.end) {
        if !is_blank(Span::between(start.max(span.start), span.end)) {
            break;
        }
        line += 1;
        start = text.line(line).map_or(part.end, |next| next.start);
    }
    let end = text.line(line + lines.saturating_sub(1)).map_or(part.end, |last| last.end.min(part.end));
    let shown = Span::between(start, if lines == 0 { start } else { end.min(start.plus(MAX_BYTES)) });
    Span::between(start, start.plus(text.slice(shown).trim_end().len()))
}
