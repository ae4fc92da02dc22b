//! A part of the index: some keys with their files, in two rows of memory without a gap.

use crate::vault::names::{FileId, Key};

/// One fact of the index: a file defines or uses a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Filing {
    pub(crate) key: Key,
    pub(crate) role: Role,
    pub(crate) id: FileId,
}

/// What a file does with a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Role {
    Definer,
    User,
}

/// The files behind one key; each list sorted and without repeats.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Entry<'a> {
    pub(crate) definers: &'a [FileId],
    pub(crate) users: &'a [FileId],
}

/// Some keys, sorted, with their files.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Shard {
    rows: Box<[Row]>,
    /// For each row in order its definers, then its users.
    files: Box<[FileId]>,
}

/// A key, and where its files end in the list of all files of the shard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Row {
    key: Key,
    definers_end: u32,
    users_end: u32,
}

impl<'a> Entry<'a> {
    /// Returns each fact that the entry states of its key.
    pub(crate) fn filings(self, key: Key) -> impl Iterator<Item = Filing> + use<'a> {
        let definers = self.definers.iter().map(|id| (Role::Definer, *id));
        let users = self.users.iter().map(|id| (Role::User, *id));
        definers.chain(users).map(move |(role, id)| Filing { key, role, id })
    }
}

impl Shard {
    /// Returns the shard of sorted filings; repeats count once.
    pub(crate) fn from_sorted(filings: &[Filing]) -> Shard {
        let mut rows: Vec<Row> = Vec::new();
        let mut files = Vec::with_capacity(filings.len());
        let mut last = None;
        for filing in filings.iter().filter(|filing| last.replace(**filing) != Some(**filing)) {
            let start = end_of(&files);
            files.push(filing.id);
            let end = end_of(&files);
            match rows.last_mut().filter(|row| row.key == filing.key) {
                Some(row) => row.users_end = end,
                None => rows.push(Row { key: filing.key, definers_end: start, users_end: end }),
            }
            if let Some(row) = rows.last_mut().filter(|_| filing.role == Role::Definer) {
                row.definers_end = end;
            }
        }
        Shard { rows: rows.into(), files: files.into() }
    }

    /// Returns how many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns the files behind a key.
    pub(crate) fn get(&self, key: Key) -> Entry<'_> {
        self.place(key).map_or(Entry::default(), |place| self.entry(place))
    }

    /// Returns all keys with their files, in the order of the keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Key, Entry<'_>)> {
        self.rows.iter().enumerate().map(|(place, row)| (row.key, self.entry(place)))
    }

    /// Adds a filing; returns whether it is new.
    pub(crate) fn insert(&mut self, filing: Filing) -> bool {
        let key = filing.key;
        let place = match self.place(key) {
            Ok(place) => place,
            Err(place) => {
                let start = self.start_of(place);
                self.rows = with(&self.rows, place, Row { key, definers_end: start, users_end: start });
                place
            }
        };
        let Err(at) = self.file_place(place, filing) else { return false };
        self.files = with(&self.files, at, filing.id);
        self.shift(place, filing.role, |end| end + 1);
        true
    }

    /// Removes a filing; returns whether it was there. A key without files goes with it.
    pub(crate) fn remove(&mut self, filing: Filing) -> bool {
        let Ok(place) = self.place(filing.key) else { return false };
        let Ok(at) = self.file_place(place, filing) else { return false };
        self.files = without(&self.files, at);
        self.shift(place, filing.role, |end| end - 1);
        if self.entry(place) == Entry::default() {
            self.rows = without(&self.rows, place);
        }
        true
    }

    /// Returns the row of a key, or where it would be.
    fn place(&self, key: Key) -> Result<usize, usize> {
        self.rows.binary_search_by_key(&key, |row| row.key)
    }

    fn entry(&self, place: usize) -> Entry<'_> {
        let Some(row) = self.rows.get(place) else { return Entry::default() };
        let [start, middle, end] =
            [self.start_of(place), row.definers_end, row.users_end].map(|end| end as usize);
        Entry {
            definers: self.files.get(start..middle).unwrap_or_default(),
            users: self.files.get(middle..end).unwrap_or_default(),
        }
    }

    /// Returns where the files of a row begin.
    fn start_of(&self, place: usize) -> u32 {
        place.checked_sub(1).and_then(|before| self.rows.get(before)).map_or(0, |row| row.users_end)
    }

    /// Returns where the file of a filing is in the list of all files, or where it would be.
    fn file_place(&self, place: usize, filing: Filing) -> Result<usize, usize> {
        let entry = self.entry(place);
        let start = self.start_of(place) as usize;
        let (start, files) = match filing.role {
            Role::Definer => (start, entry.definers),
            Role::User => (start + entry.definers.len(), entry.users),
        };
        files.binary_search(&filing.id).map(|at| start + at).map_err(|at| start + at)
    }

    /// Moves the ends of all files behind those of a role of a row.
    fn shift(&mut self, place: usize, role: Role, moved: fn(u32) -> u32) {
        for (index, row) in self.rows.iter_mut().enumerate().skip(place) {
            if index > place || role == Role::Definer {
                row.definers_end = moved(row.definers_end);
            }
            row.users_end = moved(row.users_end);
        }
    }
}

fn end_of(files: &[FileId]) -> u32 {
    u32::try_from(files.len()).unwrap_or(u32::MAX)
}

fn with<T: Copy>(items: &[T], place: usize, item: T) -> Box<[T]> {
    let (before, after) = items.split_at(place);
    before.iter().chain([&item]).chain(after).copied().collect()
}

fn without<T: Copy>(items: &[T], place: usize) -> Box<[T]> {
    let (before, after) = items.split_at(place);
    before.iter().chain(after.iter().skip(1)).copied().collect()
}
