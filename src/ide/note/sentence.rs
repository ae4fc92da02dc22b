//! The sentence around a place in a note as a reader sees it: one line of plain text, with links as what they
//! show and without timestamps.

use std::ops::Range;

use crate::syntax::Link;
use crate::text::{Offset, SortedByPlace, Span};
use crate::vault::NoteRef;

use crate::ide::note::body::body;

/// How many lines of a paragraph are read on either side, and how many bytes: a line may hold megabytes.
const LINES: usize = 8;
const BYTES: usize = 2_000;

/// Places within so many bytes of each other share what is read around them, as a rule.
const BLOCK: usize = 500;

/// The sentence that `place`, a link or timestamp, stands in; for a timestamp behind the end of a sentence,
/// that sentence. Empty if there is nothing but links that show nothing. Its cost does not grow with the
/// note.
pub(crate) fn sentence_around(note: &NoteRef<'_>, place: Span) -> String {
    Sentences::of(note).around(place)
}

/// A sentence with a place in it, such as a link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sentence {
    /// The words before the place.
    pub before: String,
    /// What a reader sees of the place. Empty for a picture or a timestamp.
    pub place: String,
    /// The words after the place.
    pub after: String,
}

/// Returns the sentences around places of a note, in the order of the places. The cost of each does not grow
/// with the note.
pub fn sentences_around(note: &NoteRef<'_>, places: &[Span]) -> Vec<Sentence> {
    let mut sentences = Sentences::of(note);
    places.iter().map(|place| sentences.with_place(*place)).collect()
}

/// Finds the sentences around places of a note in their order: a paragraph that several share is read once.
pub(crate) struct Sentences<'a> {
    note: &'a NoteRef<'a>,
    /// The text around the place before, for those near it.
    surroundings: Option<Surroundings>,
    /// The paragraph that was read last.
    read: Option<(Span, Plain<'a>)>,
}

impl<'a> Sentences<'a> {
    pub(crate) fn of(note: &'a NoteRef<'a>) -> Sentences<'a> {
        Sentences { note, surroundings: None, read: None }
    }

    /// The sentence around a place, as [`sentence_around`] has it.
    pub(crate) fn around(&mut self, place: Span) -> String {
        let (paragraph, plain) = self.paragraph_around(place);
        let at = plain.place_of(place, paragraph.start);
        let bounds = plain.bounds_of_sentence(at);
        plain.text.get(bounds).unwrap_or_default().trim().to_owned()
    }

    /// The sentence, or the sentences if the place itself holds the end of one.
    fn with_place(&mut self, place: Span) -> Sentence {
        let note = self.note;
        let (paragraph, plain) = self.paragraph_around(place);
        let length_up_to = |end: Offset| {
            Plain::of(note, Span::between(paragraph.start, end)).text.len().min(plain.text.len())
        };
        let (start, end) = (length_up_to(place.start), length_up_to(place.end));
        let shown = plain.text.get(start..end).unwrap_or_default();
        // The space before a word is written together with the word.
        let start = end - shown.trim_start().len();
        // What begins right behind the end of a sentence does not belong to that sentence, as a timestamp
        // there does.
        let (first, last) = (plain.bounds_of_sentence(end.min(start + 1)), plain.bounds_of_sentence(end));
        let part = |range: Range<usize>| plain.text.get(range).unwrap_or_default();
        Sentence {
            before: part(first.start..start).trim_start().to_owned(),
            place: part(start..end).to_owned(),
            after: part(end..last.end).trim_end().to_owned(),
        }
    }

    fn paragraph_around(&mut self, place: Span) -> (Span, &Plain<'a>) {
        let surroundings = Surroundings::of(self.note, place, self.surroundings.take());
        let paragraph = paragraph_around(self.note, &surroundings, place);
        self.surroundings = Some(surroundings);
        let known = self.read.take().filter(|(part, _)| *part == paragraph);
        let read = self.read.insert(known.unwrap_or_else(|| (paragraph, Plain::of(self.note, paragraph))));
        (read.0, &read.1)
    }
}

