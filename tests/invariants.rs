//! The invariants of the model and of what is computed from it, over random texts and histories.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)] // a test may fail

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use vaultls::config::Settings;
use vaultls::ide::{self, VaultStats};
use vaultls::syntax::Link;
use vaultls::text::{Edit, Encoding, Offset, Position, Range, Span, Text};
use vaultls::vault::{
    Applied, Cancel, Change, DiskFile, FileId, Note, NoteRef, Resolution, Snapshot, VaultPath, VaultWriter,
};

/// Paths that shadow each other: same stems in several folders, other case, index notes, an attachment.
const PATHS: [&str; 10] = [
    "a.md",
    "x/a.md",
    "x/y/a.md",
    "x/A.markdown",
    "x/index.md",
    "b_c.md",
    "x/b c.md",
    "y/README.md",
    "x/image.png",
    "y/café.md",
];

/// Pieces of notes that link to, define, and break what the others name.
const PIECES: [&str; 35] = [
    "---\ntitle: Tall Tale\naliases: [nick, B C]\nvideoId: Rxmv7rT9leo\n---\n",
    "---\nvideoId: Rxmv7rT9leo\nduration: 100\n---\n",
    "---\nvideoId: Rxmv7rT9leo\n---\n[0:10] [0:20] [0:30] [0:40] [2:00] ",
    "---\nvideoId: Rxmv7rT9leo\n---\n[0:10] [0:20] [0:30] [0:40] [1:30:00] ",
    "# Head\n",
    "## Sub\n",
    "text ^block\n",
    "[[a]] ",
    "[[../x/a|shown]] ",
    "[rooted](/x/a.md) ",
    "[[A | shown]] ",
    "[[x/a#Head]] ",
    "[[b c]] ",
    "[[B-C#Sub]] ",
    "[[nick]] ",
    "[[tall tale]] ",
    "[[x]] ",
    "[[cafe\u{301}]] ",
    "[[gone]] ",
    "[[#Head]] ",
    "[[a#^block]] ",
    "![[image.png]] ",
    "[md](x/a.md#sub) ",
    "[up](../a.md) ",
    "[folder](x/) ",
    "[folder](../x/y) ",
    "## Sub *now*\n",
    "## Sub _now_\n",
    "[[a#Sub *now*]] ",
    "#tag/one ",
    "<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a> ",
    "[00:03:00](https://youtu.be/Rxmv7rT9leo?t=180) ",
    "\r\n",
    "a tall tale of b-c ",
    "Nick, Caf\u{e9}, index: the head ",
];

#[derive(Clone, Debug)]
enum Step {
    Write(usize, String),
    Delete(usize),
    Open(usize, String),
    Edit(usize, String),
    Save(usize),
    Close(usize),
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(0..PIECES.len(), 0..6)
        .prop_map(|pieces| pieces.into_iter().map(|at| PIECES[at]).collect())
}

fn step() -> impl Strategy<Value = Step> {
    let path = 0..PATHS.len();
    prop_oneof![
        3 => (path.clone(), text()).prop_map(|(path, text)| Step::Write(path, text)),
        1 => path.clone().prop_map(Step::Delete),
        1 => (path.clone(), text()).prop_map(|(path, text)| Step::Open(path, text)),
        3 => (path.clone(), text()).prop_map(|(path, text)| Step::Edit(path, text)),
        1 => path.clone().prop_map(Step::Save),
        1 => path.prop_map(Step::Close),
    ]
}

fn vault_path(index: usize) -> VaultPath {
    VaultPath::resolve("", PATHS[index]).unwrap()
}

fn disk_file(path: &VaultPath, text: &str) -> DiskFile {
    if path.is_note() { DiskFile::Note(Arc::new(Note::new(text))) } else { DiskFile::Attachment }
}

/// What the disk and the editor hold: the truth that the writer must agree with.
#[derive(Default)]
struct Truth {
    disk: BTreeMap<usize, String>,
    open: BTreeMap<usize, String>,
}

