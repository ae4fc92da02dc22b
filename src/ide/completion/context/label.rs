//! Labels: `[^footnote`, `[text][label`.

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