/// The lines that make a paragraph with the one of `place`; those of a list of moments are each their own.
fn paragraph_around(note: &NoteRef<'_>, surroundings: &Surroundings, place: Span) -> Span {
    let own = surroundings.line_at(place.start.to_usize().saturating_sub(surroundings.start.to_usize()));
    let (mut first, mut last) = (own.clone(), own);
    if place.start >= surroundings.body {
        for _ in 0..LINES {
            match surroundings.line_before(&first).filter(|line| surroundings.goes_on(note, line, &first)) {
                Some(line) => first = line,
                None => break,
            }
        }
        for _ in 0..LINES {
            match surroundings.line_behind(&last).filter(|line| surroundings.goes_on(note, &last, line)) {
                Some(line) => last = line,
                None => break,
            }
        }
    }
    let start = surroundings.start;
    Span::between(start.plus(first.start), start.plus(last.end).max(place.end))
}

/// The text around places that are near each other, cut out of the note once: line by line a rope is slow.
/// Lines are ranges of `text`.
struct Surroundings {
    text: String,
    /// Where `text` begins in the note.
    start: Offset,
    /// Where it was to begin and to end.
    window: Span,
    /// Where the body of the note begins.
    body: Offset,
}

impl Surroundings {
    /// At least so many bytes on either side as are read, and one block more at most, but nothing of the
    /// front matter around a place behind it. Those that are `known` serve all places with the same bounds.
    fn of(note: &NoteRef<'_>, place: Span, known: Option<Surroundings>) -> Surroundings {
        let body = known.as_ref().map_or_else(|| body(note).start, |known| known.body);
        let earliest = if place.start >= body { body } else { Offset::ZERO };
        let block = |at: usize| at / BLOCK * BLOCK;
        let start = Offset::new(block(place.start.to_usize().saturating_sub(BYTES))).max(earliest);
        let window = Span::between(start, Offset::new(block(place.end.to_usize() + BYTES + BLOCK)));
        if let Some(known) = known.filter(|known| known.window == window) {
            return known;
        }
        let before = note.note.slice(Span::between(window.start, place.start));
        let behind = note.note.slice(Span::between(place.start, window.end));
        let start = Offset::new(place.start.to_usize().saturating_sub(before.len()));
        Surroundings { text: format!("{before}{behind}"), start, window, body }
    }

    fn line_at(&self, at: usize) -> Range<usize> {
        let (before, behind) = self.text.split_at_checked(at).unwrap_or_default();
        let start = memchr::memrchr2(b'\n', b'\r', before.as_bytes()).map_or(0, |end| end + 1);
        let length = memchr::memchr2(b'\n', b'\r', behind.as_bytes()).unwrap_or(behind.len());
        start..at + length
    }

    fn line_before(&self, line: &Range<usize>) -> Option<Range<usize>> {
        let before = self.text.get(..line.start)?;
        let end = before.strip_suffix("\r\n").or_else(|| before.strip_suffix(['\n', '\r']))?.len();
        Some(self.line_at(end))
    }

    fn line_behind(&self, line: &Range<usize>) -> Option<Range<usize>> {
        let behind = self.text.get(line.end..)?;
        let rest = behind.strip_prefix("\r\n").or_else(|| behind.strip_prefix(['\n', '\r']))?;
        Some(self.line_at(self.text.len() - rest.len()))
    }

    /// Whether the paragraph of a line goes on with the next one.
    fn goes_on(&self, note: &NoteRef<'_>, own: &Range<usize>, next: &Range<usize>) -> bool {
        let begins = |line: &Range<usize>| self.text.get(line.clone()).unwrap_or_default().trim_start();
        let (own, behind) = (begins(own), begins(next));
        let is_text = |line: &str| !line.is_empty() && !line.starts_with(['#', '|', '`', '~']);
        let is_item = behind.starts_with("- ") || behind.starts_with("* ") || behind.starts_with("+ ");
        let is_numbered = behind.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with([')', '.'])
            && behind.starts_with(|c: char| c.is_ascii_digit());
        is_text(own) && is_text(behind) && !is_item && !is_numbered && !behind.starts_with('>') && {
            let start = self.start.plus(next.end - behind.len());
            note.note.parsed.timestamps.starting_at(start).is_none()
        }
    }
}

