//! Links to headings that an edit changes: they keep leading to the same headings, whether the heading itself
//! is renamed or a tag, a label, a block id or a link in it.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::syntax::{Parsed, decode_link_part};
use crate::text::{SortedByPlace, Span};
use crate::vault::{Cancel, Cancelled, FileId, LinkRef, Note, NoteRef, Snapshot};

use crate::ide::change::{Edit, NoteEdits, by_note, edited};
use crate::ide::links::escape::Position;
use crate::ide::links::fragment::{Fragments, plain_name};

/// A fragment that is written anew may stand in a heading that others link to, and so on. More rounds are not
/// made.
const MOST_ROUNDS: usize = 4;

/// Returns edits of any notes together with those of all fragments that name a heading which they change.
/// `reword` gives the new words of a fragment in words.
pub(crate) fn with_links_to_headings(
    vault: &Snapshot,
    edits: &[(FileId, Edit)],
    reword: &dyn Fn(&str) -> String,
    cancel: &Cancel,
) -> Result<Vec<NoteEdits>, Cancelled> {
    let mut replaced: FxHashMap<FileId, Vec<Span>> = FxHashMap::default();
    edits.iter().for_each(|(note, edit)| replaced.entry(*note).or_default().push(edit.span));
    replaced.values_mut().for_each(|spans| spans.sort_unstable());
    let mut all = by_note(vault, edits.to_vec());
    let mut known = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let mut relinked = Vec::new();
        for NoteEdits { note, edits } in &all {
            let Some(note) = vault.note(*note).filter(|note| touch_heading(note, edits)) else { continue };
            let after = Arc::new(Note::new(&edited(note.note, edits)));
            let note_after = NoteRef { note: &after, ..note };
            relinked.extend(relink_headings(vault, (&note, &note_after), reword, cancel)?);
        }
        // A fragment that stands in what is replaced goes with it.
        let replaced = |note: FileId| replaced.get(&note).map_or(&[][..], Vec::as_slice);
        relinked.retain(|(note, one)| replaced(*note).overlapping(one.span).next().is_none());
        if relinked == known {
            break;
        }
        all = by_note(vault, edits.iter().chain(&relinked).cloned().collect());
        known = relinked;
    }
    Ok(all)
}

/// Returns the edits of the links to headings of a note after which they lead to the same headings in its new
/// text; none if that has more or fewer headings. `reword` gives the new words of a fragment in words.
fn relink_headings(
    vault: &Snapshot,
    (note, note_after): (&NoteRef<'_>, &NoteRef<'_>),
    reword: &dyn Fn(&str) -> String,
    cancel: &Cancel,
) -> Result<Vec<(FileId, Edit)>, Cancelled> {
    let (parsed, parsed_after) = (&note.note.parsed, &note_after.note.parsed);
    if parsed.headings.len() != parsed_after.headings.len() {
        return Ok(Vec::new());
    }
    let (places, places_after) = (Fragments::of(*note), Fragments::of(*note_after));
    let (old_slugs, slugs) = (parsed.slugs(), parsed_after.slugs());
    let mut edits = Vec::new();
    for LinkRef { source, link } in vault.links_to(note.id, cancel)? {
        let Some(span) = link.fragment else { continue };
        let raw = source.note.slice(span);
        let fragment = decode_link_part(link, &raw);
        let Some(index) = places.find_heading(&fragment) else { continue };
        if places_after.find_heading(&fragment) == Some(index) {
            continue;
        }
        let name = |parsed: &Parsed| {
            let heading = parsed.headings.get(index);
            heading.map(|heading| parsed.heading_name(heading).to_owned()).unwrap_or_default()
        };
        // A slug stays one in Markdown, where a name of one word is taken for its slug. Obsidian follows
        // none.
        let is_slug = !link.kind.is_wiki()
            && old_slugs.get(index).is_some_and(|slug| {
                *slug == fragment || *slug == fragment.to_lowercase() && fragment != name(parsed)
            });
        let slug = |is_wanted: bool| slugs.get(index).filter(|_| is_wanted).cloned();
        // A fragment that names the heading in which it stands would change that name again.
        let own_heading = parsed.headings.containing(link.span.start);
        let stands_in_heading = source.id == note.id && own_heading.is_some();
        let reworded = reword(&fragment);
        let plain = reworded.split('#').map(plain_name).collect::<Vec<_>>().join("#");
        let words = [reworded, plain, name(parsed_after)];
        let preferred = slug(is_slug).into_iter().chain(words).chain(slug(stands_in_heading));
        let position = Position::fragment_of(link, &raw);
        if let Some(new) = places_after.name_heading(index, position, preferred) {
            edits.extend(position.write(&new).map(|new| (source.id, Edit::replace(span, new))));
        }
    }
    Ok(edits)
}

fn touch_heading(note: &NoteRef<'_>, edits: &[Edit]) -> bool {
    let headings = &note.note.parsed.headings;
    let heading_of = |edit: &Edit| headings.touching(edit.span.start);
    edits.iter().any(|edit| heading_of(edit).is_some_and(|heading| heading.span.covers(edit.span)))
}
