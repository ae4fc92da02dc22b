//! The names, headings and tags of some files in a row of memory: completion and symbols search all of them
//! at every key.
//!
//! Rows depend on the files alone. They are built when they are first asked for, and built anew after one of
//! their files has changed; their number is that of a leaf of the list of files, so that costs the same in a
//! vault of any size.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use crate::syntax::Parsed;
use crate::text::Text;
use crate::vault::names::{
    FileId, Initials, Key, Letters, PartsBuilder, PartsOfNames, VaultPath, searchable,
};
use crate::vault::search::search_names::{NameKind, SearchNames, names_in};

/// How many letters of the id of a video are kept with a name.
const VIDEO_LETTERS: usize = 4;

/// So many keys of headings are compared at once.
const KEYS_AT_ONCE: usize = 64;

/// The rows of files with neighbouring ids.
#[derive(Debug, Default)]
pub struct NameRows {
    /// The letters of all names of each file; apart, for they rule out most files.
    letters: Box<[Letters]>,
    files: Box<[Row]>,
    /// The letters of each heading, apart as well, and the [`Key::short`] of its name.
    heading_letters: Box<[Letters]>,
    heading_keys: Box<[u16]>,
    headings: Box<[HeadingRow]>,
    /// The names of each file, one a line and all [`searchable`]; apart from the rest, for they are read
    /// most.
    names: Box<str>,
    /// The parts of the names, empty ones included.
    parts: PartsOfNames,
    /// For each file its tags, one a line, and its headings.
    text: Box<str>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    /// The letters of all headings, and of all tags with their `#`.
    heading_letters: Letters,
    tag_letters: Letters,
    folder: Key,
    id: FileId,
    initials: Initials,
    /// The first letters of the names.
    first_letters: Initials,
    /// The ends of the stem and of all names among the names.
    stem_end: u32,
    names_end: u32,
    /// The end of its names among the parts.
    parts_end: u32,
    /// The ends of the tags and the headings in the text.
    tags_end: u32,
    text_end: u32,
    /// The end of its headings among all.
    headings_end: u32,
    video: [u8; VIDEO_LETTERS],
    is_note: bool,
    is_open: bool,
}

/// A heading. The text is empty for the one that is the title.
#[derive(Clone, Copy, Debug)]
struct HeadingRow {
    initials: Initials,
    /// The end of its text; it starts at the end of the one before, or of the tags.
    end: u32,
}

/// A file whose names are searched.
pub(crate) struct FileNames<'a> {
    pub(crate) id: FileId,
    pub(crate) path: &'a VaultPath,
    pub(crate) names: &'a SearchNames,
    /// What the note says, if it has been read.
    pub(crate) read: Option<(&'a Text, &'a Parsed)>,
    pub(crate) is_note: bool,
    pub(crate) is_open: bool,
}

/// The searched names of one file.
#[derive(Clone, Copy, Debug)]
pub struct NameRow<'a> {
    rows: &'a NameRows,
    row: &'a Row,
    index: usize,
}

/// A heading as it is searched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SearchHeading<'a> {
    /// Its index among the headings of its note.
    pub index: usize,
    /// Its name in [`searchable`] form.
    pub name: &'a str,
    /// See [`Initials::of_words`].
    pub initials: Initials,
}

/// Rows that are being built.
#[derive(Default)]
struct Builder {
    letters: Vec<Letters>,
    files: Vec<Row>,
    heading_letters: Vec<Letters>,
    heading_keys: Vec<u16>,
    headings: Vec<HeadingRow>,
    names: String,
    parts: PartsBuilder,
    text: String,
}

