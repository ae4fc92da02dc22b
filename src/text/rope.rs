//! The text of one note on a rope: cheap to clone and edited in place. The only code that converts between
//! offsets and positions.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::fmt;

use ropey::{Rope, RopeBuilder, RopeSlice};
use rustc_hash::FxHashMap;

use super::{Encoding, Offset, Position, Range, Span};

/// How many bytes of texts share a rope, at most: as many as fill the pages below one node.
const SHARED_ROPE_BYTES: usize = 22_700;

/// The text of a note. A clone shares its pages with the original until either is edited.
#[derive(Clone, Default)]
pub struct Text {
    rope: Rope,
    /// The part of the rope that is this text. The rest are other texts, see [`Text::share_ropes`].
    part: Span,
    /// The line of the rope that the part starts in.
    first_line: u32,
}

/// One edit of a client: new text for a range, or for everything (`range: None`).
#[derive(Clone, Debug)]
pub struct Edit<'a> {
    /// The replaced range; `None` for the whole text.
    pub range: Option<Range>,
    /// The new text.
    pub text: Cow<'a, str>,
}

/// Why an edit does not fit its text, which is unchanged then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EditError {
    /// The range names a line that the text does not have.
    NoSuchLine {
        /// The line, counted from zero.
        line: u32,
    },
    /// The range ends before it starts.
    Reversed,
    /// A position lies inside a character: between the halves of a surrogate pair or the bytes of a code
    /// point.
    InsideCharacter,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditError::NoSuchLine { line } => write!(f, "the text has no line {line} (counted from 0)"),
            EditError::Reversed => write!(f, "the range ends before it starts"),
            EditError::InsideCharacter => write!(f, "a position lies inside a character"),
        }
    }
}

impl std::error::Error for EditError {}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::whole(Rope::from_str(text))
    }
}

impl Text {
    fn whole(rope: Rope) -> Text {
        let part = Span::new(0, rope.len_bytes());
        Text { rope, part, first_line: 0 }
    }

