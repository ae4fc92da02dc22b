//! Search through everything in a vault that has a name: notes, aliases, headings, tags.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::syntax::is_video_id;
use crate::text::Span;
use crate::vault::{
    Cancel, Cancelled, File, FileId, Initials, Key, Letters, NameKind, NameRow, NameRows, NoteRef,
    SearchHeading, Snapshot, fold, in_parts, searchable,
};

use crate::ide::note::title::title_place;
use crate::ide::search::MANY_GROUPS;
use crate::ide::search::matching::{Best, Effort, Query, Score, keep_first};
use crate::ide::search::typos::TypoQuery;

/// Of the roughly best, so many times more are compared exactly than are wanted.
const ROUGH_FACTOR: usize = 4;

/// Something with a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VaultSymbol {
    /// The name that was found: for a note its title or its stem, for a tag `#a/b`.
    pub name: String,
    /// What it is.
    pub subject: SymbolSubject,
    /// The note that it is in; of a tag, the first by path that bears it.
    pub note: FileId,
    /// The title or stem of the note that an alias or heading is of.
    pub container: Option<String>,
    /// Where it belongs among the symbols of all vaults.
    pub rank: SymbolRank,
}

/// What has a name. In the order in which equally good matches are shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SymbolSubject {
    /// A note.
    Note,
    /// Another name of a note.
    Alias,
    /// The heading of a note with this index, counted among all of its headings.
    Heading(usize),
    /// A tag.
    Tag,
    /// The video that the front matter of a note names.
    Video,
}

/// The order of symbols: those of excluded notes last, the better match, then notes before aliases before
/// headings before tags before videos, then the shorter name, then the first by path and place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SymbolRank(Fit, String, SymbolSubject);

/// Whether its note is excluded, match, kind, length of the name.
type Fit = (bool, Reverse<Score>, u8, usize);

/// Of the id of a video, at least so many letters distinguish it from words.
const MIN_VIDEO_LETTERS: usize = 4;

/// The names that fit what was typed, best first, at most `max`; if none of them holds it, those that hold it
/// misspelled are among them. With nothing typed the titles come first. The notes of a video are found by the
/// start of its id too, to the letter. Looks at every name of the vault.
pub fn vault_symbols<'a>(
    vault: &'a Snapshot,
    typed: &'a str,
    max: usize,
    cancel: &Cancel,
) -> Result<Vec<VaultSymbol>, Cancelled> {
    let mut candidates = roughly_best(vault, typed, max, cancel, || Comparison::AsTyped(Query::new(typed)))?;
    let mut query = Query::new(typed);
    for ((_, score, ..), candidate) in &mut candidates {
        if let Some(exact) = query.score(&searchable(&candidate.name), Effort::Exact) {
            *score = Reverse(exact);
        }
    }
    if let Some(typos) = typos_beside(typed, &candidates) {
        let search = || Comparison::Misspelled(typos.clone());
        let misspelled = roughly_best(vault, typed, max, cancel, search)?;
        add_others(&mut candidates, misspelled);
    }
    keep_first(&mut candidates, max, |(fit, _)| *fit);
    let symbols = candidates.into_iter().map(|(fit, candidate)| candidate.symbol(vault, fit));
    let mut symbols: Vec<VaultSymbol> = symbols.collect();
    symbols.sort_unstable_by(|one, other| one.rank.cmp(&other.rank));
    symbols.truncate(max);
    Ok(symbols)
}

/// The roughly best names of the vault, by such a comparison.
fn roughly_best<'a>(
    vault: &'a Snapshot,
    typed: &'a str,
    max: usize,
    cancel: &Cancel,
    comparison: impl Fn() -> Comparison + Sync,
) -> Result<Vec<(Fit, Candidate<'a>)>, Cancelled> {
    let parts = in_parts(vault.name_rows_count(), MANY_GROUPS, |groups| {
        let mut search = Search::new(vault, typed, max, comparison());
        search.groups(groups, cancel)?;
        Ok((search.best, search.tags))
    });
    let (mut best, mut tags) = (Best::new(max.saturating_mul(ROUGH_FACTOR)), Vec::new());
    for part in parts {
        let (found, tags_found) = part?;
        best.merge(found);
        tags.extend(tags_found);
    }
    add_tags(&mut comparison(), tags, &mut best);
    Ok(best.into_candidates())
}

