//! The table of contents of a note: a list of links to its headings, between `<!-- toc -->` and
//! `<!-- /toc -->` or below a heading called Contents.

use crate::syntax::{Heading, LinkKind};
use crate::text::{Offset, Span};
use crate::vault::{Cancelled, NoteRef};

use super::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, ChangeFailure, Edit, VaultChange, changes_something};
use crate::ide::links::escape::{Encoding, Position};
use crate::ide::links::fragment::Fragments;
use crate::ide::links::link_writer::{LinkWriter, markdown_link};
use crate::ide::note::lines::line_break;
use crate::ide::note::title::is_title_of_all;

/// A note with fewer headings needs no table of them.
const LEAST_HEADINGS: usize = 2;

const START: &str = "<!-- toc -->";
const ENDS: [&str; 3] = ["<!-- /toc -->", "<!-- tocstop -->", "<!-- endtoc -->"];
const NAMES: [&str; 3] = ["contents", "table of contents", "toc"];

/// The table that is there, if it is another one by now; on a heading or an empty line, a new one if there is
/// none.
pub(super) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) -> Result<(), Cancelled> {
    let note = &asked.source;
    let at_heading = || note.note.parsed.headings.iter().any(|heading| asked.is_at(heading.span));
    let line = note.note.text.line(note.note.text.line_of(asked.span.start)).unwrap_or_default();
    let at_blank = || asked.span.is_empty() && note.note.slice(line).trim().is_empty();
    let table = find(note);
    let (title, changes) = match &table {
        Some(table) if !table.holds_links_only => return Ok(()),
        Some(table) if asked.is_at(table.whole) || at_heading() => {
            ("Update table of contents", changes_something(resolve(asked, asked.span.start))?)
        }
        None if at_heading() || at_blank() => {
            ("Insert table of contents", listed(note, None).nth(LEAST_HEADINGS - 1).is_some())
        }
        _ => return Ok(()),
    };
    if changes {
        offers.push(CodeAction::new(
            ActionKind::Rewrite,
            title,
            ActionSubject::UpdateContents { at: Span::empty(asked.span.start) },
        ));
    }
    Ok(())
}

/// Writes the table anew, or a new one at a place: before the heading there, or on the empty line. Nothing if
/// the table says already what it would say.
pub(super) fn resolve(asked: &Asked<'_>, at: Offset) -> Result<VaultChange, ChangeFailure> {
    let note = &asked.source;
    let text = note.note.text.to_text();
    let line_break = line_break(&text);
    let table = find(note);
    if table.as_ref().is_some_and(|table| !table.holds_links_only) {
        return Err(ChangeError::Gone.into());
    }
    let lines = lines(asked, table.as_ref())?.ok_or(ChangeError::Gone)?;
    let list: String = lines.iter().map(|line| format!("{line}{line_break}")).collect();
    let Some(table) = table else {
        let parsed = &note.note.parsed;
        let heading = parsed.headings.iter().find(|heading| heading.span.touches(at));
        // The table of a note stands below its title, not above it.
        let below = heading.filter(|heading| is_title_of_all(note, heading)).map(|title| title.span.end);
        let start = heading.map_or(at, |heading| heading.span.start);
        let block = format!("{START}{line_break}{line_break}{list}{line_break}{}", ENDS[0]);
        let edit = match below {
            None if heading.is_some() => {
                Edit::replace(Span::empty(start), format!("{block}{line_break}{line_break}"))
            }
            _ => {
                let place = rest_of_line(&text, below.unwrap_or(start));
                let lead = if below.is_some() { line_break.repeat(2) } else { String::new() };
                let tail = if is_blank_below(&text, place.end) { "" } else { line_break };
                Edit::replace(place, format!("{lead}{block}{tail}"))
            }
        };
        return Ok(VaultChange::in_note(note.id, vec![edit]));
    };
    let tail = match (table.is_marked, table.is_closed) {
        (true, true) => line_break.to_owned(),
        (true, false) => format!("{line_break}{}{line_break}", ENDS[0]),
        (false, _) => String::new(),
    };
    let new_text = format!("{line_break}{line_break}{list}{tail}");
    let old = note.note.slice(table.list);
    let says_the_same = old.split_whitespace().eq(new_text.split_whitespace());
    let edits = if says_the_same { Vec::new() } else { vec![Edit::replace(table.list, new_text)] };
    Ok(VaultChange::in_note(note.id, edits))
}

/// What stands behind an offset on its line.
fn rest_of_line(text: &str, at: Offset) -> Span {
    let behind = text.get(at.to_usize()..).unwrap_or_default();
    let line = behind.lines().next().unwrap_or_default();
    Span::between(at, at.plus(if line.trim().is_empty() { line.len() } else { 0 }))
}

/// Whether a blank line, or none, follows the line of an offset: other text would count to the comment above
/// it, which is HTML.
fn is_blank_below(text: &str, at: Offset) -> bool {
    let behind = text.get(at.to_usize()..).unwrap_or_default();
    behind.lines().nth(1).is_none_or(|line| line.trim().is_empty())
}

/// A table of contents as it stands.
struct Table {
    /// From its marker or heading to its end.
    whole: Span,
    /// What is written anew: from the end of the line with the marker or heading, the list, up to what
    /// follows.
    list: Span,
    /// Whether a comment marks it, and not a heading.
    is_marked: bool,
    /// Whether a comment marks its end as well.
    is_closed: bool,
    /// Its heading.
    heading: Option<Span>,
    /// Whether no words are lost when it is written over.
    holds_links_only: bool,
}