    /// Moves short texts to ropes that several of them share. A rope consists of pages of nearly 1 KB and, if
    /// it has more than one, of a node above them, so a rope for each text of 1 KB takes up to three times
    /// its bytes. A text leaves its rope when it is edited. For some hundred texts at once: the cost grows
    /// with their number times that of the ropes.
    pub fn share_ropes<'a>(texts: impl IntoIterator<Item = &'a mut Text>) {
        let mut texts: Vec<&mut Text> = texts.into_iter().filter(|text| text.may_share_rope()).collect();
        // The longest first, each into the first rope with room for it: few ropes, and those full.
        texts.sort_by_key(|text| Reverse(text.len()));
        let mut groups: Vec<(usize, Vec<&mut Text>)> = Vec::new();
        for text in texts {
            let room = |(bytes, _): &(usize, _)| bytes + text.len() <= SHARED_ROPE_BYTES;
            match groups.iter().position(room).and_then(|place| groups.get_mut(place)) {
                Some((bytes, group)) => {
                    *bytes += text.len();
                    group.push(text);
                }
                None => groups.push((text.len(), vec![text])),
            }
        }
        let groups = groups.into_iter().map(|(_, group)| group);
        groups
            .filter(|group| group.len() > 1 || !group.iter().all(|text| text.is_alone()))
            .for_each(share_rope);
    }

    /// Returns the indices of texts that share ropes with texts that are not among these, if those take more
    /// than a tenth of the rope. Texts of one rope follow each other.
    pub fn in_wasteful_ropes(texts: &[&Text]) -> Vec<usize> {
        let mut ropes: FxHashMap<usize, (usize, Vec<usize>)> = FxHashMap::default();
        for (index, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_alone()) {
            // No other rope has the same first page, as one that is edited is not shared any more.
            let first_page = text.rope.chunk_at_byte(0).0.as_ptr().addr();
            let (unused, members) = ropes.entry(first_page).or_insert((text.rope.len_bytes(), Vec::new()));
            *unused = unused.saturating_sub(text.len());
            members.push(index);
        }
        let rope_bytes = |members: &[usize]| {
            members.first().and_then(|index| texts.get(*index)).map_or(0, |text| text.rope.len_bytes())
        };
        let wasteful = ropes.into_values().filter(|(unused, members)| unused * 10 > rope_bytes(members));
        wasteful.flat_map(|(_, members)| members).collect()
    }

    /// Returns whether its rope holds no other text.
    fn is_alone(&self) -> bool {
        self.part.len() == self.rope.len_bytes()
    }

    fn may_share_rope(&self) -> bool {
        // A line break of two bytes is never part of two texts.
        let ends_line =
            self.len().checked_sub(1).is_some_and(|last| self.rope.byte(self.start() + last) == b'\r');
        (1..=SHARED_ROPE_BYTES).contains(&self.len()) && !ends_line
    }

    /// Returns the length in bytes.
    pub fn len(&self) -> usize {
        self.part.len()
    }

    /// Returns whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the offset after the last byte.
    pub fn end(&self) -> Offset {
        Offset::new(self.len())
    }

    /// Copies the whole text into one string. Linear in its length.
    pub fn to_text(&self) -> String {
        let mut out = String::with_capacity(self.len());
        out.extend(self.own_part().chunks());
        out
    }

    /// Copies the whole text into a string in place of what it holds. Linear in its length.
    pub fn copy_to(&self, out: &mut String) {
        out.clear();
        out.extend(self.own_part().chunks());
    }

    /// Returns the text of a span; borrowed unless it crosses a page of the rope. Clamps the span to the
    /// text, and an end inside a character to its start.
    pub fn slice(&self, span: Span) -> Cow<'_, str> {
        if span.end.to_usize() <= self.len() {
            let [start, end] = [span.start, span.end].map(|at| self.start() + at.to_usize());
            let (page, page_start, ..) = self.rope.chunk_at_byte(start);
            if let Some(text) = page.get(start - page_start..end - page_start) {
                return Cow::Borrowed(text);
            }
        }
        self.rope_slice(span).into()
    }

    /// Returns how many bytes at the start are equal to those of another text, and how many at the end. Reads
    /// no page that both share.
    pub fn equal_ends(&self, other: &Text) -> (usize, usize) {
        let start = equal_bytes(self.own_part().chunks(), other.own_part().chunks(), |page, count| {
            page.split_at_checked(count)
        });
        let end = equal_bytes(self.pages_from_end(), other.pages_from_end(), |page, count| {
            let (rest, end) = page.split_at_checked(page.len().checked_sub(count)?)?;
            Some((end, rest))
        });
        (start, end)
    }

    /// Returns the number of lines; a text that ends with a line break has an empty last line.
    pub fn line_count(&self) -> usize {
        self.rope.byte_to_line(self.part.end.to_usize()) - self.first_line() + 1
    }

    /// Returns the span of a line without its line break; `None` past the last line.
    pub fn line(&self, line: usize) -> Option<Span> {
        let in_rope = self.first_line().checked_add(line).filter(|_| line < self.line_count())?;
        let start = self.rope.try_line_to_byte(in_rope).ok()?.max(self.start());
        let end = self.rope.try_line_to_byte(in_rope + 1).ok()?.min(self.part.end.to_usize());
        let length = content_length(self.rope.byte_slice(start..end));
        Some(Span::new(start - self.start(), start - self.start() + length))
    }

    /// Returns the line that holds `at`, counted from zero.
    pub fn line_of(&self, at: Offset) -> usize {
        self.rope.byte_to_line(self.in_rope(at)) - self.first_line()
    }

    /// Returns the position of an offset, clamped to the end of the text and to the start of a character.
    /// Logarithmic in the length of the text.
    pub fn position(&self, at: Offset, encoding: Encoding) -> Position {
        self.position_on_page(at, encoding).unwrap_or_else(|| self.position_in_rope(at, encoding))
    }

    /// The position of an offset whose line starts on the same page, found with one descent of the rope's
    /// tree; `None` for others, and where a `\r` makes it less simple.
    fn position_on_page(&self, at: Offset, encoding: Encoding) -> Option<Position> {
        let at = self.in_rope(at);
        let (page, page_start, _, first_line) = self.rope.chunk_at_byte(at);
        let within = (0..=at - page_start).rev().find(|at| page.is_char_boundary(*at))?;
        let before = page.get(..within)?;
        let line_break = memchr::memrchr(b'\n', before.as_bytes())?;
        let column = before.get(line_break + 1..)?;
        if page_start + line_break < self.start() || memchr::memchr(b'\r', before.as_bytes()).is_some() {
            return None;
        }
        let line = first_line + memchr::memchr_iter(b'\n', before.as_bytes()).count();
        let column = saturate(units(column, encoding));
        Some(Position { line: saturate(line - self.first_line()), column })
    }

    fn position_in_rope(&self, at: Offset, encoding: Encoding) -> Position {
        let at = self.floor(at);
        let line = self.rope.byte_to_line(at);
        let start = self.rope.line_to_byte(line).max(self.start());
        let before = self.rope.byte_slice(start..at);
        let column = match encoding {
            Encoding::Utf8 => before.len_bytes(),
            Encoding::Utf16 => before.len_utf16_cu(),
            Encoding::Utf32 => before.len_chars(),
        };
        Position { line: saturate(line - self.first_line()), column: saturate(column) }
    }

    /// Returns the range of a span.
    pub fn range(&self, span: Span, encoding: Encoding) -> Range {
        let start = self.position(span.start, encoding);
        let columns = self.on_page(span).and_then(|text| columns(text, encoding));
        let end = match columns {
            Some(columns) => Position { column: start.column.saturating_add(columns), ..start },
            None => self.position(span.end, encoding),
        };
        Range { start, end }
    }

    /// Returns the text of a span that lies within one page, found with one descent of the rope's tree.
    fn on_page(&self, span: Span) -> Option<&str> {
        let (start, end) = (self.in_rope(span.start), self.in_rope(span.end));
        let (page, page_start, ..) = self.rope.chunk_at_byte(start);
        page.get(start - page_start..end.checked_sub(page_start)?)
    }

    /// Returns the offset of a position in a request. As LSP demands, a column past the end of its line means
    /// the end of the line; a line past the last one means the end of the text, and a position inside a
    /// character its start.
    pub fn offset(&self, position: Position, encoding: Encoding) -> Offset {
        match self.locate(position, encoding) {
            Ok(offset) => offset,
            Err(Mismatch::PastEnd) => self.end(),
            Err(Mismatch::Inside(start)) => start,
        }
    }

    /// Returns the span of a range in a request; see [`Text::offset`].
    pub fn span(&self, range: Range, encoding: Encoding) -> Span {
        Span::between(self.offset(range.start, encoding), self.offset(range.end, encoding))
    }

    /// Replaces a range, or everything.
    ///
    /// # Errors
    ///
    /// Fails if the range does not fit this text, which is unchanged then. A column past the end of a line
    /// means its end (LSP). An end past the last line means the end of the text, as some clients replace
    /// everything in this way. A start past it fits only right after the last line.
    pub fn apply(&mut self, edit: &Edit<'_>, encoding: Encoding) -> Result<(), EditError> {
        let Some(range) = edit.range else {
            *self = Text::from(&*edit.text);
            return Ok(());
        };
        let start = self.place_of_edit(range.start, encoding)?;
        let end = match self.place_of_edit(range.end, encoding) {
            Err(EditError::NoSuchLine { .. }) => self.end(),
            end => end?,
        };
        if end < start {
            return Err(EditError::Reversed);
        }
        self.replace(Span::between(start, end), &edit.text);
        Ok(())
    }

    /// Replaces a span, clamped to the text.
    pub fn replace(&mut self, span: Span, with: &str) {
        if !self.is_alone() {
            *self = Text::whole(Rope::from(self.own_part()));
        }
        let mut rope = std::mem::take(&mut self.rope);
        let [start, end] =
            [span.start, span.end].map(|at| rope.byte_to_char(at.to_usize().min(rope.len_bytes())));
        if start < end {
            rope.remove(start..end);
        }
        if !with.is_empty() {
            rope.insert(start, with);
        }
        *self = Text::whole(rope);
    }

    fn place_of_edit(&self, position: Position, encoding: Encoding) -> Result<Offset, EditError> {
        match self.locate(position, encoding) {
            Ok(offset) => Ok(offset),
            Err(Mismatch::PastEnd) if position.line as usize == self.line_count() => Ok(self.end()),
            Err(Mismatch::PastEnd) => Err(EditError::NoSuchLine { line: position.line }),
            Err(Mismatch::Inside(_)) => Err(EditError::InsideCharacter),
        }
    }

    fn locate(&self, position: Position, encoding: Encoding) -> Result<Offset, Mismatch> {
        let line = self.line(position.line as usize).ok_or(Mismatch::PastEnd)?;
        let content = self.rope_slice(line);
        let column = position.column as usize;
        let (within, exact) = match encoding {
            Encoding::Utf8 => {
                let byte = column.min(content.len_bytes());
                let start = content.char_to_byte(content.byte_to_char(byte));
                (start, start == byte)
            }
            Encoding::Utf16 => {
                let unit = column.min(content.len_utf16_cu());
                let char = content.utf16_cu_to_char(unit);
                (content.char_to_byte(char), content.char_to_utf16_cu(char) == unit)
            }
            Encoding::Utf32 => (content.char_to_byte(column.min(content.len_chars())), true),
        };
        let offset = line.start.plus(within);
        if exact { Ok(offset) } else { Err(Mismatch::Inside(offset)) }
    }

    fn rope_slice(&self, span: Span) -> RopeSlice<'_> {
        let end = self.floor(span.end);
        self.rope.byte_slice(self.floor(span.start).min(end)..end)
    }

    /// Returns the place in the rope of the nearest `char` boundary at or before `at`, inside the text.
    fn floor(&self, at: Offset) -> usize {
        self.rope.char_to_byte(self.rope.byte_to_char(self.in_rope(at)))
    }

    /// Returns the place in the rope of an offset, inside the text.
    fn in_rope(&self, at: Offset) -> usize {
        (self.start() + at.to_usize()).min(self.part.end.to_usize())
    }

    /// Returns where the text starts in the rope.
    fn start(&self) -> usize {
        self.part.start.to_usize()
    }

    fn first_line(&self) -> usize {
        self.first_line as usize
    }

    fn pages_from_end(&self) -> impl Iterator<Item = &str> {
        self.own_part().chunks_at_byte(self.len()).0.reversed()
    }

    /// Returns the part of the rope that is this text.
    fn own_part(&self) -> RopeSlice<'_> {
        self.rope.byte_slice(self.part.range())
    }
}

