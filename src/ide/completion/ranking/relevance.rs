//! How likely a note is what is meant at a place, before a letter of its name is typed: a sum of what speaks
//! for it.
//!
//! Whatever depends on the note and the cursor is collected once a request, from the few notes that have
//! something to do with the place ([`features`](crate::ide::completion::ranking::features)). Any other file
//! costs its distance and how many link it ([`OfFiles`]).
//!
//! The weights are log-odds: what adds 0.7 makes a note twice as likely as another one that is its equal
//! otherwise. They were fitted (multinomial logistic regression) to 2,000 links of a vault of 3,600 notes of
//! nine authors, taken out of their notes as `benches/ranking.rs` takes out others; then rounded, and held
//! down where that vault is more regular than most: folders, videos under headings. Whether a note is linked
//! elsewhere in the same note was tried as well and says nothing beyond the rest.

use rustc_hash::FxHashMap;

use crate::text::Offset;
use crate::vault::{Cancel, Cancelled, FileId, Key, NameRow, NoteRef, Snapshot, UnresolvedName};

use crate::ide::completion::ranking::distance::Distances;
use crate::ide::completion::ranking::features::{RankingFeatures, collect_features};
use crate::ide::search::matching::{Closeness, Score};

/// Each point of the fuzzy matcher; a letter that follows its neighbour at the start of a word is worth 24.
const PER_POINT: f32 = 0.15;
/// What was typed is the start of a name.
const PREFIX: f32 = 1.0;
/// What was typed is a name.
const EXACT: f32 = 6.0;

/// Each doubling of the notes that link it by its stem.
const OFTEN: f32 = 0.25;
/// It lies in the same folder.
const SAME_FOLDER: f32 = 0.5;
/// Each step to its folder, up to [`FAR`] steps.
const STEP: f32 = -0.25;
/// More steps are no farther.
const FAR: usize = 4;
/// It is open in the editor.
const OPEN: f32 = 0.5;
/// It is the note itself, which is seldom what a link in it means.
const ITSELF: f32 = -5.0;
/// It is excluded (`files.excluded`), and comes after all others.
const EXCLUDED: f32 = -1_000.0;

/// It is of the same video as the note.
const OWN_VIDEO: f32 = 0.6;
/// It is of the video that the heading above the cursor or the note linked last is of.
const VIDEO_AT_HAND: f32 = 3.0;
/// It links the note.
const LINKS_HERE: f32 = 1.0;
/// Each doubling of how often notes link it together with one that this note links; those that few link count
/// more.
const CITED_TOGETHER: f32 = 0.4;
/// Each doubling of how often notes that this one links, or that link this one, link it.
const AROUND: f32 = 0.4;
/// All words of its name stand in the sentence before the cursor; in part, in part.
const SENTENCE: f32 = 0.7;
/// The same of the line before the cursor.
const LINE: f32 = 2.5;
/// The same of the headings above the cursor.
const HEADING: f32 = 3.0;
/// The same of the names of the note.
const TITLE: f32 = 2.5;

/// A name that no note has yet comes after one that has it and is its equal otherwise.
const UNRESOLVED: f32 = -1.0;

/// How likely notes are meant at one place of one note.
pub(crate) struct Relevance {
    files: FxHashMap<FileId, f32>,
    /// A bit for each of these files: most files of a vault are none of them, and all are asked for.
    marked: Vec<u64>,
    unresolved: FxHashMap<Key, f32>,
}

