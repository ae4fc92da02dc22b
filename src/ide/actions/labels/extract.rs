//! The destination of a link moved to a link definition, for all links of the note that share it.

use rustc_hash::FxHashSet;

use crate::ide::actions::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, ChangeFailure, Edit, VaultChange};
use crate::ide::links::escape::Position;
use crate::ide::links::heading_links::with_links_to_headings;
use crate::ide::note::lines::{appended_to, line_break};
use crate::ide::note::title::shortened;
use crate::syntax::{LabelKind, Link, LinkKind, fold_label, has_scheme};
use crate::text::{Offset, SortedByPlace, Span};
use crate::vault::NoteRef;

use super::definitions::{free_definitions, line_end};
use super::destination::Destination;
use super::meaning::{Allowed, check_meaning};

/// A label that is made from the text of a link has no more words than this.
const MOST_WORDS: usize = 4;

/// The label of a link without words.
const NO_WORDS: &str = "def";

/// What stands in brackets is no label if it is longer than this, in bytes.
const LONGEST_LABEL: usize = 999;

/// Offers to move the destination of the innermost link at the place to a definition, or to use the
/// definition that is there.
pub(in crate::ide::actions) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) {
    let links = asked.links_here().filter_map(|link| Some((link, extractable(&asked.source, link)?)));
    let Some((link, destination)) = links.min_by_key(|(link, _)| link.span.len()) else { return };
    let title = match defined_label(&asked.source, &destination) {
        Some(label) => format!("Use link definition `{}`", shortened(&label)),
        None => "Extract to link definition".to_owned(),
    };
    let subject = ActionSubject::ExtractDefinition { link: link.span };
    offers.push(CodeAction::new(ActionKind::Extract, title, subject));
}

/// Writes a label at all links with the destination and title of the one at that span, and its definition
/// below the last one of the note.
pub(in crate::ide::actions) fn resolve(asked: &Asked<'_>, span: Span) -> Result<VaultChange, ChangeFailure> {
    let source = &asked.source;
    let destination = extractable(source, asked.link_at(span)?).ok_or(ChangeError::Gone)?;
    let known = defined_label(source, &destination);
    let label = match &known {
        Some(label) => label.clone(),
        None => free_label(source, asked.link_at(span)?),
    };
    let mut edits = Vec::new();
    for link in &source.note.parsed.links {
        asked.cancel.check()?;
        if extractable(source, link).is_some_and(|other| other.is_same(&destination)) {
            edits.extend(with_label(source, link, &label));
        }
    }
    if known.is_none() {
        edits.push(definition(asked, &label, &destination));
    }
    edits.sort_by_key(|edit| edit.span);
    let more_definitions = isize::from(known.is_none());
    check_meaning(source, &edits, Allowed { more_definitions, ..Allowed::default() })?;
    let edits: Vec<_> = edits.into_iter().map(|edit| (source.id, edit)).collect();
    let edits = with_links_to_headings(asked.vault, &edits, &str::to_owned, asked.cancel)?;
    Ok(VaultChange { edits, ..VaultChange::default() })
}

/// The destination of a link that can be written with a label: not a bare address, which shows itself, and
/// not one whose title has a line break.
fn extractable(source: &NoteRef<'_>, link: &Link) -> Option<Destination> {
    let is_bare = link.kind == LinkKind::Autolink
        && (link.span == link.target || !has_scheme(&source.note.slice(link.target)));
    let destination = Destination::of_link(source, link).filter(|_| !is_bare)?;
    let front_matter = source.note.parsed.front_matter.as_ref();
    let is_body = front_matter.is_none_or(|front| front.span.end <= link.span.start);
    (is_body && !destination.title.contains(['\n', '\r'])).then_some(destination)
}

/// The edit that writes a link with a label: `[text](a.md)` and `<address>` as `[text][label]`.
fn with_label(source: &NoteRef<'_>, link: &Link, label: &str) -> Option<Edit> {
    let Some(display) = link.display else {
        let text = shown_address(&source.note.slice(link.target));
        return Some(Edit::replace(link.span, format!("[{text}][{label}]")));
    };
    let between = source.note.slice(Span::between(display.end, link.target.start));
    let open = display.end.plus(between.find("](")? + 1);
    Some(Edit::replace(Span::between(open, link.span.end), format!("[{label}]")))
}

