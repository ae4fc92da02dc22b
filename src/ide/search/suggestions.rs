//! Which names a broken link may have meant.
//!
//! Those whose names are most like what it says ([`likeness`](super::likeness)). What lies near the link
//! counts a little more.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::vault::{
    Cancel, Cancelled, File, FileId, NameKind, NameRows, NoteRef, PartsOfNames, Resolution, Snapshot, Trait,
    Word, WordCounts, folder_distance, in_parts, is_loosely, last_component, without_note_extension,
};

use super::MANY_GROUPS;
use super::likeness::{Likeness, Wanted, Weights, ratio};

/// How many files or names are worth showing.
const AT_MOST: usize = 5;

/// Files with names that are less like the target, and do not lie near enough to the link, are no help. Tried
/// on links to notes that were never written.
const LEAST_LIKENESS: f64 = 0.58;

/// Beside a name that is much more like it, the others are no help either.
const LEAST_OF_BEST: f64 = 0.6;

/// How like a note is to a heading of it.
const HEADING: f64 = 0.8;

/// Shorter headings are not looked for.
const MIN_HEADING_LETTERS: usize = 4;

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
/// empty if nothing is near enough to help. Never `source` itself. Looks at the names that have a telling
/// word of the target; at the letters of every name if it is short.
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
    let is_known = |word| is_in_a_name(vault, word);
    let weights = Weights::new(vault.word_counts(), &is_known, vault.file_count(), &wanted);
    let words = wanted.telling_words(&weights);
    let with_words = vault.groups_with_any(&words.iter().copied().map(Trait::Word).collect::<Vec<_>>());
    let with_headings = vault.groups_with_any(&heading_trait(&wanted));
    let mut groups: Vec<usize> = (0..vault.name_rows_count()).collect();
    let is_searched = |group: usize| with_words.contains(group) || with_headings.contains(group);
    groups.retain(|group| wanted.is_short() || is_searched(*group));
    let parts = in_parts(groups.len(), MANY_GROUPS, |part| {
        let mut found = Vec::new();
        for group in groups.get(part).unwrap_or_default() {
            cancel.check()?;
            let Some(rows) = vault.name_rows(*group) else { continue };
            if with_headings.contains(*group) {
                headings_in(rows, &wanted, &mut found);
            }
            let words = if with_words.contains(*group) { &*words } else { &[] };
            names_in(rows, &wanted, words, &weights, &mut found);
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

/// Whether a file has a name with a word.
fn is_in_a_name(vault: &Snapshot, word: Word) -> bool {
    let with_word = vault.groups_with_any(&[Trait::Word(word)]);
    let groups = (0..vault.name_rows_count()).filter(|group| with_word.contains(*group));
    groups.filter_map(|group| vault.name_rows(group)).any(|rows| {
        let parts = rows.parts();
        let names = parts.with_word(word).filter_map(|index| parts.get(index));
        names.flat_map(|name| name.words).any(|one| one.stem() == word.stem())
    })
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

/// The longest name that those of one note are compared with, in bytes: each of its words is looked for among
/// all of theirs.
const MAX_NAME: usize = 1_000;

/// The indices of the names nearest to one that is not among them, the likeliest first; empty if none
/// is near enough to help. Names have no line breaks.
pub(crate) fn suggest_names(names: &[&str], target: &str, cancel: &Cancel) -> Result<Vec<usize>, Cancelled> {
    if target.len() > MAX_NAME {
        return Ok(Vec::new());
    }
    let wanted = Wanted::new(target);
    if wanted.letters.is_empty() || names.is_empty() {
        return Ok(Vec::new());
    }
    let all: PartsOfNames = names.iter().copied().collect();
    let mut counts = WordCounts::default();
    counts.add(all.words());
    let is_known = |word: Word| all.words().iter().any(|one| one.stem() == word.stem());
    let weights = Weights::new(&counts, &is_known, names.len(), &wanted);
    let mut found = Vec::new();
    cancel.check()?;
    wanted.each_fit(&all, &wanted.telling_words(&weights), &weights, |index, parts, fit| {
        let likeness = wanted.likeness(&parts, fit, names.get(index).copied(), &weights).likeness;
        if likeness > 0.0 {
            found.push((likeness, index));
        }
    });
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = found.first().map_or(0.0, |(likeness, _)| *likeness);
    let helpful = found.into_iter().take_while(|(likeness, _)| *likeness >= best * LEAST_OF_BEST);
    Ok(helpful.map(|(_, index)| index).take(AT_MOST).collect())
}

/// What files have that have the wanted name as a heading; nothing for a name that is too short.
fn heading_trait(wanted: &Wanted) -> Vec<Trait> {
    let is_long = wanted.letters.len() >= MIN_HEADING_LETTERS;
    is_long.then_some(Trait::Heading(wanted.key)).into_iter().collect()
}

/// Adds the files that have the wanted name as a heading.
fn headings_in(rows: &NameRows, wanted: &Wanted, found: &mut Vec<Nearest>) {
    for (row, heading) in rows.headings_with_key(wanted.key) {
        if is_loosely(heading.name, &wanted.loose) {
            let part = NearestPart::Heading(heading.index);
            found.push(Nearest { file: row.id(), part, likeness: HEADING, is_misspelling: false });
        }
    }
}

/// Adds the files with a name that is near enough, or would be if the file lies near the link.
fn names_in(
    rows: &NameRows,
    wanted: &Wanted,
    words: &[Word],
    weights: &Weights<'_>,
    found: &mut Vec<Nearest>,
) {
    wanted.each_fit(rows.parts(), words, weights, |index, parts, fit| {
        let Some((row, kind)) = rows.at(index) else { return };
        let name = row.names().find(|(one, _)| *one == kind).map(|(_, name)| name);
        let Likeness { likeness, is_misspelling } = wanted.likeness(&parts, fit, name, weights);
        if likeness > 0.0 {
            let part = NearestPart::Name(kind);
            found.push(Nearest { file: row.id(), part, likeness, is_misspelling });
        }
    });
}

/// What lies around the broken link: it is likelier that this is meant.
struct Surroundings<'a> {
    source: NoteRef<'a>,
    linked: FxHashSet<FileId>,
}

const SAME_FOLDER: f64 = 0.15;
const SAME_VIDEO: f64 = 0.05;
const ALSO_LINKED: f64 = 0.02;

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

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::config::Settings;
    use crate::ide::fixture;
    use crate::ide::search::random_vault::RandomVault;
    use crate::vault::{Letters, loose};

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
        let is_known = |word: Word| {
            let mut words = names().flat_map(|(_, (_, name))| Word::all_of(name));
            words.any(|one| one.stem() == word.stem())
        };
        let weights = Weights::new(&counts, &is_known, vault.file_count(), &wanted);
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
            if likeness > 0.0 {
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
            "#]],
        );
    }

    #[test]
    fn nothing_is_suggested_where_the_rare_word_is_missing() {
        let many: String = (0..40).map(|n| format!("//- the_art_of_topic{n}.md\n")).collect();
        let names =
            "//- meditation_practice.md\n//- anna_keller.md\n//- mediation_law.md\n//- learning_paths.md\n";
        for (target, expected) in [
            ("the art of quilting", &[] as &[&str]),
            ("anna_schwarz", &[]),
            ("leaning_walls", &[]),
            ("mediation", &["mediation_law.md"]),
            ("mediation practise", &["meditation_practice.md"]),
        ] {
            let (vault, at) = fixture::vault(&format!("[[{target}]]\n{names}{many}"));
            let source = vault.note(at.note).unwrap();
            let found = suggest_files(&vault, &source, target, &Cancel::new()).unwrap();
            let found: Vec<String> = found.iter().map(|near| fixture::path(&vault, near.file)).collect();
            assert_eq!(found, expected, "{target}");
        }
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
    fn what_lies_near_comes_first() {
        check(
            &format!(
                "//- x/a.md\n[[old trees]]\n//- old_tree_2.md\n//- x/old_tree_3.md\n//- y/old_tree_4.md\n{OTHERS}"
            ),
            &expect![[r#"
                x/old_tree_3.md Name(Stem)
                old_tree_2.md Name(Stem)
                y/old_tree_4.md Name(Stem)
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