impl Truth {
    /// The change that a step means, if it can happen now.
    fn take(&mut self, step: Step) -> Option<Change> {
        let is_note = |path: usize| vault_path(path).is_note();
        Some(match step {
            Step::Write(path, text) => {
                let file = disk_file(&vault_path(path), &text);
                self.disk.insert(path, text);
                Change::Disk(vec![(vault_path(path), file)])
            }
            Step::Delete(path) => {
                self.disk.remove(&path);
                Change::Disk(vec![(vault_path(path), DiskFile::Gone)])
            }
            Step::Open(path, text) if is_note(path) => {
                let change = Change::Opened { path: vault_path(path), text: Text::from(&*text) };
                self.open.insert(path, text);
                change
            }
            Step::Edit(path, text) if self.open.contains_key(&path) => {
                let change = Change::Edited { path: vault_path(path), text: Text::from(&*text) };
                self.open.insert(path, text);
                change
            }
            Step::Save(path) => {
                let text = self.open.get(&path)?.clone();
                self.disk.insert(path, text);
                Change::Saved { path: vault_path(path) }
            }
            Step::Close(path) => {
                self.open.remove(&path)?;
                Change::Closed { path: vault_path(path) }
            }
            Step::Open(..) | Step::Edit(..) => return None,
        })
    }

    fn built_from_scratch(&self) -> Snapshot {
        let mut writer = VaultWriter::new(Arc::new(Settings::default()));
        let files =
            self.disk.iter().map(|(path, text)| (vault_path(*path), disk_file(&vault_path(*path), text)));
        writer.apply(Change::Disk(files.collect()));
        for (path, text) in &self.open {
            writer.apply(Change::Opened { path: vault_path(*path), text: Text::from(&**text) });
        }
        writer.snapshot()
    }
}

/// Everything that a vault says, by path instead of id.
fn everything(vault: &Snapshot) -> BTreeMap<String, String> {
    let path = |id: FileId| vault.file(id).map(|file| file.path.to_string()).unwrap_or_else(|| "gone".into());
    let paths = |ids: &[FileId]| ids.iter().map(|id| path(*id)).collect::<BTreeSet<_>>();
    let mut said = BTreeMap::new();
    for (key, definers, users) in vault.keys() {
        said.insert(format!("{key:?}"), format!("{:?} {:?}", paths(definers), paths(users)));
    }
    for (id, file) in vault.files() {
        let backlinks = vault.backlinks(id, &Cancel::new()).unwrap();
        let backlinks: Vec<_> =
            backlinks.iter().map(|link| (link.source.path.to_string(), link.link.span)).collect();
        let users = vault.users(file.names.stem_key()).len();
        assert_eq!(vault.users_by_stem(id) as usize, users, "{} is linked by its stem", file.path);
        said.insert(file.path.to_string(), format!("open {} {backlinks:?}", file.is_open()));
    }
    for note in vault.notes() {
        let links: Vec<String> =
            note.note.parsed.links.iter().map(|link| meaning(vault, &note, link)).collect();
        said.insert(
            format!("text of {}", note.path),
            format!("{} {:?} {links:?}", note.note.text, note.note.parsed),
        );
    }
    said.insert("conventions".into(), format!("{:?}", vault.link_conventions()));
    for note in vault.notes() {
        let mentions = ide::mentions(vault, note.id, &Cancel::new()).unwrap();
        let mentions: Vec<_> =
            mentions.iter().map(|one| (one.span, paths(&one.notes), one.is_ambiguous)).collect();
        let elsewhere = ide::mentions_of(vault, note.id, &Cancel::new()).unwrap();
        let spans =
            |one: &ide::NoteMentions| one.mentions.iter().map(|mention| mention.span).collect::<Vec<_>>();
        let elsewhere: Vec<_> = elsewhere.iter().map(|one| (path(one.note), spans(one))).collect();
        said.insert(format!("mentions in and of {}", note.path), format!("{mentions:?} {elsewhere:?}"));
    }
    said.extend(findings(vault));
    said
}

fn meaning(vault: &Snapshot, note: &NoteRef<'_>, link: &Link) -> String {
    match vault.resolve(note, link) {
        Resolution::Found(found) => {
            let all: Vec<_> =
                found.all.iter().filter_map(|id| vault.file(*id)).map(|file| &file.path).collect();
            format!("{all:?} {:?} {}", found.tier, found.is_ambiguous)
        }
        other => format!("{other:?}"),
    }
}

