//! Where the rest of the vault names a note without linking to it.

use crate::vault::{Cancel, Cancelled, FileId, NoteRef, Prefilter, Snapshot};

use super::{Mention, link_for, mentions_in};
use crate::ide::change::{Edit, VaultChange};

/// The mentions of one note in another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoteMentions {
    /// The note that names it.
    pub note: FileId,
    /// The mentions, in order.
    pub mentions: Vec<Mention>,
}

/// The notes that [mention](super::mentions) a note, by path; excluded ones do not count. Where words can
/// mean several notes and none of them is nearest, they count for all. Its cost grows with the text of the
/// vault: lines that hold no name of the note are passed over at the speed of a search for bytes.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn mentions_of(vault: &Snapshot, note: FileId, cancel: &Cancel) -> Result<Vec<NoteMentions>, Cancelled> {
    let Some(prefilter) = prefilter(vault, note) else { return Ok(Vec::new()) };
    let (mut found, mut text) = (Vec::new(), String::new());
    for other in vault.notes().filter(|other| other.id != note && !vault.is_excluded(other.id)) {
        cancel.check()?;
        other.note.text.copy_to(&mut text);
        let mentions = mentions_between(vault, (&other, &text), note, &prefilter, cancel)?;
        if !mentions.is_empty() {
            found.push((other.path, NoteMentions { note: other.id, mentions }));
        }
    }
    found.sort_by_key(|(path, _)| *path);
    Ok(found.into_iter().map(|(_, mentions)| mentions).collect())
}

/// What finds the lines that hold a name of a note; `None` if it has no name that is looked for.
fn prefilter(vault: &Snapshot, note: FileId) -> Option<Prefilter> {
    let mut names = vault.name_matcher().names_of(note).peekable();
    names.peek()?;
    Some(Prefilter::of(names))
}

