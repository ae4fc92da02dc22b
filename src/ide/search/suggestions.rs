//! Which names a broken link may have meant.
//!
//! Names are compared by their words, of which rare ones say more than common ones and order says nothing, by
//! their letters, which finds misspellings, and by initials. What lies near the link counts a little more.

use std::ops::RangeInclusive;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::vault::{
    Cancel, Cancelled, File, FileId, Key, Letters, NameKind, NameParts, NameRows, NoteRef, PartsOfNames,
    Resolution, Snapshot, Trait, Word, WordCounts, fold, folder_distance, in_parts, is_loosely,
    last_component, loose, searchable, without_note_extension,
};

use super::MANY_GROUPS;
use super::edit_distance::edit_distance;

/// How many files or names are worth showing.
const AT_MOST: usize = 5;

/// Names that are less like the target are no help. Tried on links to notes that were never written.
const LEAST_LIKENESS: f64 = 0.36;

/// Beside a name that is much more like it, the others are no help either.
const LEAST_OF_BEST: f64 = 0.6;

/// What a word counts that is not the same, but begins the same.
const KIN: f64 = 0.7;

/// How like a name is to its initials, and a note to a heading of it.
const INITIALS: f64 = 0.9;
const HEADING: f64 = 0.8;

/// A target of more words than this is a text, and what it means stands at its beginning.
const MOST_WORDS: usize = 32;

/// More wrong letters are no misspelling; in a short name a quarter of its letters are too many already.
const MOST_WRONG: usize = 6;

/// Shorter headings are not looked for.
const MIN_HEADING_LETTERS: usize = 4;

/// A misspelling of a name with more letters than this has some of its words right.
const FEW_LETTERS: usize = 16;

/// How much of the target such words are.
const LEAST_RIGHT: f64 = 0.25;

/// A file that a broken link may have meant.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Nearest {
    /// The file.
    pub file: FileId,
    /// What of it is like the target.
    pub part: NearestPart,
    /// From 0, nothing in common, to 1, the same words; up to 0.15 more for what lies near the link.
    pub likeness: f64,
    /// Whether the target looks like the name with a few wrong letters, and not like another name.
    pub is_misspelling: bool,
}

/// What of a file is like the target of a broken link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NearestPart {
    /// One of its names.
    Name(NameKind),
    /// The name of the heading with this index.
    Heading(usize),
}

/// The files that a broken link of `source` with this target, decoded, may have meant, the likeliest first;
/// empty if nothing is near enough to help. Never `source` itself. Looks at the words and letters of every
/// name.
pub fn suggest_files(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    target: &str,
    cancel: &Cancel,
) -> Result<Vec<Nearest>, Cancelled> {
    let wanted = Wanted::new(last_component(without_note_extension(target)));
    if wanted.letters.is_empty() {
        return Ok(Vec::new());
    }
    let weights = Weights::new(vault.word_counts(), vault.file_count(), &wanted);
    let words = wanted.telling_words(&weights);
    let with_words = vault.groups_with_any(&words.iter().copied().map(Trait::Word).collect::<Vec<_>>());
    let with_headings = vault.groups_with_any(&wanted.heading());
    let mut groups: Vec<usize> = (0..vault.name_rows_count()).collect();
    let is_searched = |group: usize| with_words.contains(group) || with_headings.contains(group);
    groups.retain(|group| wanted.is_short() || is_searched(*group));
    let parts = in_parts(groups.len(), MANY_GROUPS, |part| {
        let mut found = Vec::new();
        for group in groups.get(part).unwrap_or_default() {
            cancel.check()?;
            let Some(rows) = vault.name_rows(*group) else { continue };
            if with_headings.contains(*group) {
                wanted.headings_in(rows, &mut found);
            }
            let words = if with_words.contains(*group) { &*words } else { &[] };
            wanted.names_in(rows, words, &weights, &mut found);
        }
        Ok(found)
    });
    let mut nearest: FxHashMap<FileId, Nearest> = FxHashMap::default();
    for part in parts {
        for near in part? {
            nearest.entry(near.file).and_modify(|known| *known = likelier(*known, near)).or_insert(near);
        }
    }
    nearest.remove(&source.id);
    Ok(nearest_first(vault, source, nearest))
}