fn findings(vault: &Snapshot) -> BTreeMap<String, String> {
    let path = |id: FileId| vault.file(id).map(|file| file.path.to_string()).unwrap_or_default();
    let of = |id: FileId| -> Vec<String> {
        let found = ide::diagnostics(vault, id, &Cancel::new()).unwrap();
        let related = |one: &ide::Diagnostic| one.related.iter().map(|at| path(at.file)).collect::<Vec<_>>();
        found
            .iter()
            .map(|one| format!("{:?} {:?} {} {:?}", one.span, one.code, one.message, related(one)))
            .collect()
    };
    vault.notes().map(|note| (format!("findings of {}", note.path), format!("{:?}", of(note.id)))).collect()
}

/// The diagnostics of notes that [`Applied`] does not name.
fn untouched(vault: &Snapshot, applied: &Applied) -> BTreeMap<String, String> {
    let touched = applied.changed.iter().chain(&applied.affected);
    let touched: BTreeSet<String> =
        touched.filter_map(|id| vault.file(*id)).map(|file| format!("findings of {}", file.path)).collect();
    findings(vault).into_iter().filter(|(name, _)| !touched.contains(name)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Invariant 1, and with it the promise of `Applied`: a note that it does not name has the findings it
    /// had.
    #[test]
    fn any_history_ends_as_if_built_from_scratch(steps in prop::collection::vec(step(), 1..24)) {
        let mut truth = Truth::default();
        let mut writer = VaultWriter::new(Arc::new(Settings::default()));
        let mut stats = VaultStats::default();
        for step in steps {
            let Some(change) = truth.take(step) else { continue };
            let before = findings(&writer.snapshot());
            let applied = writer.apply(change);
            let after = writer.snapshot();
            let touched = applied.changed.iter().chain(&applied.affected).copied();
            stats.update(&after, touched, &Cancel::new()).unwrap();
            prop_assert_eq!(&stats, &VaultStats::of(&after, &Cancel::new()).unwrap());
            for (name, said) in untouched(&after, &applied) {
                prop_assert_eq!(before.get(&name), Some(&said), "{} was not announced", name);
            }
            prop_assert_eq!(everything(&after), everything(&truth.built_from_scratch()));
        }
    }

    /// Later changes do not affect a snapshot.
    #[test]
    fn snapshots_never_change(first in prop::collection::vec(step(), 1..12), later in prop::collection::vec(step(), 1..12)) {
        let mut truth = Truth::default();
        let mut writer = VaultWriter::new(Arc::new(Settings::default()));
        first.into_iter().filter_map(|step| truth.take(step)).for_each(|change| drop(writer.apply(change)));
        let held = writer.snapshot();
        let said = everything(&held);
        later.into_iter().filter_map(|step| truth.take(step)).for_each(|change| drop(writer.apply(change)));
        prop_assert_eq!(everything(&held), said);
    }
}

const ENCODINGS: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

#[test]
fn only_a_link_that_leads_elsewhere_changes_links() {
    let mut writer = VaultWriter::new(Arc::new(Settings::default()));
    let path = vault_path(0);
    writer.apply(Change::Opened { path: path.clone(), text: Text::from("[[a]] [[a]]\n") });
    let mut change = |text: &str| {
        writer.apply(Change::Edited { path: path.clone(), text: Text::from(text) }).links_changed
    };
    assert!(!change("[[a]] [[a]] and words\n"));
    assert!(change("[[a#Part]] and words\n"));
    assert!(!change("Words and [[a#Part]]\n"));
}

fn wild_text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "word ",
        "é",
        "e\u{301}",
        "漢字",
        "😀",
        "👩‍👩‍👧",
        "\n",
        "\r\n",
        "\r",
        "\u{2028}",
        "\u{85}",
        "\u{feff}",
        "𝒳",
        "",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// The position of a byte index, counted the slow way.
fn position(text: &str, at: usize, encoding: Encoding) -> Position {
    let bytes = text.as_bytes();
    let is_end = |end: usize| match bytes[end - 1] {
        b'\n' => true,
        b'\r' => bytes.get(end) != Some(&b'\n'),
        _ => false,
    };
    let starts: Vec<usize> = std::iter::once(0).chain((1..=text.len()).filter(|end| is_end(*end))).collect();
    let line = starts.iter().rposition(|start| *start <= at).unwrap();
    let before = &text[starts[line]..at];
    let column = match encoding {
        Encoding::Utf8 => before.len(),
        Encoding::Utf16 => before.encode_utf16().count(),
        Encoding::Utf32 => before.chars().count(),
    };
    Position { line: u32::try_from(line).unwrap(), column: u32::try_from(column).unwrap() }
}

/// The text on a rope of its own, and between others on one that they share.
fn on_ropes(text: &str) -> [Text; 2] {
    let mut texts = ["é\r\nx", text, "\ny"].map(Text::from);
    Text::share_ropes(&mut texts);
    let [_, shared, _] = texts;
    [Text::from(text), shared]
}

fn boundaries(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
}

/// Whether a position at `at` survives a round trip: one between `\r` and `\n` belongs to no line.
fn is_place(text: &str, at: usize) -> bool {
    !(text[..at].ends_with('\r') && text[at..].starts_with('\n'))
}

proptest! {
    /// Invariant 2.
    #[test]
    fn edits_of_a_rope_are_edits_of_a_string(
        start in wild_text(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), wild_text()), 1..12),
        encoding in prop::sample::select(&ENCODINGS[..]),
    ) {
        let (mut plain, mut ropes) = (start.clone(), on_ropes(&start));
        for (one, other, new) in edits {
            let places: Vec<usize> = boundaries(&plain).into_iter().filter(|at| is_place(&plain, *at)).collect();
            let (one, other) = (*one.get(&places), *other.get(&places));
            let (from, to) = (one.min(other), one.max(other));
            let range = Range { start: position(&plain, from, encoding), end: position(&plain, to, encoding) };
            plain.replace_range(from..to, &new);
            for rope in &mut ropes {
                rope.apply(&Edit { range: Some(range), text: (&*new).into() }, encoding).unwrap();
                prop_assert_eq!(&rope.to_text(), &plain);
            }
            prop_assert_eq!(&ropes[0], &ropes[1]);
        }
    }

    /// Invariant 3.
    #[test]
    fn positions_give_their_offsets_back(text in wild_text()) {
        let ropes = on_ropes(&text);
        for at in boundaries(&text).into_iter().filter(|at| is_place(&text, *at)) {
            for (rope, encoding) in ropes.iter().flat_map(|rope| ENCODINGS.map(|encoding| (rope, encoding))) {
                let found = rope.position(Offset::new(at), encoding);
                prop_assert_eq!(found, position(&text, at, encoding));
                prop_assert_eq!(rope.offset(found, encoding), Offset::new(at));
                prop_assert_eq!(rope.line_of(Offset::new(at)), found.line as usize);
            }
        }
        let lines = |rope: &Text| -> Vec<_> { (0..=rope.line_count()).map(|line| rope.line(line)).collect() };
        prop_assert_eq!(lines(&ropes[0]), lines(&ropes[1]));
        prop_assert_eq!(ropes[0].to_text(), ropes[1].slice(Span::between(Offset::ZERO, ropes[1].end())));
    }

    /// No position of any client, however mad, is a panic or an offset outside the text.
    #[test]
    fn any_position_is_some_place(text in wild_text(), line: u32, column: u32, near in 0u32..6, shift in 0u32..9) {
        let [alone, shared] = on_ropes(&text);
        for (line, column) in [(line, column), (near, column), (near, shift)] {
            for encoding in ENCODINGS {
                let offset = alone.offset(Position { line, column }, encoding);
                prop_assert!(text.is_char_boundary(offset.to_usize()));
                prop_assert_eq!(offset, shared.offset(Position { line, column }, encoding));
            }
        }
    }

    /// Invariant 7 for notes: any bytes are a note, and every feature answers at every place of it.
    #[test]
    fn any_bytes_are_a_note(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        ask_everywhere(Note::from_bytes(&bytes));
    }

    /// The same for texts that are nearly what the parser looks for.
    #[test]
    fn any_pieces_are_a_note(pieces in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..24)) {
        ask_everywhere(Note::new(&pieces.concat()));
    }
}

