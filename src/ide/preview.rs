//! A stretch of a note as Markdown that any client can render, wherever it is shown: links that the vault alone
//! understands are turned into ordinary ones, and all that lead to files of the vault hold their full address.

use crate::ide::timestamps::video::{video_address, video_of};
use crate::syntax::{Link, LinkKind, Timestamp};
use crate::text::{SortedByPlace, Span};
use crate::vault::{NoteRef, Resolution, Snapshot, VaultPath};

/// How a file of the vault is addressed, as a URI.
pub(super) type Address<'a> = &'a dyn Fn(&VaultPath) -> String;

/// The first `lines` lines of a stretch of a note, empty ones at its start left out and cut at the end of a line, with
/// wikilinks, embedded images and timestamps as Markdown links. An open code fence is closed.
pub(super) fn preview(
    vault: &Snapshot,
    note: &NoteRef<'_>,
    part: Span,
    lines: usize,
    address: Address<'_>,
) -> String {
    let part = first_lines(note, part, lines);
    let mut replacements: Vec<(Span, String)> = Vec::new();
    for timestamp in note.note.parsed.timestamps.starting_in(part) {
        replacements.extend(timestamp_link(note, timestamp).map(|text| (timestamp.span, text)));
    }
    let links = note.note.parsed.links.starting_in(part).iter();
    for link in links.filter(|link| !link.is_external && part.covers(link.span)) {
        if link.kind.is_wiki() {
            replacements.push((link.span, ordinary_link(vault, note, link, address)));
        } else {
            absolute_link(vault, note, link, address, &mut replacements);
        }
    }
    replacements.sort_by_key(|(span, _)| *span);
    let mut out = String::new();
    let mut at = part.start;
    for (span, text) in replacements.into_iter().filter(|(span, _)| part.covers(*span)) {
        if span.start < at {
            continue;
        }
        out.push_str(&note.note.slice(Span::between(at, span.start)));
        out.push_str(&text);
        at = span.end;
    }
    out.push_str(&note.note.slice(Span::between(at, part.end)));
    close_fence(&mut out);
    out
}

/// A text in a form that Markdown shows as it is. A `_` within a word means nothing there (CommonMark, "Emphasis"), and is
/// left alone for the sake of editors that show the source.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let mut is_within_word =
            || before.is_alphanumeric() && chars.peek().is_some_and(|after| after.is_alphanumeric());
        let means_something = match char {
            '_' => !is_within_word(),
            _ => matches!(char, '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' | '$'),
        };
        if means_something {
            out.push('\\');
        }
        out.push(if char.is_control() { ' ' } else { char });
        before = char;
    }
    out
}

/// A preview is for a glance: one of a note with a picture or a table of megabytes in a line ends after so many bytes.
const MOST_BYTES: usize = 6_000;

fn first_lines(note: &NoteRef<'_>, part: Span, lines: usize) -> Span {
    let text = &note.note.text;
    let mut line = text.line_of(part.start);
    let mut start = part.start;
    let is_blank = |span: Span| span.len() < MOST_BYTES && text.slice(span).trim().is_empty();
    while let Some(span) = text.line(line).filter(|span| span.end < part.end) {
        if !is_blank(Span::between(start.max(span.start), span.end)) {
            break;
        }
        line += 1;
        start = text.line(line).map_or(part.end, |next| next.start);
    }
    let end = text.line(line + lines.saturating_sub(1)).map_or(part.end, |last| last.end.min(part.end));
    let end = end.min(start.plus(MOST_BYTES));
    Span::between(start, if lines == 0 { start } else { end })
}

fn timestamp_link(note: &NoteRef<'_>, timestamp: &Timestamp) -> Option<String> {
    let moment = timestamp.moment?;
    let video = video_of(note, timestamp)?;
    Some(format!("[{moment}]({})", video_address(&video, Some(moment.seconds))))
}

fn ordinary_link(vault: &Snapshot, note: &NoteRef<'_>, link: &Link, address: Address<'_>) -> String {
    let part = |span: Option<Span>| span.map(|span| note.note.slice(span).into_owned());
    let target = note.note.slice(link.target).into_owned();
    let shown = part(link.display).or_else(|| Some(target.clone()).filter(|target| !target.is_empty()));
    let shown = escape(&shown.or_else(|| part(link.fragment)).unwrap_or_default());
    let Some(path) = found_path(vault, note, link) else { return shown };
    let bang = if link.kind == LinkKind::Embed && is_image(path.file_name()) { "!" } else { "" };
    format!("{bang}[{shown}]({})", address(path))
}

/// Makes the destination of a Markdown link one that holds wherever the preview is shown. Of a link that leads to no
/// file, what it shows is left. What it shows may hold links itself, so only what stands around it is replaced.
fn absolute_link(
    vault: &Snapshot,
    note: &NoteRef<'_>,
    link: &Link,
    address: Address<'_>,
    replacements: &mut Vec<(Span, String)>,
) {
    let destination = Span::between(link.target.start, link.fragment.unwrap_or(link.target).end);
    if destination.is_empty() {
        return;
    }
    if let Some(path) = found_path(vault, note, link) {
        replacements.push((destination, address(path)));
        return;
    }
    if link.kind == LinkKind::Definition {
        return;
    }
    match link.display.filter(|display| !display.is_empty()) {
        Some(display) => {
            replacements.push((Span::between(link.span.start, display.start), String::new()));
            replacements.push((Span::between(display.end, link.span.end), String::new()));
        }
        None => replacements.push((link.span, escape(&note.note.slice(destination)))),
    }
}

fn found_path<'a>(vault: &'a Snapshot, note: &NoteRef<'_>, link: &Link) -> Option<&'a VaultPath> {
    let Resolution::Found(found) = vault.resolve(note, link) else { return None };
    vault.file(found.best).map(|file| &file.path)
}

/// Whether the file name is that of an image that editors can show.
pub(super) fn is_image(name: &str) -> bool {
    const EXTENSIONS: [&str; 9] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "avif", "ico"];
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn close_fence(text: &mut String) {
    let mut open: Option<&str> = None;
    for line in text.lines().map(str::trim_start) {
        let fence = ["```", "~~~"].into_iter().find(|fence| line.starts_with(fence));
        open = match (open, fence) {
            (None, fence) => fence,
            (Some(open), Some(fence)) if open == fence => None,
            (open, _) => open,
        };
    }
    if let Some(fence) = open {
        text.push('\n');
        text.push_str(fence);
    }
}
