//! The law of renaming, over random vaults, moves and names: afterwards each link, label and tag means what
//! it meant before, nothing else was written, and the way back gives the first bytes again where nothing had
//! to grow.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)] // a test may fail

mod vaults;

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use vaultls::ide::{self, NotePosition};
use vaultls::syntax::{LabelKind, LabelUse, Link, decode_link_part, fold_label};
use vaultls::vault::{
    Cancel, FileId, NoteRef, Resolution, Snapshot, Tier, VaultPath, fold, last_component,
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

/// What every link of a vault means, in the order of the text, by the path of its note: the path that it
/// leads to, and the number of the heading there or what else it says of a part.
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
            let part = match leads_to(vault, &note, link) {
                Some((_, Part::Heading(number))) => format!("heading {number}"),
                _ => fragment.unwrap_or_default(),
            };
            (target, part)
        };
        all.insert(note.path.as_str().to_owned(), note.note.parsed.links.iter().map(meaning).collect());
    }
    all
}

/// The part of a note that a link leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Heading(usize),
    Block(usize),
    /// Another one, or the whole.
    Other,
}

/// The note and the part of it that a link leads to.
fn leads_to(vault: &Snapshot, note: &NoteRef<'_>, link: &Link) -> Option<(String, Part)> {
    let found = ide::definition(vault, NotePosition { note: note.id, at: link.span.start })?;
    let target = found.value.first()?;
    let path = path_of(vault, target.file);
    let Some(parsed) = vault.note(target.file).map(|note| &note.note.parsed) else {
        return Some((path, Part::Other));
    };
    let heading = parsed.headings.iter().position(|heading| heading.span == target.focus);
    let block = || parsed.blocks.iter().position(|block| block.id == target.focus);
    Some((path, heading.map(Part::Heading).or_else(|| block().map(Part::Block)).unwrap_or(Part::Other)))
}

