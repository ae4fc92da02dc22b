//! How likely a note is what is meant at a place, before a letter of its name is typed: a sum of what speaks
//! for it.
//!
//! Whatever depends on the note and the cursor is collected once a request, from the few notes that have
//! something to do with the place ([`features`](crate::ide::completion::ranking::features)). A candidate
//! costs a look into that, its distance and how many link it.
//!
//! The weights are log-odds: what adds 0.7 makes a note twice as likely as another one that is its equal
//! otherwise. They were fitted (multinomial logistic regression) to 2,000 links of a vault of 3,600 notes of
//! nine authors, taken out of their notes as `benches/ranking.rs` takes out others; then rounded, and held
//! down where that vault is more regular than most: folders, videos under headings. Whether a note is linked
//! elsewhere in the same note was tried as well and says nothing beyond the rest.

use rustc_hash::FxHashMap;

use crate::text::Offset;
use crate::vault::{Cancel, Cancelled, File, FileId, Key, NoteRef, Snapshot, UnresolvedName};

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
pub(crate) struct Relevance<'a> {
    vault: &'a Snapshot,
    distances: Distances<'a>,
    files: FxHashMap<FileId, f32>,
    unresolved: FxHashMap<Key, f32>,
}

impl<'a> Relevance<'a> {
    /// At the cursor. Grows with what is around the note, up to a limit, and not with the vault.
    pub(crate) fn at(
        vault: &'a Snapshot,
        source: &NoteRef<'a>,
        cursor: Offset,
        cancel: &Cancel,
    ) -> Result<Relevance<'a>, Cancelled> {
        let collected = collect_features(vault, source, cursor, cancel)?;
        let files = collected.files.into_iter().map(|(id, features)| (id, weigh(&features))).collect();
        let unresolved = collected.unresolved.into_iter().map(|(key, features)| (key, weigh(&features)));
        Ok(Relevance { vault, distances: Distances::from(source), files, unresolved: unresolved.collect() })
    }

    /// How likely a file is meant.
    pub(crate) fn of_file(&mut self, id: FileId, file: &'a File) -> f32 {
        let near = match self.distances.to(id, file) {
            0 => SAME_FOLDER,
            usize::MAX => ITSELF,
            steps => STEP * steps.min(FAR) as f32,
        };
        let open = if file.is_open() { OPEN } else { 0.0 };
        near + open
            + often(self.vault.users_by_stem(id) as f32)
            + self.files.get(&id).copied().unwrap_or_default()
    }

    /// How likely a name that no file has yet is meant.
    pub(crate) fn of_unresolved(&self, name: &UnresolvedName) -> f32 {
        UNRESOLVED + often(name.notes as f32) + self.unresolved.get(&name.key).copied().unwrap_or_default()
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
