//! Wikilinks written as Markdown links and the other way round: they lead where they led and show what they showed.

use serde::{Deserialize, Serialize};

use crate::syntax::{Link, LinkKind, decode_link_part};
use crate::text::Span;
use crate::vault::{FileId, Resolution, Tier, relative_path};

use super::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, Edit, VaultChange};
use crate::ide::links::escape::{Part, encode};
use crate::ide::links::fragment::{Place, find_fragment};
use crate::ide::links::link_writer::LinkWriter;
use crate::ide::links::pipe::Pipe;

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
pub(super) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) {
    let links = &asked.source.note.parsed.links;
    let at = links.iter().filter(|link| asked.is_at(link.span));
    let Some((link, to)) = at
        .filter_map(|link| Some((link, form_of(link)?.other())))
        .find(|(link, _)| written(asked, link).is_some())
    else {
        return;
    };
    let (one, all) = match to {
        LinkForm::Markdown => {
            ("Write as a Markdown link", "Write all wikilinks of this note as Markdown links")
        }
        LinkForm::Wikilink => ("Write as a wikilink", "Write all Markdown links of this note as wikilinks"),
    };
    let mut add = |title: &str, subject| {
        offers.push(CodeAction {
            title: title.to_owned(),
            kind: ActionKind::Rewrite,
            is_preferred: false,
            mends: None,
            subject,
        });
    };
    add(one, ActionSubject::ConvertLink { link: link.span });
    let same = links.iter().filter(|other| form_of(other) == Some(to.other()));
    if same.filter(|other| written(asked, other).is_some()).nth(1).is_some() {
        add(all, ActionSubject::ConvertLinks { to });
    }
}

/// Writes the link at that span in the other form.
pub(super) fn resolve(asked: &Asked<'_>, span: Span) -> Result<VaultChange, ChangeError> {
    let link = asked.source.note.parsed.links.iter().find(|link| link.span == span);
    let new_text = link.and_then(|link| written(asked, link)).ok_or(ChangeError::Gone)?;
    Ok(VaultChange::in_note(asked.source.id, vec![Edit::replace(span, new_text)]))
}

/// Writes all links of the note in a form, as far as they can be.
pub(super) fn resolve_all(asked: &Asked<'_>, to: LinkForm) -> VaultChange {
    let links = asked.source.note.parsed.links.iter().filter(|link| form_of(link) == Some(to.other()));
    let mut edits: Vec<Edit> = Vec::new();
    for link in links {
        // A link may stand within another one, as an image does in the text of a link.
        let is_apart = edits.last().is_none_or(|last| last.span.end <= link.span.start);
        if let Some(new_text) = written(asked, link).filter(|_| is_apart) {
            edits.push(Edit::replace(link.span, new_text));
        }
    }
    VaultChange::in_note(asked.source.id, edits)
}

fn form_of(link: &Link) -> Option<LinkForm> {
    match link.kind {
        LinkKind::Wikilink | LinkKind::Embed => Some(LinkForm::Wikilink),
        LinkKind::Inline | LinkKind::Image => Some(LinkForm::Markdown),
        LinkKind::Definition | LinkKind::Autolink => None,
    }
}

/// The link in the other form; `None` if it leads to no file, or cannot be written so.
fn written(asked: &Asked<'_>, link: &Link) -> Option<String> {
    let parsed = &asked.source.note.parsed;
    let in_front_matter = parsed.front_matter.as_ref().is_some_and(|front| front.span.covers(link.span));
    let in_timestamp = parsed.timestamps.iter().any(|timestamp| timestamp.span.overlaps(link.span));
    let Resolution::Found(found) = asked.vault.resolve(&asked.source, link) else { return None };
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
    let target = source.note.slice(link.target);
    let fragment = link.fragment.map(|fragment| source.note.slice(fragment));
    let encoded = fragment.as_deref().map(|fragment| format!("#{}", encode(fragment, Part::Fragment, "")));
    let destination = if link.target.is_empty() { String::new() } else { destination(asked, file)? };
    let shown = match link.display.map(|display| source.note.slice(display)) {
        Some(shown) => shown.into_owned(),
        None if is_embed => String::new(),
        None => shown_by_itself(&target, fragment.as_deref()),
    };
    let shown = shown.replace('[', "\\[").replace(']', "\\]");
    let bang = if is_embed { "!" } else { "" };
    Some(format!("{bang}[{shown}]({destination}{})", encoded.unwrap_or_default()))
}

