//! The laws of moving text between notes, over random vaults: every link means what it meant, and what was
//! moved out and put back stands there to the byte.

use proptest::prelude::*;

use crate::ide::actions::tests::options;
use crate::ide::actions::*;
use crate::ide::fixture;
use crate::ide::links::fragment::{Place, find_place};
use crate::vault::Resolution;

const PIECES: &[&str] = &[
    "# Top\n\n",
    "## One\n\n",
    "## Two\n\n",
    "### One\n\n",
    "## *Odd* `name`\n\n",
    "Text of it.\n\n",
    "A thought ^id-1\n\n",
    "Another ^id-2\n\n",
    "See [[#One]] and [[#^id-1]].\n\n",
    "See [[#Two]], [x](#two), [[b#There|there]] and [b](../b.md).\n\n",
    "[[../b]] ![[p.png]] <a id=\"spot\"></a> [s](#spot)\n\n",
    "- item [l][ref]\n- item[^1]\n\n",
    "> quote [[#Top#One]]\n> more\n\n",
    "```\n[[#One]]\n# no heading\n```\n\n",
    "<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>\n\n",
    "Setext\n---\n\n",
    "tail without blank\n",
    "* * *\n",
    "[[gone]] [[#Gone]]\n\n",
];

fn note() -> impl Strategy<Value = String> {
    let front = prop_oneof![Just(""), Just("---\nvideoId: aaaaaaaaaaa\n---\n")];
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 1..12);
    let ends = prop_oneof![Just(""), Just("[ref]: ../b.md#there\n[^1]: note [[#One]]\n")];
    (front, pieces, ends).prop_map(|(front, pieces, ends)| format!("{front}{}{ends}", pieces.concat()))
}

/// What all links of the vault mean, in words: the file or the text of the place in it. The moved note's own
/// name counts for that of the note it came from.
fn meanings(vault: &Snapshot, but: &str) -> Vec<String> {
    let mut all = Vec::new();
    for note in vault.notes() {
        for link in &note.note.parsed.links {
            let written = note.note.slice(link.span);
            let Resolution::Found(found) = vault.resolve(&note, link) else { continue };
            if written == but || link.kind == crate::syntax::LinkKind::Definition {
                continue;
            }
            let Some(target) = vault.note(found.best) else {
                all.push(fixture::path(vault, found.best));
                continue;
            };
            all.push(match find_place(&note, link, &target) {
                Place::Whole => target.path.to_string(),
                Place::Heading { heading, .. } => target.note.slice(heading).into_owned(),
                Place::Block { block, .. } => target.note.slice(block).into_owned(),
                Place::Anchor(span) | Place::Lines(span) => target.note.slice(span).into_owned(),
                Place::Missing => continue,
            });
        }
    }
    all.sort();
    all
}

fn text_of(vault: &Snapshot, path: &str) -> String {
    vault.note(vault.find(path).unwrap()).unwrap().note.text.to_text()
}

/// The outcome of the first offer of that sort at a place.
fn act(
    vault: &Snapshot,
    note: FileId,
    span: Span,
    is_it: &dyn Fn(&ActionSubject) -> bool,
) -> Option<VaultChange> {
    let offers = code_actions(vault, note, span, &options(), &Cancel::new()).unwrap();
    let offer = offers.into_iter().find(|offer| is_it(&offer.subject))?;
    match resolve_action(vault, note, &offer.subject, &options(), &Cancel::new()) {
        Ok(change) => Some(change),
        Err(ChangeFailure::Refused(ChangeError::Entangled)) => None,
        Err(other) => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_moved_out_and_put_back_is_there_to_the_byte(
        text in note(),
        pick in any::<prop::sample::Index>(),
        is_embed: bool,
        is_selection: bool,
    ) {
        let other = "[[a#One]] [[a#^id-1]] [[a#Two|x]] [y](x/a.md#one) [[a]]\n\n# There\n";
        let (vault, at) = fixture::vault(&format!("//- x/a.md\n{text}//- b.md\n{other}//- p.png\n"));
        let source = vault.note(at.note).unwrap();
        let places: Vec<Span> = if is_selection {
            let blocks = crate::syntax::structure(&text, &source.note.parsed);
            blocks.iter().map(|block| block.span).collect()
        } else {
            source.note.parsed.headings.iter().map(|heading| Span::empty(heading.span.start)).collect()
        };
        prop_assume!(!places.is_empty());
        let is_extract = |subject: &ActionSubject| {
            matches!(subject, ActionSubject::Extract { is_embed: other, .. } if *other == is_embed)
        };
        let Some(change) = act(&vault, at.note, *pick.get(&places), &is_extract) else { return Ok(()) };
        let moved = fixture::changed(&vault, &change);
        let new = moved.find(change.created[0].path.as_str()).unwrap();
        let source = moved.find("x/a.md").unwrap();
        let name = change.created[0].path.stem().to_owned();
        let left = if is_embed { format!("![[{name}]]") } else { format!("[[{name}]]") };
        // Copies of definitions bring their links along.
        if !change.created[0].text.contains("[^1]: ") {
            prop_assert_eq!(meanings(&vault, &left), meanings(&moved, &left), "{}", fixture::drawn(&vault, &change));
        }
        let note = moved.note(source).unwrap();
        let link = note.note.parsed.links.iter().find(|link| note.note.slice(link.span) == left).unwrap();
        let is_back = |subject: &ActionSubject| matches!(subject, ActionSubject::Inline { deletes: true, .. });
        let line = note.note.text.line(note.note.text.line_of(link.span.start)).unwrap();
        if line != link.span {
            return Ok(());
        }
        let back = act(&moved, source, link.span, &is_back);
        prop_assert!(back.is_some(), "no way back from\n{}", fixture::drawn(&vault, &change));
        let back = back.unwrap_or_default();
        let back = fixture::changed(&moved, &back);
        prop_assert!(back.file(new).is_none() || back.find(change.created[0].path.as_str()).is_none());
        prop_assert_eq!(meanings(&vault, &left), meanings(&back, &left), "{}", fixture::drawn(&vault, &change));
        // Of `#A#B` nothing is left to say but `#B` while the two stand in different notes.
        if text.contains("#Top#One") {
            return Ok(());
        }
        prop_assert_eq!(text_of(&back, "x/a.md"), text, "{}", fixture::drawn(&vault, &change));
        prop_assert_eq!(text_of(&back, "b.md"), other);
    }
}
