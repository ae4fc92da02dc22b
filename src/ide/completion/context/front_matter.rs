//! Keys and values of the front matter, line by line: YAML that is half-written is none.

use crate::text::{Offset, Span};
use crate::vault::NoteRef;

use super::word::rest_of_tag;
use super::{Context, Line, Wanted, is_word};

/// How many lines above the cursor the key of a list is looked for on.
const MAX_LIST_LINES: usize = 200;

/// How much of those lines is read, in bytes each.
const KEY_REACH: usize = 100;

/// The key or value that is being written. `content` is the YAML.
pub(super) fn find(line: &Line<'_>, content: Span) -> Option<Context> {
    let is_inside = line.is_from_start && line.at.plus(line.after.len()) < content.end;
    if !is_inside || line.before.trim_start().starts_with('#') {
        return None;
    }
    if !line.before.contains(':') && line.before.chars().all(is_word) {
        return Some(key(line));
    }
    let own = key_of(line.before).filter(|(_, value)| value.starts_with([' ', '\t']));
    let (key, value) = match own {
        Some((key, value)) => (key.to_owned(), value),
        None => (key_above(line.note, line.at, content)?, line.before.trim_start()),
    };
    let value = if own.is_none() { value.strip_prefix('-').unwrap_or(value) } else { value };
    let is_tag = matches!(&*key, "tags" | "tag");
    let separates = |char: char| {
        matches!(char, ',' | '[' | ']' | '"' | '\'') || is_tag && (char.is_whitespace() || char == '#')
    };
    let typed = value.rsplit(separates).next().unwrap_or_default().trim_start();
    let mut context = line.context(Wanted::Value(key), typed);
    if is_tag {
        context.rest = rest_of_tag(line, typed);
    } else {
        let end = line.after.find([',', ']', '"', '\'']).unwrap_or(line.after.len());
        let rest = line.after.get(..end).unwrap_or_default().trim_end();
        context.replace.end = line.at.plus(rest.len());
    }
    Some(context)
}

/// The same in a front matter whose closing `---` is not written yet, or has been indented by an editor that
/// takes it for a line of the list above. All lines down to the cursor have to look like YAML: what begins
/// with a thematic break is a note.
pub(super) fn find_unclosed(line: &Line<'_>) -> Option<Context> {
    let text = &line.note.note.text;
    let own = text.line_of(line.at);
    if line.note.note.parsed.front_matter.is_some() || own == 0 || own > MAX_LIST_LINES {
        return None;
    }
    let read = |index: usize| {
        let line = text.line(index)?;
        Some((line.start, text.slice(Span::between(line.start, line.end.min(line.start.plus(KEY_REACH))))))
    };
    let (_, marker) = read(0)?;
    if marker.trim_start_matches('\u{feff}').trim_end() != "---" {
        return None;
    }
    for index in 1..own {
        let (_, above) = read(index)?;
        let goes_on = index > 1 && above.starts_with([' ', '\t', '-']) && !above.starts_with("---");
        if !goes_on && key_of(&above).is_none() {
            return None;
        }
    }
    let (start, _) = read(1)?;
    // The line break, which may not be there yet, belongs to it.
    find(line, Span::between(start, line.at.plus(line.after.len() + 1)))
}

fn key(line: &Line<'_>) -> Context {
    let mut context = line.context(Wanted::Key, line.before);
    let end = line.after.find(|char| !is_word(char)).unwrap_or(line.after.len());
    let (word, behind) = line.after.split_at_checked(end).unwrap_or_default();
    if behind.starts_with(':') {
        context.replace.end = line.at.plus(word.len());
    } else {
        context.rest = line.word_after(line.before).to_owned();
        context.closing = ": ";
    }
    context
}

/// The key that a line begins with, and what follows its colon.
fn key_of(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    (!key.is_empty() && key.chars().all(is_word)).then_some((key, value))
}

/// The key of the list that the cursor's line is an item of.
fn key_above(note: &NoteRef<'_>, at: Offset, content: Span) -> Option<String> {
    let text = &note.note.text;
    let own = text.line_of(at);
    for index in (0..own).rev().take(MAX_LIST_LINES) {
        let line = text.line(index).filter(|line| line.start >= content.start)?;
        let start = text.slice(Span::between(line.start, line.end.min(line.start.plus(KEY_REACH))));
        if start.starts_with([' ', '\t', '-', '#']) || start.trim().is_empty() {
            continue;
        }
        return key_of(&start).map(|(key, _)| key.to_owned());
    }
    None
}