/// The text with all targets of local links left out, and their fragments.
fn without_targets(vault: &Snapshot) -> BTreeMap<String, String> {
    let rest = |note: NoteRef<'_>| {
        let text = note.note.text.to_text();
        let mut rest = String::new();
        let mut at = 0;
        for link in note.note.parsed.links.iter().filter(|link| !link.is_external) {
            if link.target.start.to_usize() >= at {
                rest.push_str(&text[at..link.target.start.to_usize()]);
                at = link.fragment.unwrap_or(link.target).end.to_usize();
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
            for ((target, part), (target_after, part_after)) in links.iter().zip(links_after) {
                if !target.is_empty() {
                    prop_assert_eq!(&to(target), target_after, "in {} of {:?} moved to {:?}", path, files, files_after);
                }
                // What led to no heading may find one that says something else now.
                if part.starts_with("heading") || !part_after.starts_with("heading") {
                    prop_assert_eq!(part, part_after, "in {} of {:?} moved to {:?}", path, files, files_after);
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
const HEADED: [&str; 23] = [
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
    "## See [[b#One]]\n",
    "# On [[#Two]] [a](a.md#one-two)\n",
    "[[a#See b One]] [x](b.md#on-two-a) ",
];
const NEW_HEADINGS: [&str; 8] =
    ["Two", "one", "New text", "Größer (2)", "C# now", "*Em* `code`", "A | B", "One"];

/// Where each link leads.
fn parts_meant(vault: &Snapshot) -> BTreeMap<String, Vec<Option<(String, Part)>>> {
    let of_note = |note: NoteRef<'_>| {
        let links = note.note.parsed.links.iter();
        (path_of(vault, note.id), links.map(|link| leads_to(vault, &note, link)).collect())
    };
    vault.notes().map(of_note).collect()
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
        let meant_after = parts_meant(&after);
        for (path, links) in parts_meant(&before) {
            if links.len() != meant_after[&path].len() {
                // Links stood in the heading, or do now.
                continue;
            }
            for (link, link_after) in links.iter().zip(&meant_after[&path]) {
                // A link that led to the note alone may find the new heading.
                if link.as_ref().is_some_and(|(_, part)| *part != Part::Other) {
                    prop_assert_eq!(link, link_after, "{:?} {:?}", files, renamed);
                }
            }
        }
    }
}

/// The target of each link as it is written, and whether it says where its file lies in so many words:
/// surely, by its name, or by its path from the root or the folder of the note.
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
                let is_name = link.kind.is_wiki() && (name == stem || name == last_component(&file));
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
                // The end of a path may be enough to lead to what it led to.
                let is_enough = target.ends_with(&format!("/{target_between}"));
                // Beside a note of the same name, the extension tells which of them is meant.
                let has_extension = |target: &str| without_note_extension(target).len() < target.len();
                let is_extended = has_extension(target_between) && !has_extension(target);
                let had_to_grow =
                    short > long || short == 0 && long > 0 || is_rooted || is_enough || is_extended;
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

/// Blocks, tags, labels and footnotes, with what looks like them, and all forms that name them.
const NAMED: [&str; 73] = [
    "a block ^one\n\n",
    "- item ^two\n- [[#^one]] ^One\n\n",
    "> quote\n\n^one\n\n",
    "| a |\n|---|\n\n^table-1\n\n",
    "# Head ^two\n\n",
    "[[a#^one]] ",
    "[[b#^ONE|shown]] ",
    "![[x/c#^two]] ",
    "[[#^one]] ",
    "[[ c # ^two | x ]] ",
    "[md](a.md#^one) ",
    "[md](<../b.md#^one>) ",
    "[md](a.md#%5Etwo \"title\") ",
    "[same](#^table-1) ",
    "[[a#One]] [[b#^three]] ",
    "`[[a#^one]]` ^one",
    "\n\n",
    "\r\n",
    "#one ",
    "#One/two #one-more ",
    "#one/two/three\r\n",
    "#three ",
    "#two/one ",
    "(#one) \\#one `#one` [#one](a.md#one) ",
    "## About #one\n\n",
    "### #one/two\n\n",
    "[[a#About one]] ",
    "[[b#About #one]] ",
    "[s](a.md#about-one) [s](#onetwo) ",
    "> [!note] #two\n> #one\n\n",
    "[^one] ",
    "[^One] text[^two] ",
    "[^1] ",
    "\n\n[^one]: said #one [[a#^one]]\n\n",
    "\n\n[^one]: again\n\n",
    "\n\n[^two]: see [^one]\n    more ^two\n\n",
    "\n\n[^1]: [one]\n\n",
    "## With[^one]\n\n",
    "[[a#With]] [x](b.md#with) ",
    "[one] ",
    "[One][] ",
    "[text][one] ",
    "[*text*][ONE] ",
    "![one][one] ![one] ![x][] ",
    "[two words] ",
    "[t][two  words] ",
    "[one](a.md) [one]: ",
    "\n\n[one]: b.md\n\n",
    "\n\n[one]: x/c.md \"title\"\n[Two Words]: <a.md#head>\n\n",
    "\n\n[two\nwords]: b.md#^one\n\n",
    "\n\n> [one]: a.md#^two\n\n",
    "# [one]\n\n",
    "## See [text][one]\n\n",
    "[[a#one]] [x](#see-text) [x](a.md#one) ",
    "| [one] | #one |\n|---|---|\n| [t][one] | [^one] |\n\n",
    "[[b|one]] [[a|#one]] [[one]] ",
    "- [ ] [one]\n- [x] #one ^three\n\n",
    "<a id=\"one\"></a> [one](#one) ",
    "[0:10] [1:55][one] ",
    "\n\n```\n#one [^one] [one] ^one\n```\n\n",
    "%% #one [[a#^one]] %% ",
    "$#one$ <!-- #one [one] --> ",
    "[outer [one] more](a.md) ",
    "[![one]](b.md) [one][one][one] ",
    "[one]\n[two words]\n",
    "tail",
    "[[a#Head]] [[b#Head ^two]] [x](a.md#head-two) ",
    "[x](b.md#withone) [x](a.md#with-one) [x](a.md#With%5B%5Eone%5D) ",
    "[x](a.md#See%20%5Btext%5D%5Bone%5D) [x](b.md#%5Bone%5D) ",
    "[[a#About #one#With]] [[#One two]] [[b##one/two]] ",
    "## See [[b#^one]]\n\n",
    "## And [[#^two|x]] [y](a.md#one)\n\n",
    "[[a#See b one]] [x](b.md#and-x-y) [[#See b one#And x y]] ",
];
const NAMED_FRONTS: [&str; 8] = [
    "",
    "---\ntags: [one, Two/one, three]\n---\n",
    "---\ntags: one, two one/two\n---\n",
    "---\r\ntags:\r\n  - one/two\r\n  - \"one\"\r\n  - '#two'\r\n---\r\n",
    "---\ntag: one\nvideoId: Rxmv7rT9leo\nrelated: \"[[b#^one]]\"\n---\n",
    "---\ntags: \"#one #three/x\"\n---\n",
    "---\ntags: [one, {x: 1}, 5]\ntitle: One\n---\n",
    "---\ntags:\n- one # note\n- two\n---\n",
];
const NEW_NAMES: [&str; 24] = [
    "new",
    "ONE",
    "two",
    "three",
    "one/two",
    "new/one",
    "two words",
    "1",
    "2024",
    "1e3",
    "null",
    "true",
    "no",
    "~",
    "-a",
    "a-",
    "é",
    "x",
    " ",
    "^new",
    "#new",
    "[x]",
    "a|b",
    "one-1",
];

/// What a name in a note is the name of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Named {
    Block,
    Tag,
    Label(LabelKind),
}

/// All places of a vault where something with such a name can be renamed.
fn named(vault: &Snapshot) -> Vec<(Named, NotePosition)> {
    let mut all = Vec::new();
    for note in vault.notes() {
        let parsed = &note.note.parsed;
        let mut add = |kind, at| all.push((kind, NotePosition { note: note.id, at }));
        parsed.blocks.iter().for_each(|block| add(Named::Block, block.id.start));
        parsed.tags.iter().for_each(|tag| add(Named::Tag, tag.name.start));
        parsed.label_uses.iter().for_each(|label| add(Named::Label(label.kind), label.label.start));
        parsed.label_definitions.iter().for_each(|label| add(Named::Label(label.kind), label.label.start));
        let fragments = parsed.links.iter().filter_map(|link| link.fragment);
        fragments
            .filter(|fragment| note.note.slice(*fragment).starts_with('^'))
            .for_each(|fragment| add(Named::Block, fragment.start));
    }
    all
}

/// What stands in a note and what it means, without the words.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Meant {
    /// Where each link leads.
    links: Vec<Option<(String, Part)>>,
    /// The number of the definition of each label that is used.
    labels: Vec<Option<usize>>,
    tags: Vec<String>,
    /// How many headings, blocks, definitions, timestamps and faults there are.
    counts: [usize; 5],
}

fn meant(vault: &Snapshot) -> BTreeMap<String, Meant> {
    let of_note = |note: NoteRef<'_>| {
        let parsed = &note.note.parsed;
        let label = |kind, span| (kind, fold_label(&note.note.slice(span)));
        let definition = |one: &LabelUse| {
            let wanted = label(one.kind, one.label);
            parsed.label_definitions.iter().position(|one| label(one.kind, one.label) == wanted)
        };
        let meant = Meant {
            links: parsed.links.iter().map(|link| leads_to(vault, &note, link)).collect(),
            labels: parsed.label_uses.iter().map(definition).collect(),
            tags: parsed.tags.iter().map(|tag| note.note.slice(tag.name).into_owned()).collect(),
            counts: [
                parsed.headings.len(),
                parsed.blocks.len(),
                parsed.label_definitions.len(),
                parsed.timestamps.len(),
                parsed.faults.len(),
            ],
        };
        (path_of(vault, note.id), meant)
    };
    vault.notes().map(of_note).collect()
}

