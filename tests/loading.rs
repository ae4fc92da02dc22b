//! What is answered while a vault is being read, over random vaults of which a random part has been read: it
//! is what the whole vault answers, or it is known that something is missing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // a test may fail

mod vaults;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::Arc;

use proptest::prelude::*;
use vaultls::config::Settings;
use vaultls::ide::{self, CompletionItem, NotePosition, ReferenceOptions};
use vaultls::text::{Offset, Span, Text};
use vaultls::vault::{
    Cancel, Change, Coverage, DiskFile, FileId, Needs, Note, Snapshot, VaultPath, VaultWriter,
};
use vaults::{Files, NAMES, PIECES, file_path, with_cases};

/// Front matter, tags and timestamps, which other notes know of too.
const MORE: [&str; 9] = [
    "---\ntitle: Tall tale\naliases: [nick]\nvideoId: Rxmv7rT9leo\n---\n",
    "---\nvideoId: Rxmv7rT9leo\nduration: 100\n---\n",
    "---\naliases: [gone]\n---\n",
    "text ^id\n",
    "#tag/one ",
    "a tall tale of nick ",
    "[0:10] [0:20] [0:30] [0:40] [2:00] ",
    "<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a> ",
    "[00:03:00](https://youtu.be/Rxmv7rT9leo?t=180) ",
];

fn text() -> impl Strategy<Value = String> {
    let more = prop::collection::vec(prop::sample::select(&MORE[..]), 0..3);
    let pieces = prop::collection::vec(prop::sample::select(&PIECES[..]), 0..6);
    (more, pieces).prop_map(|(more, pieces)| more.concat() + &pieces.concat())
}

fn path(path: &str) -> VaultPath {
    VaultPath::resolve("", path).unwrap()
}

fn read(file: &str, text: &str) -> (VaultPath, DiskFile) {
    let path = path(file);
    let read = if path.is_note() { DiskFile::Note(Arc::new(Note::new(text))) } else { DiskFile::Attachment };
    (path, read)
}

/// How far a vault has been read.
#[derive(Clone, Debug)]
struct Part {
    /// Whether the folders have been walked.
    is_listed: bool,
    open: BTreeSet<String>,
    read: BTreeSet<String>,
}

/// A vault of which a part has been read, and the same vault afterwards.
fn partial_and_whole(files: &Files, part: &Part) -> (Snapshot, Snapshot) {
    let mut writer = VaultWriter::new(Arc::new(Settings { title_hints: true, ..Settings::default() }));
    writer.apply(Change::Coverage(Coverage::Walking));
    for (file, text) in files.iter().filter(|(file, _)| part.open.contains(*file) && path(file).is_note()) {
        writer.apply(Change::Opened { path: path(file), text: Text::from(&**text) });
    }
    if part.is_listed {
        let unread = |file: &String| match path(file) {
            path if path.is_note() => (path, DiskFile::Unread),
            path => (path, DiskFile::Attachment),
        };
        writer.apply(Change::Disk(files.keys().map(unread).collect()));
        writer.apply(Change::Coverage(Coverage::Names));
        let some = files.iter().filter(|(file, _)| part.read.contains(*file));
        writer.apply(Change::Disk(some.map(|(file, text)| read(file, text)).collect()));
    }
    let partial = writer.snapshot();
    writer.apply(Change::Disk(files.iter().map(|(file, text)| read(file, text)).collect()));
    writer.apply(Change::Coverage(Coverage::Whole));
    (partial, writer.snapshot())
}

/// An answer in words.
fn said(answer: impl Debug) -> String {
    format!("{answer:?}")
}

type Query<'a> = (&'static str, Box<dyn Fn(&Snapshot) -> String + 'a>);

fn about_note<'a>(note: FileId, cancel: &'a Cancel) -> Vec<Query<'a>> {
    let all = Span::between(Offset::ZERO, Offset::new(usize::from(u16::MAX)));
    vec![
        ("symbols", Box::new(move |vault| said(ide::document_symbols(vault, note)))),
        ("links", Box::new(move |vault| said(ide::document_links(vault, note, cancel)))),
        ("tokens", Box::new(move |vault| said(ide::semantic_tokens(vault, note, None, cancel)))),
        ("hints", Box::new(move |vault| said(ide::title_hints(vault, note, all, cancel)))),
        ("lenses", Box::new(move |vault| said(ide::code_lenses(vault, note, cancel)))),
        ("links into", Box::new(move |vault| said(ide::links_into(vault, note, cancel)))),
        ("links out of", Box::new(move |vault| said(ide::links_out_of(vault, note, cancel)))),
        ("mentions", Box::new(move |vault| said(ide::mentions(vault, note, cancel)))),
        ("mentions of", Box::new(move |vault| said(ide::mentions_of(vault, note, cancel)))),
        ("graph", Box::new(move |vault| said(ide::link_graph(vault, cancel)))),
        ("moments", Box::new(move |vault| said(ide::moments(vault, "Rxmv7rT9leo", cancel)))),
    ]
}

