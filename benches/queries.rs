//! What the editor asks most, in vaults of two sizes, at the functions themselves: no protocol, no process.

#![allow(missing_docs, reason = "criterion's macros write public functions")]
#![allow(clippy::expect_used, reason = "a benchmark without its vault has nothing to measure")]

mod support;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use vaultls::ide::{self, NotePosition, ReferenceOptions};
use vaultls::text::{Span, Text};
use vaultls::vault::{Cancel, Change, NoteRef, Resolution, Snapshot, VaultPath};

fn queries(criterion: &mut Criterion) {
    let cancel = Cancel::new();
    for notes in [3_600, 21_000] {
        let mut writer = support::vault_in_memory(support::size(notes));
        let (path, text) = typical_note(&writer.snapshot()).expect("a note with a link");
        let letters = |letters: &str| {
            let mut typed = text.clone();
            typed.replace(Span::empty(text.end()), &format!("\n\n[[{letters}"));
            typed
        };
        writer.apply(Change::Opened { path: path.clone(), text: text.clone() });
        let mut group = criterion.benchmark_group(format!("queries/{notes} notes"));
        for typed in ["", "st", "stam_l"] {
            let text = letters(typed);
            writer.apply(Change::Edited { path: path.clone(), text: text.clone() });
            let vault = writer.snapshot();
            let at = NotePosition { note: vault.find(path.as_str()).expect("the note"), at: text.end() };
            group.bench_function(format!("completion of [[{typed}"), |bencher| {
                bencher.iter(|| ide::completion(black_box(&vault), at, &cancel));
            });
        }
        writer.apply(Change::Edited { path: path.clone(), text: text.clone() });
        let vault = writer.snapshot();
        let note = vault.note(vault.find(path.as_str()).expect("the note")).expect("the note");
        let link = good_link(&vault, &note).expect("a link that leads somewhere");
        let at = NotePosition { note: note.id, at: link.start };
        group.bench_function("definition", |bencher| {
            bencher.iter(|| ide::definition(black_box(&vault), at));
        });
        let address = |path: &VaultPath| format!("file:///{path}");
        group.bench_function("hover", |bencher| {
            bencher.iter(|| ide::hover(black_box(&vault), at, &address, &cancel));
        });
        group.bench_function("diagnostics of a note", |bencher| {
            bencher.iter(|| ide::diagnostics(black_box(&vault), note.id, &cancel));
        });
        let (hub, places) = most_linked(&vault, &cancel);
        let options = ReferenceOptions { include_definitions: false };
        group.bench_function(format!("references of a note with {places} backlinks"), |bencher| {
            bencher.iter(|| ide::references(black_box(&vault), hub, options, &cancel));
        });
        group.bench_function(format!("rename of a note with {places} backlinks"), |bencher| {
            bencher.iter(|| ide::rename(black_box(&vault), hub, "another_name", &cancel));
        });
        for typed in ["e", "st", "ta mo", "stamolen"] {
            group.bench_function(format!("workspace symbol {typed:?}"), |bencher| {
                bencher.iter(|| ide::vault_symbols(black_box(&vault), typed, 128, &cancel));
            });
        }
        group.finish();
    }
}

/// A note of 5 to 8 KB that links to another one; the first by path.
fn typical_note(vault: &Snapshot) -> Option<(VaultPath, Text)> {
    let notes = vault.notes().filter(|note| (5_000..8_000).contains(&note.note.text.len()));
    let typical = notes.filter(|note| good_link(vault, note).is_some()).min_by_key(|note| note.path)?;
    Some((typical.path.clone(), typical.note.text.clone()))
}

/// The title of the note that most links lead to, and how many.
fn most_linked(vault: &Snapshot, cancel: &Cancel) -> (NotePosition, usize) {
    let backlinks = |note: &NoteRef<'_>| vault.backlinks(note.id, cancel).map_or(0, |links| links.len());
    let titled = vault.notes().filter_map(|note| Some((note, note.note.parsed.title()?.span.start)));
    let counted = titled.map(|(note, title)| (backlinks(&note), NotePosition { note: note.id, at: title }));
    let (places, hub) = counted.max_by_key(|(places, _)| *places).expect("a note with a title");
    (hub, places)
}

/// The target of the first link of a note that leads to a note.
fn good_link(vault: &Snapshot, note: &NoteRef<'_>) -> Option<Span> {
    let mut links = note.note.parsed.links.iter().skip(1);
    links.find(|link| matches!(vault.resolve(note, link), Resolution::Found(_))).map(|link| link.target)
}

criterion_group!(benches, queries);
criterion_main!(benches);