/// The one that is more like the target, else the first.
fn likelier(a: Nearest, b: Nearest) -> Nearest {
    if b.likeness > a.likeness { b } else { a }
}

/// Those that are worth showing, with what lies near the link before others that are about as like.
fn nearest_first(vault: &Snapshot, source: &NoteRef<'_>, found: FxHashMap<FileId, Nearest>) -> Vec<Nearest> {
    let surroundings = Surroundings::of(vault, source);
    let placed = found.into_values().filter_map(|mut near| {
        let file = vault.file(near.file)?;
        near.likeness += surroundings.nearness(near.file, file);
        Some((near, &file.path))
    });
    let mut placed: Vec<_> = placed.filter(|(near, _)| near.likeness >= LEAST_LIKENESS).collect();
    placed.sort_by(|(a, left), (b, right)| b.likeness.total_cmp(&a.likeness).then_with(|| left.cmp(right)));
    let best = placed.first().map_or(0.0, |(near, _)| near.likeness);
    let helpful = placed.into_iter().take_while(|(near, _)| near.likeness >= best * LEAST_OF_BEST);
    helpful.map(|(near, _)| near).take(AT_MOST).collect()
}

/// The indices of the names nearest to one that is not among them, the likeliest first; empty if none
/// is near enough to help. Names have no line breaks.
pub(crate) fn suggest_names(names: &[&str], target: &str, cancel: &Cancel) -> Result<Vec<usize>, Cancelled> {
    let wanted = Wanted::new(target);
    if wanted.letters.is_empty() || names.is_empty() {
        return Ok(Vec::new());
    }
    let all: PartsOfNames = names.iter().copied().collect();
    let mut counts = WordCounts::default();
    counts.add(all.words());
    let weights = Weights::new(&counts, names.len(), &wanted);
    let mut found = Vec::new();
    cancel.check()?;
    wanted.each_fit(&all, &wanted.telling_words(&weights), &weights, |index, parts, fit| {
        let likeness = wanted.likeness(&parts, fit, names.get(index).copied(), &weights).likeness;
        if likeness >= LEAST_LIKENESS {
            found.push((likeness, index));
        }
    });
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = found.first().map_or(0.0, |(likeness, _)| *likeness);
    let helpful = found.into_iter().take_while(|(likeness, _)| *likeness >= best * LEAST_OF_BEST);
    Ok(helpful.map(|(_, index)| index).take(AT_MOST).collect())
}

/// What a broken link says, ready to be compared with names.
struct Wanted {
    loose: String,
    key: Key,
    letters: Vec<char>,
    mask: Letters,
    /// The letters that a name has whose initials it is, in the singular.
    least_mask: Letters,
    /// The letters that a name has at most which is its initials, in the singular or plural.
    most_mask: Letters,
    /// The first of its words.
    words: Vec<Word>,
    initials: String,
    /// Its initials as a name of one word, in the singular and plural.
    as_word: Vec<Word>,
}

/// What a name has in common with what is wanted.
#[derive(Clone, Copy, Debug)]
struct Fit {
    /// The weight of the wanted words that it has, or has kin of; and how much of what is wanted that is.
    in_common: f64,
    right: f64,
    /// How many letters may be wrong; `None` if more are for sure.
    wrong: Option<usize>,
    initials: Option<Initials>,
}

/// How like a name is to what is wanted.
struct Likeness {
    likeness: f64,
    is_misspelling: bool,
}

impl Wanted {
    fn new(name: &str) -> Wanted {
        let loose = loose(name);
        let mut words = Word::all_of(name);
        words.truncate(MOST_WORDS);
        let initials = initials(name);
        let letters = loose.chars().collect();
        let as_word = match INITIALS_OF_WORDS.contains(&words.len()) {
            true => {
                [in_singular(&initials), &format!("{}s", in_singular(&initials))].map(Word::all_of).concat()
            }
            false => Vec::new(),
        };
        let least_mask = Letters::wanted(in_singular(&loose));
        let most_mask = Letters::wanted(&initials).and(Letters::wanted("s"));
        let mask = Letters::wanted(&loose);
        Wanted { key: Key::name(name), letters, mask, least_mask, most_mask, words, initials, as_word, loose }
    }