fn share_rope(texts: Vec<&mut Text>) {
    let mut rope = RopeBuilder::new();
    texts.iter().flat_map(|text| text.own_part().chunks()).for_each(|chunk| rope.append(chunk));
    let rope = rope.finish();
    let mut start = Offset::ZERO;
    for text in texts {
        let part = Span::between(start, start.plus(text.len()));
        start = part.end;
        let first_line = saturate(rope.byte_to_line(part.start.to_usize()));
        *text = Text { rope: rope.clone(), part, first_line };
    }
}

enum Mismatch {
    PastEnd,
    Inside(Offset),
}

/// Returns how many bytes of two texts are equal in the order of their pages. `split` takes so many bytes off
/// a page and returns them and the rest.
fn equal_bytes<'a>(
    mut one: impl Iterator<Item = &'a str>,
    mut other: impl Iterator<Item = &'a str>,
    split: impl Fn(&'a [u8], usize) -> Option<(&'a [u8], &'a [u8])>,
) -> usize {
    let (mut mine, mut theirs): (&[u8], &[u8]) = (&[], &[]);
    let mut equal = 0;
    loop {
        while mine.is_empty() {
            let Some(page) = one.next() else { return equal };
            mine = page.as_bytes();
        }
        while theirs.is_empty() {
            let Some(page) = other.next() else { return equal };
            theirs = page.as_bytes();
        }
        let count = mine.len().min(theirs.len());
        let (Some((left, my_rest)), Some((right, their_rest))) = (split(mine, count), split(theirs, count))
        else {
            return equal;
        };
        if !std::ptr::eq(left, right) && left != right {
            let (mut left, mut right) = (left, right);
            while let (Some((a, my_rest)), Some((b, their_rest))) = (split(left, 1), split(right, 1))
                && a == b
            {
                equal += 1;
                (left, right) = (my_rest, their_rest);
            }
            return equal;
        }
        equal += count;
        (mine, theirs) = (my_rest, their_rest);
    }
}

