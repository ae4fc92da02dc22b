//! What around a place speaks for one note or another: which notes are linked here and with what else, whose
//! video this is, and whose names are in the words before the cursor.
//!
//! Found from the place outwards, through the index, and never further than a budget, so that it costs the
//! same in a vault of any size.

use rustc_hash::FxHashMap;

use crate::syntax::video_in_address;
use crate::text::{Offset, SortedByPlace, Span};
use crate::vault::{Cancel, Cancelled, FileId, Key, KeyWord, NoteRef, Snapshot, key_words};

use crate::ide::note::sentence::sentence_ends;

/// How far before the cursor words count, in bytes.
const REACH: usize = 1_000;
/// What more notes link says little about what goes together; what links more is a list of everything.
const MANY: usize = 64;
/// How many links before and behind the cursor are followed.
const NEIGHBOURS: (usize, usize) = (48, 16);
/// How many links of other notes are looked at.
const MAX_LINKS: usize = 6_000;
/// How many names are looked at for the words that they hold.
const MAX_NAMES: usize = 8_000;
/// A word that one name in so many holds says nothing.
const COMMON: usize = 4;
/// What a word counts that a name holds and the text does not, in doublings of rarity.
const MISSING: f32 = 8.0;

/// What speaks for one note.
#[derive(Clone, Default, Debug)]
pub(crate) struct RankingFeatures {
    /// It is of the video of the note that is written in.
    pub(crate) is_of_own_video: bool,
    /// It is of the video that the heading above names, or of that of the note that was linked last.
    pub(crate) is_of_video_at_hand: bool,
    /// It links the note.
    pub(crate) links_here: bool,
    /// Links to it in notes that also link what is linked here; each counts less the more notes link that.
    pub(crate) cited_together: f32,
    /// Links to it in the notes that are linked here and in those that link here.
    pub(crate) around: f32,
    /// How much of its name each of the [`SAID`] texts holds, from 0 to 1.
    pub(crate) said: [f32; SAID],
}

/// The texts whose words count: the sentence before the cursor, the whole line before it, the headings above,
/// and the names of the note.
const SAID: usize = 4;

/// What was found around a place.
#[derive(Default)]
pub(crate) struct CollectedFeatures {
    /// For files.
    pub(crate) files: FxHashMap<FileId, RankingFeatures>,
    /// For names that no file has, by what links by them are filed under.
    pub(crate) unresolved: FxHashMap<Key, RankingFeatures>,
}

/// What speaks for notes at a cursor.
pub(crate) fn collect_features(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    cursor: Offset,
    cancel: &Cancel,
) -> Result<CollectedFeatures, Cancelled> {
    let mut collected = CollectedFeatures::default();
    let links = Links::of(source, cursor);
    links.follow(vault, source, &mut collected);
    cancel.check()?;
    let heading = heading_above(source, cursor);
    of_videos(vault, source, heading.and_then(|heading| video_of(source, heading)), &links, &mut collected);
    cancel.check()?;
    of_words(vault, &said(source, cursor), &mut collected);
    Ok(collected)
}

/// The links of a note, without the one at the cursor: what each is filed under by the last part of its
/// target.
struct Links {
    before: Vec<Key>,
    behind: Vec<Key>,
}

impl Links {
    fn of(source: &NoteRef<'_>, cursor: Offset) -> Links {
        let links = source.note.parsed.links.iter().zip(source.note.keys.links());
        let others = links.filter(|(link, _)| !link.span.touches(cursor));
        let keyed = others.filter_map(|(link, filed)| Some((link.span.start < cursor, filed?[0])));
        let (before, behind): (Vec<_>, Vec<_>) = keyed.partition(|(is_before, _)| *is_before);
        let keys = |links: Vec<(bool, Key)>| links.into_iter().map(|(_, key)| key).collect();
        Links { before: keys(before), behind: keys(behind) }
    }

    /// Those near the cursor, each once.
    fn near(&self) -> Vec<Key> {
        let before = self.before.iter().rev().take(NEIGHBOURS.0);
        let mut near: Vec<Key> = before.chain(self.behind.iter().take(NEIGHBOURS.1)).copied().collect();
        near.sort_unstable();
        near.dedup();
        near
    }