    /// Whether a misspelling of it may have no word right, so that every name has to be compared.
    fn is_short(&self) -> bool {
        self.letters.len() <= FEW_LETTERS
    }

    /// The words of names that are near, but for misspellings of a short one.
    fn telling_words(&self, weights: &Weights<'_>) -> Vec<Word> {
        let telling = weights.telling.iter().filter_map(|index| self.words.get(*index));
        telling.chain(&self.as_word).copied().collect()
    }

    /// What files have that have the wanted name as a heading; nothing for a name that is too short.
    fn heading(&self) -> Vec<Trait> {
        let is_long = self.letters.len() >= MIN_HEADING_LETTERS;
        is_long.then_some(Trait::Heading(self.key)).into_iter().collect()
    }

    /// Adds the files that have the wanted name as a heading.
    fn headings_in(&self, rows: &NameRows, found: &mut Vec<Nearest>) {
        for (row, heading) in rows.headings_with_key(self.key) {
            if is_loosely(heading.name, &self.loose) {
                let part = NearestPart::Heading(heading.index);
                found.push(Nearest { file: row.id(), part, likeness: HEADING, is_misspelling: false });
            }
        }
    }

    /// Adds the files with a name that is near enough, or would be if the file lies near the link.
    fn names_in(&self, rows: &NameRows, words: &[Word], weights: &Weights<'_>, found: &mut Vec<Nearest>) {
        self.each_fit(rows.parts(), words, weights, |index, parts, fit| {
            let Some((row, kind)) = rows.at(index) else { return };
            let name = row.names().find(|(one, _)| *one == kind).map(|(_, name)| name);
            let Likeness { likeness, is_misspelling } = self.likeness(&parts, fit, name, weights);
            if likeness >= LEAST_LIKENESS - MOST_NEARNESS {
                let part = NearestPart::Name(kind);
                found.push(Nearest { file: row.id(), part, likeness, is_misspelling });
            }
        });
    }

    /// Calls `take` with each name that may be near enough and what it has in common with what is wanted. Of
    /// the names of a long one, only those with one of these words are looked at.
    fn each_fit<'a>(
        &self,
        all: &'a PartsOfNames,
        words: &[Word],
        weights: &Weights<'_>,
        mut take: impl FnMut(usize, NameParts<'a>, Fit),
    ) {
        let mut sharing = Vec::new();
        words.iter().for_each(|word| sharing.extend(all.with_word(*word)));
        sharing.sort_unstable();
        sharing.dedup();
        let mut sharing = sharing.into_iter().peekable();
        if self.is_short() {
            for (index, parts) in all.iter().enumerate() {
                let words = if sharing.next_if_eq(&index).is_some() { parts.words } else { &[] };
                self.fit(&parts, words, weights).into_iter().for_each(|fit| take(index, parts, fit));
            }
        } else {
            for (index, parts) in sharing.filter_map(|index| Some((index, all.get(index)?))) {
                self.fit(&parts, parts.words, weights).into_iter().for_each(|fit| take(index, parts, fit));
            }
        }
    }

    /// Returns what a name has in common with what is wanted; `None` if it is not near, wherever it lies. Of
    /// its words, these are compared.
    fn fit(&self, parts: &NameParts<'_>, words: &[Word], weights: &Weights<'_>) -> Option<Fit> {
        if parts.length == 0 {
            return None;
        }
        let (mut same, mut kin) = (0_u32, 0_u32);
        for word in words {
            for (index, wanted) in self.words.iter().enumerate() {
                same |= u32::from(wanted.stem() == word.stem()) << index;
                kin |= u32::from(wanted.is_related_to(*word)) << index;
            }
        }
        let (in_common, right) = if same | kin == 0 { (0.0, 0.0) } else { weights.in_common(same, kin) };
        let has_right_words = right >= LEAST_RIGHT;
        let wrong = (self.is_short() || has_right_words).then(|| self.wrong_letters(parts));
        let (wrong, initials) = (wrong.flatten(), self.initials_of(parts));
        // A name has no more of its own words in common than are found in it.
        let may_be_like = 2.0 * right >= LEAST_LIKENESS - MOST_NEARNESS;
        let is_near = may_be_like || wrong.is_some() || initials.is_some();
        is_near.then_some(Fit { in_common, right, wrong, initials })
    }