impl Relevance {
    /// At the cursor. Grows with what is around the note, up to a limit, and not with the vault.
    pub(crate) fn at(
        vault: &Snapshot,
        source: &NoteRef<'_>,
        cursor: Offset,
        cancel: &Cancel,
    ) -> Result<Relevance, Cancelled> {
        let collected = collect_features(vault, source, cursor, cancel)?;
        let files = collected.files.into_iter().map(|(id, features)| (id, weigh(&features)));
        let files: FxHashMap<FileId, f32> = files.collect();
        let most = files.keys().map(|id| id.index() + 1).max().unwrap_or_default();
        let mut marked = vec![0_u64; most.div_ceil(64)];
        for id in files.keys() {
            if let Some(marks) = marked.get_mut(id.index() / 64) {
                *marks |= 1 << (id.index() % 64);
            }
        }
        let unresolved = collected.unresolved.into_iter().map(|(key, features)| (key, weigh(&features)));
        Ok(Relevance { files, marked, unresolved: unresolved.collect() })
    }

    /// What speaks for a file besides what [`OfFiles`] knows.
    pub(crate) fn collected(&self, id: FileId) -> f32 {
        let (word, bit) = (id.index() / 64, id.index() % 64);
        let is_marked = self.marked.get(word).is_some_and(|marks| marks >> bit & 1 == 1);
        if is_marked { self.files.get(&id).copied().unwrap_or_default() } else { 0.0 }
    }

    /// How likely a name that no file has yet is meant.
    pub(crate) fn of_unresolved(&self, name: &UnresolvedName) -> f32 {
        UNRESOLVED + often(name.notes as f32) + self.unresolved.get(&name.key).copied().unwrap_or_default()
    }
}

/// What speaks for each file of a vault by where it lies and how many notes link it.
pub(crate) struct OfFiles<'a> {
    vault: &'a Snapshot,
    distances: Distances<'a>,
    /// What few notes count that link a file.
    few: [f32; 64],
}

impl<'a> OfFiles<'a> {
    pub(crate) fn from(vault: &'a Snapshot, source: &NoteRef<'a>) -> OfFiles<'a> {
        let mut few = [0.0; 64];
        few.iter_mut().zip(0_u8..).for_each(|(weight, notes)| *weight = often(f32::from(notes)));
        OfFiles { vault, distances: Distances::from(source), few }
    }

    /// How likely a file is meant, as far as that goes.
    pub(crate) fn of(&mut self, row: NameRow<'a>) -> f32 {
        let (vault, id) = (self.vault, row.id());
        let folder = || vault.file(id).map_or("", |file| file.path.folder());
        let near = match self.distances.steps_to(id, row.folder(), folder) {
            0 => SAME_FOLDER,
            usize::MAX => ITSELF,
            steps => STEP * steps.min(FAR) as f32,
        };
        let open = if row.is_open() { OPEN } else { 0.0 };
        let excluded = if vault.is_excluded(id) { EXCLUDED } else { 0.0 };
        let notes = vault.users_by_stem(id);
        let known = self.few.get(notes as usize).copied();
        near + open + excluded + known.unwrap_or_else(|| often(notes as f32))
    }
}

fn often(notes: f32) -> f32 {
    OFTEN * doublings(notes)
}

/// How much better a name fits what was typed than one that does not.
pub(crate) fn of_match(score: Score) -> f32 {
    let closeness = match score.closeness() {
        Closeness::Within => 0.0,
        Closeness::Prefix => PREFIX,
        Closeness::Exact => EXACT,
    };
    PER_POINT * score.fuzzy() as f32 + closeness
}

fn weigh(features: &RankingFeatures) -> f32 {
    let [sentence, line, heading, title] = features.said;
    let is = |fact: bool| if fact { 1.0 } else { 0.0 };
    OWN_VIDEO * is(features.is_of_own_video)
        + VIDEO_AT_HAND * is(features.is_of_video_at_hand)
        + LINKS_HERE * is(features.links_here)
        + CITED_TOGETHER * doublings(features.cited_together)
        + AROUND * doublings(features.around)
        + SENTENCE * sentence
        + LINE * line
        + HEADING * heading
        + TITLE * title
}

/// 0 for 0, 1 for 1, 2 for 3, 3 for 7.
fn doublings(count: f32) -> f32 {
    (1.0 + count).log2()
}