/// The mentions of `note` in another one with this text, in order.
fn mentions_between(
    vault: &Snapshot,
    (source, text): (&NoteRef<'_>, &str),
    note: FileId,
    prefilter: &Prefilter,
    cancel: &Cancel,
) -> Result<Vec<Mention>, Cancelled> {
    let lines = prefilter.lines(text);
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = mentions_in(vault, source, text, &lines, cancel)?;
    found.retain(|mention| {
        mention.notes.first() == Some(&note) || mention.is_ambiguous && mention.notes.contains(&note)
    });
    Ok(found)
}

/// A link for every mention of a note that means no other: in the whole vault, or `within` one note. Notes
/// that are not UTF-8 stay as they are. Costs what [`mentions_of`] costs, or, within a note, what
/// [`mentions`](super::mentions) does.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn link_mentions_of(
    vault: &Snapshot,
    note: FileId,
    within: Option<FileId>,
    cancel: &Cancel,
) -> Result<VaultChange, Cancelled> {
    let found = match within {
        Some(source) if source == note => Vec::new(),
        Some(source) => match (vault.note(source), prefilter(vault, note)) {
            (Some(source), Some(prefilter)) => {
                let text = source.note.text.to_text();
                let mentions = mentions_between(vault, (&source, &text), note, &prefilter, cancel)?;
                vec![NoteMentions { note: source.id, mentions }]
            }
            _ => Vec::new(),
        },
        None => mentions_of(vault, note, cancel)?,
    };
    let mut edits = Vec::new();
    for in_note in &found {
        cancel.check()?;
        let source = vault.note(in_note.note).filter(|source| source.note.invalid_utf8.is_none());
        let Some(source) = source else { continue };
        for mention in in_note.mentions.iter().filter(|mention| !mention.is_ambiguous) {
            let link = link_for(vault, &source, mention.span, note);
            edits.extend(link.map(|link| (source.id, Edit::replace(mention.span, link))));
        }
    }
    Ok(VaultChange::in_notes(vault, edits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::ide::fixture;
    use crate::text::Span;

    const NOTES: &str = "//- a.md\nLarge Language\u{200b} Models, a \u{201c}neural\u{ad} change\u{201d}; l\u{e1}nguage models!\n\
        //- b.md\nspine, LTP.\n[[plasticity]] `LTP` language\nmodels\n//- x/c.md\nplasticity's \u{2018}spine\u{2019}, vast \u{212a}iosks\n\
        //- large_language_models.md\n//- language_models.md\n//- plasticity.md\n---\naliases: [neural change, LTP]\n---\n\
        //- x/spine.md\n//- y/spine.md\n//- vast_kiosks.md\n";

    #[test]
    fn mentions_of_a_note_are_those_that_others_have_of_it() {
        let (vault, _) = fixture::vault(NOTES);
        let cancel = Cancel::new();
        let mut all = 0;
        for note in vault.notes() {
            let mut expected = Vec::new();
            for other in vault.notes().filter(|other| other.id != note.id) {
                let found = super::super::mentions(&vault, other.id, &cancel).unwrap().into_iter();
                let is_meant = |mention: &Mention| {
                    let is_best = mention.notes.first() == Some(&note.id);
                    is_best || mention.is_ambiguous && mention.notes.contains(&note.id)
                };
                expected.extend(found.filter(is_meant).map(|mention| (other.id, mention)));
            }
            let found = mentions_of(&vault, note.id, &cancel).unwrap();
            let mut found: Vec<(FileId, Mention)> = found
                .into_iter()
                .flat_map(|one| one.mentions.into_iter().map(move |mention| (one.note, mention)))
                .collect();
            all += found.len();
            found.sort_by_key(|(other, mention)| (*other, mention.span));
            expected.sort_by_key(|(other, mention)| (*other, mention.span));
            assert_eq!(found, expected, "{}", note.path);
        }
        // The spine of `b.md` can be either, and counts for both.
        assert_eq!(all, 8);
    }

    #[test]
    fn mentions_of_some_lines_are_those_of_the_note_in_them() {
        let (vault, _) =
            fixture::vault(&NOTES.replace("b.md\nspine", "b.md\n\u{301}spine plasticity\r\nspine"));
        let cancel = Cancel::new();
        for note in vault.notes() {
            let all = super::super::mentions(&vault, note.id, &cancel).unwrap();
            let text = &note.note.text;
            for line in (0..text.line_count()).filter_map(|line| text.line(line)) {
                let found =
                    super::super::mentions_near(&vault, &note, Span::empty(line.end), &cancel).unwrap();
                let expected = all.iter().filter(|mention| line.covers(mention.span));
                assert_eq!(found, expected.cloned().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn what_can_mean_two_notes_is_not_linked_by_itself() {
        let (vault, _) = fixture::vault(NOTES);
        let cancel = Cancel::new();
        let linked = |path: &str, within: Option<&str>| {
            let note = vault.find(path).unwrap();
            let within = within.map(|within| vault.find(within).unwrap());
            let change = link_mentions_of(&vault, note, within, &cancel).unwrap();
            let edits = change.edits.iter().flat_map(|in_note| &in_note.edits);
            edits.map(|edit| edit.new_text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(linked("plasticity.md", None).len(), 3);
        assert_eq!(linked("plasticity.md", Some("b.md")), ["[[plasticity|LTP]]"]);
        assert_eq!(linked("plasticity.md", Some("plasticity.md")), Vec::<String>::new());
        assert_eq!(linked("x/spine.md", None), ["[[x/spine|spine]]"]);
        assert_eq!(linked("y/spine.md", None), Vec::<String>::new());
    }

    #[test]
    fn excluded_notes_neither_mention_nor_are_mentioned() {
        let settings = Settings { excluded_files: vec!["old/".to_owned()], ..Settings::default() };
        let notes = "//- a.md\nplastic spine, cortex\n//- old/b.md\nspine\n//- spine.md\n//- old/plastic.md\n\
            //- x/cortex.md\n//- old/cortex.md\n";
        let (vault, at) = fixture::with_settings(notes, settings);
        let mentions = super::super::mentions(&vault, at.note, &Cancel::new()).unwrap();
        let paths = |mention: &Mention| mention.notes.iter().map(|id| fixture::path(&vault, *id)).collect();
        let found: Vec<Vec<String>> = mentions.iter().map(paths).collect();
        assert_eq!(found, [["spine.md"], ["x/cortex.md"]]);
        assert!(!mentions.iter().any(|mention| mention.is_ambiguous));
        let elsewhere = |path: &str| {
            let found = mentions_of(&vault, vault.find(path).unwrap(), &Cancel::new()).unwrap();
            found.iter().map(|one| fixture::path(&vault, one.note)).collect::<Vec<_>>()
        };
        assert_eq!(elsewhere("spine.md"), ["a.md"]);
        assert_eq!(elsewhere("old/plastic.md"), Vec::<String>::new());
    }
}