/// An address as the text of a link, in which nothing means markup.
fn shown_address(address: &str) -> String {
    let mut text = String::with_capacity(address.len());
    let mut before = None;
    let mut rest = address.chars().peekable();
    while let Some(char) = rest.next() {
        let is_letter = |char: Option<char>| char.is_some_and(char::is_alphanumeric);
        let is_inner = is_letter(before) && is_letter(rest.peek().copied());
        let is_markup =
            matches!(char, '\\' | '[' | ']' | '*' | '~' | '`' | '$' | '&' | '!' | '%' | '=' | '|')
                || char == '_' && !is_inner;
        // `%20` and `?a=b` are no marks of comments or highlights, which are written twice.
        let is_single = matches!(char, '%' | '=' | '~') && rest.peek() != Some(&char) && before != Some(char);
        if is_markup && !is_single {
            text.push('\\');
        }
        text.push(char);
        before = Some(char);
    }
    text
}

/// The label of a definition that has this destination and title and counts.
fn defined_label(source: &NoteRef<'_>, destination: &Destination) -> Option<String> {
    let parsed = &source.note.parsed;
    let mut seen = FxHashSet::default();
    for definition in parsed.label_definitions.iter().filter(|one| one.kind == LabelKind::Link) {
        let label = source.note.slice(definition.label);
        let is_first = seen.insert(fold_label(&label));
        let link = parsed.links.starting_at(definition.span.start);
        let link = link.filter(|link| is_first && link.kind == LinkKind::Definition);
        let found = link.and_then(|link| Destination::of_definition(source, definition, link));
        if found.is_some_and(|found| found.is_same(destination)) && !label.contains(['\n', '\r', '|']) {
            return Some(label.into_owned());
        }
    }
    None
}

/// A label from the words of a link that the note has nowhere in brackets.
fn free_label(source: &NoteRef<'_>, link: &Link) -> String {
    let words = words_of(&source.note.slice(link.display.unwrap_or(link.target)));
    let base = if Position::Label.can_hold(&words) { words } else { NO_WORDS.to_owned() };
    let taken = taken_labels(source);
    let numbered = (2_usize..).map(|number| format!("{base}-{number}"));
    let mut labels = std::iter::once(base.clone()).chain(numbered);
    labels.find(|label| !taken.contains(&fold_label(label))).unwrap_or(base)
}

/// The first words of a text, joined as in a slug; nothing if it has no letters.
fn words_of(text: &str) -> String {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let is_between = |char: char| char.is_whitespace() || char.is_ascii_punctuation() || char.is_control();
    let words = text.split(is_between).filter(|word| word.contains(char::is_alphanumeric));
    let words = words.take(MOST_WORDS).map(str::to_lowercase).collect::<Vec<String>>().join("-");
    if words.contains(char::is_alphabetic) { words } else { String::new() }
}

/// Everything that stands in brackets and could be read as a label, folded, but for the texts of inline
/// links; and the targets of wikilinks, for which Foam writes definitions.
fn taken_labels(source: &NoteRef<'_>) -> FxHashSet<String> {
    let parsed = &source.note.parsed;
    let mut texts: FxHashSet<usize> = FxHashSet::default();
    let mut taken: FxHashSet<String> = FxHashSet::default();
    for link in &parsed.links {
        match link.kind {
            LinkKind::Inline => _ = texts.insert(link.span.start.to_usize()),
            LinkKind::Image => _ = texts.insert(link.span.start.to_usize() + 1),
            _ => _ = taken.insert(fold_label(&source.note.slice(link.target))),
        }
    }
    let text = source.note.text.to_text();
    let mut open = None;
    for (at, char) in text.match_indices(['[', ']']) {
        if char == "[" {
            open = Some(at).filter(|at| !texts.contains(at));
            continue;
        }
        let label = open.take().and_then(|open| text.get(open + 1..at));
        taken.extend(label.filter(|label| label.len() <= LONGEST_LABEL).map(fold_label));
    }
    taken
}

/// The edit that adds a definition below the last one, or at the end of the note.
fn definition(asked: &Asked<'_>, label: &str, destination: &Destination) -> Edit {
    let note = asked.source.note;
    let text = note.text.to_text();
    let mut definition = format!("[{label}]: {}", destination.written);
    if !destination.title.is_empty() {
        definition = format!("{definition} {}", destination.title);
    }
    let last = free_definitions(&asked.context).pop().map(|last| line_end(note, last.definition.span.end));
    let (at, new_text): (Offset, String) = match last {
        Some(end) => (end, format!("{}{definition}", line_break(&text))),
        None => (note.text.end(), appended_to(&text, &definition, line_break(&text))),
    };
    Edit::replace(Span::empty(at), new_text)
}
