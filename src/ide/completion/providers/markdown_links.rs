//! Markdown links in place of wikilinks, for authors who begin every link with `[[`.

use crate::ide::completion::context::Draft;
use crate::ide::completion::{CompletionKind, CompletionSubject, Request};
use crate::ide::links::escape::{Encoding, Position};
use crate::ide::links::fragment::Fragments;
use crate::ide::links::link_writer::{LinkWriter, markdown_link};
use crate::vault::NoteRef;

/// Adds to each draft of a file or heading the Markdown link that may stand for the whole wikilink.
pub(crate) fn add(request: &Request<'_>, drafts: &mut [Draft]) {
    let writer = request.link_writer();
    for draft in drafts {
        draft.whole_link = match draft.kind {
            CompletionKind::Note | CompletionKind::Attachment | CompletionKind::Heading => {
                link(request, &writer, draft)
            }
            CompletionKind::UnresolvedName => {
                let path = Position::Path(Encoding::default()).write(&draft.label).map(|path| path + ".md");
                path.and_then(|path| markdown_link(&draft.label, &path, None))
            }
            _ => None,
        };
    }
}

/// The link to what a draft is about, which shows its label.
fn link(request: &Request<'_>, writer: &LinkWriter<'_>, draft: &Draft) -> Option<String> {
    let Some(CompletionSubject::File { path, fragment }) = &draft.subject else { return None };
    let file = request.vault.find(path)?;
    let note = request.vault.note(file);
    let fragment = fragment.as_deref().zip(note).map(|(fragment, note)| fragment_of(note, fragment));
    let destination = match fragment {
        Some(_) if file == request.source.id => String::new(),
        _ => writer.destination(file, Encoding::default())?,
    };
    markdown_link(&draft.label, &destination, fragment.as_deref())
}

/// The slug of the heading that a fragment names, if that leads to it; else the fragment.
fn fragment_of(note: NoteRef<'_>, fragment: &str) -> String {
    let places = Fragments::of(note);
    let index = places.find_heading(fragment);
    let slug = index.and_then(|index| note.note.parsed.slugs().into_iter().nth(index));
    slug.filter(|slug| places.find_heading(slug) == index).unwrap_or_else(|| fragment.to_owned())
}