impl Builder {
    fn add(&mut self, FileNames { id, path, names, read, is_note, is_open }: FileNames<'_>) {
        let parsed = read.map(|(_, parsed)| parsed);
        let lines = names.lines();
        let stem = lines.split('\n').next().unwrap_or_default();
        let stem_end = end_of(&self.names) + end_of(stem);
        self.names.push_str(lines);
        lines.split('\n').for_each(|name| self.parts.push(name));
        let tags = read.map(|(text, parsed)| tag_lines(text, parsed)).unwrap_or_default();
        self.text.push_str(&tags);
        let tags_end = end_of(&self.text);
        let mut all_letters = Letters::default();
        for name in parsed.into_iter().flat_map(searched_headings) {
            self.text.push_str(&name);
            let letters = Letters::held(&name);
            all_letters = all_letters.and(letters);
            self.heading_letters.push(letters);
            self.heading_keys.push(Key::name(&name).short());
            self.headings.push(HeadingRow { initials: Initials::of_words(&name), end: end_of(&self.text) });
        }
        let video = parsed.and_then(Parsed::video).map(|video| video_letters(&video.value));
        self.letters.push(Letters::held(lines));
        let of_each = |of: fn(&str) -> Initials| {
            lines.split('\n').fold(Initials::default(), |all, name| all.and(of(name)))
        };
        self.files.push(Row {
            heading_letters: all_letters,
            tag_letters: Letters::held("#").and(Letters::held(&tags)),
            folder: Key::path(path.folder()),
            id,
            initials: of_each(Initials::of_words),
            first_letters: of_each(Initials::first),
            stem_end,
            names_end: end_of(&self.names),
            parts_end: narrow(self.parts.len()),
            tags_end,
            text_end: end_of(&self.text),
            headings_end: narrow(self.headings.len()),
            video: video.unwrap_or_default(),
            is_note,
            is_open,
        });
    }

    /// Adds a file as it was in other rows.
    fn add_row(&mut self, NameRow { rows, row, index }: NameRow<'_>) {
        let before = rows.before(index);
        let start = |end: fn(&Row) -> u32| before.map_or(0, end);
        let (names, text) = (start(|row| row.names_end), start(|row| row.text_end));
        let (parts, headings) = (start(|row| row.parts_end), start(|row| row.headings_end));
        let (names_start, text_start) = (end_of(&self.names), end_of(&self.text));
        let moved = |end: u32| end - text + text_start;
        self.names.push_str(slice(&rows.names, names, row.names_end));
        self.text.push_str(slice(&rows.text, text, row.text_end));
        let of_parts = (parts as usize..row.parts_end as usize).filter_map(|part| rows.parts.get(part));
        of_parts.for_each(|parts| self.parts.push_parts(parts));
        let of_headings = headings as usize..row.headings_end as usize;
        let letters = rows.heading_letters.get(of_headings.clone());
        self.heading_letters.extend_from_slice(letters.unwrap_or_default());
        self.heading_keys.extend_from_slice(rows.heading_keys.get(of_headings.clone()).unwrap_or_default());
        let of_headings = rows.headings.get(of_headings).unwrap_or_default().iter();
        self.headings.extend(of_headings.map(|heading| HeadingRow { end: moved(heading.end), ..*heading }));
        self.letters.extend(rows.letters.get(index));
        self.files.push(Row {
            stem_end: row.stem_end - names + names_start,
            names_end: end_of(&self.names),
            parts_end: narrow(self.parts.len()),
            tags_end: moved(row.tags_end),
            text_end: end_of(&self.text),
            headings_end: narrow(self.headings.len()),
            ..*row
        });
    }

    fn build(self) -> NameRows {
        NameRows {
            letters: self.letters.into(),
            files: self.files.into(),
            heading_letters: self.heading_letters.into(),
            heading_keys: self.heading_keys.into(),
            headings: self.headings.into(),
            names: self.names.into(),
            parts: self.parts.build(),
            text: self.text.into(),
        }
    }
}

