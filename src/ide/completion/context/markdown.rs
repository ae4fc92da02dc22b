//! Where Markdown and HTML name a file: `[t](path#slug`, `![t](path`, `[l]: path`, `<img src="path`.

use crate::syntax::{Clock, decode_destination, has_scheme, read_clock};

use super::{Context, Destination, Line, Wanted, is_escaped};
use crate::ide::links::escape::Delimiter;

/// The HTML elements that show a file.
const MEDIA: [&str; 4] = ["img", "video", "audio", "source"];

/// The destination that is being written.
pub(super) fn find(line: &Line<'_>) -> Option<Context> {
    inline(line).or_else(|| definition(line)).or_else(|| attribute(line))
}

/// `[t](path`, `![t](<path`
fn inline(line: &Line<'_>) -> Option<Context> {
    let (text, written) = line.before.rsplit_once("](")?;
    let (before_text, shown) = text.rsplit_once('[')?;
    // Behind a moment comes the address of a video.
    let is_moment = matches!(read_clock(shown.trim()), Clock::Moment(_));
    if is_moment || is_escaped(text) || is_escaped(before_text) {
        return None;
    }
    let written = written.trim_start();
    if !is_open_destination(written) {
        return None;
    }
    let is_image = before_text.strip_suffix('!').is_some_and(|before| !is_escaped(before));
    let destination = if is_image { Destination::Image } else { Destination::Link };
    let mut context = part(line, destination, written);
    let rest = Rest::of(line.after, &context.wanted, written);
    if rest.is_closed() {
        context.replace.end = line.at.plus(rest.length);
    } else {
        context.rest = line.word_after(written).to_owned();
        let is_bracket_open = written.starts_with('<') && !matches!(context.wanted, Wanted::Path(_));
        context.closing = if is_bracket_open && !rest.behind.starts_with('>') { ">)" } else { ")" };
    }
    Some(context)
}

/// `[l]: path`
fn definition(line: &Line<'_>) -> Option<Context> {
    let (label, written) = line.before_in_quotes()?.strip_prefix('[')?.split_once("]:")?;
    let destination = written.trim_start();
    let is_label = !label.is_empty() && !label.starts_with('^') && !label.contains(['[', ']']);
    if !is_label || destination.len() == written.len() || !is_open_destination(destination) {
        return None;
    }
    let mut context = part(line, Destination::Link, destination);
    let rest = Rest::of(line.after, &context.wanted, destination);
    context.replace.end = line.at.plus(rest.length);
    Some(context)
}

/// `<img src="path`
fn attribute(line: &Line<'_>) -> Option<Context> {
    let (element, path) = line.before.rsplit_once(['"', '\''])?;
    let quote = if line.before.as_bytes().get(element.len()) == Some(&b'"') { "\"" } else { "'" };
    let (_, element) = element.strip_suffix("src=")?.rsplit_once('<')?;
    let name = element.split(char::is_whitespace).next()?;
    let is_media = MEDIA.iter().any(|media| name.eq_ignore_ascii_case(media));
    if !is_media || element.contains('>') || path.contains(['<', '>']) || has_scheme(path) {
        return None;
    }
    let mut context = line.context(Wanted::Path(Destination::Attribute), path);
    match line.after.find(['"', '\'', '<', '>']) {
        Some(end) if line.after.get(end..).is_some_and(|after| after.starts_with(quote)) => {
            context.replace.end = line.at.plus(end);
        }
        _ => context.closing = quote,
    }
    Some(context)
}

/// Whether nothing of what stands before the cursor ends the destination, and it may be a path.
fn is_open_destination(written: &str) -> bool {
    let is_open = match written.strip_prefix('<') {
        Some(path) => !path.contains(['<', '>']),
        // A space has to be encoded, which is done for the author.
        None => {
            !written.contains(|char: char| char.is_whitespace() && char != ' ' || matches!(char, '<' | '>'))
                && !closes_parenthesis(written)
        }
    };
    is_open && !written.contains('"') && !has_scheme(written.trim_start_matches('<'))
}

/// Whether a parenthesis ends that does not begin there.
fn closes_parenthesis(text: &str) -> bool {
    let mut depth = 0_usize;
    text.chars().any(|char| {
        match char {
            '(' => depth += 1,
            ')' if depth == 0 => return true,
            ')' => depth -= 1,
            _ => {}
        }
        false
    })
}

/// The path, or what follows its `#`.
fn part(line: &Line<'_>, destination: Destination, written: &str) -> Context {
    let Some((target, fragment)) = written.split_once('#').filter(|_| destination == Destination::Link)
    else {
        return line.context(Wanted::Path(destination), written);
    };
    let bracket = written.len() - written.trim_start_matches('<').len();
    if let Some(all) = written.get(bracket..).filter(|all| all.starts_with("##")) {
        let delimiter = if bracket > 0 { Delimiter::AngleBrackets } else { Delimiter::None };
        return line.context(Wanted::AnySlug(delimiter), all);
    }
    let target = decode_destination(target.trim_start_matches('<')).into_owned();
    match fragment.strip_prefix('^') {
        Some(id) => line.context(Wanted::SlugBlock(target), id),
        None => line.context(Wanted::Slug(target), fragment),
    }
}

/// What stands behind the cursor.
struct Rest<'a> {
    /// How much of it belongs to the part that is written; of a path with the `>` that ends it.
    length: usize,
    behind: &'a str,
}

impl<'a> Rest<'a> {
    fn of(after: &'a str, wanted: &Wanted, written: &str) -> Rest<'a> {
        let is_path = matches!(wanted, Wanted::Path(_));
        let bracket = after.find(['<', '>']).filter(|_| written.starts_with('<'));
        let bracket = bracket.filter(|at| after.get(*at..).is_some_and(|end| end.starts_with('>')));
        let length = match bracket {
            Some(bracket) => match after.get(..bracket).and_then(|path| path.find('#')) {
                Some(fragment) if is_path => fragment,
                _ => bracket + usize::from(is_path),
            },
            None => {
                let has_spaces = written.contains(' ') && closes_parenthesis(after);
                let ends = |char| ends_path(char) && !(has_spaces && char == ' ') || is_path && char == '#';
                after.find(ends).unwrap_or(after.len())
            }
        };
        Rest { length, behind: after.get(length..).unwrap_or_default() }
    }

    /// Whether the destination has an end.
    fn is_closed(&self) -> bool {
        let behind = self.behind.strip_prefix('>').unwrap_or(self.behind);
        let title = behind.trim_start();
        behind.starts_with(')')
            || behind.starts_with('#') && closes_soon(behind)
            || title.len() < behind.len() && title.starts_with(['"', '\''])
    }
}

fn ends_path(char: char) -> bool {
    char.is_whitespace() || matches!(char, ')' | '(' | '[' | ']' | '<' | '>' | '"')
}

/// Whether a fragment is the end of a destination that is closed.
fn closes_soon(fragment: &str) -> bool {
    let end = fragment.find(|char: char| char.is_whitespace() || matches!(char, ')' | '('));
    end.and_then(|end| fragment.get(end..)).is_some_and(|end| end.starts_with(')'))
}