/// Returns the length of a line without its line break, in bytes.
fn content_length(line: RopeSlice<'_>) -> usize {
    let mut length = line.len_bytes();
    if length > 0 && line.byte(length - 1) == b'\n' {
        length -= 1;
    }
    if length > 0 && line.byte(length - 1) == b'\r' {
        length -= 1;
    }
    length
}

/// Returns how many columns a text takes that lies within a line; `None` if it does not.
fn columns(text: &str, encoding: Encoding) -> Option<u32> {
    memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_none().then(|| saturate(units(text, encoding)))
}

fn units(text: &str, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => text.len(),
        Encoding::Utf16 => text.chars().map(char::len_utf16).sum(),
        Encoding::Utf32 => text.chars().count(),
    }
}

fn saturate(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.own_part() == other.own_part()
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.own_part())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.own_part().chunks().try_for_each(|chunk| f.write_str(chunk))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, column: u32) -> Position {
        Position { line, column }
    }

    #[test]
    fn columns_count_what_the_encoding_says() {
        let text = Text::from("a😀é\r\nb");
        let end_of_line = Offset::new(7);
        assert_eq!(text.position(end_of_line, Encoding::Utf8), at(0, 7));
        assert_eq!(text.position(end_of_line, Encoding::Utf16), at(0, 4));
        assert_eq!(text.position(end_of_line, Encoding::Utf32), at(0, 3));
        assert_eq!(text.position(Offset::new(9), Encoding::Utf16), at(1, 0));
    }

    #[test]
    fn a_position_is_the_same_by_its_page_and_by_the_rope() {
        let lines = ["é lines😀\n".repeat(400), "\r\nx".repeat(900), "\ra\n\n".repeat(900), "z".repeat(3000)];
        let mut texts: Vec<Text> = lines.iter().map(|text| Text::from(text.as_str())).collect();
        texts.extend(lines.iter().map(|text| Text::from(text.get(..60).unwrap())));
        texts.push(Text::from(lines.concat().as_str()));
        let mut shared = texts.clone();
        Text::share_ropes(&mut shared);
        for text in texts.iter().chain(&shared) {
            // No length of a line is a multiple of the step.
            let step = if text.len() > 100 { 7 } else { 1 };
            for at in (0..text.len() + 2).step_by(step).map(Offset::new) {
                for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                    let start = text.position_in_rope(at, encoding);
                    assert_eq!(text.position(at, encoding), start);
                    let span = Span::between(at, at.plus(at.to_usize() % 9));
                    let end = text.position_in_rope(span.end, encoding);
                    assert_eq!(text.range(span, encoding), Range { start, end });
                }
            }
        }
    }

    #[test]
    fn equal_ends_are_those_of_the_bytes() {
        let long = "é lines\r\n".repeat(1000);
        let plain = |one: &str, other: &str| {
            let pairs = one.bytes().zip(other.bytes());
            let backwards = one.bytes().rev().zip(other.bytes().rev());
            (pairs.take_while(|(a, b)| a == b).count(), backwards.take_while(|(a, b)| a == b).count())
        };
        let mut texts: Vec<Text> = ["", "a", "ab", "ba", "aba", "é", "è", &long].map(Text::from).into();
        for (start, end, with) in
            [(0, 0, "x"), (4000, 4000, "lines"), (5000, 9000, ""), (10_990, 11_000, "x")]
        {
            let mut edited = texts[7].clone();
            edited.replace(Span::new(start, end), with);
            texts.push(edited);
        }
        for one in &texts {
            for other in &texts {
                assert_eq!(one.equal_ends(other), plain(&one.to_text(), &other.to_text()));
            }
        }
    }

    #[test]
    fn only_the_line_breaks_of_lsp_end_a_line() {
        let text = Text::from("a\u{2028}b\u{85}c\u{0B}d\ne\rf\r\ng");
        assert_eq!(text.line_count(), 4);
        assert_eq!(text.slice(text.line(1).unwrap()), "e");
        assert_eq!(text.slice(text.line(2).unwrap()), "f");
    }

    #[test]
    fn requests_past_a_line_or_the_text_mean_its_end() {
        let text = Text::from("ab\r\ncd");
        assert_eq!(text.offset(at(0, 99), Encoding::Utf16), Offset::new(2));
        assert_eq!(text.offset(at(9, 0), Encoding::Utf16), Offset::new(6));
        let emoji = Text::from("😀");
        assert_eq!(emoji.offset(at(0, 1), Encoding::Utf16), Offset::ZERO);
    }

    #[test]
    fn edits_that_do_not_fit_change_nothing() {
        let mut text = Text::from("a😀\n");
        let mut try_edit = |start, end| {
            let edit = Edit { range: Some(Range { start, end }), text: "x".into() };
            let outcome = text.apply(&edit, Encoding::Utf16);
            (outcome, text.to_text())
        };
        assert_eq!(try_edit(at(0, 2), at(0, 3)), (Err(EditError::InsideCharacter), "a😀\n".into()));
        assert_eq!(try_edit(at(0, 1), at(0, 0)), (Err(EditError::Reversed), "a😀\n".into()));
        assert_eq!(try_edit(at(7, 0), at(7, 0)), (Err(EditError::NoSuchLine { line: 7 }), "a😀\n".into()));
        assert_eq!(try_edit(at(2, 0), at(2, 0)), (Ok(()), "a😀\nx".into()));
        assert_eq!(try_edit(at(0, 0), at(2_147_483_647, 0)), (Ok(()), "x".into()));
    }
}