impl NameRows {
    /// Builds the rows of some files, in order. Those of files that were in other rows and have not changed
    /// since are copied, which is far quicker.
    pub(crate) fn new<'a>(
        files: impl Iterator<Item = FileNames<'a>>,
        before: Option<&NameRows>,
        has_changed: impl Fn(FileId) -> bool,
    ) -> NameRows {
        let mut builder = Builder::default();
        for file in files {
            match before.and_then(|before| before.get(file.id)).filter(|row| !has_changed(row.id())) {
                Some(row) => builder.add_row(row),
                None => builder.add(file),
            }
        }
        builder.build()
    }

    /// Returns the file with this id, if it is among these.
    pub fn get(&self, id: FileId) -> Option<NameRow<'_>> {
        let index = self.files.binary_search_by_key(&id, |row| row.id).ok()?;
        Some(NameRow { rows: self, row: self.files.get(index)?, index })
    }

    /// Returns all files.
    pub fn iter(&self) -> impl Iterator<Item = NameRow<'_>> {
        let files = self.files.iter().enumerate();
        files.map(|(index, row)| NameRow { rows: self, row, index })
    }

    /// Returns the files whose names may match.
    pub fn holding(&self, wanted: Letters) -> impl Iterator<Item = NameRow<'_>> {
        self.holding_most(wanted, 0)
    }

    /// Returns the files whose names may match with so many letters wrong.
    pub fn holding_most(&self, wanted: Letters, wrong: usize) -> impl Iterator<Item = NameRow<'_>> {
        let letters = self.letters.iter().enumerate();
        let holding = letters.filter(move |(_, letters)| letters.cover_most(wanted, wrong));
        holding.filter_map(|(index, _)| Some(NameRow { rows: self, row: self.files.get(index)?, index }))
    }

    /// Returns the headings whose names have this key, and some others.
    pub fn headings_with_key(&self, key: Key) -> impl Iterator<Item = (NameRow<'_>, SearchHeading<'_>)> {
        let wanted = key.short();
        // Many at once are compared in a few instructions.
        let parts = self.heading_keys.chunks(KEYS_AT_ONCE).enumerate();
        let parts = parts.filter(move |(_, keys)| keys.iter().fold(false, |any, key| any | (*key == wanted)));
        let headings = parts.flat_map(move |(part, keys)| {
            let having = keys.iter().enumerate().filter(move |(_, key)| **key == wanted);
            having.map(move |(index, _)| part * KEYS_AT_ONCE + index)
        });
        headings.filter_map(|heading| {
            let index = self.files.partition_point(|row| row.headings_end as usize <= heading);
            let row = NameRow { rows: self, row: self.files.get(index)?, index };
            Some((row, row.heading(heading - row.first_heading())?))
        })
    }

    /// Returns the [`Key::short`] of the name of each heading.
    pub(crate) fn heading_keys(&self) -> impl Iterator<Item = u16> {
        self.heading_keys.iter().copied()
    }

    /// Returns the parts of all names, which [`NameRows::at`] finds by their index.
    pub fn parts(&self) -> &PartsOfNames {
        &self.parts
    }

    /// Returns the file of the name with this index among the parts, and which of its names it is.
    pub fn at(&self, part: usize) -> Option<(NameRow<'_>, NameKind)> {
        let index = self.files.partition_point(|row| row.parts_end as usize <= part);
        let first = self.before(index).map_or(0, |before| before.parts_end as usize);
        let row = NameRow { rows: self, row: self.files.get(index)?, index };
        Some((row, NameKind::of_line(part - first)))
    }

    /// Returns the row before one, at whose ends this one starts.
    fn before(&self, index: usize) -> Option<&Row> {
        self.files.get(index.checked_sub(1)?)
    }
}

fn slice(text: &str, start: u32, end: u32) -> &str {
    text.get(start as usize..end as usize).unwrap_or_default()
}

impl<'a> NameRow<'a> {
    /// Returns the id of the file.
    pub fn id(self) -> FileId {
        self.row.id
    }

    /// Returns whether the file is a note.
    pub fn is_note(self) -> bool {
        self.row.is_note
    }

    /// Returns whether the file is open in the editor.
    pub fn is_open(self) -> bool {
        self.row.is_open
    }

    /// Returns the key of the folder, which identifies it without reading the path, which lies elsewhere in
    /// memory.
    pub fn folder(self) -> Key {
        self.row.folder
    }

    /// Returns the letters of all names together.
    pub fn letters(self) -> Letters {
        self.rows.letters.get(self.index).copied().unwrap_or_default()
    }

    /// Returns the letters with which words of the names begin, see [`Initials::of_words`].
    pub fn initials(self) -> Initials {
        self.row.initials
    }

    /// Returns the first letters of the names.
    pub fn first_letters(self) -> Initials {
        self.row.first_letters
    }

