//! The note that a broken link names, created.

use crate::syntax::{Link, decode_link_part};
use crate::text::Span;
use crate::vault::{Cancelled, VaultPath, loose};

use super::{ActionKind, ActionSubject, Asked, CodeAction, MAX_FINDINGS};
use crate::ide::change::{ChangeError, VaultChange};
use crate::ide::diagnostics::rules::link;
use crate::ide::new_note::missing_file::missing_file;

/// Creates the note that a link at the place names, if it is missing; of at most [`MAX_FINDINGS`] links.
pub(super) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) -> Result<(), Cancelled> {
    let missing = [link::missing_note::RULE.code(), link::missing_file::RULE.code()];
    let here = asked.diagnostics()?.filter(|finding| asked.is_at(finding.span));
    for finding in here.filter(|finding| missing.contains(&finding.code)).take(MAX_FINDINGS) {
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
    let folder = asked.maker().folder(Some(asked.source.id));
    missing_file(&asked.source, link, &folder).filter(VaultPath::is_note)
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
