//! Properties of a page as Logseq writes them: lines `key:: value` at the start of a note (Logseq docs,
//! "Properties"). They are Markdown as well, so that links and `#tags` in them are found as everywhere.

use crate::text::Span;

use super::super::parsed::{FrontMatter, FrontMatterFormat, Scalar, Tag};
use super::super::source::Source;
use super::{Found, Value, next_line};

/// Reads the properties at the start of a note, which is at `body`. `None` if it has none of those that are
/// known here.
pub(crate) fn read(source: Source<'_>, body: usize) -> Option<Found> {
    let empty = Span::new(body, body);
    let front_matter = FrontMatter {
        span: empty,
        content: empty,
        format: FrontMatterFormat::Properties,
        ..FrontMatter::default()
    };
    let mut found = Found { front_matter, ..Found::default() };
    let mut line = body;
    let mut is_known = false;
    while let Some((key, value)) = property(source, line) {
        let texts = || texts(source, value);
        match &*key.to_ascii_lowercase() {
            "title" => found.take(source, "title", Value::Scalar(scalar(source, value))),
            "alias" | "aliases" => {
                let names = texts().into_iter().map(|text| scalar(source, without_brackets(source, text)));
                found.take(source, "aliases", Value::List(names.collect()));
            }
            // A link or `#tag` is found as such.
            "tags" => found.tags.extend(
                texts()
                    .into_iter()
                    .filter(|text| !source.span(*text).starts_with(['#', '[']))
                    .map(|text| Tag { span: text, name: text }),
            ),
            _ => {
                line = next_line(source, source.line_end(line));
                continue;
            }
        }
        is_known = true;
        line = next_line(source, source.line_end(line));
    }
    is_known.then_some(found)
}

/// Returns the key and the value of the property in a line; `None` if the line is none, or if it is empty.
fn property<'a>(source: Source<'a>, line: usize) -> Option<(&'a str, Span)> {
    let end = source.line_end(line);
    let text = source.slice(line..end);
    let (key, value) = text.split_once("::")?;
    let is_key = key.starts_with(|char: char| char.is_ascii_alphabetic())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let is_property = is_key && value.starts_with([' ', '\t']) && !value.trim().is_empty();
    is_property.then(|| (key, source.trim(end - value.len()..end).into()))
}

/// Splits a value at its commas.
fn texts(source: Source<'_>, value: Span) -> Vec<Span> {
    let mut at = value.start.to_usize();
    let parts = source.span(value).split(',').map(|part| {
        let part_span = source.trim(at..at + part.len());
        at += part.len() + 1;
        Span::from(part_span)
    });
    parts.filter(|part| !part.is_empty()).collect()
}

/// Returns the span of a name without the `[[ ]]` around it.
fn without_brackets(source: Source<'_>, text: Span) -> Span {
    let name = source.span(text).strip_prefix("[[").and_then(|name| name.strip_suffix("]]"));
    let start = text.start.to_usize() + 2;
    name.map_or(text, |name| Span::new(start, start + name.len()))
}

fn scalar(source: Source<'_>, span: Span) -> Scalar {
    Scalar { span, value: source.span(span).into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_stand_at_the_start() {
        for (text, title, aliases, tags) in [
            ("title:: A b \nalias:: one, [[Two]],, three\n\ntext", Some("A b"), "one|Two|three", ""),
            ("tags:: x, #y, [[z]], a b\r\nALIAS:: q\r\n", None, "q", "x|a b"),
            ("icon:: x\ntitle:: [[A]]\n", Some("[[A]]"), "", ""),
            ("alias::one\n", None, "", ""),
            ("std::fs\n", None, "", ""),
            ("alias:: \ntitle:: x", None, "", ""),
            ("- alias:: x", None, "", ""),
            ("\nalias:: x", None, "", ""),
            ("\u{feff}alias:: x", None, "x", ""),
        ] {
            let source = Source::new(text);
            let found = read(source, super::super::cut(source).body).unwrap_or_default();
            let front_matter = &found.front_matter;
            assert_eq!(front_matter.title.as_ref().map(|title| &*title.value), title, "{text:?}");
            let found_aliases: Vec<&str> = front_matter.aliases.iter().map(|alias| &*alias.value).collect();
            assert_eq!(found_aliases.join("|"), aliases, "{text:?}");
            for alias in &front_matter.aliases {
                assert_eq!(source.span(alias.span), &*alias.value);
            }
            let found_tags: Vec<&str> = found.tags.iter().map(|tag| source.span(tag.name)).collect();
            assert_eq!(found_tags.join("|"), tags, "{text:?}");
        }
    }
}
