//! Wikilinks written as Markdown links and the other way round: they lead where they led and show what they
//! showed.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::syntax::{Link, LinkKind, decode_link_part};
use crate::text::{SortedByPlace, Span};
use crate::vault::{Cancelled, FileId};

use super::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, Edit, VaultChange};
use crate::ide::links::escape::{Encoding, Position};
use crate::ide::links::link_writer::{LinkWriter, markdown_link};

/// A form that a link can be written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LinkForm {
    /// `[[b#Heading|shown]]`
    Wikilink,
    /// `[shown](b.md#Heading)`
    Markdown,
}

impl LinkForm {
    fn other(self) -> LinkForm {
        match self {
            LinkForm::Wikilink => LinkForm::Markdown,
            LinkForm::Markdown => LinkForm::Wikilink,
        }
    }
}

/// The link at the place in the other form, and all of its form in the note.
pub(super) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) -> Result<(), Cancelled> {
    let links = &asked.source.note.parsed.links;
    let mut here = None;
    for link in asked.links_here() {
        asked.cancel.check()?;
        here = form_of(link).filter(|_| written(asked, link).is_some()).map(|form| (link, form.other()));
        if here.is_some() {
            break;
        }
    }
    let Some((link, to)) = here else { return Ok(()) };
    let (one, all) = match to {
        LinkForm::Markdown => {
            ("Convert to Markdown link", "Convert all wikilinks in this note to Markdown links")
        }
        LinkForm::Wikilink => ("Convert to wikilink", "Convert all Markdown links in this note to wikilinks"),
    };
    let mut add = |title: &str, subject| {
        offers.push(CodeAction::new(ActionKind::Rewrite, title, subject));
    };
    add(one, ActionSubject::ConvertLink { link: link.span });
    let mut count = 0;
    for other in links.iter().filter(|other| form_of(other) == Some(to.other())) {
        asked.cancel.check()?;
        count += usize::from(written(asked, other).is_some());
        if count > 1 {
            add(all, ActionSubject::ConvertLinks { to });
            break;
        }
    }
    Ok(())
}

/// Writes the link at that span in the other form.
pub(super) fn resolve(asked: &Asked<'_>, span: Span) -> Result<VaultChange, ChangeError> {
    let new_text = written(asked, asked.link_at(span)?).ok_or(ChangeError::Gone)?;
    Ok(VaultChange::in_note(asked.source.id, vec![Edit::replace(span, new_text)]))
}

/// Writes all links of the note in a form, as far as they can be.
pub(super) fn resolve_all(asked: &Asked<'_>, to: LinkForm) -> Result<VaultChange, Cancelled> {
    let links = asked.source.note.parsed.links.iter().filter(|link| form_of(link) == Some(to.other()));
    let mut edits: Vec<Edit> = Vec::new();
    for link in links {
        asked.cancel.check()?;
        // A link may stand within another one, as an image does in the text of a link.
        let is_apart = edits.last().is_none_or(|last| last.span.end <= link.span.start);
        if let Some(new_text) = written(asked, link).filter(|_| is_apart) {
            edits.push(Edit::replace(link.span, new_text));
        }
    }
    Ok(VaultChange::in_note(asked.source.id, edits))
}

fn form_of(link: &Link) -> Option<LinkForm> {
    match link.kind {
        LinkKind::Wikilink | LinkKind::Embed => Some(LinkForm::Wikilink),
        LinkKind::Inline | LinkKind::Image => Some(LinkForm::Markdown),
        LinkKind::Definition | LinkKind::Autolink | LinkKind::Html => None,
    }
}

/// The link in the other form; `None` if it leads to no file, or cannot be written so.
fn written(asked: &Asked<'_>, link: &Link) -> Option<String> {
    let parsed = &asked.source.note.parsed;
    let in_front_matter = parsed.front_matter.as_ref().is_some_and(|front| front.span.covers(link.span));
    let in_timestamp = parsed.timestamps.overlapping(link.span).next().is_some();
    let found = asked.vault.resolve(&asked.source, link).found()?;
    if in_front_matter || in_timestamp || found.is_ambiguous {
        return None;
    }
    match form_of(link)? {
        LinkForm::Wikilink => as_markdown(asked, link, found.best),
        LinkForm::Markdown => as_wikilink(asked, link, found.best),
    }
}

fn as_markdown(asked: &Asked<'_>, link: &Link, file: FileId) -> Option<String> {
    let source = asked.source;
    let is_embed = link.kind == LinkKind::Embed;
    if is_embed && asked.vault.note(file).is_some() {
        // A Markdown image shows no note.
        return None;
    }
    let fragment = link.fragment.map(|fragment| source.note.slice(fragment));
    let destination = match link.target.is_empty() {
        true => String::new(),
        false => {
            LinkWriter::at(asked.vault, &source, link.span.start).destination(file, Encoding::default())?
        }
    };
    let shown = match link.display {
        Some(display) => source.note.slice(display),
        None if is_embed => Cow::default(),
        // What a wikilink shows by itself stands between its brackets.
        None => {
            let end = link.fragment.unwrap_or(link.target).end;
            let start = if link.target.is_empty() { link.span.start.plus(2) } else { link.target.start };
            source.note.slice(Span::between(start, end))
        }
    };
    let link = markdown_link(&shown, &destination, fragment.as_deref())?;
    Some(if is_embed { format!("!{link}") } else { link })
}

fn as_wikilink(asked: &Asked<'_>, link: &Link, file: FileId) -> Option<String> {
    let source = asked.source;
    let end = link.fragment.unwrap_or(link.target).end;
    let has_title = !matches!(&*source.note.slice(Span::between(end, link.span.end)), ")" | ">)");
    if has_title {
        return None;
    }
    let is_image = link.kind == LinkKind::Image;
    let kind = if is_image { LinkKind::Embed } else { LinkKind::Wikilink };
    let writer = LinkWriter::at(asked.vault, &source, link.span.start);
    let target = if link.target.is_empty() { String::new() } else { writer.exact_target(kind, file)? };
    let fragment = match link.fragment {
        Some(fragment) => Some(wikilink_fragment(asked, link, fragment, file)?),
        None => None,
    };
    let display = link.display.map(|display| source.note.slice(display)).unwrap_or_default();
    let display = Position::LinkText.read(display.trim());
    let display = Some(&*display).filter(|display| !display.is_empty());
    let link = writer.wikilink(&target, fragment.as_deref(), display)?;
    Some(if is_image { format!("!{link}") } else { link })
}

/// A fragment as a wikilink names it: a heading by its words instead of its slug.
fn wikilink_fragment(asked: &Asked<'_>, link: &Link, fragment: Span, file: FileId) -> Option<String> {
    let raw = asked.source.note.slice(fragment);
    let fragment = decode_link_part(link, &raw).into_owned();
    let Some(target) = asked.vault.note(file) else { return Some(fragment) };
    let fragments = asked.context.fragments.of(target);
    let Some(index) = fragments.find_heading(&fragment) else { return Some(fragment) };
    let parsed = &target.note.parsed;
    let is_slug = !fragment.contains([' ', '#']);
    let words = parsed.headings.get(index).filter(|_| is_slug);
    let words = words.map(|heading| parsed.written_heading_name(heading).to_owned());
    fragments.name_heading(index, Position::Fragment, words.into_iter().chain([fragment]))
}
