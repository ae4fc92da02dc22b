//! How often completion of `[[` shows the note that is meant among the first, on links that people have
//! written.
//!
//! `cargo bench --bench ranking -- [FOLDER]`; without a folder, a generated vault of 3,600 notes, in which
//! links and words have nothing to do with each other.
//!
//! Each link is taken out of its note before it is asked for: the note is as it was before the link was
//! written, with `[[` and the first letters of the file's name in the link's place. Nothing of the link is
//! left that could give it away, and it counts no more for how often its target is linked.

#![allow(clippy::indexing_slicing, reason = "a place in a word is drawn from its length")]

mod support;

use std::cmp::Reverse;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use vaultls::cli;
use vaultls::ide::{self, NotePosition};
use vaultls::syntax::LinkKind;
use vaultls::text::{Offset, Span};
use vaultls::vault::{Cancel, FileId, NoteRef, Resolution, Snapshot, VaultPath, folder_distance, searchable};

use support::generated_vault::Random;

/// Links that are asked for.
const SAMPLE: usize = 1_000;

/// How many letters of the name are typed.
const TYPED: [usize; 5] = [0, 3, 5, 8, 12];

/// How many letters of the name are typed with one of them wrong.
const TYPED_WRONG: [usize; 3] = [5, 8, 12];

/// Chooses the links, and parts them into the half that constants may be tuned on and the half that shows
/// whether that was luck.
const SEED: u64 = 0x11A7;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = match support::arguments().next() {
        Some(folder) => PathBuf::from(folder),
        None => support::vault_folder(support::size(3_600))?,
    };
    let vault = cli::load(&folder, &|_| {})?.vault;
    let links = sample(&vault);
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} notes, {} links of them, seed {SEED:#x}", vault.notes().count(), links.len())?;
    let (tuned_on, others) = links.split_at(links.len() / 2);
    for (name, order, after) in [
        ("nearest folder, then most linked", by_baseline as Order, After::Kept),
        ("vaultls", by_completion, After::Kept),
        ("vaultls, at the end of the note", by_completion, After::Cut),
    ] {
        writeln!(out, "\n{name}")?;
        let columns = TYPED.map(|letters| (letters, Typo::None));
        print(
            &mut out,
            &columns,
            [tuned_on, others].map(|links| counted(&vault, links, &columns, after, order)),
        )?;
    }
    for (name, typo) in [
        ("two neighbouring letters swapped", Typo::Swapped),
        ("a wrong letter", Typo::Wrong),
        ("a letter left out", Typo::LeftOut),
        ("a letter doubled", Typo::Doubled),
    ] {
        writeln!(out, "\nvaultls, {name}")?;
        let columns = TYPED_WRONG.map(|letters| (letters, typo));
        let counted = |links| counted(&vault, links, &columns, After::Kept, by_completion);
        print(&mut out, &columns, [tuned_on, others].map(counted))?;
    }
    Ok(())
}

/// Counts where the targets of links are, for so many letters typed with such a mistake in them.
fn counted(
    vault: &Snapshot,
    links: &[Written<'_>],
    columns: &[(usize, Typo)],
    after: After,
    order: Order,
) -> Vec<Places> {
    let mut counted = vec![Places::default(); columns.len()];
    for (number, link) in links.iter().enumerate() {
        for (places, (letters, typo)) in counted.iter_mut().zip(columns) {
            let typed: String = link.path.stem().chars().take(*letters).collect();
            // The same mistakes for all orders.
            let mut random = Random::new(SEED + number as u64);
            places.add(link.place(vault, &typo.made_in(&typed, &mut random), after, order));
        }
    }
    counted
}

/// A link that was written, and what it means.
struct Written<'a> {
    source: NoteRef<'a>,
    span: Span,
    target: FileId,
    path: &'a VaultPath,
}

/// What stands after the cursor.
#[derive(Clone, Copy)]
enum After {
    /// What stands after the link: the note is gone over again.
    Kept,
    /// Nothing: the note is being written.
    Cut,
}

/// A mistake in what is typed.
#[derive(Clone, Copy)]
enum Typo {
    None,
    /// Two neighbouring letters that differ.
    Swapped,
    /// Another letter from `a` to `z` in the place of one.
    Wrong,
    LeftOut,
    Doubled,
}

impl Typo {
    /// What was typed, with the mistake in it where a letter or digit stands; as it is if there is none.
    fn made_in(self, typed: &str, random: &mut Random) -> String {
        let mut letters: Vec<char> = typed.chars().collect();
        let is_letter = |place: &usize| letters.get(*place).is_some_and(|char| char.is_alphanumeric());
        let differs = |place: &usize| letters.get(*place) != letters.get(place + 1);
        let places = (0..letters.len()).filter(is_letter);
        let places: Vec<usize> = match self {
            Typo::Swapped => places.filter(|place| is_letter(&(place + 1)) && differs(place)).collect(),
            _ => places.collect(),
        };
        if places.is_empty() {
            return typed.to_owned();
        }
        let place = places[random.below(places.len())];
        match self {
            Typo::None => {}
            Typo::Swapped => letters.swap(place, place + 1),
            Typo::Wrong => {
                let others: Vec<char> = ('a'..='z').filter(|char| *char != letters[place]).collect();
                letters[place] = others[random.below(others.len())];
            }
            Typo::LeftOut => _ = letters.remove(place),
            Typo::Doubled => letters.insert(place, letters[place]),
        }
        letters.into_iter().collect()
    }
}