    fn likeness(
        &self,
        parts: &NameParts<'_>,
        fit: Fit,
        name: Option<&str>,
        weights: &Weights<'_>,
    ) -> Likeness {
        let by_words = self.by_words(parts, fit, weights);
        let by_letters = fit.wrong.zip(name).and_then(|(limit, name)| self.by_letters(name, limit));
        let by_letters = by_letters.unwrap_or_default();
        let by_initials = match fit.initials.zip(name) {
            Some((which, name)) if self.fits_initials(which, name) => INITIALS,
            _ => 0.0,
        };
        let is_misspelling = by_letters > 0.0 && by_letters >= by_initials;
        Likeness { likeness: by_words.max(by_letters).max(by_initials), is_misspelling }
    }

    /// Twice what both have in common, of all that they have.
    fn by_words(&self, parts: &NameParts<'_>, fit: Fit, weights: &Weights<'_>) -> f64 {
        if 2.0 * fit.right < LEAST_LIKENESS - MOST_NEARNESS {
            return 0.0;
        }
        let mut theirs = 0.0;
        let mut both = fit.in_common;
        for word in parts.words {
            let weight = weights.of(*word);
            theirs += weight;
            if self.words.iter().any(|wanted| wanted.stem() == word.stem()) {
                both += weight;
            } else if self.words.iter().any(|wanted| wanted.is_related_to(*word)) {
                both += KIN * weight;
            }
        }
        both / (weights.all_wanted + theirs)
    }

    /// How many letters may be wrong; `None` if more are for sure.
    fn wrong_letters(&self, parts: &NameParts<'_>) -> Option<usize> {
        let limit = (self.letters.len().max(parts.length) / 4).min(MOST_WRONG);
        let is_near = self.letters.len().abs_diff(parts.length) <= limit
            && self.mask.least_distance(parts.letters) <= limit;
        is_near.then_some(limit)
    }

    fn by_letters(&self, name: &str, limit: usize) -> Option<f64> {
        let letters: Vec<char> = loose(name).chars().collect();
        let wrong = edit_distance(&self.letters, &letters, limit)?;
        Some(1.0 - ratio(wrong, self.letters.len().max(letters.len())))
    }

    /// Which of both may be the initials of the other, by their lengths and letters.
    fn initials_of(&self, parts: &NameParts<'_>) -> Option<Initials> {
        if self.words.len() == 1 && is_initials(self.letters.len(), parts.words.len()) {
            parts.letters.cover(self.least_mask).then_some(Initials::Wanted)
        } else if parts.words.len() == 1 && is_initials(parts.length, self.words.len()) {
            self.most_mask.cover(parts.letters).then_some(Initials::Name)
        } else {
            None
        }
    }

    /// Whether one is the initials of the other, in the singular or plural: `LLMs` of
    /// `large_language_models`.
    fn fits_initials(&self, which: Initials, name: &str) -> bool {
        match which {
            Initials::Wanted => in_singular(&self.loose) == in_singular(&initials(name)),
            Initials::Name => in_singular(&loose(name)) == in_singular(&self.initials),
        }
    }
}

/// What are the initials: what is wanted, or a name.
#[derive(Clone, Copy, Debug)]
enum Initials {
    Wanted,
    Name,
}

/// Of so many words there are initials.
const INITIALS_OF_WORDS: RangeInclusive<usize> = 2..=6;

/// Whether a word of so many letters can be the initials of so many words, in the singular or plural.
fn is_initials(letters: usize, words: usize) -> bool {
    INITIALS_OF_WORDS.contains(&words) && (letters == words || letters == words + 1)
}

/// Initials without the ending of a plural.
fn in_singular(initials: &str) -> &str {
    initials.strip_suffix('s').unwrap_or(initials)
}

