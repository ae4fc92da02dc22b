//! What the editor asks most, in vaults of two sizes, at the functions themselves: no protocol, no process.

#![allow(missing_docs, reason = "criterion's macros write public functions")]
#![allow(clippy::expect_used, reason = "a benchmark without its vault has nothing to measure")]

mod support;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use tower_lsp::ls_types::Uri;
use vaultls::ide::{self, NotePosition, ReferenceOptions};
use vaultls::lsp::{self, ClientFeatures, Encoder};
use vaultls::text::{Offset, Span, Text};
use vaultls::vault::{Cancel, Change, DiskFile, Note, NoteRef, Resolution, Snapshot, VaultPath, VaultWriter};

use support::generated_vault::{DEFAULT_SEED, note_of};

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
        let (source, broken) = broken_link(&vault).expect("a link that leads nowhere");
        group.bench_function("nearest names for a broken link", |bencher| {
            bencher.iter(|| ide::suggest_files(black_box(&vault), &source, &broken, &cancel));
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

/// Every context of completion but that of `[[name`, at the end of a typical note or at its top.
fn contexts(criterion: &mut Criterion) {
    let cancel = Cancel::new();
    for notes in [3_600, 21_000] {
        let mut writer = support::vault_in_memory(support::size(notes));
        let vault = writer.snapshot();
        let (path, text) = typical_note(&vault).expect("a note with a link");
        let (hub, places) = most_linked(&vault, &cancel);
        let hub = vault.note(hub.note).expect("the hub").path.without_extension().to_owned();
        let linked = vault.note(vault.find(path.as_str()).expect("the note")).expect("the note");
        let linked = good_link(&vault, &linked).map(|span| text.slice(span).into_owned()).expect("a link");
        writer.apply(Change::Opened { path: path.clone(), text: text.clone() });
        let mut group = criterion.benchmark_group(format!("contexts/{notes} notes"));
        for (name, typed) in [
            (format!("display texts of a note with {places} backlinks"), format!("[[{hub}|")),
            ("headings of a note".to_owned(), format!("[[{linked}#")),
            ("blocks of a note".to_owned(), format!("[[{linked}#^")),
            ("headings of the vault, `[[##st`".to_owned(), "[[##st".to_owned()),
            ("paths, `[t](`".to_owned(), "[t](".to_owned()),
            ("paths, `[t](st`".to_owned(), "[t](st".to_owned()),
            ("images, `![t](st`".to_owned(), "![t](st".to_owned()),
            ("slugs".to_owned(), "[t](#".to_owned()),
            ("tags, `#`".to_owned(), "x #".to_owned()),
            ("tags, `#st`".to_owned(), "x #st".to_owned()),
            ("callouts".to_owned(), "> [!".to_owned()),
            ("footnotes".to_owned(), "x[^".to_owned()),
            ("videos of the front matter".to_owned(), "---\nvideoId: \n---\n".to_owned()),
        ] {
            let is_front_matter = typed.starts_with("---");
            let place = if is_front_matter { Span::default() } else { Span::empty(text.end()) };
            let inserted = if is_front_matter { typed } else { format!("\n\n{typed}") };
            let mut edited = text.clone();
            edited.replace(place, &inserted);
            writer.apply(Change::Edited { path: path.clone(), text: edited.clone() });
            let vault = writer.snapshot();
            let at = if is_front_matter { end_of_line(&edited, 1) } else { edited.end() };
            let at = NotePosition { note: vault.find(path.as_str()).expect("the note"), at };
            group.bench_function(name, |bencher| {
                bencher.iter(|| ide::completion(black_box(&vault), at, &cancel));
            });
        }
        group.finish();
    }
}

/// The end of a line.
fn end_of_line(text: &Text, line: usize) -> Offset {
    text.line(line).expect("the line").end
}

/// The first link by path that leads nowhere, with its note.
fn broken_link(vault: &Snapshot) -> Option<(NoteRef<'_>, String)> {
    let mut notes: Vec<_> = vault.notes().collect();
    notes.sort_by_key(|note| note.path);
    notes.into_iter().find_map(|note| {
        let mut links = note.note.parsed.links.iter();
        let broken = links.find(|link| vault.resolve(&note, link) == Resolution::Missing)?;
        Some((note, note.note.slice(broken.target).into_owned()))
    })
}

/// What is asked about a whole note, of one of 1 MB.
fn long_note(criterion: &mut Criterion) {
    let cancel = Cancel::new();
    let mut writer = support::vault_in_memory(support::size(3_600));
    let path = VaultPath::resolve("", "long.md").expect("a path");
    let text = Text::from(&*note_of(1_000_000, DEFAULT_SEED));
    writer.apply(Change::Opened { path: path.clone(), text: text.clone() });
    let vault = writer.snapshot();
    let note = vault.find(path.as_str()).expect("the note");
    let mut group = criterion.benchmark_group("a note of 1 MB");
    group.bench_function("document symbols, as JSON", |bencher| {
        let features = ClientFeatures { symbol_trees: true, ..ClientFeatures::default() };
        let uri: Uri = "file:///long.md".parse().expect("a URI");
        let address = |_: &VaultPath| Some(uri.clone());
        bencher.iter(|| {
            let encoder = Encoder { vault: &vault, features: &features, address: &address };
            let found = ide::document_symbols(black_box(&vault), note);
            serde_json::to_string(&lsp::document_symbols(&found, note, &uri, &encoder))
        });
    });
    group.bench_function("folding ranges", |bencher| {
        bencher.iter(|| ide::folding_ranges(black_box(&vault), note, usize::MAX));
    });
    group.bench_function("selection range", |bencher| {
        let places = [text.end()];
        bencher.iter(|| ide::selection_ranges(black_box(&vault), note, &places, &cancel));
    });
    group.bench_function("semantic tokens", |bencher| {
        bencher.iter(|| ide::semantic_tokens(black_box(&vault), note, None, &cancel));
    });
    group.bench_function("document links", |bencher| {
        bencher.iter(|| ide::document_links(black_box(&vault), note, &cancel));
    });
    group.bench_function("lenses", |bencher| {
        bencher.iter(|| ide::code_lenses(black_box(&vault), note, &cancel));
    });
    group.finish();
}

/// Words that name notes without a link: those of one note, and those of one note in all others.
fn mentions(criterion: &mut Criterion) {
    let cancel = Cancel::new();
    for notes in [3_600, 21_000] {
        let mut writer = support::vault_in_memory(support::size(notes));
        let (path, text) = typical_note(&writer.snapshot()).expect("a note with a link");
        let named = most_named(&writer.snapshot(), &cancel);
        // Named once more, so that there is something to find however the vault came to be.
        let name = named.replace('_', " ");
        let mut typed = text.clone();
        typed.replace(Span::empty(text.end()), &format!("\n\nOf {name}.\n"));
        writer.apply(Change::Opened { path: path.clone(), text: typed });
        let vault = writer.snapshot();
        let note = vault.find(path.as_str()).expect("the note");
        let named = vault.notes().find(|note| note.path.stem() == named).expect("the note").id;
        let found = ide::mentions_of(&vault, named, &cancel).expect("not cancelled");
        let count: usize = found.iter().map(|found| found.mentions.len()).sum();
        let mut group = criterion.benchmark_group(format!("mentions/{notes} notes"));
        group.bench_function("in a note", |bencher| {
            bencher.iter(|| ide::mentions(black_box(&vault), note, &cancel));
        });
        group.sample_size(10);
        group.bench_function(format!("{count} of a note, in {} notes", found.len()), |bencher| {
            bencher.iter(|| ide::mentions_of(black_box(&vault), named, &cancel));
        });
        let seldom = vault.notes().find(|note| !found.iter().any(|found| found.note == note.id));
        let seldom = seldom.expect("a note that does not name it").id;
        group.bench_function("of a note that few name", |bencher| {
            bencher.iter(|| ide::mentions_of(black_box(&vault), seldom, &cancel));
        });
        group.finish();
    }
}

/// The stem of the note that most of a hundred notes name.
fn most_named(vault: &Snapshot, cancel: &Cancel) -> String {
    let step = (vault.notes().count() / 100).max(1);
    let mut counts = BTreeMap::new();
    for note in vault.notes().step_by(step) {
        for mention in ide::mentions(vault, note.id, cancel).expect("not cancelled") {
            *counts.entry(mention.notes.first().copied()).or_insert(0_usize) += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count).and_then(|(note, _)| note);
    let note = most.and_then(|note| vault.note(note)).or_else(|| vault.notes().next());
    note.expect("a note").path.stem().to_owned()
}

/// How many notes are about the most cited video.
const NOTES_OF_VIDEO: usize = 50;

/// What is asked about a moment, in a note whose video no other note is about, in one whose video many are
/// about, and in one of 1 MB.
fn moments(criterion: &mut Criterion) {
    let cancel = Cancel::new();
    let notes = support::size(21_000);
    let mut writer = support::vault_in_memory(notes);
    let usual = typical_note(&writer.snapshot()).expect("a note with a link");
    let popular = make_popular(&mut writer, &usual.0);
    let vault = writer.snapshot();
    let long = vault.notes().max_by_key(|note| note.note.text.len()).expect("a note");
    let long = (long.path.clone(), long.note.text.clone());
    let mut group = criterion.benchmark_group(format!("moments/{notes} notes"));
    for (name, (path, text)) in
        [("usual video", usual), ("video of 50 notes", popular), ("note of 1 MB", long)]
    {
        writer.apply(Change::Opened { path: path.clone(), text: text.clone() });
        let vault = writer.snapshot();
        let note = vault.note(vault.find(path.as_str()).expect("the note")).expect("the note");
        let video = note.note.parsed.video_id().expect("its video").to_owned();
        let stamps = note.note.parsed.timestamps.iter().filter(|stamp| stamp.moment().is_some());
        let stamps: Vec<Span> = stamps.map(|stamp| stamp.span).collect();
        let stamp = stamps.get(stamps.len() / 2).expect("a timestamp");
        let at = NotePosition { note: note.id, at: stamp.start };
        let address = |path: &VaultPath| format!("file:///{path}");
        group.bench_function(format!("hover, {name}"), |bencher| {
            bencher.iter(|| ide::hover(black_box(&vault), at, &address, &cancel));
        });
        let options = ReferenceOptions { include_definitions: false };
        group.bench_function(format!("references, {name}"), |bencher| {
            bencher.iter(|| ide::references(black_box(&vault), at, options, &cancel));
        });
        let count = ide::moments(&vault, &video, &cancel).map_or(0, |found| found.moments.len());
        group.bench_function(format!("all {count} moments, {name}"), |bencher| {
            bencher.iter(|| ide::moments(black_box(&vault), &video, &cancel));
        });
        let mut begun = text.clone();
        begun.replace(Span::empty(text.end()), "\n\n[0");
        writer.apply(Change::Edited { path: path.clone(), text: begun.clone() });
        let begun_in = writer.snapshot();
        let at = NotePosition { note: note.id, at: begun.end() };
        group.bench_function(format!("completion of `[0`, {name}"), |bencher| {
            bencher.iter(|| ide::completion(black_box(&begun_in), at, &cancel));
        });
        writer.apply(Change::Closed { path });
    }
    group.finish();
}

/// Makes many notes speak of one video, and answers one of them. `usual` stays as it is.
fn make_popular(writer: &mut VaultWriter, usual: &VaultPath) -> (VaultPath, Text) {
    let vault = writer.snapshot();
    let typical = vault.notes().filter(|note| (5_000..8_000).contains(&note.note.text.len()));
    let mut typical: Vec<NoteRef<'_>> = typical.filter(|note| note.path != usual).collect();
    typical.sort_by_key(|note| note.path);
    let about_it = |note: &NoteRef<'_>| {
        let own = note.note.parsed.video_id().unwrap_or_default();
        (note.path.clone(), note.note.text.to_text().replace(own, "everybodys1"))
    };
    let texts: Vec<(VaultPath, String)> = typical.iter().take(NOTES_OF_VIDEO).map(about_it).collect();
    let (path, text) = texts.first().expect("a typical note").clone();
    let files = texts.iter().map(|(path, text)| (path.clone(), DiskFile::Note(Arc::new(Note::new(text)))));
    writer.apply(Change::Disk(files.collect()));
    (path, Text::from(&*text))
}

criterion_group!(benches, queries, contexts, long_note, mentions, moments);
criterion_main!(benches);
