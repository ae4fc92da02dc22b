//! The YAML at the top of a note, or the TOML of Hugo and Zola. If YAML is invalid, its keys are recovered as
//! far as possible, and the rest of the note is not affected.

mod lines;
mod properties;
mod toml;

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as YamlSpan};

use crate::text::Span;

use super::address::read_video_address;
use super::clock::read_clock;
use super::parsed::{Fault, FaultKind, FrontMatter, FrontMatterFormat, Scalar, Tag};
use super::source::Source;

pub(super) use properties::read as read_properties;

/// The division of a note into front matter and Markdown.
pub(super) struct Cut {
    /// The whole block and what is in it; `None` without front matter.
    pub(super) front_matter: Option<(Span, Span)>,
    /// The start of the Markdown.
    pub(super) body: usize,
}

/// Finds the block between a first line `---` and the next line `---`, or between two lines `+++`. Without a
/// second one, the first is a thematic break of Markdown. Excludes a byte order mark.
pub(super) fn cut(source: Source<'_>) -> Cut {
    let start = if source.text().starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let none = Cut { front_matter: None, body: start };
    let marker: &[u8] = if source.starts_with(start, TOML_MARKER) { TOML_MARKER } else { b"---" };
    let Some(content) = end_of_marker(source, start, marker).map(|end| next_line(source, end)) else {
        return none;
    };
    let mut line = content;
    while line < source.len() {
        if let Some(end) = end_of_marker(source, line, marker) {
            let front_matter = Some((Span::new(start, end), Span::new(content, line)));
            return Cut { front_matter, body: next_line(source, source.line_end(end)) };
        }
        line = next_line(source, source.line_end(line));
    }
    none
}

/// The lines around TOML.
const TOML_MARKER: &[u8] = b"+++";

/// Returns the end of the marker at the start of a line that is otherwise white space.
fn end_of_marker(source: Source<'_>, line: usize, marker: &[u8]) -> Option<usize> {
    let end = line + marker.len();
    let is_marker = source.starts_with(line, marker)
        && source.bytes(end..source.line_end(end)).iter().all(|byte| matches!(byte, b' ' | b'\t'));
    is_marker.then_some(end)
}

/// Returns the start of the line after the one that `at` lies in.
fn next_line(source: Source<'_>, at: usize) -> usize {
    let end = source.line_end(at);
    if source.starts_with(end, b"\r\n") { end + 2 } else { (end + 1).min(source.len()) }
}

/// The content of a front matter.
#[derive(Default)]
pub(super) struct Found {
    pub(super) front_matter: FrontMatter,
    pub(super) tags: Vec<Tag>,
    pub(super) faults: Vec<Fault>,
    /// The video in `url` or `source`; used if no key names one directly.
    linked_video: Option<Scalar>,
}

/// Parses the front matter found by [`cut`].
pub(super) fn read(source: Source<'_>, span: Span, content: Span) -> Found {
    let mut found =
        Found { front_matter: FrontMatter { span, content, ..FrontMatter::default() }, ..Found::default() };
    if source.starts_with(span.start.to_usize(), TOML_MARKER) {
        found.front_matter.format = FrontMatterFormat::Toml;
        toml::read(source, content, &mut found);
        return found;
    }
    let mut reader = Reader {
        source,
        places: Places::new(source, content),
        open: Vec::new(),
        list: Vec::new(),
        is_other: false,
        found: &mut found,
    };
    if let Err(error) = reader.read_events() {
        let fault = reader.fault_of(&error);
        found = Found {
            front_matter: FrontMatter { span, content, ..FrontMatter::default() },
            ..Found::default()
        };
        lines::recover(source, content, &mut found);
        // The recovered values are a guess, so only the YAML error is reported.
        found.faults = vec![fault];
    }
    let video = &mut found.front_matter.video;
    *video = video.take().or(found.linked_video.take());
    found
}

