//! What begins with a character of its own: `#tag`, `> [!kind`.

use crate::syntax::is_tag_part;

use super::{Context, Line, Wanted};

/// `#tag`. At the start of a line a heading is as likely, so there a letter comes first.
pub(super) fn find_tag(line: &Line<'_>) -> Option<Context> {
    let (lead, name) = line.before.rsplit_once('#')?;
    let is_apart = lead.chars().next_back().map_or(line.is_from_start, char::is_whitespace);
    let may_be_heading = name.is_empty() && line.before_in_quotes().is_none_or(|before| before == "#");
    if !is_apart || may_be_heading || !name.chars().all(is_tag_part) {
        return None;
    }
    let mut context = line.context(Wanted::Tag, name);
    context.rest = rest_of_tag(line, name);
    Some(context)
}

/// The rest of a tag that the cursor stands in.
pub(super) fn rest_of_tag(line: &Line<'_>, typed: &str) -> String {
    let end = line.after.find(|char| !is_tag_part(char)).unwrap_or(line.after.len());
    let rest = if typed.is_empty() { "" } else { line.after.get(..end).unwrap_or_default() };
    rest.to_owned()
}

/// `> [!kind`
pub(super) fn find_callout(line: &Line<'_>) -> Option<Context> {
    let kind = line.before_in_quotes()?.strip_prefix("[!")?;
    let is_quoted = line.before.trim_start().starts_with('>');
    let is_kind = !kind.contains(|char: char| char.is_whitespace() || matches!(char, '[' | ']' | '|'));
    (is_quoted && is_kind).then(|| line.context_up_to("]", Wanted::Callout, kind))
}