fn initials(name: &str) -> String {
    let name = searchable(name);
    fold(&name).split(' ').filter_map(|word| word.chars().find(|char| char.is_alphanumeric())).collect()
}

/// The weight of words: the fewer names have one, the more.
struct Weights<'a> {
    counts: &'a WordCounts,
    names: f64,
    /// The weights of words that few names have, by their number.
    of_count: Vec<f64>,
    wanted: Vec<f64>,
    all_wanted: f64,
    /// The wanted words without the common ones that alone make no name near.
    telling: Vec<usize>,
}

impl Weights<'_> {
    fn new<'a>(counts: &'a WordCounts, names: usize, wanted: &Wanted) -> Weights<'a> {
        let names = ratio(names + 1, 1);
        let of_count = (0..MEMORIZED_COUNTS).map(|count| weight_of(count, names)).collect();
        let mut weights =
            Weights { counts, names, of_count, wanted: Vec::new(), all_wanted: 0.0, telling: Vec::new() };
        weights.wanted = wanted.words.iter().map(|word| weights.of(*word)).collect();
        weights.all_wanted = weights.wanted.iter().sum();
        let mut lightest: Vec<(usize, f64)> = weights.wanted.iter().copied().enumerate().collect();
        lightest.sort_by(|(_, one), (_, other)| one.total_cmp(other));
        let mut left_out = 0.0;
        lightest.retain(|(_, weight)| {
            left_out += weight;
            2.0 * left_out >= (LEAST_LIKENESS - MOST_NEARNESS) * weights.all_wanted
        });
        weights.telling = lightest.into_iter().map(|(index, _)| index).collect();
        weights
    }

    /// 1 for a word that no name has, near 0 for one that most have.
    fn of(&self, word: Word) -> f64 {
        let with_word = self.counts.of(word);
        let known = self.of_count.get(with_word as usize).copied();
        known.unwrap_or_else(|| weight_of(with_word, self.names))
    }

    /// Returns the weight of the wanted words that are the same and that have kin, a bit each; and how much
    /// of what is wanted that is.
    fn in_common(&self, same: u32, kin: u32) -> (f64, f64) {
        let counted = |index: usize| match 1_u32 << index {
            bit if same & bit != 0 => 1.0,
            bit if kin & bit != 0 => KIN,
            _ => 0.0,
        };
        let in_common: f64 =
            self.wanted.iter().enumerate().map(|(index, weight)| counted(index) * weight).sum();
        let right = if self.all_wanted > 0.0 { in_common / self.all_wanted } else { 0.0 };
        (in_common, right)
    }
}

/// For so many counts of names the weights are computed once.
const MEMORIZED_COUNTS: u32 = 1024;

/// The weight of a word that so many of all names have.
fn weight_of(with_word: u32, names: f64) -> f64 {
    let share = (f64::from(with_word) + 1.0) / names;
    let rarity = (share.ln() / names.recip().ln()).clamp(0.1, 1.0);
    rarity * rarity
}

/// What lies around the broken link: it is likelier that this is meant.
struct Surroundings<'a> {
    source: NoteRef<'a>,
    linked: FxHashSet<FileId>,
}

const SAME_FOLDER: f64 = 0.08;
const SAME_VIDEO: f64 = 0.05;
const ALSO_LINKED: f64 = 0.02;
const MOST_NEARNESS: f64 = SAME_FOLDER + SAME_VIDEO + ALSO_LINKED;

impl<'a> Surroundings<'a> {
    fn of(vault: &Snapshot, source: &NoteRef<'a>) -> Surroundings<'a> {
        let found = |link| match vault.resolve(source, link) {
            Resolution::Found(found) => Some(found.best),
            _ => None,
        };
        Surroundings { source: *source, linked: source.note.parsed.links.iter().filter_map(found).collect() }
    }

    fn nearness(&self, id: FileId, file: &File) -> f64 {
        let distance = folder_distance(self.source.path.folder(), file.path.folder());
        let mut nearness = SAME_FOLDER * ratio(1, 1 + distance);
        let own = self.source.note.parsed.video();
        let video = file.note().and_then(|note| note.parsed.video());
        if own.zip(video).is_some_and(|(own, video)| own.value == video.value) {
            nearness += SAME_VIDEO;
        }
        if self.linked.contains(&id) {
            nearness += ALSO_LINKED;
        }
        nearness
    }
}

#[expect(clippy::cast_precision_loss, reason = "names and vaults are far smaller than 2^52")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::config::Settings;
    use crate::ide::fixture;
    use crate::ide::search::random_vault::RandomVault;