/// Whether no label of that kind is called so in the note.
fn is_undefined(vault: &Snapshot, note: FileId, kind: LabelKind, name: &str) -> bool {
    let note = vault.note(note).unwrap();
    let labels = note.note.parsed.label_definitions.iter().filter(|one| one.kind == kind);
    !labels.into_iter().any(|one| fold_label(&note.note.slice(one.label)) == fold_label(name))
}

/// What a tag is called when `old` and all below it is called `new`.
fn tag_afterwards(tag: &str, old: &str, new: &str) -> String {
    let depth = old.split('/').count();
    let above = tag.split('/').take(depth).collect::<Vec<_>>().join("/");
    let is_it = fold(&above) == fold(old);
    if is_it { format!("{new}{}", &tag[above.len()..]) } else { tag.to_owned() }
}

/// Whether the way back can give the first bytes: nothing has the new name, all write the old one as the
/// renamed place does, and it is not shown where it stands alone: `[label]`.
fn is_reversible(kind: Named, files: &Files, meant: &BTreeMap<String, Meant>, old: &str, new: &str) -> bool {
    let all = files.values().cloned().collect::<String>();
    let folded = fold_label(&all);
    let is_written_alike = folded.matches(&fold_label(old)).count() == all.matches(old).count();
    let has = |name: &str| folded.contains(&fold_label(name));
    let mut tags = meant.values().flat_map(|note| &note.tags);
    is_written_alike
        && !all.contains("%5E")
        && match kind {
            Named::Block => {
                !["^", "%5E"].iter().any(|sign| has(&format!("{sign}{}", new.trim_start_matches('^'))))
            }
            Named::Tag => !tags.any(|tag| tag_afterwards(tag, new.trim_start_matches('#'), "") != *tag),
            Named::Label(LabelKind::Footnote) => !has(&format!("[^{}]", new.trim_start_matches('^'))),
            Named::Label(LabelKind::Link) => {
                let behind = all.replace(&format!("][{old}]"), "").replace(&format!("\n[{old}]:"), "");
                !has(&format!("[{new}]")) && !behind.contains(&format!("[{old}]"))
            }
        }
}