/// Writes a stretch of a note as plain text.
struct Plain<'a> {
    note: &'a NoteRef<'a>,
    text: String,
    is_space_due: bool,
    /// The ends of the links and timestamps that were read, each with where it stands in `text`.
    places: Vec<(Offset, usize)>,
}

impl<'a> Plain<'a> {
    fn of(note: &'a NoteRef<'a>, part: Span) -> Plain<'a> {
        let mut plain = Plain { note, text: String::new(), is_space_due: false, places: Vec::new() };
        plain.read(part);
        plain
    }

    /// Where in the text a place stands; `start` is where the text begins in the note.
    fn place_of(&self, place: Span, start: Offset) -> usize {
        let after = self.places.partition_point(|(end, _)| *end <= place.start);
        match self.places.get(after) {
            Some((_, at)) => *at,
            None => Plain::of(self.note, Span::between(start, place.start.max(start))).text.len(),
        }
    }

    fn read(&mut self, part: Span) {
        let parsed = &self.note.note.parsed;
        let timestamps = parsed.timestamps.overlapping(part).map(|stamp| (stamp.span, None));
        let links = parsed.links.overlapping(part).map(|link| (link.span, shown(link)));
        let mut marks: Vec<(Span, Option<Span>)> = timestamps.chain(links).collect();
        marks.sort_unstable();
        let mut at = part.start;
        for (span, shown) in marks {
            if span.start < at {
                continue;
            }
            self.words(Span::between(at, span.start));
            self.places.push((span.end, self.text.len()));
            match shown {
                Some(shown) => self.words(shown),
                None => self.leave_out(),
            }
            at = span.end.min(part.end);
        }
        self.words(Span::between(at, part.end));
    }

    /// A stretch without links: marks of blocks at the start of a line, emphasis and HTML are left out.
    fn words(&mut self, span: Span) {
        let before = Offset::new(span.start.to_usize().saturating_sub(1));
        let before = self.note.note.slice(Span::between(before, span.start));
        let mut is_at_start = span.start == Offset::ZERO || before.ends_with(['\n', '\r']);
        let written = self.note.note.slice(span);
        for line in written.split_inclusive(['\n', '\r']) {
            let line = if is_at_start { without_marks(line) } else { line };
            is_at_start = true;
            let mut rest = line;
            while let Some(char) = rest.chars().next() {
                let tag = if char == '<' { html_tag(rest) } else { None };
                let length = tag.unwrap_or(char.len_utf8());
                if tag.is_none() && !matches!(char, '*' | '`') {
                    self.push(char);
                }
                rest = rest.get(length..).unwrap_or_default();
            }
        }
    }

    fn push(&mut self, char: char) {
        if char.is_whitespace() || char.is_control() {
            self.is_space_due = !self.text.is_empty();
            return;
        }
        if char == ')' && self.text.ends_with('(') {
            self.text.pop();
            self.text.truncate(self.text.trim_end().len());
            self.is_space_due = !self.text.is_empty();
            return;
        }
        if std::mem::take(&mut self.is_space_due) && !matches!(char, '.' | ',' | ';' | ':' | '!' | '?' | ')')
        {
            self.text.push(' ');
        }
        self.text.push(char);
    }

    /// The stretch between ends of sentences that holds `at`. A place right behind an end belongs to what it
    /// ends.
    fn bounds_of_sentence(&self, at: usize) -> Range<usize> {
        let begins_link = |end: usize| self.places.binary_search_by_key(&end, |(_, at)| *at).is_ok();
        let mut start = 0;
        for end in sentence_ends(&self.text, begins_link) {
            if end >= at {
                return start..end;
            }
            start = end;
        }
        start..self.text.len()
    }

    fn leave_out(&mut self) {
        self.is_space_due = !self.text.is_empty() && !self.text.ends_with('(');
    }
}

/// What a reader sees of a link; `None` for a picture or another link that shows no words.
fn shown(link: &Link) -> Option<Span> {
    link.display.or_else(|| (!link.target.is_empty()).then_some(link.target)).or(link.fragment)
}