    /// What the first link of the first note may have meant.
    fn check(text: &str, expected: &Expect) {
        let (vault, at) = fixture::vault(text);
        let source = vault.note(at.note).unwrap();
        let link = source.note.parsed.links.first().unwrap();
        assert!(!matches!(vault.resolve(&source, link), Resolution::Found(_)));
        let target = source.note.slice(link.target);
        let found = suggest_files(&vault, &source, &target, &Cancel::new()).unwrap();
        let line = |near: &Nearest| format!("{} {:?}\n", fixture::path(&vault, near.file), near.part);
        expected.assert_eq(&found.iter().map(line).collect::<String>());
    }

    /// The same as [`suggest_files`], by a look at every name and heading, without any index.
    fn plain(vault: &Snapshot, source: &NoteRef<'_>, target: &str) -> Vec<Nearest> {
        let wanted = Wanted::new(target);
        let names = || vault.files().flat_map(|(id, file)| file.names.iter().map(move |name| (id, name)));
        let mut counts = WordCounts::default();
        names().for_each(|(_, (_, name))| counts.add(&Word::all_of(name)));
        let weights = Weights::new(&counts, vault.file_count(), &wanted);
        let mut found: FxHashMap<FileId, Nearest> = FxHashMap::default();
        let mut take = |near: Nearest| {
            found.entry(near.file).and_modify(|known| *known = likelier(*known, near)).or_insert(near);
        };
        for note in vault.notes().filter(|_| wanted.letters.len() >= MIN_HEADING_LETTERS) {
            let row = vault.name_row(note.id).unwrap();
            let mut headings = row.headings(Letters::default());
            if let Some(heading) = headings.find(|heading| loose(heading.name) == wanted.loose) {
                let part = NearestPart::Heading(heading.index);
                take(Nearest { file: note.id, part, likeness: HEADING, is_misspelling: false });
            }
        }
        for (file, (kind, name)) in names() {
            let all = PartsOfNames::from_iter([name]);
            let parts = all.get(0).unwrap();
            let Some(fit) = wanted.fit(&parts, parts.words, &weights) else { continue };
            let Likeness { likeness, is_misspelling } = wanted.likeness(&parts, fit, Some(name), &weights);
            if likeness >= LEAST_LIKENESS - MOST_NEARNESS {
                take(Nearest { file, part: NearestPart::Name(kind), likeness, is_misspelling });
            }
        }
        found.remove(&source.id);
        nearest_first(vault, source, found)
    }

    #[test]
    fn the_index_of_words_finds_what_a_look_at_every_name_finds() {
        let mut vault = RandomVault::new(Settings::default());
        vault.write("0/stone map of a long name.md", "# Another\n\n## Stamps of stone\n");
        vault.write("1/sma.md", "# LLMs\n");
        let mut hits = 0;
        for round in 0..400 {
            vault.change();
            let target = match round % 8 {
                0 => "sma".to_owned(),
                1 => "large language model".to_owned(),
                2 => "stamp-of STONES".to_owned(),
                3 => vault.words(2, " ").replace('o', "e"),
                4 => vault.words(5, "") + "s",
                _ => vault.words(5, " "),
            };
            let snapshot = vault.snapshot();
            let source = snapshot.notes().next().unwrap();
            let found = suggest_files(&snapshot, &source, &target, &Cancel::new()).unwrap();
            assert_eq!(found, plain(&snapshot, &source, &target), "{target}");
            hits += usize::from(!found.is_empty());
        }
        assert!(hits > 100, "{hits}");
    }

    const OTHERS: &str = "//- the_power_of_play.md\n//- the_risks_of_speed.md\n//- a_day_at_sea.md\n";

