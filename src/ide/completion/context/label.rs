//! Labels: `[^footnote`, `[text][label`, `[label`.

use super::{Context, Line, MAX_TYPED, Wanted, is_escaped};

/// The label that is being written.
pub(super) fn find(line: &Line<'_>) -> Option<Context> {
    let (lead, inner) = line.before.rsplit_once('[')?;
    if inner.len() > MAX_TYPED || inner.contains(']') || is_escaped(lead) || lead.ends_with('[') {
        return None;
    }
    if let Some(label) = inner.strip_prefix('^') {
        let is_label = !label.contains(char::is_whitespace);
        return is_label.then(|| line.context_up_to("]", Wanted::Footnote, label));
    }
    let text = lead.strip_suffix(']')?;
    let is_text = !text.ends_with(']') && text.contains('[');
    is_text.then(|| line.context_up_to("]", Wanted::Label, inner))
}

/// The label that is being written as its own text, `[label`, also with what it will stand before: `[]` and a
/// definition of the note.
pub(super) fn find_shortcut(line: &Line<'_>) -> Option<Context> {
    let (lead, inner) = line.before.rsplit_once('[')?;
    let typed = line.before.get(lead.len()..)?;
    let is_begun = inner.len() <= MAX_TYPED && !inner.contains(']') && !is_escaped(lead);
    if !is_begun || lead.ends_with(['[', ']']) || lead.ends_with("](") {
        return None;
    }
    let mut context = line.context(Wanted::Shortcut, typed);
    let to_bracket = line.after.find(['[', ']']).and_then(|end| line.after.split_at_checked(end));
    match to_bracket.and_then(|(old, end)| Some((old, end.strip_prefix(']')?))) {
        // The text of a link, a definition or a task.
        Some((old, behind)) if behind.starts_with(['(', ':']) || old == " " && inner.is_empty() => {
            return None;
        }
        Some((old, _)) => context.replace.end = line.at.plus(old.len() + 1),
        None => context.rest = line.word_after(inner).to_owned(),
    }
    Some(context)
}