/// A value of a known key.
#[derive(Debug)]
pub(super) enum Value {
    /// `null`, `~`, an empty list or nothing.
    Null,
    /// A text, number or date, which are not distinguished.
    Scalar(Scalar),
    /// A list of scalars, at least one.
    List(Vec<Scalar>),
    /// A mapping, or a list in a list, which no known key accepts.
    Other(Span),
}

impl Found {
    /// Takes the value of a key. The first value of a key counts.
    pub(super) fn take(&mut self, source: Source<'_>, key: &str, value: Value) {
        if matches!(value, Value::Null) {
            return;
        }
        // Obsidian reads its own keys in any case.
        match &*key.to_ascii_lowercase() {
            "title" => self.take_title(value),
            "aliases" | "alias" => self.take_aliases(source, value),
            "tags" | "tag" => self.take_tags(source, value),
            "videoid" | "video_id" => self.take_video(key, value),
            "url" => {
                self.take_page_address(&value);
                self.take_address(source, value);
            }
            "source" => self.take_address(source, value),
            "permalink" | "slug" | "id" | "redirect_from" => self.take_page_address(&value),
            "duration" => self.take_duration(value),
            _ => {}
        }
    }

    fn wrong_kind(&mut self, span: Span, expected: String) {
        self.faults.push(Fault { span, kind: FaultKind::FrontMatterValue(expected.into()) });
    }

    fn take_title(&mut self, value: Value) {
        match value {
            Value::Scalar(title) => {
                self.front_matter.title.get_or_insert(title);
            }
            other => self.wrong_kind(other.span(), "`title` takes a text".into()),
        }
    }

    fn take_aliases(&mut self, source: Source<'_>, value: Value) {
        let more = match value {
            Value::Scalar(aliases) => split_texts(source, aliases),
            Value::List(aliases) => aliases,
            other => {
                return self.wrong_kind(other.span(), "`aliases` takes a text or a list of texts".into());
            }
        };
        let mut aliases = std::mem::take(&mut self.front_matter.aliases).into_vec();
        aliases.extend(more);
        self.front_matter.aliases = aliases.into();
    }

    fn take_tags(&mut self, source: Source<'_>, value: Value) {
        match value {
            Value::Scalar(tags) => self.split_tags(source, tags.span, |c| c == ',' || c.is_whitespace()),
            Value::List(tags) => {
                for tag in tags {
                    self.split_tags(source, tag.span, |c| c == ',');
                }
            }
            other => self.wrong_kind(other.span(), "`tags` takes a text or a list of texts".into()),
        }
    }

    fn split_tags(&mut self, source: Source<'_>, span: Span, is_separator: impl Fn(char) -> bool) {
        let mut at = span.start.to_usize();
        for part in source.span(span).split(is_separator) {
            let mut name = source.trim(at..at + part.len());
            if source.byte(name.start) == Some(b'#') && !name.is_empty() {
                name.start += 1;
            }
            let is_number = source.slice(name.clone()).bytes().all(|byte| byte.is_ascii_digit());
            if !is_number {
                self.tags.push(Tag { span: name.clone().into(), name: name.into() });
            }
            at += part.len();
            at += source.slice(at..span.end.to_usize()).chars().next().map_or(0, char::len_utf8);
        }
    }

    fn take_video(&mut self, key: &str, value: Value) {
        match value {
            Value::Scalar(video) => {
                self.front_matter.video.get_or_insert(video);
            }
            other => self.wrong_kind(other.span(), format!("`{key}` takes the id of one video")),
        }
    }

    /// Takes the address of the page that a generator makes of the note, or the last part of it.
    fn take_page_address(&mut self, value: &Value) {
        let more = match value {
            Value::Scalar(address) => std::slice::from_ref(address),
            Value::List(addresses) => addresses,
            Value::Null | Value::Other(_) => return,
        };
        let more = more.iter().map(|address| &address.value);
        let more = more.filter(|address| !address.is_empty() && !address.contains([':', ' ']));
        let mut addresses = std::mem::take(&mut self.front_matter.addresses).into_vec();
        addresses.extend(more.cloned());
        self.front_matter.addresses = addresses.into();
    }