/// A line without what says in what kind of block it is: indentation, quotes, bullets, numbers, heading
/// marks.
fn without_marks(line: &str) -> &str {
    let mut rest = line.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
    if let Some(item) = ["- ", "* ", "+ "].iter().find_map(|mark| rest.strip_prefix(mark)) {
        rest = without_checkbox(item.trim_start());
    } else if let Some(item) = rest.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix([')', '.'])
        && rest.starts_with(|c: char| c.is_ascii_digit())
        && item.starts_with(char::is_whitespace)
    {
        rest = item.trim_start();
    }
    rest.trim_start_matches('#').trim_start()
}

/// The text of a list item without the `[x]` that makes it a task.
fn without_checkbox(item: &str) -> &str {
    let mark = item.strip_prefix('[').map(str::chars);
    let behind = mark.and_then(|mut chars| chars.next().and_then(|_| chars.as_str().strip_prefix("] ")));
    behind.unwrap_or(item)
}

/// The length of the HTML tag that a text starts with.
fn html_tag(text: &str) -> Option<usize> {
    let name = text.strip_prefix('<')?.trim_start_matches('/');
    let end = text.find('>')?;
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.get(1..end)?.contains('<'))
        .then_some(end + 1)
}

/// Returns where the sentences of a text end. As in [UAX
/// #29](https://unicode.org/reports/tr29/#Sentence_Boundary_Rules), a full stop before a small letter ends no
/// sentence (`e.g. this`), unless `begins_link` there: names of notes are often written small.
pub(crate) fn sentence_ends<'a>(
    text: &'a str,
    begins_link: impl Fn(usize) -> bool + 'a,
) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(['.', '!', '?', '…', '。', '！', '？']).filter_map(move |(place, mark)| {
        let end = place + mark.len();
        let rest = text.get(end..).unwrap_or_default();
        let next = rest.trim_start();
        let is_apart = rest.len() > next.len() || matches!(mark, "。" | "！" | "？");
        let goes_on = mark == "." && next.starts_with(char::is_lowercase) && !begins_link(end);
        (next.is_empty() || (is_apart && !goes_on)).then_some(end)
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::fixture;

    /// The sentence of each timestamp of a note.
    fn check(text: &str, expected: &Expect) {
        let (vault, at) = fixture::vault(&format!("---\nvideoId: Rxmv7rT9leo\n---\n{text}"));
        let note = vault.note(at.note).unwrap();
        let lines: Vec<String> = note
            .note
            .parsed
            .timestamps
            .iter()
            .map(|stamp| format!("{}: {}\n", note.note.slice(stamp.span), sentence_around(&note, stamp.span)))
            .collect();
        expected.assert_eq(&lines.concat());
    }

    #[test]
    fn words_without_their_marks() {
        check(
            "# Title\n\nFirst. The **[[memory | memories]]** of a [fish](f.md) fade\nquickly <br/> [0:10]. Then ([0:11]) more! [0:12] Last\n\n\
             > - item of `code` [0:13], and [x][y] https://a.b/c. [0:14]\n",
            &expect![[r#"
                [0:10]: The memories of a fish fade quickly.
                [0:11]: Then more!
                [0:12]: Then more!
                [0:13]: item of code, and [x][y] https://a.b/c.
                [0:14]: item of code, and [x][y] https://a.b/c.
            "#]],
        );
    }

    /// The sentences around the links of a note, each with what its link shows in `‹›`.
    fn around_links(text: &str) -> Vec<String> {
        let (vault, at) = fixture::vault(text);
        let note = vault.note(at.note).unwrap();
        let links: Vec<Span> = note.note.parsed.links.iter().map(|link| link.span).collect();
        let found = sentences_around(&note, &links);
        found.iter().map(|one| format!("{}‹{}›{}", one.before, one.place, one.after)).collect()
    }

    #[test]
    fn a_link_is_marked_in_its_sentence() {
        for (text, expected) in [
            ("First. Then [[a]] comes. Last.", "Then ‹a› comes."),
            ("First. [[a]] comes", "‹a› comes"),
            ("[[a]]", "‹a›"),
            ("# Head\nOne. Two\nand [[a]] and\nthree. Four.\n\nFive", "Two and ‹a› and three."),
            ("- one\n- see [[a]]\n- two", "see ‹a›"),
            ("text\n## About [[a]]\ntext", "About ‹a›"),
            ("  1. see [[a]]", "see ‹a›"),
            ("> - [x] see [[a]]", "see ‹a›"),
            ("> one\n> see [[a]]", "see ‹a›"),
            ("See [[a|Is it so? Yes. No]] there. End.", "See ‹Is it so? Yes. No› there."),
            ("It, e.g. in [[a]], ends. Here", "It, e.g. in ‹a›, ends."),
            ("いち。[[a|に]]です。さん", "‹に›です。"),
            ("In [[a#B | the *part*]] at [0:10].", "In ‹the part› at [0:10]."),
            ("😀 (in [text](<a b.md>)) there", "😀 (in ‹text›) there"),
            ("![[p.png|A picture]] here", "‹A picture› here"),
        ] {
            assert_eq!(around_links(text), [expected], "{text}");
        }
        assert_eq!(around_links("[[a]] and [[b]]. [[c]]"), ["‹a› and b.", "a and ‹b›.", "‹c›"]);
    }

    #[test]
    fn words_that_are_no_link_are_marked_too() {
        let text = "One. Then **quiet\nsleep** comes. Last.";
        let (vault, at) = fixture::vault(text);
        let start = text.find("quiet").unwrap();
        let words = Span::new(start, start + "quiet\nsleep".len());
        let found = sentences_around(&vault.note(at.note).unwrap(), &[words]);
        let expected = ("Then ", "quiet sleep", " comes.");
        assert_eq!(found.iter().map(|one| (&*one.before, &*one.place, &*one.after)).next(), Some(expected));
    }

    #[test]
    fn lists_of_moments() {
        check(
            "[0:10] Intro. And more\n[0:20] Second\n1. [0:30] - third\n\n[0:40]\n",
            &expect![[r#"
                [0:10]: Intro.
                [0:20]: Second
                [0:30]: - third
                [0:40]: 
            "#]],
        );
    }

    #[test]
    fn places_of_a_paragraph_that_are_read_together_say_what_each_says_alone() {
        let text = "One [0:10]. Two [[a]] [0:11] (three\nfour [0:12]) five. [0:13]\n\n- six [0:14]\n[0:15] seven [x](y.md). Eight [0:16]\n";
        let (vault, at) = fixture::vault(&format!("---\nvideoId: Rxmv7rT9leo\n---\n{text}"));
        let note = vault.note(at.note).unwrap();
        let mut together = Sentences::of(&note);
        for stamp in &note.note.parsed.timestamps {
            assert_eq!(together.around(stamp.span), sentence_around(&note, stamp.span));
        }
    }

    #[test]
    fn paragraphs_end_at_line_breaks_of_all_kinds() {
        for end in ["\n", "\r\n", "\r"] {
            let text = [
                "Zero.",
                "",
                "one",
                "two [0:10] and",
                "three.",
                "",
                "Four [0:11]",
                "- five",
                "six [0:12]",
                "# Seven",
            ]
            .join(end);
            let (vault, at) = fixture::vault(&format!("---\nvideoId: Rxmv7rT9leo\n---\n{text}"));
            let note = vault.note(at.note).unwrap();
            let said: Vec<String> =
                note.note.parsed.timestamps.iter().map(|stamp| sentence_around(&note, stamp.span)).collect();
            assert_eq!(said, ["one two and three.", "Four", "five six"], "{end:?}");
        }
    }

    #[test]
    fn long_lines_cost_what_is_near() {
        let text = format!("{}. Here it is [0:10] {}", "ä".repeat(5_000), "b".repeat(5_000));
        let (vault, at) = fixture::vault(&format!("---\nvideoId: Rxmv7rT9leo\n---\n{text}"));
        let note = vault.note(at.note).unwrap();
        let found = sentence_around(&note, note.note.parsed.timestamps[0].span);
        assert!(found.starts_with("Here it is bbb") && found.len() < BYTES + 2 * BLOCK, "{}", found.len());
    }
}
