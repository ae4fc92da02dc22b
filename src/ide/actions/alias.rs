//! The text that a link shows, added to the aliases of the note that it leads to.

use crate::syntax::{FaultKind, FrontMatter, FrontMatterFormat, Link, LinkKind};
use crate::text::{Offset, Span};
use crate::vault::{Note, NoteRef, fold};

use super::{ActionKind, ActionSubject, Asked, CodeAction};
use crate::ide::change::{ChangeError, Edit, VaultChange, edited};
use crate::ide::links::escape::Position;
use crate::ide::new_note::yaml_text;

/// The link at the place, if it shows what its note is not called yet.
pub(super) fn offer(asked: &Asked<'_>, offers: &mut Vec<CodeAction>) {
    let mut links = asked.links_here().filter_map(|link| Some((link, new_alias(asked, link)?)));
    let Some((link, (note, alias))) = links.next() else { return };
    offers.push(CodeAction::new(
        ActionKind::Rewrite,
        format!("Add `{alias}` to the aliases of `{}`", note.path.stem()),
        ActionSubject::AddAlias { link: link.span },
    ));
}

/// Adds what the link at that span shows to the aliases of its note, and leaves all else of the front matter
/// as it is.
pub(super) fn resolve(asked: &Asked<'_>, span: Span) -> Result<VaultChange, ChangeError> {
    let (note, alias) = new_alias(asked, asked.link_at(span)?).ok_or(ChangeError::Gone)?;
    let edit = edit_of(&note, &alias);
    let after = Note::new(&edited(note.note, std::slice::from_ref(&edit)));
    let kept = |note: &Note| -> Vec<String> {
        let front_matter = note.parsed.front_matter.iter();
        front_matter.flat_map(|front| front.aliases.iter()).map(|alias| alias.value.to_string()).collect()
    };
    let mut expected = kept(note.note);
    expected.push(alias);
    expected.sort();
    let mut now = kept(&after);
    now.sort();
    if now != expected || is_broken(&after) {
        return Err(ChangeError::FrontMatter(note.path.clone()));
    }
    Ok(VaultChange::in_note(note.id, vec![edit]))
}

/// The note that a link leads to and what it shows of it, if that is no name of the note.
fn new_alias<'a>(asked: &Asked<'a>, link: &Link) -> Option<(NoteRef<'a>, String)> {
    if !matches!(link.kind, LinkKind::Wikilink | LinkKind::Inline) || link.fragment.is_some() {
        return None;
    }
    let shown = asked.source.note.slice(link.display?);
    let shown = shown.trim();
    let is_plain = !shown.is_empty() && Position::Target.can_hold(shown) && !shown.contains(['`', '!']);
    let found = asked.vault.resolve(&asked.source, link).found()?;
    let note = asked.vault.note(found.best).filter(|_| is_plain && !found.is_ambiguous)?;
    let folded = fold(shown);
    let is_same = |name: &str| fold(name) == folded;
    let is_alias = |front: &FrontMatter| front.aliases.iter().any(|alias| is_same(&alias.value));
    let is_known = is_same(note.path.stem())
        || note.note.parsed.title().is_some_and(|title| is_same(&title.value))
        || note.note.parsed.front_matter.as_deref().is_some_and(is_alias);
    let is_yaml =
        note.note.parsed.front_matter.as_ref().is_none_or(|front| front.format == FrontMatterFormat::Yaml);
    let is_editable = is_yaml && note.note.invalid_utf8.is_none() && !is_broken(note.note);
    (!is_known && is_editable).then(|| (note, shown.to_owned()))
}

fn is_broken(note: &Note) -> bool {
    let is_front_matter =
        |kind: &FaultKind| matches!(kind, FaultKind::FrontMatter(_) | FaultKind::FrontMatterValue(_));
    note.parsed.faults.iter().any(|fault| is_front_matter(&fault.kind))
}

/// The edit that adds an alias: to the list that is there, in its style, else in a list of its own.
fn edit_of(note: &NoteRef<'_>, alias: &str) -> Edit {
    let text = note.note.text.to_text();
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let value = yaml_text(alias);
    let insert = |at: usize, new_text: String| Edit::replace(Span::empty(Offset::new(at)), new_text);
    let Some(front) = note.note.parsed.front_matter.as_deref() else {
        let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let new_text = ["---", "aliases:", &format!("  - {value}"), "---", ""].join(line_break);
        return insert(start, new_text);
    };
    let Some((key_end, line_end)) = key_line(&text, front) else {
        let end = front.content.end.to_usize();
        let is_apart = text.get(..end).is_none_or(|before| before.ends_with(['\n', '\r']));
        let lines = ["aliases:".to_owned(), format!("  - {value}")].join(line_break);
        return insert(end, if is_apart { lines + line_break } else { line_break.to_owned() + &lines });
    };
    let rest = text.get(key_end..line_end).unwrap_or_default();
    let said = rest.trim_start();
    let value_start = key_end + rest.len() - said.len();
    // A scalar ends before its closing quote.
    let behind_quote = |at: usize| {
        let is_quote = text.get(at..).is_some_and(|after| after.starts_with(['"', '\'']));
        at + usize::from(is_quote)
    };
    let last = front.aliases.iter().rfind(|alias| alias.span.start.to_usize() >= key_end);
    let last = last.map(|last| behind_quote(last.span.end.to_usize()));
    match last {
        Some(end) if said.starts_with('[') => insert(end, format!(", {value}")),
        None if said.starts_with('[') => insert(value_start + 1, value),
        Some(end) if said.is_empty() || said.starts_with('#') => {
            let line = text.get(..end).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
            let marker = text
                .get(line..end)
                .and_then(|item| item.find('-'))
                .map_or("  ", |dash| text.get(line..line + dash).unwrap_or("  "));
            let end =
                end + text.get(end..).and_then(|rest| rest.find(['\n', '\r'])).unwrap_or(text.len() - end);
            insert(end, format!("{line_break}{marker}- {value}"))
        }
        Some(end) => {
            let written = text.get(value_start..end).unwrap_or_default();
            Edit::replace(Span::new(value_start, end), format!("[{written}, {value}]"))
        }
        None => insert(line_end, format!("{line_break}  - {value}")),
    }
}

/// Where the key of the aliases ends, behind its colon, and its line without the line break.
fn key_line(text: &str, front: &FrontMatter) -> Option<(usize, usize)> {
    let content = text.get(front.content.range())?;
    ["aliases:", "alias:"].into_iter().find_map(|key| {
        let mut start = front.content.start.to_usize();
        for line in content.split_inclusive('\n') {
            if line.get(..key.len()).is_some_and(|start| start.eq_ignore_ascii_case(key)) {
                return Some((start + key.len(), start + line.trim_end_matches(['\n', '\r']).len()));
            }
            start += line.len();
        }
        None
    })
}
