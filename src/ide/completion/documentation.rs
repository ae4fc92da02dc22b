//! What is shown beside the selected item of a completion list.

use crate::syntax::Moment;
use crate::vault::{Cancel, Snapshot, VaultPath};

use crate::ide::completion::CompletionSubject;
use crate::ide::links::fragment::find_fragment;
use crate::ide::note::body::body;
use crate::ide::preview::{Inline, Preview, PreviewBuilder, counted};
use crate::ide::timestamps::video::{citing_notes, timestamps_of};

/// Returns what an item is about: of a file its title, its path, and the start of the note or of the section
/// or block that the item names; of a tag the notes that use it; of a moment the notes that cite it and what
/// they say. `None` if it is gone. `address` gives the URI of a file of the vault.
pub fn completion_documentation(
    vault: &Snapshot,
    subject: &CompletionSubject,
    address: &dyn Fn(&VaultPath) -> String,
) -> Option<Preview> {
    let previews = PreviewBuilder { vault, address };
    match subject {
        CompletionSubject::File { path, fragment } => {
            of_file(previews, path, fragment.as_deref().unwrap_or_default())
        }
        CompletionSubject::Tag(name) => previews.of_tag(name, &Cancel::new()).ok().flatten(),
        CompletionSubject::Moment { video, seconds } => {
            Some(of_moment(previews, video, Moment { seconds: *seconds }))
        }
    }
}

fn of_file(previews: PreviewBuilder<'_>, path: &str, fragment: &str) -> Option<Preview> {
    let id = previews.vault.find(path)?;
    let mut preview = previews.of_file(previews.vault.file(id)?, Vec::new());
    if let Some(note) = previews.vault.note(id) {
        let part = find_fragment(fragment, &note).part_of(&note).unwrap_or_else(|| body(&note));
        preview.excerpt(previews.excerpt(&note, part));
    }
    Some(preview)
}

fn of_moment(previews: PreviewBuilder<'_>, video: &str, moment: Moment) -> Preview {
    let mut preview = previews.of_moment(&previews.title_of_video(video), video, moment);
    let mut notes = citing_notes(previews.vault, video);
    notes.sort_by_key(|note| note.path);
    let citing = notes.into_iter().filter_map(|note| {
        let cited = timestamps_of(&note, video).find(|stamp| stamp.moment() == Some(moment))?;
        Some((note, cited.span))
    });
    let citing: Vec<_> = citing.collect();
    if !citing.is_empty() {
        preview.paragraph([Inline::Text(format!("Cited by {}:", counted(citing.len(), "note")))]);
        preview.list(previews.limited(&citing, |(note, span)| previews.citing_note(note, None, *span)));
    }
    preview
}