    /// Looks at what is linked here, what links here, and what else they link.
    fn follow(&self, vault: &Snapshot, source: &NoteRef<'_>, collected: &mut CollectedFeatures) {
        let mut walk = Walk { vault, source: source.id, found: FxHashMap::default(), left: MAX_LINKS };
        let linking_here = vault.keys_of(source.id);
        let linking_here =
            linking_here.iter().map(|key| vault.users(*key)).filter(|users| users.len() <= MANY);
        for user in linking_here.flatten().filter(|user| **user != source.id) {
            collected.files.entry(*user).or_default().links_here = true;
            walk.count(*user, |features| features.around += 1.0);
        }
        let near = self.near();
        for key in &near {
            let users = vault.users(*key);
            if users.len() <= MANY {
                let weight = 1.0 / (2.0 + users.len() as f32).log2();
                users.iter().for_each(|user| walk.count(*user, |features| features.cited_together += weight));
            }
        }
        for key in &near {
            vault.definers(*key).iter().for_each(|id| walk.count(*id, |features| features.around += 1.0));
        }
        collected.take(vault, walk.found);
    }
}

/// A walk over the links of other notes.
struct Walk<'a> {
    vault: &'a Snapshot,
    /// The note that is written in, whose own links say nothing new.
    source: FileId,
    found: FxHashMap<Key, RankingFeatures>,
    left: usize,
}

impl Walk<'_> {
    /// Counts what a note links; nothing if it links too much, or too much was counted.
    fn count(&mut self, note: FileId, count: impl Fn(&mut RankingFeatures)) {
        let Some(note) = self.vault.note_if_read(note).filter(|note| note.id != self.source) else { return };
        let links = note.note.parsed.links.len();
        if links > self.left.min(MANY) {
            return;
        }
        self.left -= links;
        for [key, _] in note.note.keys.links().flatten() {
            count(self.found.entry(key).or_default());
        }
    }
}

impl CollectedFeatures {
    /// Hands what was found for names to the files that bear them.
    fn take(&mut self, vault: &Snapshot, found: FxHashMap<Key, RankingFeatures>) {
        for (key, features) in found {
            let definers = vault.definers(key);
            if definers.is_empty() {
                self.unresolved.insert(key, features);
                continue;
            }
            for id in definers {
                let of_file = self.files.entry(*id).or_default();
                of_file.cited_together += features.cited_together;
                of_file.around += features.around;
            }
        }
    }
}

/// The index of the heading that the cursor is below.
fn heading_above(source: &NoteRef<'_>, cursor: Offset) -> Option<usize> {
    source.note.parsed.headings.split_at_offset(cursor).0.len().checked_sub(1)
}

/// The video that a heading links, key of its index entry.
fn video_of(source: &NoteRef<'_>, heading: usize) -> Option<Key> {
    let parsed = &source.note.parsed;
    let heading = parsed.headings.get(heading)?.span;
    let links = parsed.links.starting_in(heading).iter();
    let addresses = links.filter(|link| link.is_external).map(|link| source.note.slice(link.target));
    addresses.into_iter().find_map(|address| video_in_address(&address).map(Key::video))
}

fn of_videos(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    of_heading: Option<Key>,
    links: &Links,
    collected: &mut CollectedFeatures,
) {
    let key_of = |note: &NoteRef<'_>| note.note.parsed.video().map(|video| Key::video(&video.value));
    let of_same =
        |key: Key| Some(vault.definers(key)).filter(|notes| notes.len() <= MANY).unwrap_or_default();
    for id in key_of(source).map(of_same).unwrap_or_default() {
        collected.files.entry(*id).or_default().is_of_own_video = true;
    }
    let last = links.before.last().map(|key| vault.definers(*key)).unwrap_or_default();
    let of_last = last.iter().find_map(|id| key_of(&vault.note_if_read(*id)?));
    for id in of_heading.into_iter().chain(of_last).flat_map(of_same) {
        collected.files.entry(*id).or_default().is_of_video_at_hand = true;
    }
}

/// The words of the [`SAID`] texts.
fn said(source: &NoteRef<'_>, cursor: Offset) -> [Vec<KeyWord>; SAID] {
    let text = &source.note.text;
    let line = text.line(text.line_of(cursor)).map_or(cursor, |line| line.start);
    let reach = Offset::new(cursor.to_usize().saturating_sub(REACH));
    let line = text.slice(Span::between(line.max(reach), cursor));
    let line = prose(line.rsplit_once("[[").map_or(&*line, |(before, _)| before));
    let last_end = sentence_ends(&line, |_| false).filter(|end| *end < line.len()).last();
    let sentence = last_end.and_then(|end| line.get(end..)).unwrap_or(&line);
    let distinct = |mut words: Vec<KeyWord>| {
        words.sort_unstable();
        words.dedup();
        words
    };
    let title = source.note.title().unwrap_or_default();
    [
        distinct(key_words(sentence)),
        distinct(key_words(&line)),
        distinct(headings_above(source, cursor).into_iter().flat_map(key_words).collect()),
        distinct([key_words(title), key_words(source.path.stem())].concat()),
    ]
}