/// The table of a note.
fn find(note: &NoteRef<'_>) -> Option<Table> {
    let parsed = &note.note.parsed;
    let says = |span: &Span, wanted: &[&str]| {
        let said = note.note.slice(*span);
        wanted.iter().any(|wanted| said.eq_ignore_ascii_case(wanted))
    };
    let is_table = |heading: &&Heading| {
        let name = parsed.heading_name(heading).trim().to_lowercase();
        NAMES.contains(&name.trim_end_matches(':'))
    };
    let marker = parsed.opaque.iter().copied().find(|span| says(span, &[START]));
    let heading = if marker.is_none() { parsed.headings.iter().find(is_table) } else { None };
    let heading = heading.map(|heading| heading.span);
    let start = marker.or(heading)?;
    let mut behind = parsed.opaque.iter().filter(|span| marker.is_some() && span.start >= start.end);
    let end = behind.find(|span| says(span, &ENDS));
    let list = match end {
        Some(end) => Span::between(start.end, end.start),
        None => list_after(note, start.end),
    };
    Some(Table {
        whole: Span::between(start.start, end.map_or(list.end, |end| end.end)),
        list,
        is_marked: marker.is_some(),
        is_closed: end.is_some(),
        heading,
        holds_links_only: holds_links_only(note, list),
    })
}

/// The lines of the list that follows a place, with the blank ones before it; nothing if something else
/// follows.
fn list_after(note: &NoteRef<'_>, at: Offset) -> Span {
    let text = &note.note.text;
    let mut end = at;
    for line in text.line_of(at) + 1.. {
        let Some(span) = text.line(line) else { break };
        let said = text.slice(span);
        if said.trim().is_empty() {
            if end > at {
                break;
            }
            continue;
        }
        if !is_item(&said) {
            break;
        }
        end = text.line(line + 1).map_or(span.end, |next| next.start);
    }
    Span::between(at, end)
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let number = line.trim_start_matches(|char: char| char.is_ascii_digit());
    line.starts_with(['-', '*', '+']) || number.len() < line.len() && number.starts_with(['.', ')'])
}

/// Whether each line of a list is a link to the note's own headings and nothing else, so that no words are
/// lost.
fn holds_links_only(note: &NoteRef<'_>, list: Span) -> bool {
    let links = &note.note.parsed.links;
    note.note.slice(list).lines().filter(|line| !line.trim().is_empty()).all(|line| {
        let item = line.trim_start_matches(|char: char| !matches!(char, '['));
        is_item(line) && (item.starts_with("[[#") || item.contains("](#")) && item.ends_with([']', ')'])
    }) && links.iter().filter(|link| list.covers(link.span)).all(|link| link.target.is_empty())
}

/// The headings that a table lists, with their indexes: all but the title, the table's own and those without
/// a name.
fn listed<'a>(note: &'a NoteRef<'_>, table: Option<&Table>) -> impl Iterator<Item = (usize, &'a Heading)> {
    let own = table.and_then(|table| table.heading);
    let parsed = &note.note.parsed;
    parsed.headings.iter().enumerate().filter(move |(_, heading)| {
        let is_named = !parsed.heading_name(heading).is_empty();
        is_named && Some(heading.span) != own && !is_title_of_all(note, heading)
    })
}

/// A line for each heading that is listed; `None` if there are too few.
fn lines(asked: &Asked<'_>, table: Option<&Table>) -> Result<Option<Vec<String>>, Cancelled> {
    let note = &asked.source;
    let parsed = &note.note.parsed;
    let fragments = Fragments::of(*note);
    let slugs = parsed.slugs();
    let writer = LinkWriter::at(asked.vault, note, asked.span.start);
    let is_wiki = writes_wikilinks(note, table);
    let mut above: Vec<u8> = Vec::new();
    let mut lines = Vec::new();
    for (index, heading) in listed(note, table) {
        asked.cancel.check()?;
        let (name, slug) = (parsed.heading_name(heading), slugs.get(index).cloned().unwrap_or_default());
        while above.pop_if(|level| *level >= heading.level).is_some() {}
        let wikilink = || {
            let written = parsed.written_heading_name(heading).to_owned();
            let fragment = fragments.name_heading(index, Position::Fragment, [written])?;
            // Other tools know slugs in Markdown links only.
            if fragment == slug && fragment != name {
                return None;
            }
            let shown = Some(name).filter(|name| *name != fragment);
            writer.wikilink("", Some(&fragment), shown)
        };
        let markdown = || {
            let position = Position::EncodedFragment(Encoding::default());
            markdown_link(name, "", Some(&fragments.name_heading(index, position, [slug.clone()])?))
        };
        let link = if is_wiki { wikilink() } else { None };
        let said = link.or_else(markdown).unwrap_or_else(|| name.to_owned());
        lines.push(format!("{}- {said}", "  ".repeat(above.len())));
        above.push(heading.level);
    }
    Ok((lines.len() >= LEAST_HEADINGS).then_some(lines))
}

/// Whether links to headings are written as wikilinks: as the table does so far, else as the note mostly
/// does, else they are.
fn writes_wikilinks(note: &NoteRef<'_>, table: Option<&Table>) -> bool {
    let links = note.note.parsed.links.iter().filter(|link| !link.is_external);
    let in_table = |link: &crate::syntax::Link| table.is_some_and(|table| table.list.covers(link.span));
    if let Some(first) = links.clone().find(|link| in_table(link)) {
        return first.kind.is_wiki();
    }
    let wiki = links.clone().filter(|link| link.kind.is_wiki()).count();
    links.filter(|link| link.kind == LinkKind::Inline).count() <= wiki
}