    /// Returns each name in [`searchable`] form, see [`SearchNames::iter`].
    pub fn names(self) -> impl Iterator<Item = (NameKind, &'a str)> {
        let start = self.rows.before(self.index).map_or(0, |before| before.names_end);
        let stem = slice(&self.rows.names, start, self.row.stem_end);
        let others = slice(&self.rows.names, self.row.stem_end, self.row.names_end);
        let stem = Some((NameKind::Stem, stem)).filter(|(_, stem)| !stem.is_empty());
        let others = if others.is_empty() { None } else { Some(names_in(others)) };
        stem.into_iter().chain(others.into_iter().flatten())
    }

    /// Returns the tags, without their `#` and each once, as its first occurrence writes it; none if none can
    /// match. The `#` counts as a letter of a tag.
    pub fn tags(self, wanted: Letters) -> impl Iterator<Item = &'a str> {
        self.tags_with(wanted, 0)
    }

    /// Returns the same for tags that may match with so many letters wrong.
    pub fn tags_with(self, wanted: Letters, wrong: usize) -> impl Iterator<Item = &'a str> {
        let can_match = self.row.tag_letters.cover_most(wanted, wrong);
        let start = self.rows.before(self.index).map_or(0, |before| before.text_end);
        let tags = if can_match { slice(&self.rows.text, start, self.row.tags_end) } else { "" };
        tags.lines()
    }

    /// Returns the headings that may match, in order, but for the one that is the title.
    pub fn headings(self, wanted: Letters) -> impl Iterator<Item = SearchHeading<'a>> {
        self.headings_with(wanted, 0)
    }

    /// Returns the same for headings that may match with so many letters wrong.
    pub fn headings_with(self, wanted: Letters, wrong: usize) -> impl Iterator<Item = SearchHeading<'a>> {
        let first = self.first_heading();
        let can_match = self.row.heading_letters.cover_most(wanted, wrong);
        let end = if can_match { self.row.headings_end as usize } else { first };
        let letters = self.rows.heading_letters.get(first..end).unwrap_or_default().iter().enumerate();
        let holding = letters.filter(move |(_, letters)| letters.cover_most(wanted, wrong));
        holding.filter_map(move |(index, _)| self.heading(index))
    }

    fn first_heading(self) -> usize {
        self.rows.before(self.index).map_or(0, |before| before.headings_end as usize)
    }

    /// Returns a heading by its index; `None` for the one that is the title.
    fn heading(self, index: usize) -> Option<SearchHeading<'a>> {
        let (rows, first) = (self.rows, self.first_heading());
        let HeadingRow { initials, end } = *rows.headings.get(first + index)?;
        let before = index.checked_sub(1).and_then(|before| rows.headings.get(first + before));
        let name = slice(&rows.text, before.map_or(self.row.tags_end, |before| before.end), end);
        (!name.is_empty()).then_some(SearchHeading { index, name, initials })
    }

    /// Returns whether the note may be about a video whose id begins so. Only the first letters are compared.
    pub fn may_have_video(self, begun: &str) -> bool {
        self.row.video != [0; VIDEO_LETTERS] && self.row.video == video_letters(begun)
    }
}

/// Returns the names of all headings, empty in place of the one that is the title.
fn searched_headings(parsed: &Parsed) -> impl Iterator<Item = Cow<'_, str>> {
    parsed.headings.iter().enumerate().map(|(index, heading)| {
        let name = parsed.heading_name(heading);
        let is_title = index == 0 && heading.level == 1 && parsed.display_title() == Some(name);
        if is_title { Cow::Borrowed("") } else { searchable(name) }
    })
}

fn tag_lines(text: &Text, parsed: &Parsed) -> String {
    let mut lines = String::new();
    let mut known = FxHashSet::default();
    for name in parsed.tags.iter().map(|tag| text.slice(tag.name)) {
        // A name with a line break, which YAML folds, is not searched for.
        if !name.contains(['\n', '\r']) && !known.contains(&name) {
            lines.push_str(&name);
            lines.push('\n');
            known.insert(name);
        }
    }
    lines
}

fn video_letters(video: &str) -> [u8; VIDEO_LETTERS] {
    video.as_bytes().first_chunk().copied().unwrap_or_default()
}

fn end_of(text: &str) -> u32 {
    narrow(text.len())
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