    #[test]
    fn misspelt_names() {
        check(
            &format!("[[ketamin_theraby]]\n//- ketamine_therapy.md\n{OTHERS}"),
            &expect![[r#"
            ketamine_therapy.md Name(Stem)
        "#]],
        );
    }

    #[test]
    fn order_number_and_small_words_do_not_count() {
        check(
            &format!("[[risk of the ketamines]]\n//- ketamine_risks.md\n{OTHERS}"),
            &expect![[r#"
                ketamine_risks.md Name(Stem)
                the_risks_of_speed.md Name(Stem)
            "#]],
        );
    }

    #[test]
    fn phrases_within_a_name() {
        check(
            &format!("[[ketamine therapy]]\n//- ketamine_assisted_therapy.md\n//- ketamine.md\n{OTHERS}"),
            &expect![[r#"
                ketamine_assisted_therapy.md Name(Stem)
                ketamine.md Name(Stem)
            "#]],
        );
    }

    #[test]
    fn initials_both_ways() {
        check(
            &format!("[[LLMs]]\n//- large_language_models.md\n{OTHERS}"),
            &expect![[r#"
            large_language_models.md Name(Stem)
        "#]],
        );
        check(
            &format!("[[Large Language Model]]\n//- llm.md\n{OTHERS}"),
            &expect![[r#"
            llm.md Name(Stem)
        "#]],
        );
    }

    #[test]
    fn titles_aliases_and_headings() {
        check(
            &format!("[[speed of lights]]\n//- c.md\n---\ntitle: The speed of light\n---\n{OTHERS}"),
            &expect![[r#"
                c.md Name(Title)
            "#]],
        );
        check(
            &format!("[[lightspeeed]]\n//- c.md\n---\naliases: [c0, light speed]\n---\n{OTHERS}"),
            &expect![[r#"
                c.md Name(Alias(1))
            "#]],
        );
        check(
            &format!("[[Light speed]]\n//- c.md\n# C\n\n## Light-Speed\n{OTHERS}"),
            &expect![[r#"
                c.md Heading(1)
            "#]],
        );
    }

    #[test]
    fn letters_rule_out_no_initials() {
        let names = [
            "LLMs",
            "LLM",
            "large language models",
            "S",
            "s s",
            "ss",
            "Élan vital",
            "EVs",
            "a.b c-d_e",
            "abcde",
        ];
        for name in names {
            let all = PartsOfNames::from_iter([name]);
            let parts = all.iter().next().unwrap();
            for wanted in names.map(Wanted::new) {
                for which in [Initials::Wanted, Initials::Name] {
                    let (of, words) = match which {
                        Initials::Wanted => (wanted.letters.len(), parts.words.len()),
                        Initials::Name => (parts.length, wanted.words.len()),
                    };
                    let is_one_word = match which {
                        Initials::Wanted => wanted.words.len() == 1,
                        Initials::Name => parts.words.len() == 1,
                    };
                    if is_one_word && is_initials(of, words) && wanted.fits_initials(which, name) {
                        assert!(wanted.initials_of(&parts).is_some(), "{name} {}", wanted.loose);
                    }
                }
            }
        }
    }

    #[test]
    fn what_lies_near_comes_first() {
        check(
            &format!(
                "//- x/a.md\n[[old trees]]\n//- old_tree_a.md\n//- x/old_tree_b.md\n//- y/old_tree_c.md\n{OTHERS}"
            ),
            &expect![[r#"
                x/old_tree_b.md Name(Stem)
                old_tree_a.md Name(Stem)
                y/old_tree_c.md Name(Stem)
            "#]],
        );
    }

    #[test]
    fn noise_is_not_shown() {
        check(&format!("[[quantum gravity of the]]\n{OTHERS}"), &expect![[r#""#]]);
        check("[[!?]]\n//- b.md\n", &expect![[r#""#]]);
    }

    #[test]
    fn a_target_of_megabytes_is_no_trouble() {
        let long = "word ".repeat(300_000);
        check(
            &format!("[[{long}]]\n//- word.md\n"),
            &expect![[r#"
            word.md Name(Stem)
        "#]],
        );
    }
}
