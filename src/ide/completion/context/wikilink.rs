//! Inside `[[ ]]`.

use crate::ide::links::pipe::Pipe;
use crate::syntax::LinkKind;
use crate::text::{Offset, Span};

use super::{Context, Line, MAX_TYPED, Wanted, WholeLink, back, is_escaped, is_word};

/// The part of a wikilink that is being written.
pub(super) fn find(line: &Line<'_>) -> Option<Context> {
    let (lead, inner) = line.before.rsplit_once("[[")?;
    if inner.len() > MAX_TYPED || inner.contains(['[', ']']) || is_escaped(lead) {
        return None;
    }
    let open = Offset::new(line.at.to_usize() - inner.len() - 2);
    let parsed = &line.note.note.parsed;
    let last_typed = inner.chars().next_back().map_or(open, |char| back(line.at, char.len_utf8()));
    if parsed.is_opaque(open) || parsed.is_opaque(last_typed) {
        return None;
    }
    let in_front_matter =
        parsed.front_matter.as_ref().is_some_and(|front_matter| front_matter.content.touches(open));
    if in_front_matter && !is_in_string(lead) {
        return None;
    }
    let is_embed = lead.strip_suffix('!').is_some_and(|lead| !is_escaped(lead));
    let kind = if is_embed { LinkKind::Embed } else { LinkKind::Wikilink };
    let (wanted, typed) = match inner.split_once('|') {
        Some((target, text)) => display(line, kind, target, text)?,
        None => wanted(kind, inner),
    };
    let mut context = around(line, &wanted, typed);
    if context.takes_display && !in_front_matter {
        let is_closed = context.closing.is_empty();
        let behind = line.after.get(context.replace.end.to_usize().saturating_sub(line.at.to_usize())..);
        let to_end = behind.and_then(|behind| behind.find("]]")).filter(|_| is_closed).map_or(0, |at| at + 2);
        let span = Span::between(open, context.replace.end.plus(to_end));
        let typed = line.before.get(lead.len()..).unwrap_or_default().to_owned();
        context.link = Some(WholeLink { span, typed });
    }
    Some(context)
}

fn around(line: &Line<'_>, wanted: &Wanted, typed: &str) -> Context {
    let stops: &[char] = match wanted {
        Wanted::File(_) => &['#', '|'],
        Wanted::Display(..) => &[],
        _ => &['|'],
    };
    let start = back(line.at, typed.len());
    let context = |length: usize, rest: &str, closing, takes_display| Context {
        replace: Span::between(start, line.at.plus(length)),
        typed: typed.to_owned(),
        rest: rest.to_owned(),
        wanted: wanted.clone(),
        closing,
        takes_display,
        link: None,
    };
    let after = line.after;
    let to_bracket = after.find(['[', ']']).and_then(|end| after.split_at_checked(end));
    if let Some((old, _)) = to_bracket.filter(|(_, end)| end.starts_with("]]")) {
        let takes_display = !old.contains(stops);
        let old = old.split(stops).next().unwrap_or_default();
        // In a table the `|` is written `\|`.
        let old = old.strip_suffix('\\').unwrap_or(old).trim_end();
        return context(old.len(), "", "", takes_display);
    }
    let word = after.find(|char: char| !is_word(char)).unwrap_or(after.len());
    let (word, end) = after.split_at_checked(word).unwrap_or_default();
    if end.starts_with(']') {
        return context(word.len() + 1, "", "]]", true);
    }
    context(0, line.word_after(typed), "]]", true)
}

/// What a link shows: `text`, behind the bar. `None` where the bar ends the cell of a table.
fn display<'a>(line: &Line<'_>, kind: LinkKind, target: &str, text: &'a str) -> Option<(Wanted, &'a str)> {
    let target = match Pipe::at(line.note.note, back(line.at, text.len() + 1)) {
        Pipe::Plain => target.strip_suffix('\\').unwrap_or(target),
        Pipe::Escaped => target.strip_suffix('\\')?,
    };
    let is_one = !text.contains('|');
    is_one.then(|| (Wanted::Display(kind, target.trim().to_owned()), text.trim_start()))
}

/// What belongs at the end of `inner`, the text between `[[` and the cursor, and what is typed of it.
fn wanted(kind: LinkKind, inner: &str) -> (Wanted, &str) {
    let name = inner.trim_start();
    if name.starts_with("##") {
        return (Wanted::AnyHeading, name);
    }
    if name.starts_with("^^") {
        return (Wanted::AnyBlock, name);
    }
    let Some((target, fragment)) = name.split_once('#') else { return (Wanted::File(kind), name) };
    let target = target.trim_end().to_owned();
    let fragment = fragment.trim_start();
    match fragment.strip_prefix('^') {
        Some(id) => (Wanted::Block(kind, target), id.trim_start()),
        None => (Wanted::Heading(kind, target), fragment),
    }
}

/// Whether `[[` after `lead` on a line of YAML is text. Right after a key, a dash, a comma or a bracket it
/// opens a list in a list.
fn is_in_string(lead: &str) -> bool {
    let lead = lead.trim_end_matches('!').trim();
    !lead.ends_with([':', '-', ',', '[', '{']) && !lead.starts_with('#')
}
