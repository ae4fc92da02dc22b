//! Links are completed as if each name of the vault were looked at.

use std::cmp::Reverse;

use crate::config::Settings;
use crate::ide::completion::ranking::relevance::{OfFiles, Relevance, of_match};
use crate::ide::completion::*;
use crate::ide::search::matching::{Effort, keep_first};
use crate::ide::search::random_vault::RandomVault;

const MAX_ITEMS: usize = 3;

/// A candidate with its rank: its likelihood, in a form that can be compared, whether it is unresolved, and
/// its path or name.
type Plain = (Reverse<i64>, bool, String);

/// The paths and names to offer, found by looking at all of them. The roughly best are compared exactly.
fn plain(vault: &Snapshot, at: NotePosition, typed: &str) -> Vec<String> {
    let source = vault.note(at.note).unwrap();
    let mut query = Query::new(typed);
    let relevance = Relevance::at(vault, &source, at.at, &Cancel::new()).unwrap();
    let mut of_files = OfFiles::from(vault, &source);
    let mut found: Vec<(Plain, Vec<String>, f32)> = Vec::new();
    let mut rank = |names: &[String], relevance: f32, effort| {
        let best = names.iter().filter_map(|name| query.score(name, effort)).max()?;
        // Exact in the sixty-fourth part of a point and far below the limit.
        #[expect(clippy::cast_possible_truncation, reason = "see above")]
        Some(Reverse((f64::from(of_match(best) + relevance) * f64::from(1 << 20)) as i64))
    };
    for note in vault.notes() {
        let names =
            vault.file(note.id).unwrap().names.iter().map(|(_, name)| name.to_owned()).collect::<Vec<_>>();
        let likely = of_files.of(vault.name_row(note.id).unwrap()) + relevance.collected(note.id);
        if let Some(rough) = rank(&names, likely, Effort::Rough) {
            found.push(((rough, false, note.path.to_string()), names, likely));
        }
    }
    for name in vault.unresolved() {
        let (names, likely) = (vec![name.searchable.to_owned()], relevance.of_unresolved(&name));
        if let Some(rough) = rank(&names, likely, Effort::Rough) {
            found.push(((rough, true, name.name.to_owned()), names, likely));
        }
    }
    keep_first(&mut found, 2 * MAX_ITEMS, |((rough, ..), ..)| *rough);
    for ((rough, ..), names, likely) in &mut found {
        *rough = rank(names, *likely, Effort::Exact).unwrap();
    }
    found.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    found.into_iter().take(MAX_ITEMS).map(|((.., name), ..)| name).collect()
}

#[test]
fn links_are_completed_as_if_each_name_were_looked_at() {
    let settings = Settings { completion_max_items: MAX_ITEMS, ..Settings::default() };
    let mut random = RandomVault::new(settings);
    for round in 0..150 {
        random.change();
        let words = random.words(2, " ");
        let typed: String = words.chars().filter(|char| *char != '#').take(random.below(9)).collect();
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
