//! A timestamp that is being begun in a note of a video: `[`, `[1:5`, `<a`, `<a class="yt-timestamp"
//! data-t="0`.

use crate::syntax::TimestampForm;
use crate::text::{Offset, SortedByPlace};

use super::{Context, Line, Opening, Wanted, back, is_escaped};

/// What a tag begins with, behind its `<`.
const TAG: &str = "a class=\"yt-timestamp\" data-t=\"";

/// The longest clock that is taken for one, in bytes: `100:00:00` and some more.
const MAX_CLOCK: usize = 12;

/// The timestamp that is being begun.
pub(super) fn find(line: &Line<'_>) -> Option<Context> {
    line.note.note.parsed.video_id()?;
    in_brackets(line).or_else(|| in_tag(line))
}

/// `[1:5`
fn in_brackets(line: &Line<'_>) -> Option<Context> {
    let (lead, clock) = line.before.rsplit_once('[')?;
    let typed = line.before.get(lead.len()..)?;
    if !is_begun_clock(clock) || lead.ends_with(['[', ']', '!', '\\']) || lead.ends_with("](") {
        return None;
    }
    let end = line.after.find(|char| !is_of_clock(char)).unwrap_or(line.after.len());
    let (rest, behind) = line.after.split_at_checked(end)?;
    let length = match behind.strip_prefix(']') {
        // A link, a label or a definition.
        Some(next) if next.starts_with(['(', '[', ':']) => return None,
        Some(_) => end + 1,
        None if behind.starts_with(char::is_alphanumeric) || behind.starts_with(" ]") => return None,
        None if clock.is_empty() && !rest.is_empty() => return None,
        None => end,
    };
    if is_in_timestamp(line, back(line.at, typed.len())) {
        return None;
    }
    Some(around(line, Opening::Bracket, clock, typed, length))
}

/// `<a class="yt-timestamp" data-t="0`, as far as it is written.
fn in_tag(line: &Line<'_>) -> Option<Context> {
    let (lead, inner) = line.before.rsplit_once('<')?;
    let typed = line.before.get(lead.len()..)?;
    let clock = match inner.strip_prefix(TAG) {
        Some(clock) => Some(clock).filter(|clock| is_begun_clock(clock)),
        None => TAG.starts_with(inner).then_some(""),
    }?;
    if is_escaped(lead) || lead.ends_with("](") || lead.ends_with(char::is_alphanumeric) {
        return None;
    }
    let opening = match inner {
        "" => Opening::Angle,
        "a" => Opening::Anchor,
        _ => Opening::Attributes,
    };
    let open = back(line.at, typed.len());
    if is_in_timestamp(line, open) {
        return None;
    }
    let length = match whole_tag(line, open) {
        Some(end) => end.to_usize().saturating_sub(line.at.to_usize()),
        None => {
            let behind = line.after.trim_start_matches(is_of_clock);
            let behind = behind.strip_prefix('"').unwrap_or(behind);
            let behind = behind.strip_prefix('>').unwrap_or(behind);
            let behind = behind.strip_prefix("</a>").unwrap_or(behind);
            line.after.len() - behind.len()
        }
    };
    let behind = line.after.get(length..)?;
    let goes_on = behind.starts_with(char::is_alphanumeric) || behind.trim_start().starts_with("data-t");
    (!goes_on).then(|| around(line, opening, clock, typed, length))
}

fn around(line: &Line<'_>, opening: Opening, clock: &str, typed: &str, length: usize) -> Context {
    let mut context = line.context(Wanted::Timestamp(opening, clock.to_owned()), typed);
    context.replace.end = line.at.plus(length);
    context
}

/// The end of the whole tag at `open`, if the cursor stands in its moment.
fn whole_tag(line: &Line<'_>, open: Offset) -> Option<Offset> {
    let note = line.note.note;
    let tag = note.parsed.timestamps.starting_at(open).filter(|stamp| stamp.form() == TimestampForm::Tag)?;
    let parts = tag.parts(&note.slice(tag.span));
    // In a tag that is not closed all up to the next quotation mark counts as its value.
    let value = parts.value.filter(|value| value.touches(line.at) && parts.is_closed)?;
    note.slice(value).chars().all(is_of_clock).then_some(tag.span.end)
}

/// Whether what is opened there is a part of a timestamp that begins before it.
fn is_in_timestamp(line: &Line<'_>, open: Offset) -> bool {
    line.note.note.parsed.timestamps.containing(open).is_some_and(|stamp| stamp.span.start < open)
}

fn is_begun_clock(text: &str) -> bool {
    text.len() <= MAX_CLOCK && !text.starts_with(':') && text.chars().all(is_of_clock)
}

fn is_of_clock(char: char) -> bool {
    char.is_ascii_digit() || char == ':'
}
