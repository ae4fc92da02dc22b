//! The parts of links, definitions and references, with their delimiters and without, for selections.

use crate::syntax::{LabelDefinition, LabelKind, LabelUse, Link, LinkKind};
use crate::text::Span;

/// The parts of a link, in no order, some of them empty or equal:
///
/// ```text
/// [shown](<a b.md#part> "title")    destination `a b.md`, `part`, `a b.md#part`, `<a b.md#part>`
///                                   title       `title`, `"title"`
///                                   both        `<a b.md#part> "title"`, `(<a b.md#part> "title")`
///                                   the rest    `shown`, the whole link
/// ```
pub(super) fn link_parts(text: &str, link: &Link) -> Vec<Span> {
    let fragment = link.fragment.unwrap_or(Span::empty(link.target.end));
    let destination = Span::between(link.target.start, fragment.end.max(link.target.end));
    let mut parts = vec![link.target, fragment, destination, link.span];
    parts.extend(link.display);
    match (link.kind, link.display) {
        (LinkKind::Wikilink | LinkKind::Embed, Some(display)) => {
            parts.push(Span::between(destination.start.min(display.start), destination.end.max(display.end)));
        }
        (LinkKind::Inline | LinkKind::Image, Some(display)) => {
            parts.extend(parenthesis_parts(text, link, destination, display).into_iter().flatten());
        }
        (LinkKind::Definition, _) => parts.push(with_angles(text, destination)),
        _ => {}
    }
    parts
}

/// The destination with its `<>`, both forms of the title, and what `(` and `)` hold, with them and without.
/// `None` if the link has no such form.
fn parenthesis_parts(text: &str, link: &Link, destination: Span, display: Span) -> Option<[Span; 5]> {
    let behind = text.get(display.end.to_usize()..link.span.end.to_usize())?.trim_start();
    let inside = behind.strip_prefix("](")?.strip_suffix(')')?;
    let end = link.span.end.to_usize() - 1;
    let start = end - inside.len();
    let whole = Span::new(start - 1, end + 1);
    let start = start + (inside.len() - inside.trim_start().len());
    let inside = Span::new(start, start + inside.trim().len());
    let address = with_angles(text, destination);
    let [title, title_text] = title_parts(text, Span::between(address.end, inside.end));
    Some([address, title, title_text, inside, whole])
}

/// `<a b.md>` of `a b.md`, if it is written so; else the destination itself.
fn with_angles(text: &str, destination: Span) -> Span {
    let (start, end) = (destination.start.to_usize(), destination.end.to_usize());
    let opens = text.get(..start).is_some_and(|before| before.ends_with('<'));
    let closes = text.get(end..).is_some_and(|after| after.starts_with('>'));
    if opens && closes { Span::new(start - 1, end + 1) } else { destination }
}

/// The title with its quotation marks and without, from what follows a destination. In a quote, a title on a
/// line of its own has a `>` before it.
fn title_parts(text: &str, behind: Span) -> [Span; 2] {
    let written = text.get(behind.range()).unwrap_or_default().trim_end();
    let end = behind.start.to_usize() + written.len();
    let title = written.trim_start_matches(|char: char| char.is_whitespace() || char == '>');
    let span = Span::new(end - title.len(), end);
    let is_marked = title.len() >= 2 && title.starts_with(['"', '\'', '(']);
    [span, if is_marked { Span::new(end - title.len() + 1, end - 1) } else { span }]
}

/// The title of the definition `[label]: <a b.md> "title"`, with its quotation marks and without, and the
/// whole definition. `destination` is the link that it makes.
pub(super) fn definition_parts(text: &str, definition: &LabelDefinition, destination: &Link) -> [Span; 3] {
    let [title, title_text] = title_parts(text, Span::between(destination.span.end, definition.span.end));
    [title, title_text, definition.span]
}

/// `text` of `[text][label]` and `![text][label]`; `None` for other references.
pub(super) fn reference_text(text: &str, label: &LabelUse) -> Option<Span> {
    let start = label.span.start.to_usize();
    let before = text.get(start..label.label.start.to_usize())?;
    let opening_length = if before.starts_with('!') { 2 } else { 1 };
    let end = before.rfind("][").filter(|_| label.kind == LabelKind::Link)?;
    Some(Span::new(start + opening_length, start + end))
}