fn about_place<'a>(at: NotePosition, cancel: &'a Cancel) -> Vec<Query<'a>> {
    let options = ReferenceOptions { include_definitions: true };
    vec![
        ("definition", Box::new(move |vault| said(ide::definition(vault, at)))),
        ("references", Box::new(move |vault| said(ide::references(vault, at, options, cancel)))),
        ("highlights", Box::new(move |vault| said(ide::document_highlights(vault, at)))),
        ("prepare rename", Box::new(move |vault| said(ide::prepare_rename(vault, at)))),
        ("rename", Box::new(move |vault| said(ide::rename(vault, at, "new", cancel)))),
        ("graph file", Box::new(move |vault| said(ide::graph_file(vault, at)))),
    ]
}

/// Places in a note: every third byte.
fn places(note: &Note, id: FileId) -> Vec<NotePosition> {
    let text = note.text.to_text();
    let offsets = text.char_indices().map(|(at, _)| at).step_by(3);
    offsets.map(|at| NotePosition { note: id, at: Offset::new(at) }).collect()
}

fn check(files: &Files, part: &Part) -> Result<(), TestCaseError> {
    let (partial, whole) = partial_and_whole(files, part);
    let cancel = Cancel::new();
    let known: Vec<(FileId, Arc<Note>)> =
        partial.notes().map(|note| (note.id, Arc::clone(note.note))).collect();
    for (id, note) in known {
        let at = places(&note, id);
        let queries =
            about_note(id, &cancel).into_iter().chain(at.iter().flat_map(|at| about_place(*at, &cancel)));
        for (name, query) in queries {
            let vault = partial.accounting();
            let early = query(&vault);
            if vault.needs() == Needs::default() {
                prop_assert_eq!(early, query(&whole), "{} in {}", name, whole.file(id).unwrap().path);
            }
        }
        let later = ide::diagnostics(&whole, id, &cancel).unwrap();
        for early in ide::diagnostics(&partial, id, &cancel).unwrap() {
            prop_assert!(later.contains(&early), "{:?} of {:?}", early, later);
        }
        for at in at {
            check_completion(&partial, &whole, at)?;
            let address = |path: &VaultPath| path.to_string();
            let early = ide::hover(&partial, at, &address, &cancel).unwrap();
            let early = early.map(|found| found.value.markdown()).unwrap_or_default();
            let later = ide::hover(&whole, at, &address, &cancel).unwrap();
            let later = later.map(|found| found.value.markdown()).unwrap_or_default();
            for denial in early.lines().filter(|line| line.to_lowercase().contains("not found")) {
                prop_assert!(later.contains(denial), "{early} is {later} later");
            }
        }
    }
    Ok(())
}

/// What is offered early is offered later too; the path to a file may be written in another style, for the
/// links of the vault set it.
fn check_completion(partial: &Snapshot, whole: &Snapshot, at: NotePosition) -> Result<(), TestCaseError> {
    let cancel = Cancel::new();
    let vault = partial.accounting();
    let early = ide::completion(&vault, at, &cancel).unwrap().items;
    let needs = vault.needs();
    if needs.names || !needs.notes.is_empty() {
        return Ok(());
    }
    let offered = |item: CompletionItem| match item.subject {
        Some(subject) => said(subject),
        None => item.label,
    };
    let later = ide::completion(whole, at, &cancel).unwrap().items;
    let later: BTreeSet<String> = later.into_iter().map(offered).collect();
    for item in early.into_iter().map(offered) {
        prop_assert!(later.contains(&item), "{item} is not among {later:#?}");
    }
    Ok(())
}

fn vault_and_part() -> impl Strategy<Value = (Files, Part)> {
    let files = prop::collection::btree_map(file_path(&NAMES), text(), 1..8);
    files.prop_flat_map(|files| {
        let names: Vec<String> = files.keys().cloned().collect();
        let some = || prop::sample::subsequence(names.clone(), 0..=names.len());
        let part = (prop::bool::weighted(0.8), some(), some()).prop_map(|(is_listed, open, read)| Part {
            is_listed,
            open: open.into_iter().collect(),
            read: read.into_iter().collect(),
        });
        (Just(files), part)
    })
}

proptest! {
    #![proptest_config(with_cases(192))]

    #[test]
    fn an_early_answer_is_that_of_the_whole_vault((files, part) in vault_and_part()) {
        check(&files, &part)?;
    }
}

#[test]
fn a_name_is_enough_for_a_link_by_it() {
    let files: Files = BTreeMap::from([
        ("a.md".into(), "[[b]] [[c]] [[gone]] [[b#Head]]".into()),
        ("x/b.md".into(), "# Head\n".into()),
    ]);
    let part = Part { is_listed: true, open: ["a.md".into()].into(), read: BTreeSet::new() };
    let (partial, _) = partial_and_whole(&files, &part);
    let a = partial.find("a.md").unwrap();
    let source = partial.note(a).unwrap();
    let needs = |index: usize| {
        let vault = partial.accounting();
        let found = vault.resolve(&source, &source.note.parsed.links[index]).found();
        (found.map(|found| vaults::path_of(&vault, found.best)), vault.needs())
    };
    let whole = Needs { whole: true, ..Needs::default() };
    assert_eq!(needs(0), (Some("x/b.md".to_owned()), Needs::default()));
    assert_eq!(needs(1), (None, whole.clone()));
    assert_eq!(needs(2), (None, whole));
    let vault = partial.accounting();
    ide::definition(&vault, NotePosition { note: a, at: Offset::new(23) });
    assert_eq!(vault.needs(), Needs { notes: vec![path("x/b.md")], ..Needs::default() });
}