/// Puts the files that fit in order. Asked with the vault, the cursor and what is typed.
type Order = fn(&Snapshot, NotePosition, &str) -> Vec<FileId>;

impl Written<'_> {
    /// The place of the target in an order, counted from 1, with this much typed; `None` if it is not there.
    fn place(&self, vault: &Snapshot, typed: &str, after: After, order: Order) -> Option<usize> {
        let note = self.source.note;
        let before = note.slice(Span::between(Offset::ZERO, self.span.start));
        let after = match after {
            After::Kept => note.slice(Span::between(self.span.end, note.text.end())),
            After::Cut => "".into(),
        };
        let at = Offset::new(before.len() + "[[".len() + typed.len());
        let vault = vault.with_text(self.source.id, &format!("{before}[[{typed}{after}"));
        let ordered = order(&vault, NotePosition { note: self.source.id, at }, typed);
        ordered.iter().position(|id| *id == self.target).map(|place| place + 1)
    }
}

/// Links to notes, chosen by the seed; both halves are as random as the whole.
fn sample(vault: &Snapshot) -> Vec<Written<'_>> {
    let mut notes: Vec<NoteRef<'_>> = vault.notes().collect();
    notes.sort_unstable_by_key(|note| note.path);
    let mut links: Vec<Written<'_>> = notes.into_iter().flat_map(|note| links_of(vault, note)).collect();
    let mut random = Random::new(SEED);
    let count = links.len().min(support::size(SAMPLE));
    for place in 0..count {
        let other = place + random.below(links.len() - place);
        links.swap(place, other);
    }
    links.truncate(count);
    links
}

fn links_of<'a>(vault: &'a Snapshot, source: NoteRef<'a>) -> impl Iterator<Item = Written<'a>> {
    let links = source.note.parsed.links.iter();
    let links = links.filter(|link| link.kind == LinkKind::Wikilink && !link.target.is_empty());
    links.filter_map(move |link| {
        let Resolution::Found(found) = vault.resolve(&source, link) else { return None };
        let target = vault.note(found.best)?;
        Some(Written { source, span: link.span, target: target.id, path: target.path })
    })
}

/// What completion answers.
fn by_completion(vault: &Snapshot, at: NotePosition, _typed: &str) -> Vec<FileId> {
    let answer = ide::completion(vault, at, &Cancel::new()).unwrap_or_default();
    let file = |item: &ide::CompletionItem| match &item.subject {
        Some(ide::CompletionSubject::File { path, .. }) => vault.find(path),
        _ => None,
    };
    answer.items.iter().filter_map(file).collect()
}

/// A simple order to compare with: of the notes with a name in which what is typed stands, those at whose
/// start it stands first, then those of the nearest folder, then those that most notes link.
fn by_baseline(vault: &Snapshot, at: NotePosition, typed: &str) -> Vec<FileId> {
    let typed = searchable(typed).to_lowercase();
    let folder = vault.note(at.note).map_or("", |source| source.path.folder());
    let fitting = vault.files().filter_map(|(id, file)| {
        file.note()?;
        let names = file.names.iter().map(|(_, name)| name.to_lowercase());
        let is_within = names.filter_map(|name| Some(name.find(&typed)? > 0)).min()?;
        let distance = folder_distance(folder, file.path.folder());
        let users = vault.users(file.names.stem_key()).len();
        Some(((is_within, distance, Reverse(users), &file.path), id))
    });
    let mut fitting: Vec<_> = fitting.collect();
    fitting.sort_unstable();
    fitting.into_iter().map(|(_, id)| id).collect()
}

/// How often targets were among the first, counted.
#[derive(Clone, Copy, Default)]
struct Places {
    count: u32,
    first: u32,
    first_5: u32,
    first_10: u32,
    reciprocal: f64,
}

impl Places {
    fn add(&mut self, place: Option<usize>) {
        let is_within = |count| u32::from(place.is_some_and(|place| place <= count));
        self.count += 1;
        self.first += is_within(1);
        self.first_5 += is_within(5);
        self.first_10 += is_within(10);
        self.reciprocal += place.map_or(0.0, |place| 1.0 / place as f64);
    }

    fn and(self, other: Places) -> Places {
        Places {
            count: self.count + other.count,
            first: self.first + other.first,
            first_5: self.first_5 + other.first_5,
            first_10: self.first_10 + other.first_10,
            reciprocal: self.reciprocal + other.reciprocal,
        }
    }
}

fn print(
    out: &mut impl Write,
    columns: &[(usize, Typo)],
    [tuned_on, others]: [Vec<Places>; 2],
) -> std::io::Result<()> {
    let share = |count: u32, places: &Places| 100.0 * f64::from(count) / f64::from(places.count.max(1));
    writeln!(
        out,
        "{:>8}{:>10}{:>10}{:>10}{:>10}{:>22}",
        "letters", "first 1", "first 5", "first 10", "MRR", "first 5, by halves"
    )?;
    for ((tuned_on, others), (letters, _)) in tuned_on.iter().zip(&others).zip(columns) {
        let all = tuned_on.and(*others);
        let [first, first_5, first_10] = [all.first, all.first_5, all.first_10].map(|n| share(n, &all));
        let reciprocal = all.reciprocal / f64::from(all.count.max(1));
        let [tuned_on, others] = [tuned_on, others].map(|half| share(half.first_5, half));
        writeln!(
            out,
            "{letters:>8}{first:>9.1}%{first_5:>9.1}%{first_10:>9.1}%{reciprocal:>10.3}{tuned_on:>13.1}%{others:>7.1}%"
        )?;
    }
    Ok(())
}