/// What is to be looked for beside these.
fn typos_beside(typed: &str, candidates: &[(Fit, Candidate<'_>)]) -> Option<TypoQuery> {
    let mut typos = TypoQuery::new(typed)?;
    let names = candidates.iter().map(|(_, candidate)| &candidate.name);
    let is_spelled_right = names.into_iter().any(|name| typos.stands_in(&searchable(name)));
    typos.beside(is_spelled_right)
}

/// Adds what was found in another way. What both ways found keeps the better.
fn add_others<'a>(candidates: &mut Vec<(Fit, Candidate<'a>)>, others: Vec<(Fit, Candidate<'a>)>) {
    let identity = |candidate: &Candidate<'_>| match candidate.subject {
        SymbolSubject::Tag => (None, candidate.subject, fold(&candidate.name).into_owned()),
        // Each alias of a note is a candidate of its own.
        SymbolSubject::Alias => (Some(candidate.id), candidate.subject, candidate.name.to_string()),
        subject => (Some(candidate.id), subject, String::new()),
    };
    let known = candidates.iter().enumerate().map(|(index, (_, candidate))| (identity(candidate), index));
    let known: FxHashMap<_, usize> = known.collect();
    for (fit, candidate) in others {
        match known.get(&identity(&candidate)).and_then(|index| candidates.get_mut(*index)) {
            Some((known, _)) if *known <= fit => {}
            Some(known) => *known = (fit, candidate),
            None => candidates.push((fit, candidate)),
        }
    }
}

/// How names are compared with what was typed.
enum Comparison {
    AsTyped(Query),
    Misspelled(TypoQuery),
}

impl Comparison {
    /// The letters that a name must hold to fit, and how many of them it may lack.
    fn letters(&self) -> (Letters, usize) {
        match self {
            Comparison::AsTyped(query) => (query.letters(), 0),
            Comparison::Misspelled(typos) => (typos.letters(), typos.wrong()),
        }
    }

    fn best_score_of(&self, row: NameRow<'_>) -> Score {
        match self {
            Comparison::AsTyped(query) => query.best_score_of(row),
            Comparison::Misspelled(typos) => typos.best_score(),
        }
    }

    /// Of names of which `is_worth_it` says that not even the best score is, some are not compared.
    fn score_if(
        &mut self,
        name: &str,
        initials: Initials,
        is_worth_it: impl FnOnce(Score) -> bool,
    ) -> Option<Score> {
        match self {
            Comparison::AsTyped(query) => query.score_if(name, initials, Effort::Rough, is_worth_it),
            Comparison::Misspelled(typos) => typos.score(name),
        }
    }
}

/// Where something with a name stands in its note. If the heading of that index has another name now, the
/// first of that name counts, and the title of the note where there is none.
pub fn symbol_place(vault: &Snapshot, note: FileId, subject: SymbolSubject, name: &str) -> Option<Span> {
    let note = vault.note(note)?;
    let parsed = &note.note.parsed;
    let found = match subject {
        SymbolSubject::Note => None,
        SymbolSubject::Alias => {
            let aliases = parsed.front_matter.as_ref().map(|front_matter| &front_matter.aliases);
            aliases
                .and_then(|aliases| aliases.iter().find(|alias| *alias.value == *name))
                .map(|alias| alias.span)
        }
        SymbolSubject::Heading(index) => {
            let mut named = parsed.headings.iter().filter(|heading| parsed.heading_name(heading) == name);
            let at_index = parsed.headings.get(index).filter(|heading| parsed.heading_name(heading) == name);
            at_index.or_else(|| named.next()).map(|heading| heading.span)
        }
        SymbolSubject::Tag => {
            let wanted = fold(name.strip_prefix('#').unwrap_or(name));
            parsed.tags.iter().find(|tag| fold(&note.note.slice(tag.name)) == wanted).map(|tag| tag.span)
        }
        SymbolSubject::Video => parsed.video().filter(|video| *video.value == *name).map(|video| video.span),
    };
    Some(found.unwrap_or_else(|| title_place(&note)))
}