/// What a wikilink without display text shows; also what it says between its brackets.
fn shown_by_itself(target: &str, fragment: Option<&str>) -> String {
    fragment.map_or_else(|| target.to_owned(), |fragment| format!("{target}#{fragment}"))
}

/// The path of a file in a Markdown link of the note: from it, or from the root where links of the vault are so.
pub(super) fn destination(asked: &Asked<'_>, file: FileId) -> Option<String> {
    let path = &asked.vault.file(file)?.path;
    let folder = asked.source.path.folder();
    let style = asked.vault.link_style(&asked.source, asked.span.start);
    let from_root = format!("/{path}");
    let from_note = relative_path(folder, path.as_str());
    let candidates = if style.is_markdown_rooted { [from_root, from_note] } else { [from_note, from_root] };
    let leads_there = |name: &String| match asked.vault.resolve_target(folder, LinkKind::Inline, name) {
        Resolution::Found(found) => found.best == file && !found.is_ambiguous,
        _ => false,
    };
    let name = candidates.into_iter().find(leads_there)?;
    let components: Vec<String> =
        name.split('/').map(|component| encode(component, Part::Component, "")).collect();
    Some(components.join("/"))
}

fn as_wikilink(asked: &Asked<'_>, link: &Link, file: FileId) -> Option<String> {
    let source = asked.source;
    let display = link.display.map(|display| source.note.slice(display)).unwrap_or_default();
    let end = link.fragment.unwrap_or(link.target).end;
    let has_title = !matches!(&*source.note.slice(Span::between(end, link.span.end)), ")" | ">)");
    let display = display.trim().replace("\\[", "[").replace("\\]", "]");
    if has_title || display.contains(['|', '\n', '\r']) || display.contains("]]") || display.contains("](") {
        return None;
    }
    let writer = LinkWriter::at(asked.vault, &source, link.span.start);
    let is_image = link.kind == LinkKind::Image;
    let kind = if is_image { LinkKind::Embed } else { LinkKind::Wikilink };
    let target = match asked.vault.file(file) {
        Some(_) if link.target.is_empty() => String::new(),
        Some(of) => writer.target(kind, file, of),
        None => return None,
    };
    let leads_there = target.is_empty()
        || matches!(asked.vault.resolve_target(source.path.folder(), kind, &target),
            Resolution::Found(found) if found.best == file && found.tier <= Tier::Folded);
    let fragment = match link.fragment {
        Some(fragment) => Some(wikilink_fragment(asked, link, fragment, file)?),
        None => None,
    };
    if !leads_there {
        return None;
    }
    let says = shown_by_itself(&target, fragment.as_deref());
    let bang = if is_image { "!" } else { "" };
    if display.is_empty() || display == says {
        return Some(format!("{bang}[[{says}]]"));
    }
    let style = asked.vault.link_style(&source, link.span.start);
    let bar = Pipe::at(source.note, link.span.start).with_style(&style);
    Some(format!("{bang}[[{says}{bar}{display}]]"))
}

/// A fragment as a wikilink names it: a heading by its words where they lead to the same one.
fn wikilink_fragment(asked: &Asked<'_>, link: &Link, fragment: Span, file: FileId) -> Option<String> {
    let raw = asked.source.note.slice(fragment);
    let fragment = decode_link_part(link, &raw);
    let is_writable = |fragment: &str| !fragment.contains(['[', ']', '|']);
    if let Some(target) = asked.vault.note(file)
        && let place @ Place::Heading { heading, .. } = find_fragment(&fragment, &target)
        && let Some(heading) = target.note.parsed.headings.iter().find(|one| one.span == heading)
    {
        let name = target.note.parsed.written_heading_name(heading);
        let is_slug = !fragment.contains([' ', '#']) && fragment != name;
        if is_slug && is_writable(name) && !name.contains('#') && find_fragment(name, &target) == place {
            return Some(name.to_owned());
        }
    }
    is_writable(&fragment).then(|| fragment.into_owned())
}