    /// Takes the address of a video. `url` and `source` may hold anything else.
    fn take_address(&mut self, source: Source<'_>, value: Value) {
        let addresses = match value {
            Value::Scalar(address) => vec![address],
            Value::List(addresses) => addresses,
            Value::Null | Value::Other(_) => return,
        };
        let video = addresses.iter().find_map(|address| {
            let text = source.span(address.span);
            let video = read_video_address(text)?.video;
            let start = address.span.start.to_usize();
            let span = Span::new(start + video.start, start + video.end);
            Some(Scalar { span, value: text.get(video)?.into() })
        });
        self.linked_video = self.linked_video.take().or(video);
    }

    fn take_duration(&mut self, value: Value) {
        let span = value.span();
        let seconds =
            if let Value::Scalar(duration) = value { read_duration(duration.value.trim()) } else { None };
        match seconds {
            Some(seconds) => {
                self.front_matter.duration.get_or_insert((span, seconds));
            }
            None => self.wrong_kind(span, "`duration` takes seconds, `H:MM:SS` or `PT1H2M3S`".into()),
        }
    }
}

impl Value {
    fn span(&self) -> Span {
        match self {
            Value::Null => Span::default(),
            Value::Scalar(scalar) => scalar.span,
            Value::List(list) => match (list.first(), list.last()) {
                (Some(first), Some(last)) => Span::between(first.span.start, last.span.end),
                _ => Span::default(),
            },
            Value::Other(span) => *span,
        }
    }
}

/// Splits a text at its commas, as Obsidian and Quartz do where a list is expected: `One, "Two, or 2"` is two
/// texts. One in quotes is one.
fn split_texts(source: Source<'_>, text: Scalar) -> Vec<Scalar> {
    let quote_before = source.byte_before(text.span.start.to_usize()).filter(|byte| b"\"'".contains(byte));
    let end = text.span.end.to_usize();
    if !text.value.contains(',') || quote_before.is_some() && source.byte(end) == quote_before {
        return vec![text];
    }
    let mut texts = Vec::new();
    let mut at = text.span.start.to_usize() - usize::from(quote_before.is_some());
    while at < end {
        at = source.skip_white_space(at);
        let quote = source.byte(at).filter(|byte| b"\"'".contains(byte));
        let close = quote.and_then(|quote| source.find(quote, at + 1..end));
        let item = match close {
            Some(close) => at + 1..close,
            None => source.trim(at..source.find(b',', at..end).unwrap_or(end)),
        };
        at = source.find(b',', close.unwrap_or(at)..end).map_or(end, |comma| comma + 1);
        let value = source.slice(item.clone());
        if !value.is_empty() {
            texts.push(Scalar { span: item.into(), value: value.into() });
        }
    }
    texts
}

/// Parses seconds (`754`, `754.2`), a clock (`12:34`) or an ISO 8601 duration (`PT12M34S`, `P0DT1H2M3.5S`).
/// Drops fractions of a second.
fn read_duration(text: &str) -> Option<u32> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if is_digits(whole) && is_digits(fraction) {
        return whole.parse().ok();
    }
    if text.starts_with('P') {
        return read_iso_duration(text);
    }
    read_clock(text).moment().map(|moment| moment.seconds)
}

/// ISO 8601 durations up to days; months and years have no fixed length.
static ISO_DURATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:[.,][0-9]+)?S)?)?$").ok()
});

fn read_iso_duration(text: &str) -> Option<u32> {
    const UNITS_SECONDS: [u32; 4] = [24 * 60 * 60, 60 * 60, 60, 1];
    let parts = ISO_DURATION.as_ref()?.captures(text).filter(|_| !text.ends_with(['P', 'T']))?;
    let counts = parts.iter().skip(1).zip(UNITS_SECONDS);
    counts.filter_map(|(count, unit)| Some((count?, unit))).try_fold(0_u32, |seconds, (count, unit)| {
        seconds.checked_add(count.as_str().parse::<u32>().ok()?.checked_mul(unit)?)
    })
}