/// The names of the heading that the cursor is below and of those that it lies in, the one of the whole note
/// left out.
fn headings_above<'a>(source: &NoteRef<'a>, cursor: Offset) -> Vec<&'a str> {
    let parsed = &source.note.parsed;
    let Some(nearest) = heading_above(source, cursor) else { return Vec::new() };
    let own = parsed.headings.get(nearest).into_iter();
    let above = parsed.headings_above(nearest).filter(|heading| heading.level > 1);
    own.chain(above).map(|heading| parsed.heading_name(heading)).collect()
}

/// What a reader sees of a line: without tags, the targets of links that show something else, and addresses.
fn prose(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    loop {
        let openings = [("<", ">"), ("[[", "]]"), ("](", ")")];
        let first = openings.iter().filter_map(|(open, close)| Some((rest.find(open)?, *open, *close)));
        let Some((at, open, close)) = first.min() else { break };
        let Some((before, inside)) = rest.split_at_checked(at) else { break };
        let inside = inside.strip_prefix(open).unwrap_or_default();
        let Some((inside, after)) = inside.split_once(close) else { break };
        out.push_str(before);
        out.push(' ');
        if open == "[[" {
            out.push_str(inside.rsplit_once('|').map_or(inside, |(_, shown)| shown));
            out.push(' ');
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Finds whose names hold the words, the rarest words first.
fn of_words(vault: &Snapshot, said: &[Vec<KeyWord>; SAID], collected: &mut CollectedFeatures) {
    let all = vault.file_count();
    let mut wanted = Vec::new();
    for (text, words) in said.iter().enumerate() {
        wanted.extend(words.iter().map(|word| (vault.definers(word.key), text, word.is_long)));
    }
    wanted.retain(|(names, ..)| !names.is_empty() && names.len() * COMMON <= all.max(COMMON * COMMON));
    wanted.sort_by_key(|(names, ..)| names.len());
    let mut found: FxHashMap<FileId, [Held; SAID]> = FxHashMap::default();
    let mut left = MAX_NAMES;
    for (names, text, is_long) in wanted {
        if names.len() > left {
            break;
        }
        left -= names.len();
        let rarity = (all as f32 / names.len() as f32).log2();
        for id in names {
            if let Some(held) = found.entry(*id).or_default().get_mut(text) {
                held.rarity += rarity;
                held.long_words += u8::from(is_long);
            }
        }
    }
    for (id, held) in found {
        let long_words = vault.file(id).map_or(0, |file| file.names.long_words());
        collected.files.entry(id).or_default().said = held.map(|held| held.share_of(long_words));
    }
}

/// The words of a name that a text holds.
#[derive(Clone, Copy, Default)]
struct Held {
    rarity: f32,
    long_words: u8,
}

impl Held {
    /// Which share of a name with so many long words they are.
    fn share_of(self, long_words: u8) -> f32 {
        if self.rarity == 0.0 {
            return 0.0;
        }
        let missing = f32::from(long_words.saturating_sub(self.long_words));
        self.rarity / (self.rarity + MISSING * missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_what_a_reader_sees() {
        for (line, expected) in [
            ("plain", "plain"),
            ("a [[stem | Shown]], b", "a   Shown , b"),
            ("[[stem]]", " stem "),
            ("[t](https://a.b/c) d", "[t  d"),
            ("x <a class=\"y\">[0:10]</a>", "x  [0:10] "),
            ("a < b [[open", "a < b [[open"),
        ] {
            assert_eq!(prose(line), expected, "{line}");
        }
    }

    #[test]
    fn a_name_is_said_in_part_or_as_a_whole() {
        let held = |rarity, long_words| Held { rarity, long_words };
        assert_eq!(held(0.0, 0).share_of(3), 0.0);
        assert_eq!(held(8.0, 1).share_of(2), 0.5);
        assert_eq!(held(8.0, 1).share_of(1), 1.0);
    }
}
