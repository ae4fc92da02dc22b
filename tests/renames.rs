//! The law of renaming, over random vaults and random moves: afterwards each link means what it meant before, nothing else
//! was written, and moving back gives the first bytes again where no link had to grow.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)] // a test may fail

mod vaults;

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use vaultls::ide::{self, NotePosition};
use vaultls::syntax::Link;
use vaultls::vault::{
    Cancel, FileId, NoteRef, Resolution, Snapshot, Tier, VaultPath, decode_link_part, last_component,
    without_note_extension,
};

use vaults::{FOLDERS, Files, NAMES, PIECES, edited, file_path, path_of, vault, with_cases};

fn text() -> impl Strategy<Value = String> {
    let front = prop_oneof![
        3 => Just(""),
        1 => Just("---\naliases: [nick, b]\n---\n"),
        1 => Just("---\ntitle: Tall tale\nrelated: \"[[a]]\"\n---\nblock ^id\n\n"),
    ];
    let pieces = prop::collection::vec(0..PIECES.len(), 0..6);
    (front, pieces).prop_map(|(front, pieces)| {
        let pieces: String = pieces.into_iter().map(|at| PIECES[at]).collect();
        format!("{front}{pieces}")
    })
}

#[derive(Clone, Debug)]
enum Move {
    File(prop::sample::Index, String),
    Folder(usize, String),
}

fn a_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        3 => (any::<prop::sample::Index>(), file_path(&NAMES)).prop_map(|(file, to)| Move::File(file, to)),
        1 => (1..FOLDERS.len(), prop::sample::select(vec!["z", "y/moved", "x in", "new/deep", "a"]))
            .prop_map(|(folder, to)| Move::Folder(folder, to.to_owned())),
    ]
}

/// Where each file lies afterwards; `None` if the move cannot be.
fn moved(files: &Files, step: &Move) -> Option<BTreeMap<String, String>> {
    let taken = |path: &str| files.keys().any(|other| other.to_lowercase() == path.to_lowercase());
    match step {
        Move::File(file, to) => {
            let from = files.keys().nth(file.index(files.len()))?;
            let is_note = |path: &str| VaultPath::resolve("", path).unwrap().is_note();
            let is_possible = !taken(to) && is_note(from) == is_note(to);
            is_possible.then(|| BTreeMap::from([(from.clone(), to.clone())]))
        }
        Move::Folder(folder, to) => {
            let from = FOLDERS[*folder];
            let inside = files.keys().filter(|path| path.starts_with(&format!("{from}/")));
            let moves: BTreeMap<String, String> =
                inside.map(|path| (path.clone(), format!("{to}{}", &path[from.len()..]))).collect();
            let is_possible = !to.starts_with(&format!("{from}/")) && !moves.values().any(|path| taken(path));
            (is_possible && !moves.is_empty()).then_some(moves)
        }
    }
}

/// The edited texts at their new places.
fn carried_out(files: &Files, moves: &BTreeMap<String, String>) -> Files {
    let before = vault(files);
    let ids: Vec<(FileId, VaultPath)> = moves
        .iter()
        .map(|(from, to)| (before.find(from).unwrap(), VaultPath::resolve("", to).unwrap()))
        .collect();
    let edits = ide::move_files(&before, &ids, &Cancel::new()).unwrap();
    let texts = edited(&before, files, &edits);
    let place = |(path, text): (String, String)| (moves.get(&path).cloned().unwrap_or(path), text);
    texts.into_iter().map(place).collect()
}

/// What every link of a vault means, in the order of the text: the path it leads to and how surely, by the path of its note.
fn meanings(vault: &Snapshot) -> BTreeMap<String, Vec<(String, String)>> {
    let mut all = BTreeMap::new();
    for note in vault.notes() {
        let meaning = |link: &_| {
            let link: &Link = link;
            let target = match vault.resolve(&note, link) {
                Resolution::Found(found) => path_of(vault, found.best),
                Resolution::External => "external".to_owned(),
                Resolution::Folder | Resolution::Missing | Resolution::OutsideVault => String::new(),
            };
            let fragment = link.fragment.map(|span| note.note.slice(span).into_owned());
            (target, fragment.unwrap_or_default())
        };
        all.insert(note.path.as_str().to_owned(), note.note.parsed.links.iter().map(meaning).collect());
    }
    all
}