const FRAGMENTS: &[&str] = &[
    "[[",
    "]]",
    "[",
    "]",
    "(",
    ")",
    "|",
    "\\|",
    "#",
    "^",
    "!",
    "`",
    "```\n",
    "~~~",
    "$",
    "$$",
    "%%",
    "<!--",
    "-->",
    "---\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "a",
    "note",
    "é",
    "😀",
    "title: ",
    "aliases:\n  - ",
    "videoId: ",
    "duration: ",
    "\"",
    "'",
    ": ",
    "[^1]",
    "[^1]: ",
    "[x]: ",
    "<a class=\"yt-timestamp\" data-t=\"",
    "00:01:55",
    "\">",
    "</a>",
    "<a ",
    "https://youtu.be/Rxmv7rT9leo?t=1",
    "> [!note]",
    "| a | b |\n|---|---|\n",
    "- ",
    "=====\n",
    "\u{feff}",
    "\u{0}",
    "%20",
    "../",
];

fn prose() -> impl Strategy<Value = String> {
    const PROSE: [&str; 22] = [
        "machine learning",
        "Machine-Learning ",
        "learning theory",
        " of ",
        "théorie",
        "The\u{301}orie ",
        "機械学習",
        "の",
        "C++",
        ", ",
        "\n",
        "\n\n",
        "| ",
        "[[",
        "]]",
        "[",
        "]",
        "(",
        ")",
        "*",
        "!",
        "`",
    ];
    prop::collection::vec(prop::sample::select(&PROSE[..]), 0..16).prop_map(|pieces| pieces.concat())
}