/// Returns the index of the quote that ends a scalar, in the text after its first quote; its length if there
/// is none.
fn closing_quote(text: &str, style: ScalarStyle) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (style, byte) {
            (ScalarStyle::DoubleQuoted, b'\\') => at += 1,
            (ScalarStyle::DoubleQuoted, b'"') => return at,
            (ScalarStyle::SingleQuoted, b'\'') if bytes.get(at + 1) == Some(&b'\'') => at += 1,
            (ScalarStyle::SingleQuoted, b'\'') => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// The map from the character counts of the YAML parser to places in the note.
struct Places {
    start: usize,
    end: usize,
    /// The byte index of each character; `None` for ASCII, where it equals the count.
    characters: Option<Vec<usize>>,
}

impl Places {
    fn new(source: Source<'_>, content: Span) -> Places {
        let text = source.span(content);
        let characters = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect());
        Places { start: content.start.to_usize(), end: content.end.to_usize(), characters }
    }

    fn place(&self, count: usize) -> usize {
        let at = match &self.characters {
            Some(characters) => characters.get(count).map_or(self.end, |at| self.start + at),
            None => self.start + count,
        };
        at.min(self.end)
    }

    fn range(&self, span: YamlSpan) -> Range<usize> {
        let start = self.place(span.start.index());
        start..self.place(span.end.index()).max(start)
    }
}

/// A mapping or list that has not ended yet.
struct OpenNode {
    start: usize,
    is_mapping: bool,
    /// The key of the front matter whose value comes next.
    key: Option<Box<str>>,
    /// Whether the next node of the mapping is a key.
    expects_key: bool,
}

struct Reader<'a> {
    source: Source<'a>,
    places: Places,
    open: Vec<OpenNode>,
    /// The items of the list that is the value of a key.
    list: Vec<Scalar>,
    /// Whether that value holds nodes other than scalars.
    is_other: bool,
    found: &'a mut Found,
}