/// The text with all targets of local links left out.
fn without_targets(vault: &Snapshot) -> BTreeMap<String, String> {
    let rest = |note: NoteRef<'_>| {
        let text = note.note.text.to_text();
        let mut rest = String::new();
        let mut at = 0;
        for link in note.note.parsed.links.iter().filter(|link| !link.is_external) {
            if link.target.start.to_usize() >= at {
                rest.push_str(&text[at..link.target.start.to_usize()]);
                at = link.target.end.to_usize();
            }
        }
        rest.push_str(&text[at..]);
        (note.path.as_str().to_owned(), rest)
    };
    vault.notes().map(rest).collect()
}

proptest! {
    #![proptest_config(with_cases(2000))]

    #[test]
    fn links_mean_what_they_meant(
        files in prop::collection::btree_map(file_path(&NAMES), text(), 2..9),
        step in a_move(),
    ) {
        let Some(moves) = moved(&files, &step) else { return Ok(()) };
        let to = |path: &str| moves.get(path).cloned().unwrap_or_else(|| path.to_owned());
        let before = vault(&files);
        let files_after = carried_out(&files, &moves);
        let after = vault(&files_after);
        let meanings_after = meanings(&after);
        for (path, links) in meanings(&before) {
            let links_after = &meanings_after[&to(&path)];
            prop_assert_eq!(links.len(), links_after.len(), "{} has other links: {:?}", path, files_after);
            for ((target, fragment), (target_after, fragment_after)) in links.iter().zip(links_after) {
                prop_assert_eq!(fragment, fragment_after);
                if !target.is_empty() {
                    prop_assert_eq!(&to(target), target_after, "in {} of {:?} moved to {:?}", path, files, files_after);
                }
            }
        }
        let rest_after = without_targets(&after);
        for (path, rest) in without_targets(&before) {
            // A link by alias that has to name its file goes on to show the alias.
            let shown = rest_after[&to(&path)].replace("|nick]]", "]]").replace("|Tall tale#^id]]", "]]").replace("\\]]", "]]");
            let shown = shown.replace("|b]]", "]]").replace("|B]]", "]]").replace("|Tall tale]]", "]]");
            prop_assert_eq!(rest, shown);
        }
    }
}

/// Headings that differ by case, markup, number or what lies above them, and links to them of all forms.
const HEADED: [&str; 20] = [
    "# One\n",
    "## One\n",
    "## Two\n",
    "### One two\n",
    "# *One*\n",
    "## C# in depth\n",
    "Two\n---\n",
    "# Größe\n",
    "[[a#One]] ",
    "[[a#one]] ",
    "[[b#One#Two]] ",
    "[md](a.md#one) ",
    "[md](b.md#one-1) ",
    "[[#Two]] ",
    "[[a#One#One two|x]] ",
    "[é](a.md#gr%C3%B6%C3%9Fe) ",
    "[[b#C# in depth]] ",
    "[[a]] [[b#gone]] ",
    "\n\n",
    "\r\n",
];
const NEW_HEADINGS: [&str; 8] =
    ["Two", "one", "New text", "Größer (2)", "C# now", "*Em* `code`", "A | B", "One"];

/// A note, and the number of the heading in it that a link leads to.
type MeantHeading = Option<(String, Option<usize>)>;

/// Where each link leads.
fn headings_meant(vault: &Snapshot) -> BTreeMap<String, Vec<MeantHeading>> {
    let mut all = BTreeMap::new();
    for note in vault.notes() {
        let meaning = |link: &Link| {
            let at = NotePosition { note: note.id, at: link.span.start };
            let found = ide::definition(vault, at)?;
            let target = found.value.first()?;
            let headings = vault.note(target.file).map(|note| &note.note.parsed.headings)?;
            let index = headings.iter().position(|heading| heading.span == target.focus);
            Some((path_of(vault, target.file), index))
        };
        all.insert(path_of(vault, note.id), note.note.parsed.links.iter().map(meaning).collect());
    }
    all
}

