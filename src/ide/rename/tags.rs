//! Renaming a tag with all below it.

use crate::syntax::is_tag_name;
use crate::vault::{Cancel, Key, Snapshot, fold};

use crate::ide::links::heading_links::with_links_to_headings;

use super::{ChangeError, ChangeFailure, Edit, NoteEdits};

/// Writes `new` wherever the vault has the tag `old` or one below it: `old/part` becomes `new/part`. If there
/// is `new` already, both become one. Linear in the tags of the notes that have one of them.
pub(super) fn rename_tag(
    vault: &Snapshot,
    old: &str,
    new: &str,
    cancel: &Cancel,
) -> Result<Vec<NoteEdits>, ChangeFailure> {
    let new = new.strip_prefix('#').unwrap_or(new);
    // In the list of a front matter `null` is no tag but nothing.
    if !is_tag_name(new) || new.eq_ignore_ascii_case("null") {
        let wanted = "a tag: letters, digits, emoji, `_`, `-` and `/`, and neither digits alone nor `null`";
        return Err(ChangeError::Unfit(wanted).into());
    }
    let wanted = fold(old);
    let depth = old.split('/').count();
    let mut edits = Vec::new();
    for note in vault.users(Key::tag(old)).iter().filter_map(|id| vault.note(*id)) {
        cancel.check()?;
        for tag in &note.note.parsed.tags {
            let name = note.note.slice(tag.name);
            let end = name.match_indices('/').nth(depth - 1).map_or(name.len(), |(at, _)| at);
            if name.get(..end).is_some_and(|above| fold(above) == wanted) {
                let span = crate::text::Span::between(tag.name.start, tag.name.start.plus(end));
                edits.push((note.id, Edit { span, new_text: new.to_owned() }));
            }
        }
    }
    Ok(with_links_to_headings(vault, &edits, &|fragment| fragment.replace(old, new), cancel)?)
}
