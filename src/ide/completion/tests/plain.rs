//! Links are completed as if each name of the vault were looked at.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::config::Settings;
use crate::ide::completion::ranking::relevance::{OfFiles, Relevance, of_match};
use crate::ide::completion::*;
use crate::ide::search::matching::{Effort, Score, keep_first};
use crate::ide::search::random_vault::RandomVault;
use crate::ide::search::typos::TypoQuery;

const MAX_ITEMS: usize = 3;

/// A candidate with its rank: its likelihood, in a form that can be compared, whether it is unresolved, and
/// its path or name.
type Plain = (Reverse<i64>, bool, String);

/// Something that can be offered: whether it is unresolved, its path or name, its names as they are searched,
/// and how likely it is meant whatever is typed.
type Nameable = (bool, String, Vec<String>, f32);

fn all(vault: &Snapshot, at: NotePosition) -> Vec<Nameable> {
    let source = vault.note(at.note).unwrap();
    let relevance = Relevance::at(vault, &source, at.at, &Cancel::new()).unwrap();
    let mut of_files = OfFiles::from(vault, &source);
    let notes = vault.notes().map(|note| {
        let names = vault.file(note.id).unwrap().names.iter().map(|(_, name)| name.to_owned()).collect();
        let likely = of_files.of(vault.name_row(note.id).unwrap()) + relevance.collected(note.id);
        (false, note.path.to_string(), names, likely)
    });
    let unresolved = vault.unresolved().map(|name| {
        (true, name.name.to_owned(), vec![name.searchable.to_owned()], relevance.of_unresolved(&name))
    });
    notes.chain(unresolved).collect()
}

/// The paths and names to offer, found by looking at all of them. The roughly best are compared exactly, and
/// all for typos if none of those holds what was typed.
fn plain(vault: &Snapshot, at: NotePosition, typed: &str) -> Vec<String> {
    let all = all(vault, at);
    let mut query = Query::new(typed);
    let rank = |score: &mut dyn FnMut(&str) -> Option<Score>, (.., names, relevance): &Nameable| {
        let best = names.iter().filter_map(|name| score(name)).max()?;
        // Exact in the sixty-fourth part of a point and far below the limit.
        #[expect(clippy::cast_possible_truncation, reason = "see above")]
        Some(Reverse((f64::from(of_match(best) + relevance) * f64::from(1 << 20)) as i64))
    };
    let plain = |likelihood, one: &Nameable| -> Plain { (likelihood, one.0, one.1.clone()) };
    let rough = all.iter().filter_map(|one| {
        let likelihood = rank(&mut |name| query.score(name, Effort::Rough), one)?;
        Some((likelihood, one))
    });
    let mut found: Vec<_> = rough.collect();
    keep_first(&mut found, 2 * MAX_ITEMS, |(rough, _)| *rough);
    for (likelihood, one) in &mut found {
        *likelihood = rank(&mut |name| query.score(name, Effort::Exact), one).unwrap();
    }
    let typos = TypoQuery::new(typed).and_then(|mut typos| {
        let is_spelled_right =
            found.iter().any(|(_, (_, _, names, _))| names.iter().any(|name| typos.stands_in(name)));
        typos.beside(is_spelled_right)
    });
    if let Some(mut typos) = typos {
        found.extend(all.iter().filter_map(|one| Some((rank(&mut |name| typos.score(name), one)?, one))));
    }
    let mut found: Vec<Plain> = found.into_iter().map(|(likelihood, one)| plain(likelihood, one)).collect();
    found.sort();
    let mut known = BTreeSet::new();
    let firsts =
        found.into_iter().filter(|(_, is_unresolved, name)| known.insert((*is_unresolved, name.clone())));
    firsts.take(MAX_ITEMS).map(|(.., name)| name).collect()
}

#[test]
fn links_are_completed_as_if_each_name_were_looked_at() {
    let settings = Settings { completion_max_items: MAX_ITEMS, ..Settings::default() };
    let mut random = RandomVault::new(settings);
    for round in 0..150 {
        random.change();
        let words = random.words(2, " ");
        let typed = words.chars().filter(|char| *char != '#').take(random.below(9));
        let mut typed: Vec<char> = typed.collect();
        if round % 3 == 2 && typed.len() > 1 {
            let place = random.below(typed.len() - 1);
            typed.swap(place, place + 1);
        }
        let typed: String = typed.into_iter().collect();
        let text = format!("# A map\n\n[[{}]] of stone [[{typed}", random.words(2, "_"));
        random.write("1/typed_in.md", &text);
        let vault = random.snapshot();
        let at = NotePosition { note: vault.find("1/typed_in.md").unwrap(), at: Offset::new(text.len()) };
        let found = completion(&vault, at, &Cancel::new()).unwrap().items;
        let offered = found.into_iter().map(|item| match item.subject {
            Some(CompletionSubject::File { path, .. }) => path,
            _ => item.label,
        });
        assert_eq!(offered.collect::<Vec<_>>(), plain(&vault, at, &typed), "{typed:?} in round {round}");
    }
}