struct Candidate<'a> {
    id: FileId,
    subject: SymbolSubject,
    /// Of a note and a heading as it is searched; their notes are looked at only for those that are shown.
    name: Cow<'a, str>,
    /// Of a note: whether its title is shown for that name, and not its stem.
    shows_title: bool,
}

fn fit(is_excluded: bool, score: Score, subject: SymbolSubject, name: &str) -> Fit {
    let kind = match subject {
        SymbolSubject::Note => 0,
        SymbolSubject::Alias => 1,
        SymbolSubject::Heading(_) => 2,
        SymbolSubject::Tag => 3,
        SymbolSubject::Video => 4,
    };
    (is_excluded, Reverse(score), kind, name.len())
}

impl Candidate<'_> {
    fn symbol(self, vault: &Snapshot, fit: Fit) -> VaultSymbol {
        let note = if self.subject == SymbolSubject::Tag { first_with_tag(vault, &self) } else { self.id };
        vault.need_note(note);
        let file = vault.file(note);
        let stem = file.map(|file| file.path.stem()).unwrap_or_default();
        let title = || file.and_then(File::note).and_then(|note| note.title()).unwrap_or(stem).to_owned();
        let is_inside =
            matches!(self.subject, SymbolSubject::Alias | SymbolSubject::Heading(_) | SymbolSubject::Video);
        let path = file.map(|file| file.path.to_string()).unwrap_or_default();
        let rank = SymbolRank(fit, path, self.subject);
        let written = match self.subject {
            SymbolSubject::Note if self.shows_title => Some(title()),
            SymbolSubject::Note => Some(stem.to_owned()),
            SymbolSubject::Heading(index) => heading_name(vault, self.id, index).map(str::to_owned),
            SymbolSubject::Alias | SymbolSubject::Tag | SymbolSubject::Video => None,
        };
        let container = is_inside.then(title);
        let name = written.unwrap_or_else(|| self.name.into_owned());
        VaultSymbol { name, subject: self.subject, note, container, rank }
    }
}

/// The name of a heading as its note has it: the search knows it only as it is searched.
fn heading_name(vault: &Snapshot, note: FileId, index: usize) -> Option<&str> {
    let parsed = &vault.note(note)?.note.parsed;
    Some(parsed.heading_name(parsed.headings.get(index)?))
}

fn first_with_tag(vault: &Snapshot, tag: &Candidate<'_>) -> FileId {
    let name = tag.name.strip_prefix('#').unwrap_or(&tag.name);
    let wanted = fold(name);
    let bears_it = |note: &NoteRef<'_>| {
        note.note.parsed.tags.iter().any(|tag| fold(&note.note.slice(tag.name)) == wanted)
    };
    let users = vault.users(Key::tag(name)).iter().filter_map(|id| vault.note(*id)).filter(bears_it);
    users.min_by_key(|note| note.path).map_or(tag.id, |note| note.id)
}

/// A search through the names of a part of the vault.
struct Search<'a> {
    vault: &'a Snapshot,
    comparison: Comparison,
    /// Whether a separator was typed that stems have for spaces.
    is_spelled_as_stem: bool,
    /// What was typed, if it may be the start of the id of a video.
    video: Option<&'a str>,
    /// Whether nothing was typed and the titles are more than are wanted.
    titles_only: bool,
    /// The roughly best so far.
    best: Best<Fit, Candidate<'a>>,
    /// The tags that may match, each spelling once.
    tags: Vec<(FileId, &'a str)>,
    known_tags: FxHashSet<&'a str>,
}