/// Renames one of the things with a name and looks at all others; and back, if that can give the first bytes.
fn rename_and_back(files: &Files, which: prop::sample::Index, new: &str) -> TestCaseResult {
    let before = vault(files);
    let places = named(&before);
    if places.is_empty() {
        return Ok(());
    }
    let number = which.index(places.len());
    let (kind, at) = places[number];
    let Ok(old) = ide::prepare_rename(&before, at) else { return Ok(()) };
    if let Named::Label(kind) = kind
        && is_undefined(&before, at.note, kind, &old.value)
    {
        return Ok(());
    }
    let Ok(renamed) = ide::rename(&before, at, new, &Cancel::new()) else { return Ok(()) };
    let files_after = edited(&before, files, &renamed.edits);
    let after = vault(&files_after);
    let (meant_before, mut meant_after) = (meant(&before), meant(&after));
    for (path, note) in &meant_before {
        let (mut expected, note_after) = (note.clone(), meant_after.get_mut(path).unwrap());
        for (link, link_after) in note.links.iter().zip(&mut note_after.links) {
            // A link that led to no part may find the new name.
            if link.as_ref().is_none_or(|(_, part)| *part == Part::Other) {
                link_after.clone_from(link);
            }
        }
        // So may a label without a definition.
        for (label, label_after) in expected.labels.iter_mut().zip(&note_after.labels) {
            *label = label.or(*label_after);
        }
        if kind == Named::Tag {
            let new = new.trim_start_matches('#');
            expected.tags = note.tags.iter().map(|tag| tag_afterwards(tag, &old.value, new)).collect();
        }
        prop_assert_eq!(
            &expected,
            note_after,
            "{:?} {:?} to {:?}\n{:#?}\n{:#?}",
            kind,
            old,
            new,
            files,
            files_after
        );
    }
    if !is_reversible(kind, files, &meant_before, &old.value, new) {
        return Ok(());
    }
    let back = named(&after)[number].1;
    let Ok(back) = ide::rename(&after, back, &old.value, &Cancel::new()) else { return Ok(()) };
    let files_back = edited(&after, &files_after, &back.edits);
    prop_assert_eq!(files, &files_back, "{:?} {:?} to {:?} and back\n{:#?}", kind, old, new, files_after);
    Ok(())
}

fn notes_with_names() -> impl Strategy<Value = Files> {
    let pieces = prop::collection::vec(prop::sample::select(&NAMED[..]), 1..9);
    let text = (prop::sample::select(&NAMED_FRONTS[..]), pieces);
    let text = text.prop_map(|(front, pieces)| format!("{front}{}", pieces.concat()));
    let paths = ["a.md", "b.md", "x/c.md"].map(str::to_owned);
    prop::collection::vec(text, 3).prop_map(move |texts| paths.clone().into_iter().zip(texts).collect())
}

proptest! {
    #![proptest_config(with_cases(2000))]

    #[test]
    fn names_inside_notes_mean_what_they_meant(
        files in notes_with_names(),
        which in any::<prop::sample::Index>(),
        new in prop::sample::select(&NEW_NAMES[..]),
    ) {
        rename_and_back(&files, which, new)?;
    }
}
