//! The note that a broken link names, created.

use crate::syntax::{Link, LinkKind, decode_link_part};
use crate::text::Span;
use crate::vault::{Cancelled, VaultPath, is_relative, last_component, loose};

use super::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, VaultChange};
use crate::ide::diagnostics::rules::link;
use crate::ide::new_note::note_path;

/// What Obsidian opens that is no note (Obsidian help, "Accepted file formats"): a link to one means a file
/// to be put there.
const ATTACHMENTS: [&str; 26] = [
    "avif", "bmp", "gif", "jpeg", "jpg", "png", "svg", "webp", "flac", "m4a", "mp3", "ogg", "wav", "webm",
    "3gp", "mkv", "mov", "mp4", "ogv", "pdf", "canvas", "base", "zip", "html", "csv", "json",
];

/// Creates the note that a link at the place names, if it is missing.
pub(super) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) -> Result<(), Cancelled> {
    let missing = [link::missing_note::RULE.code(), link::missing_file::RULE.code()];
    let here = asked.diagnostics()?.filter(|finding| asked.is_at(finding.span));
    for finding in here.filter(|finding| missing.contains(&finding.code)) {
        let Some(path) = link_to(asked, finding.span).and_then(|link| path_of(asked, link)) else { continue };
        let subject = ActionSubject::CreateNote { target: finding.span };
        offers.push(CodeAction {
            fixes: Some(finding.clone()),
            ..CodeAction::new(ActionKind::QuickFix, format!("Create note `{path}`"), subject)
        });
    }
    Ok(())
}

/// Creates the note that the link with that target names, with the heading that the link names in it.
pub(super) fn resolve(asked: &Asked<'_>, target: Span) -> Result<VaultChange, ChangeError> {
    let link = link_to(asked, target).ok_or(ChangeError::Gone)?;
    let path = path_of(asked, link).ok_or(ChangeError::Gone)?;
    let title = title_of(asked, link, &path);
    let mut change = asked.maker().create_titled(path, &title)?;
    if let Some(new) = change.created.first_mut() {
        new.text = with_heading(std::mem::take(&mut new.text), fragment_of(asked, link).as_deref());
    }
    Ok(change)
}

/// The link with that target.
fn link_to<'a>(asked: &Asked<'a>, target: Span) -> Option<&'a Link> {
    asked.source.note.parsed.links.iter().find(|link| link.target == target)
}

/// Where the note has to lie so that the link finds it; `None` if it names no note.
fn path_of(asked: &Asked<'_>, link: &Link) -> Option<VaultPath> {
    let raw = asked.source.note.slice(link.target);
    let name = decode_link_part(link, &raw);
    let name = name.trim_end_matches('/');
    let extension =
        last_component(name).rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let is_attachment = extension.is_some_and(|extension| ATTACHMENTS.contains(&&*extension));
    if link.kind == LinkKind::Image || is_attachment {
        return None;
    }
    let own_folder = asked.source.path.folder();
    let folder = match link.kind.is_wiki() {
        true if is_relative(name) => own_folder.to_owned(),
        true if name.contains('/') => String::new(),
        true => asked.maker().folder(Some(asked.source.id)),
        false if name.starts_with('/') => String::new(),
        false => own_folder.to_owned(),
    };
    note_path(&folder, name).ok()
}

/// The name of the note, as the link shows it if that is another spelling of it.
fn title_of(asked: &Asked<'_>, link: &Link, path: &VaultPath) -> String {
    let shown = link.display.map(|display| asked.source.note.slice(display));
    let shown = shown.filter(|shown| loose(shown) == loose(path.stem()));
    shown.map_or_else(|| path.stem().to_owned(), |shown| shown.trim().to_owned())
}

/// The headings that the link names, outermost first.
fn fragment_of(asked: &Asked<'_>, link: &Link) -> Option<String> {
    let raw = asked.source.note.slice(link.fragment?);
    let fragment = decode_link_part(link, &raw);
    (!fragment.trim().is_empty() && !fragment.starts_with('^')).then(|| fragment.into_owned())
}

fn with_heading(mut text: String, fragment: Option<&str>) -> String {
    for (depth, heading) in fragment.into_iter().flat_map(|fragment| fragment.split('#')).enumerate() {
        let heading = heading.trim();
        if heading.is_empty() || text.lines().any(|line| line.trim_start_matches('#').trim() == heading) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
        }
        text.push_str(&format!("{} {heading}\n", "#".repeat((depth + 2).min(6))));
    }
    text
}
