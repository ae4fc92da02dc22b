//! What a note says, to compare it with what it says after an edit.

use rustc_hash::FxHashMap;

use crate::ide::change::{ChangeError, Edit, edited};
use crate::syntax::{LabelKind, Link, LinkKind, fold_label, structure};
use crate::text::{Offset, SortedByPlace, Span};
use crate::vault::{Note, NoteRef};

use super::destination::Destination;

/// What an edit may add to a note or take from it.
#[derive(Clone, Copy, Default)]
pub(super) struct Allowed {
    /// How many definitions more there are afterwards.
    pub(super) more_definitions: isize,
    /// Where a footnote is used afterwards that was not used there before; empty if nowhere.
    pub(super) footnote: Span,
    /// Where a footnote is defined afterwards that was not before; empty if nowhere.
    pub(super) footnote_definition: Span,
}

/// Refuses edits of a note after which anything means something else, but for what is `allowed`. That a link
/// is written with a label means the same as long as it leads to the same address, with the same title.
/// Linear in the length of the note.
pub(super) fn check_meaning(
    source: &NoteRef<'_>,
    edits: &[Edit],
    allowed: Allowed,
) -> Result<(), ChangeError> {
    let after = std::sync::Arc::new(Note::new(&edited(source.note, edits)));
    let after = NoteRef { note: &after, ..*source };
    let definitions = |note: &NoteRef<'_>| note.note.parsed.label_definitions.len();
    let is_expected =
        definitions(source).checked_add_signed(allowed.more_definitions) == Some(definitions(&after));
    let is_same = is_expected && meaning(source, Allowed::default()) == meaning(&after, allowed);
    if is_same { Ok(()) } else { Err(ChangeError::Entangled) }
}

/// All that a note says in the order of its text, without its link definitions and what is `added`.
fn meaning(source: &NoteRef<'_>, added: Allowed) -> Vec<String> {
    let parsed = &source.note.parsed;
    let slice = |span: Span| source.note.slice(span);
    let mut all: Vec<(Offset, String)> = Vec::new();
    let front_matter = parsed.front_matter.iter();
    all.extend(front_matter.map(|front| (front.span.start, slice(front.content).into_owned())));
    for heading in &parsed.headings {
        all.push((heading.span.start, format!("heading {} {}", heading.level, parsed.heading_name(heading))));
    }
    for link in parsed.links.iter().filter(|link| link.kind != LinkKind::Definition) {
        let said = match Destination::of_link(source, link) {
            Some(destination) => of_link(&destination, link.kind == LinkKind::Image),
            None => format!("{:?} {}", link.kind, slice(link.span)),
        };
        all.push((link.span.start, said));
    }
    let destinations = destinations(source);
    for label in parsed.label_uses.iter().filter(|label| label.span != added.footnote) {
        let folded = fold_label(&slice(label.label));
        let said = match destinations.get(&folded).filter(|_| label.kind == LabelKind::Link) {
            Some(Some(destination)) => of_link(destination, slice(label.span).starts_with('!')),
            _ => format!("{:?} {folded}", label.kind),
        };
        all.push((label.span.start, said));
    }
    let footnotes = parsed.label_definitions.iter().filter(|one| one.kind == LabelKind::Footnote);
    let footnotes = footnotes.filter(|one| !one.span.overlaps(added.footnote_definition));
    all.extend(footnotes.map(|one| (one.span.start, format!("footnote {}", slice(one.label)))));
    all.extend(parsed.tags.iter().map(|tag| (tag.span.start, slice(tag.name).into_owned())));
    all.extend(parsed.blocks.iter().map(|block| (block.id.start, format!("id {}", slice(block.id)))));
    all.extend(parsed.anchors.iter().map(|anchor| (anchor.start, slice(*anchor).into_owned())));
    all.extend(parsed.timestamps.iter().map(|one| (one.span.start, slice(one.span).into_owned())));
    all.extend(parsed.callouts.iter().map(|one| (one.span.start, slice(one.kind).into_owned())));
    all.extend(parsed.opaque.iter().map(|opaque| (opaque.start, slice(*opaque).into_owned())));
    all.extend(parsed.faults.iter().map(|fault| (fault.span.start, "fault".to_owned())));
    let text = source.note.text.to_text();
    let blocks = structure(&text, parsed).into_iter();
    let blocks = blocks.filter(|block| !block.span.overlaps(added.footnote_definition));
    all.extend(blocks.map(|block| (block.span.start, format!("{:?}", block.kind))));
    // Stable: what begins at one place stays in the order of the kinds above.
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, said)| said).collect()
}

fn of_link(destination: &Destination, is_image: bool) -> String {
    let Destination { title, .. } = destination;
    format!("link {is_image} {} {title}", destination.address())
}

/// Where each label of a note leads, by the first of its definitions; `None` if that leads nowhere.
fn destinations(source: &NoteRef<'_>) -> FxHashMap<String, Option<Destination>> {
    let parsed = &source.note.parsed;
    let mut all = FxHashMap::default();
    for definition in parsed.label_definitions.iter().filter(|one| one.kind == LabelKind::Link) {
        let label = fold_label(&source.note.slice(definition.label));
        all.entry(label).or_insert_with(|| {
            let link = parsed.links.starting_at(definition.span.start);
            let is_its = |link: &&Link| link.kind == LinkKind::Definition;
            Destination::of_definition(source, definition, link.filter(is_its)?)
        });
    }
    all
}