impl<'a> Search<'a> {
    fn new(vault: &'a Snapshot, typed: &'a str, max: usize, comparison: Comparison) -> Search<'a> {
        let is_empty = matches!(&comparison, Comparison::AsTyped(query) if query.is_empty());
        let may_be_video = matches!(comparison, Comparison::AsTyped(_));
        Search {
            vault,
            is_spelled_as_stem: typed.contains(['_', '-']),
            video: Some(typed.trim()).filter(|typed| may_be_video && begins_video_id(typed)),
            titles_only: is_empty && vault.file_count() > max,
            comparison,
            best: Best::new(max.saturating_mul(ROUGH_FACTOR)),
            tags: Vec::new(),
            known_tags: FxHashSet::default(),
        }
    }

    fn groups(&mut self, groups: Range<usize>, cancel: &Cancel) -> Result<(), Cancelled> {
        for group in groups {
            cancel.check()?;
            for row in self.vault.name_rows(group).into_iter().flat_map(NameRows::iter) {
                self.names(row);
                if !self.titles_only {
                    self.headings(row);
                    self.tags(row);
                }
                self.video(row);
            }
        }
        Ok(())
    }

    fn add(&mut self, id: FileId, subject: SymbolSubject, name: Cow<'a, str>, score: Score) {
        let fit = fit(self.vault.is_excluded(id), score, subject, &name);
        self.best.add(fit, Candidate { id, subject, name, shows_title: false });
    }

    /// Title or stem of a note, whichever fits better, and its aliases.
    fn names(&mut self, row: NameRow<'a>) {
        let is_excluded = self.vault.is_excluded(row.id());
        let (letters, wrong) = self.comparison.letters();
        let admits = |score| self.best.admits(fit(is_excluded, score, SymbolSubject::Note, ""));
        if !row.is_note()
            || !row.letters().cover_most(letters, wrong)
            || !admits(self.comparison.best_score_of(row))
        {
            return;
        }
        let mut fitting: Option<(NameKind, &str, Score)> = None;
        for (kind, name) in row.names() {
            let admits = |score| self.best.admits(fit(is_excluded, score, SymbolSubject::Note, ""));
            let score = self.comparison.score_if(name, row.initials(), admits);
            let Some(score) = score else { continue };
            match kind {
                NameKind::Alias(index) => {
                    if let Some(alias) = alias(self.vault, row.id(), index) {
                        self.add(row.id(), SymbolSubject::Alias, alias.into(), score);
                    }
                }
                // With nothing typed both fit equally, and a title says more.
                kind => fitting = fitting.filter(|(.., best)| *best > score).or(Some((kind, name, score))),
            }
        }
        if let Some((kind, name, score)) = fitting {
            // A title that differs from the stem in case and separators only is no name of its own. It reads
            // better, unless the separators were typed, for editors compare what they show with what was
            // typed.
            let has_title = row.names().any(|(kind, _)| kind == NameKind::Title);
            let shows_title = kind == NameKind::Title || !has_title && !self.is_spelled_as_stem;
            let subject = SymbolSubject::Note;
            let note = Candidate { id: row.id(), subject, name: name.into(), shows_title };
            self.best.add(fit(is_excluded, score, subject, name), note);
        }
    }

    /// Headings, but for the one that is the title.
    fn headings(&mut self, row: NameRow<'a>) {
        let is_excluded = self.vault.is_excluded(row.id());
        let (letters, wrong) = self.comparison.letters();
        for SearchHeading { index, name, initials } in row.headings_with(letters, wrong) {
            let subject = SymbolSubject::Heading(index);
            // Where few letters were typed, many names fit as well as any can, and the others need no
            // comparison.
            let admits = |score| self.best.admits(fit(is_excluded, score, subject, name));
            if let Some(score) = self.comparison.score_if(name, initials, admits) {
                self.add(row.id(), subject, name.into(), score);
            }
        }
    }

    /// The video of a note, if what was typed begins its id.
    fn video(&mut self, row: NameRow<'a>) {
        let Some(typed) = self.video.filter(|typed| row.may_have_video(typed)) else { return };
        let note = self.vault.note(row.id());
        let video = note.and_then(|note| note.note.parsed.video()).map(|video| &*video.value);
        if let Some(video) = video.filter(|video| video.starts_with(typed) && is_video_id(video)) {
            let score =
                self.comparison.score_if(&searchable(video), Initials::ALL, |_| true).unwrap_or_default();
            self.add(row.id(), SymbolSubject::Video, video.into(), score);
        }
    }

    fn tags(&mut self, row: NameRow<'a>) {
        let (letters, wrong) = self.comparison.letters();
        for written in row.tags_with(letters, wrong) {
            if self.known_tags.insert(written) {
                self.tags.push((row.id(), written));
            }
        }
    }
}

/// Returns an alias of a note, as it is written.
fn alias(vault: &Snapshot, note: FileId, index: usize) -> Option<&str> {
    let front_matter = vault.note(note)?.note.parsed.front_matter.as_ref()?;
    front_matter.aliases.get(index).map(|alias| &*alias.value)
}