/// Carries out the edits of a change in one note.
fn edited(text: &str, change: &ide::VaultChange, note: FileId) -> String {
    let mut text = text.to_owned();
    for edit in change.edits_of(note).iter().rev() {
        text.replace_range(edit.span.range(), &edit.new_text);
    }
    text
}

proptest! {
    /// Linking all mentions writes nothing but links around the words, each to the note that was meant, and
    /// leaves all other links as they were.
    #[test]
    fn linking_mentions_makes_links_of_words_and_nothing_else(text in prose()) {
        let mut writer = VaultWriter::new(Arc::default());
        let files = [
            ("a.md", &*text),
            ("machine_learning.md", ""),
            ("x/learning theory of.md", "---\naliases: [learning theory, C++, Théorie]\n---\n"),
            ("x/機械学習.md", ""),
            ("x/of théorie.md", ""),
        ];
        let path = |path: &str| VaultPath::resolve("", path).unwrap();
        writer.apply(Change::Disk(files.iter().map(|(at, text)| (path(at), disk_file(&path(at), text))).collect()));
        let vault = writer.snapshot();
        let (id, cancel) = (vault.find("a.md").unwrap(), Cancel::new());
        let mentions = ide::mentions(&vault, id, &cancel).unwrap();
        let options = ide::ActionOptions {
            kinds: ide::ActionKind::ALL.to_vec(),
            creates_files: true,
            deletes_files: true,
            now: jiff::civil::date(2026, 3, 1).at(12, 30, 0, 0),
            read_template: &|_, known| known.cloned(),
        };
        let change = ide::resolve_action(&vault, id, &ide::ActionSubject::LinkAllMentions, &options, &cancel).unwrap();
        prop_assert_eq!(change.edits_of(id).len(), mentions.len());
        let linked = vault.with_text(id, &edited(&text, &change, id));
        let (before, after) = (vault.note(id).unwrap(), linked.note(id).unwrap());
        let leads = |vault: &Snapshot, note: &NoteRef<'_>, link: &Link| match vault.resolve(note, link) {
            Resolution::Found(found) => vault.file(found.best).unwrap().path.to_string(),
            other => format!("{other:?}"),
        };
        let mut expected: Vec<(usize, String, String)> = before.note.parsed.links.iter().map(|link| {
            (link.span.start.to_usize(), before.note.slice(link.span).into_owned(), leads(&vault, &before, link))
        }).collect();
        for (mention, edit) in mentions.iter().zip(change.edits_of(id)) {
            let target = vault.file(mention.notes[0]).unwrap().path.to_string();
            expected.push((mention.span.start.to_usize(), edit.new_text.clone(), target));
            prop_assert!(edit.new_text.contains(&*before.note.slice(mention.span)));
        }
        expected.sort();
        let expected: Vec<_> = expected.into_iter().map(|(_, written, target)| (written, target)).collect();
        let found: Vec<_> = after.note.parsed.links.iter().map(|link| {
            (after.note.slice(link.span).into_owned(), leads(&linked, &after, link))
        }).collect();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(ide::mentions(&linked, id, &cancel).unwrap(), vec![]);
    }
}

/// A symbol lies within the one above it, and its name within the symbol.
fn nested(symbol: &ide::DocumentSymbol, above: Span) {
    assert!(above.covers(symbol.span) && symbol.span.covers(symbol.focus), "{symbol:?} in {above:?}");
    symbol.children.iter().for_each(|child| nested(child, symbol.span));
}