proptest! {
    #![proptest_config(with_cases(2000))]

    #[test]
    fn links_to_headings_mean_what_they_meant(
        texts in prop::collection::vec(prop::collection::vec(0..HEADED.len(), 1..9), 2),
        which in any::<prop::sample::Index>(),
        new in 0..NEW_HEADINGS.len(),
    ) {
        let text = |pieces: &Vec<usize>| pieces.iter().map(|at| HEADED[*at]).collect::<String>();
        let files: Files = [("a.md", text(&texts[0])), ("b.md", text(&texts[1]))]
            .map(|(path, text)| (path.to_owned(), text))
            .into();
        let before = vault(&files);
        let places: Vec<NotePosition> = before
            .notes()
            .flat_map(|note| note.note.parsed.headings.iter().map(move |heading| (note.id, heading)))
            .map(|(note, heading)| NotePosition { note, at: heading.content.start })
            .collect();
        if places.is_empty() {
            return Ok(());
        }
        let outcome = ide::rename(&before, *which.get(&places), NEW_HEADINGS[new], &Cancel::new());
        // A heading that begins with a link to a note has that under the cursor.
        let Some(renamed) = outcome.ok().filter(|renamed| renamed.moved.is_none()) else { return Ok(()) };
        let after = vault(&edited(&before, &files, &renamed.edits));
        let meant_after = headings_meant(&after);
        for (path, links) in headings_meant(&before) {
            for (link, link_after) in links.iter().zip(&meant_after[&path]) {
                // A link that led to the note alone may find the new heading.
                if link.as_ref().is_some_and(|(_, index)| index.is_some()) {
                    prop_assert_eq!(link, link_after, "{:?} {:?}", files, renamed);
                }
            }
        }
    }
}

/// The target of each link as it is written, and whether it says where its file lies in so many words: surely, by its
/// name, or by its path from the root or the folder of the note.
fn targets(vault: &Snapshot) -> BTreeMap<String, Vec<(String, bool)>> {
    let target = |note: &NoteRef<'_>, link: &Link| {
        let raw = note.note.slice(link.target);
        let says_where = match vault.resolve(note, link) {
            Resolution::Found(found) if found.tier <= Tier::Name && !found.is_ambiguous => {
                let name = decode_link_part(link, &raw);
                let file = path_of(vault, found.best);
                let lies = |folder: &str| {
                    VaultPath::resolve(folder, &name).is_ok_and(|path| {
                        file == path.as_str() || without_note_extension(&file) == path.as_str()
                    })
                };
                let is_from_root = name.starts_with('/') || link.kind.is_wiki() && !name.starts_with("../");
                let stem = without_note_extension(last_component(&file));
                let is_name = link.kind.is_wiki() && without_note_extension(&name) == stem;
                is_name || lies(if is_from_root { "" } else { note.path.folder() })
            }
            _ => false,
        };
        (raw.into_owned(), says_where)
    };
    let of_note = |note: NoteRef<'_>| {
        let links = note.note.parsed.links.iter();
        (path_of(vault, note.id), links.map(|link| target(&note, link)).collect())
    };
    vault.notes().map(of_note).collect()
}

proptest! {
    #![proptest_config(with_cases(2000))]

    #[test]
    fn moving_back_gives_the_first_bytes_where_no_link_had_to_grow(
        files in prop::collection::btree_map(file_path(&NAMES), text(), 2..9),
        step in a_move(),
    ) {
        let Some(moves) = moved(&files, &step) else { return Ok(()) };
        let to = |path: &str| moves.get(path).cloned().unwrap_or_else(|| path.to_owned());
        let back: BTreeMap<String, String> = moves.iter().map(|(from, to)| (to.clone(), from.clone())).collect();
        let files_after = carried_out(&files, &moves);
        let files_back = carried_out(&files_after, &back);
        let [first, between, last] = [&files, &files_after, &files_back].map(|files| targets(&vault(files)));
        let components = |target: &str| target.matches('/').count();
        let decoded = |target: &str| percent_decode_str(target).decode_utf8_lossy().into_owned();
        for (path, links) in first {
            let (links_between, links_last) = (&between[&to(&path)], &last[&path]);
            for (((target, says_where), (target_between, _)), (target_last, _)) in
                links.iter().zip(links_between).zip(links_last)
            {
                // A path from the root to a file that lies there is its name, which says nothing of paths.
                let (long, short) = (components(target), components(target_between));
                let is_rooted = target_between.starts_with('/') && !target.starts_with('/');
                let had_to_grow = short > long || short == 0 && long > 0 || is_rooted;
                // A path that climbs needs no `./`.
                if *says_where && !had_to_grow && !target.starts_with("./") {
                    // A name of ASCII alone says nothing of how other letters were written.
                    let is_written = !decoded(target_between).is_ascii();
                    let shown = |target: &str| if is_written { target.to_owned() } else { decoded(target) };
                    let (first, last) = (shown(target), shown(target_last));
                    prop_assert_eq!(first, last, "in {} of {:?} by {:?}", path, files, files_after);
                }
            }
        }
    }
}