/// Adds tags, of those that are equal the first.
fn add_tags<'a>(
    comparison: &mut Comparison,
    tags: Vec<(FileId, &'a str)>,
    best: &mut Best<Fit, Candidate<'a>>,
) {
    let mut known = FxHashSet::default();
    for (id, written) in tags {
        if !known.insert(fold(written)) {
            continue;
        }
        let name = format!("#{written}");
        if let Some(score) = comparison.score_if(&searchable(&name), Initials::ALL, |_| true) {
            let subject = SymbolSubject::Tag;
            best.add(
                fit(false, score, subject, &name),
                Candidate { id, subject, name: name.into(), shows_title: false },
            );
        }
    }
}

fn begins_video_id(typed: &str) -> bool {
    let is_of_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    typed.len() >= MIN_VIDEO_LETTERS && typed.bytes().all(is_of_id)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::config::Settings;
    use crate::ide::fixture;
    use crate::ide::search::random_vault::RandomVault;

    fn found(text: &str, typed: &str, max: usize) -> String {
        let (vault, _) = fixture::vault(text);
        let mut said = String::new();
        for symbol in vault_symbols(&vault, typed, max, &Cancel::new()).unwrap() {
            let place = symbol_place(&vault, symbol.note, symbol.subject, &symbol.name).unwrap();
            let note = vault.note(symbol.note).unwrap();
            let line = note.note.text.line_of(place.start) + 1;
            let container = symbol.container.map(|container| format!(" in {container}")).unwrap_or_default();
            said.push_str(&format!("{} {:?} {}:{line}{container}\n", symbol.name, symbol.subject, note.path));
        }
        said
    }

    const VAULT: &str = "//- large_models.md\n---\naliases: [LM, Big Models]\ntags: [ai/models]\n---\n# Large Models\n\
        ## Models of *language*\n## Why models?\n#ai #AI/models\n//- other.md\n# Models\ntext #models\n## Models\n\
        //- pictures/models.png\n//- third.md\n\n## Unnamed\n";

    fn check(typed: &str, expected: &Expect) {
        expected.assert_eq(&found(VAULT, typed, 128));
    }

    #[test]
    fn names_of_all_kinds_are_found_the_best_match_first() {
        check(
            "models",
            &expect![[r#"
                Models Note other.md:1
                Models Heading(1) other.md:3 in Models
                Models of language Heading(1) large_models.md:6 in Large Models
                Large Models Note large_models.md:5
                Big Models Alias large_models.md:2 in Large Models
                Why models? Heading(2) large_models.md:7 in Large Models
                #ai/models Tag large_models.md:3
                #models Tag other.md:2
            "#]],
        );
        check(
            "model lang",
            &expect![[r#"
            Models of language Heading(1) large_models.md:6 in Large Models
        "#]],
        );
        check(
            "large_mod",
            &expect![[r#"
            large_models Note large_models.md:5
        "#]],
        );
        check(
            "#mod",
            &expect![[r#"
            #models Tag other.md:2
            #ai/models Tag large_models.md:3
        "#]],
        );
        check("xyzzy", &expect![[""]]);
    }

    #[test]
    fn notes_are_found_by_the_start_of_the_id_of_their_video() {
        let vault = "//- a.md\n---\nvideoId: Rxmv7rT9leo\n---\n# Talk\n//- b.md\n---\nurl: https://youtu.be/Rxmv7rT9leo\n---\ntext\n\
            //- c.md\n---\nvideoId: rxmv7rT-_eo\n---\n//- d.md\n---\nvideoId: Rxmv7\n---\n[0:10](https://youtu.be/Rxmv7rT9leo?t=10)\n";
        for typed in ["Rxmv7rT9leo", "Rxmv", " Rxmv7rT9 "] {
            expect![[r#"
                Rxmv7rT9leo Video a.md:2 in Talk
                Rxmv7rT9leo Video b.md:2 in b
            "#]]
            .assert_eq(&found(vault, typed, 128));
        }
        assert_eq!(found(vault, "rxmv7rT-_eo", 128), "rxmv7rT-_eo Video c.md:2 in c\n");
        for nothing in ["Rxm", "RXMV", "xmv7rT9", "Rxmv 7rT9", "Rxmv7rT9leoo"] {
            assert_eq!(found(vault, nothing, 128), "", "{nothing}");
        }
    }

    #[test]
    fn with_nothing_typed_titles_come_first() {
        check(
            "",
            &expect![[r#"
            third Note third.md:2
            Models Note other.md:1
            Large Models Note large_models.md:5
            LM Alias large_models.md:2 in Large Models
            Big Models Alias large_models.md:2 in Large Models
            Models Heading(1) other.md:3 in Models
            Unnamed Heading(0) third.md:2 in third
            Why models? Heading(2) large_models.md:7 in Large Models
            Models of language Heading(1) large_models.md:6 in Large Models
            #ai Tag large_models.md:8
            #models Tag other.md:2
            #ai/models Tag large_models.md:3
        "#]],
        );
        expect![[r#"
            third Note third.md:2
            Models Note other.md:1
        "#]]
        .assert_eq(&found(VAULT, "", 2));
    }

    #[test]
    fn the_best_are_kept() {
        expect![[r#"
            Models Note other.md:1
            Models Heading(1) other.md:3 in Models
        "#]]
        .assert_eq(&found(VAULT, "models", 2));
    }

    #[test]
    fn a_symbol_is_found_again_in_a_note_that_changed() {
        let (vault, at) = fixture::vault("# T\n## B\n## A\n## A\n");
        let line = |index, name: &str| {
            let place = symbol_place(&vault, at.note, SymbolSubject::Heading(index), name).unwrap();
            vault.note(at.note).unwrap().note.text.line_of(place.start)
        };
        assert_eq!((line(3, "A"), line(1, "A"), line(9, "gone")), (3, 2, 0));
    }

    #[test]
    fn the_search_stops_when_it_is_cancelled() {
        let (vault, _) = fixture::vault(VAULT);
        let cancel = Cancel::new();
        cancel.cancel();
        assert_eq!(vault_symbols(&vault, "m", 9, &cancel), Err(Cancelled));
    }

    /// A symbol with its rank and its name.
    type Plain = (Fit, String, SymbolSubject, String);

    /// The names and ranks of all symbols that fit by this score, found by looking at each.
    fn all(vault: &Snapshot, video: &str, score: &mut dyn FnMut(&str) -> Option<Score>) -> Vec<Plain> {
        let mut found = Vec::new();
        let mut tags = Vec::new();
        for note in vault.notes() {
            let parsed = &note.note.parsed;
            let names: Vec<_> = vault.file(note.id).unwrap().names.iter().collect();
            let scored = names.iter().filter_map(|(kind, name)| Some((score(name)?, *kind, *name)));
            let (of_aliases, of_note): (Vec<_>, Vec<_>) =
                scored.partition(|(_, kind, _)| matches!(kind, NameKind::Alias(_)));
            let best = of_note.into_iter().max_by_key(|(score, kind, _)| (*score, *kind));
            found.extend(best.map(|(score, _, name)| (score, SymbolSubject::Note, name.to_owned(), note)));
            for (score, kind, _) in of_aliases {
                let NameKind::Alias(index) = kind else { continue };
                let alias = &parsed.front_matter.as_ref().unwrap().aliases[index].value;
                found.push((score, SymbolSubject::Alias, alias.to_string(), note));
            }
            for (index, heading) in parsed.headings.iter().enumerate() {
                let name = parsed.heading_name(heading);
                let is_title = index == 0 && heading.level == 1 && parsed.display_title() == Some(name);
                let fitting = score(&searchable(name)).filter(|_| !is_title && !name.is_empty());
                let heading = SymbolSubject::Heading(index);
                found.extend(fitting.map(|score| (score, heading, searchable(name).into_owned(), note)));
            }
            for tag in &parsed.tags {
                let name = format!("#{}", note.note.slice(tag.name));
                let fitting = score(&searchable(&name)).filter(|_| !tags.contains(&fold(&name).into_owned()));
                tags.push(fold(&name).into_owned());
                found.extend(fitting.map(|score| (score, SymbolSubject::Tag, name, note)));
            }
            if let Some(own) =
                parsed.video().filter(|own| own.value.starts_with(video) && begins_video_id(video))
            {
                let score = score(&searchable(&own.value)).unwrap_or_default();
                found.push((score, SymbolSubject::Video, own.value.to_string(), note));
            }
        }
        let ranked = found.into_iter();
        let ranked = ranked.map(|(score, subject, name, note)| {
            (fit(false, score, subject, &name), note.path.to_string(), subject, name)
        });
        ranked.collect()
    }

    /// The best of them, first as typed and then with typos.
    fn plain(vault: &Snapshot, typed: &str, max: usize) -> Vec<(Fit, String, SymbolSubject)> {
        let mut query = Query::new(typed);
        let mut ranked = all(vault, typed, &mut |name| query.score(name, Effort::Rough));
        keep_first(&mut ranked, max * ROUGH_FACTOR, |(fit, ..)| *fit);
        for (fit, .., name) in &mut ranked {
            if let Some(exact) = query.score(&searchable(name), Effort::Exact) {
                fit.1 = Reverse(exact);
            }
        }
        let typos = TypoQuery::new(typed).and_then(|mut typos| {
            let is_spelled_right = ranked.iter().any(|(.., name)| typos.stands_in(&searchable(name)));
            typos.beside(is_spelled_right)
        });
        if let Some(mut typos) = typos {
            ranked.extend(all(vault, "", &mut |name| typos.score(name)));
        }
        ranked.sort();
        let mut known = FxHashSet::default();
        let firsts = ranked.into_iter().filter(|(_, path, subject, name)| match subject {
            SymbolSubject::Tag => known.insert((fold(name).into_owned(), *subject)),
            SymbolSubject::Alias => known.insert((format!("{path}|{name}"), *subject)),
            _ => known.insert((path.clone(), *subject)),
        });
        firsts.take(max).map(|(fit, path, subject, _)| (fit, path, subject)).collect()
    }

    /// A text with two neighbouring letters swapped.
    fn swapped(text: &str, place: usize) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        if place + 1 < letters.len() {
            letters.swap(place, place + 1);
        }
        letters.into_iter().collect()
    }

    #[test]
    fn symbols_are_found_as_if_each_name_were_looked_at() {
        let mut random = RandomVault::new(Settings::default());
        for round in 0..150 {
            random.change();
            let words = random.words(2, " ");
            let typed: String = match round % 10 {
                9 => "Rxmv7rT9".to_owned(),
                8 => swapped(&words, random.below(4)),
                _ => words.chars().take(1 + random.below(9)).collect(),
            };
            let vault = random.snapshot();
            // The tag of notes far apart has the path of the first of them.
            let found = vault_symbols(&vault, &typed, 5, &Cancel::new()).unwrap();
            let ranks = found.into_iter().map(|symbol| (symbol.rank.0, symbol.rank.1, symbol.rank.2));
            let plain = plain(&vault, &typed, 5);
            let of_tags = |ranks: Vec<(Fit, String, SymbolSubject)>| -> Vec<_> {
                let path = |subject, path| if subject == SymbolSubject::Tag { String::new() } else { path };
                ranks.into_iter().map(|(fit, at, subject)| (fit, path(subject, at), subject)).collect()
            };
            assert_eq!(of_tags(ranks.collect()), of_tags(plain), "{typed:?} in round {round}");
        }
    }

    #[test]
    fn excluded_notes_come_last() {
        let vault = "//- old/plan.md\n# Plan\n## Planned\n//- a/plan for the new house.md\n#plan\n//- a/b.md\n# B\n## Airplane\n";
        let settings = Settings { excluded_files: vec!["old/".to_owned()], ..Settings::default() };
        let (vault, _) = fixture::with_settings(vault, settings);
        let names = |max| {
            let found = vault_symbols(&vault, "plan", max, &Cancel::new()).unwrap();
            found.into_iter().map(|symbol| symbol.name).collect::<Vec<_>>()
        };
        expect![[r##"
            (
                [
                    "plan for the new house",
                    "#plan",
                    "Airplane",
                    "Plan",
                    "Planned",
                ],
                [
                    "plan for the new house",
                    "#plan",
                ],
            )
        "##]]
        .assert_debug_eq(&(names(9), names(2)));
    }
}