impl Reader<'_> {
    fn read_events(&mut self) -> Result<(), ScanError> {
        let mut parser = Parser::new_from_str(self.source.span(self.found.front_matter.content));
        while let Some(event) = parser.next_event() {
            let (event, span) = event?;
            let range = self.places.range(span);
            match event {
                Event::Scalar(value, style, _, _) => self.scalar(&value, style, range),
                Event::Alias(_) => self.alias(),
                Event::MappingStart(..) => self.start(range.start, true),
                Event::SequenceStart(..) => self.start(range.start, false),
                Event::MappingEnd | Event::SequenceEnd => self.end(range.end),
                _ => {}
            }
        }
        Ok(())
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, range: Range<usize>) {
        let is_null = style == ScalarStyle::Plain && matches!(value, "" | "~" | "null" | "Null" | "NULL");
        let depth = self.open.len();
        let Some(top) = self.open.first_mut() else {
            if !is_null {
                self.not_a_mapping(range);
            }
            return;
        };
        if !top.is_mapping {
            return;
        }
        match depth {
            1 if top.expects_key => {
                top.key = Some(value.into());
                top.expects_key = false;
            }
            1 => {
                top.expects_key = true;
                let key = top.key.take().unwrap_or_default();
                let value =
                    if is_null { Value::Null } else { Value::Scalar(self.scalar_at(value, style, range)) };
                self.found.take(self.source, &key, value);
            }
            2 if !is_null => {
                let item = self.scalar_at(value, style, range);
                self.list.push(item);
            }
            _ => {}
        }
    }

    fn scalar_at(&self, value: &str, style: ScalarStyle, range: Range<usize>) -> Scalar {
        let mut range = self.source.trim(range);
        let quote = match style {
            ScalarStyle::SingleQuoted => Some(b'\''),
            ScalarStyle::DoubleQuoted => Some(b'"'),
            _ => None,
        };
        if quote.is_some() && self.source.byte(range.start) == quote {
            range.start += 1;
            // The parser includes a comment after the closing quote in the scalar.
            range.end = range.start + closing_quote(self.source.slice(range.clone()), style);
        }
        Scalar { span: range.into(), value: value.into() }
    }

    /// Handles `*name`, the value of which is not looked up.
    fn alias(&mut self) {
        if let [top] = self.open.as_mut_slice() {
            top.expects_key = !top.expects_key;
        }
    }

    fn start(&mut self, start: usize, is_mapping: bool) {
        match self.open.as_slice() {
            [] if !is_mapping => self.not_a_mapping(start..self.source.line_end(start)),
            [_] => {
                self.list.clear();
                self.is_other = is_mapping;
            }
            _ => self.is_other = true,
        }
        self.open.push(OpenNode { start, is_mapping, key: None, expects_key: true });
    }

    fn end(&mut self, end: usize) {
        let Some(node) = self.open.pop() else {
            return;
        };
        let [top] = self.open.as_mut_slice() else {
            return;
        };
        top.expects_key = !top.expects_key;
        if !top.expects_key || !top.is_mapping {
            return;
        }
        let key = top.key.take().unwrap_or_default();
        let list = std::mem::take(&mut self.list);
        let value = if self.is_other {
            Value::Other(self.source.trim(node.start..end.max(node.start)).into())
        } else if list.is_empty() {
            Value::Null
        } else {
            Value::List(list)
        };
        self.found.take(self.source, &key, value);
    }

    fn not_a_mapping(&mut self, range: Range<usize>) {
        let reason = "front matter holds keys and values: `title: My note`";
        let span = self.source.trim(range).into();
        self.found.faults.push(Fault { span, kind: FaultKind::FrontMatter(reason.into()) });
    }

    /// Returns the error at the rest of the line where the parser stopped, or at the last line with text if
    /// it stopped at the end.
    fn fault_of(&self, error: &ScanError) -> Fault {
        let content = self.found.front_matter.content;
        let start = content.start.to_usize();
        let stop = self.places.place(error.marker().index());
        let said = start + self.source.slice(start..stop).trim_end().len();
        let range = self.source.trim(stop..self.source.line_end(stop).min(content.end.to_usize()));
        let span = if range.is_empty() {
            Span::new(self.source.line_start(said, start), said)
        } else {
            range.into()
        };
        Fault { span, kind: FaultKind::FrontMatter(error.info().into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_values_end_at_their_quote() {
        for (value, span) in [
            ("\"x y\" # c", "x y"),
            ("'x ''y'' z' # '", "x ''y'' z"),
            (r#""a \" b" # ""#, r#"a \" b"#),
            ("\"\"", ""),
        ] {
            let text = format!("---\ntitle: {value}\nalias: z\n---\n");
            let parsed = crate::syntax::parse(&text);
            assert_eq!(text.get(parsed.title().unwrap().span.range()), Some(span), "{value}");
        }
    }

    #[test]
    fn durations_of_all_forms() {
        for (text, seconds) in [
            ("754", Some(754)),
            ("754.2", Some(754)),
            ("1:02:03", Some(3723)),
            ("PT1H2M3S", Some(3723)),
            ("P0DT1H2M3S", Some(3723)),
            ("P1DT2H", Some(93_600)),
            ("P2D", Some(172_800)),
            ("PT1H2M3.5S", Some(3723)),
            ("P0DT3,25S", Some(3)),
            ("P", None),
            ("PT", None),
            ("P1DT", None),
            ("PT5", None),
            ("PT5.5", None),
            ("PT1M.5S", None),
            ("PT1.S", None),
            ("P1M", None),
            ("PDT1S", None),
            ("P99999D", None),
            ("soon", None),
        ] {
            assert_eq!(read_duration(text), seconds, "{text}");
        }
    }
}