fn ask_everywhere(note: Note) {
    let text = note.text.clone();
    let mut writer = VaultWriter::new(Arc::new(Settings {
        title_hints: true,
        outline_definitions: true,
        outline_tags: true,
        ..Settings::default()
    }));
    let path = VaultPath::resolve("", "note.md").unwrap();
    writer.apply(Change::Disk(vec![(path.clone(), DiskFile::Note(Arc::new(note)))]));
    let vault = writer.snapshot();
    let id = vault.find(path.as_str()).unwrap();
    let cancel = Cancel::new();
    let whole = Span::new(0, text.len());
    let inside = |span: Span| assert!(span.end.to_usize() <= text.len(), "{span:?} of {}", text.len());
    ide::diagnostics(&vault, id, &cancel).unwrap().iter().for_each(|found| inside(found.span));
    ide::document_symbols(&vault, id).iter().for_each(|symbol| nested(symbol, whole));
    ide::code_lenses(&vault, id, &cancel).unwrap().iter().for_each(|lens| inside(lens.span));
    ide::document_links(&vault, id, &cancel).unwrap().iter().for_each(|link| inside(link.span));
    let tokens = ide::semantic_tokens(&vault, id, None, &cancel).unwrap();
    assert!(tokens.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{tokens:?}");
    tokens.iter().for_each(|token| inside(token.span));
    let folds = ide::folding_ranges(&vault, id, usize::MAX);
    let is_fold = |fold: &ide::Fold| fold.start_line < fold.end_line && fold.end_line < text.line_count();
    assert!(folds.iter().all(is_fold), "{folds:?}");
    ide::title_hints(&vault, id, whole, &cancel)
        .unwrap()
        .iter()
        .for_each(|hint| inside(Span::empty(hint.at)));
    ide::links_out_of(&vault, id, &cancel)
        .unwrap()
        .iter()
        .flat_map(|edge| &edge.links)
        .for_each(|link| inside(*link));
    ide::vault_symbols(&vault, "a", 9, &cancel).unwrap();
    act_everywhere(&vault, id, &text);
    for at in boundaries(&text.to_text()) {
        let position = ide::NotePosition { note: id, at: Offset::new(at) };
        if let Some(found) = ide::definition(&vault, position) {
            inside(found.span);
        }
        if let Some(found) = ide::hover(&vault, position, &|path| format!("file:///{path}"), &cancel).unwrap()
        {
            inside(found.span);
        }
        let steps = ide::selection_ranges(&vault, id, &[position.at], &cancel).unwrap().unwrap();
        assert_eq!(steps[0].last(), Some(&whole));
        if let Some(file) = ide::graph_file(&vault, position) {
            inside(file.place.focus);
        }
        ide::completion(&vault, position, &cancel)
            .unwrap()
            .items
            .iter()
            .for_each(|item| inside(item.replace));
    }
}

/// Every action that is offered anywhere in a note can be refused or carried out, and its edits fit the note.
fn act_everywhere(vault: &Snapshot, note: FileId, text: &Text) {
    let options = ide::ActionOptions {
        kinds: ide::ActionKind::ALL.to_vec(),
        creates_files: true,
        deletes_files: true,
        now: jiff::civil::date(2026, 3, 1).at(12, 30, 0, 0),
        read_template: &|_, known| known.cloned(),
    };
    let places = boundaries(&text.to_text());
    let cursors = places.iter().map(|at| Span::new(*at, *at));
    let selections = places
        .iter()
        .map(|at| Span::new(*at / 2, *at))
        .filter(|span| places.binary_search(&span.start.to_usize()).is_ok());
    let mut done: Vec<ide::ActionSubject> = Vec::new();
    for span in cursors.chain(selections) {
        for offer in ide::code_actions(vault, note, span, &options, &Cancel::new()).unwrap() {
            if done.contains(&offer.subject) {
                continue;
            }
            let change = ide::resolve_action(vault, note, &offer.subject, &options, &Cancel::new());
            let edits = change.iter().flat_map(|change| &change.edits);
            for edits in edits.filter(|edits| edits.note == note) {
                let mut last = 0;
                for edit in &edits.edits {
                    assert!(last <= edit.span.start.to_usize(), "{}: {edits:?}", offer.title);
                    last = edit.span.end.to_usize();
                    assert!(places.binary_search(&last).is_ok(), "{}: {edits:?}", offer.title);
                }
            }
            done.push(offer.subject);
        }
    }
}
