//! Search through everything in a vault that has a name: notes, aliases, headings, tags.

use std::borrow::Cow;
use std::cmp::Reverse;

use rustc_hash::FxHashSet;

use crate::syntax::is_video_id;
use crate::text::Span;
use crate::vault::{Cancel, Cancelled, File, FileId, Key, NameKind, NoteRef, Snapshot, fold, searchable};

use crate::ide::note::title::title_place;
use crate::ide::search::matching::{Best, Effort, Query, Score, keep_first};

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

/// The order of symbols: the better match, then notes before aliases before headings before tags before
/// videos, then the shorter name, then the first by path and place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SymbolRank(Fit, String, SymbolSubject);

/// Match, kind, length of the name.
type Fit = (Reverse<Score>, u8, usize);

/// Of the id of a video, at least so many letters distinguish it from words.
const MIN_VIDEO_LETTERS: usize = 4;

/// The names that fit what was typed, best first, at most `max`. With nothing typed the titles come first.
/// The notes of a video are found by the start of its id too, to the letter. Looks at every name of the
/// vault.
pub fn vault_symbols<'a>(
    vault: &'a Snapshot,
    typed: &'a str,
    max: usize,
    cancel: &Cancel,
) -> Result<Vec<VaultSymbol>, Cancelled> {
    let mut search = Search {
        query: Query::new(typed),
        is_spelled_as_stem: typed.contains(['_', '-']),
        video: Some(typed.trim()).filter(|typed| begins_video_id(typed)),
        best: Best::new(max * ROUGH_FACTOR),
        tags: Tags::default(),
    };
    let titles_are_enough = search.query.is_empty() && vault.file_count() > max;
    for (index, (id, file)) in vault.files().enumerate() {
        cancel.check_at(index)?;
        search.names(id, file);
        if !titles_are_enough {
            search.headings(id, file);
            search.tags(id, file);
        }
        search.video(id, file);
    }
    cancel.check()?;
    let Search { mut query, best, .. } = search;
    let mut candidates = best.into_candidates();
    for ((score, ..), candidate) in &mut candidates {
        if let Some(exact) = query.score(&searchable(&candidate.name), Effort::Exact) {
            *score = Reverse(exact);
        }
    }
    keep_first(&mut candidates, max, |(fit, _)| *fit);
    let symbols = candidates.into_iter().map(|(fit, candidate)| candidate.symbol(vault, fit));
    let mut symbols: Vec<VaultSymbol> = symbols.collect();
    symbols.sort_unstable_by(|one, other| one.rank.cmp(&other.rank));
    symbols.truncate(max);
    Ok(symbols)
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

fn fit(score: Score, subject: SymbolSubject, name: &str) -> Fit {
    let kind = match subject {
        SymbolSubject::Note => 0,
        SymbolSubject::Alias => 1,
        SymbolSubject::Heading(_) => 2,
        SymbolSubject::Tag => 3,
        SymbolSubject::Video => 4,
    };
    (Reverse(score), kind, name.len())
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

/// The tags that were met, as they are written and folded: most of the many places of a tag are spelled
/// alike.
#[derive(Default)]
struct Tags<'a> {
    written: FxHashSet<&'a str>,
    folded: FxHashSet<Cow<'a, str>>,
}

struct Search<'a> {
    query: Query,
    /// Whether a separator was typed that stems have for spaces.
    is_spelled_as_stem: bool,
    /// What was typed, if it may be the start of the id of a video.
    video: Option<&'a str>,
    /// The roughly best so far.
    best: Best<Fit, Candidate<'a>>,
    tags: Tags<'a>,
}

impl<'a> Search<'a> {
    fn add(&mut self, id: FileId, subject: SymbolSubject, name: Cow<'a, str>, score: Score) {
        let fit = fit(score, subject, &name);
        self.best.add(fit, Candidate { id, subject, name, shows_title: false });
    }

    /// Title or stem of a note, whichever fits better, and its aliases.
    fn names(&mut self, id: FileId, file: &'a File) {
        let Some(note) = file.note().filter(|_| file.names.letters().cover(self.query.letters())) else {
            return;
        };
        let mut fitting: Option<(NameKind, &str, Score)> = None;
        for (kind, name) in file.names.iter() {
            let Some(score) = self.query.score(name, Effort::Rough) else { continue };
            let aliases = note.parsed.front_matter.as_ref().map(|front_matter| &front_matter.aliases);
            match kind {
                NameKind::Alias(index) => {
                    if let Some(alias) = aliases.and_then(|aliases| aliases.get(index)) {
                        self.add(id, SymbolSubject::Alias, (&*alias.value).into(), score);
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
            let has_title = file.names.iter().any(|(kind, _)| kind == NameKind::Title);
            let shows_title = kind == NameKind::Title || !has_title && !self.is_spelled_as_stem;
            let subject = SymbolSubject::Note;
            let note = Candidate { id, subject, name: name.into(), shows_title };
            self.best.add(fit(score, subject, name), note);
        }
    }

    /// Headings, but for the one that is the title. Their notes are not looked at, for that costs more than
    /// the comparison.
    fn headings(&mut self, id: FileId, file: &'a File) {
        for (index, name) in file.names.headings_with(self.query.letters()) {
            let subject = SymbolSubject::Heading(index);
            // Where few letters were typed, many names fit as well as any can, and the others need no
            // comparison.
            let admits = |score| self.best.admits(fit(score, subject, name));
            if let Some(score) = self.query.score_if(name, Effort::Rough, admits) {
                self.add(id, subject, name.into(), score);
            }
        }
    }

    /// The video of a note, if what was typed begins its id.
    fn video(&mut self, id: FileId, file: &'a File) {
        let Some(typed) = self.video else { return };
        let video = file.note().and_then(|note| note.parsed.video()).map(|video| &*video.value);
        if let Some(video) = video.filter(|video| video.starts_with(typed) && is_video_id(video)) {
            let score = self.query.score(&searchable(video), Effort::Rough).unwrap_or_default();
            self.add(id, SymbolSubject::Video, video.into(), score);
        }
    }

    /// Tags that were not met in a file before.
    fn tags(&mut self, id: FileId, file: &'a File) {
        for written in file.names.tags_with(self.query.letters()) {
            if !self.tags.written.insert(written) || !self.tags.folded.insert(fold(written)) {
                continue;
            }
            let name = format!("#{written}");
            if let Some(score) = self.query.score(&searchable(&name), Effort::Rough) {
                self.add(id, SymbolSubject::Tag, name.into(), score);
            }
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
    use crate::ide::fixture;

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
}
