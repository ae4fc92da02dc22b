//! What the thing under the cursor is about, and every place that is about the same: one path for references, highlights
//! and renames.

use crate::syntax::{LabelKind, Link, fold_label};
use crate::text::{Offset, Span};
use crate::vault::{Backlinks, Cancel, Cancelled, FileId, Key, NoteRef, Resolution, Snapshot, fold};

use super::NotePosition;
use super::cursor::{Thing, UnderCursor};
use super::fragment::{Fragments, Place};
use super::videos::{citing_notes, is_about, timestamps_near, timestamps_of, video_of};

/// Timestamps this close to each other speak of the same thing.
pub(super) const SAME_MOMENT_SECONDS: u32 = 30;

/// What can be referred to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Subject {
    /// A note or an attachment.
    File(FileId),
    /// A heading below the title.
    Heading { note: FileId, heading: Span },
    /// A block, by the place of its id.
    Block { note: FileId, id: Span },
    /// An HTML anchor, by the place of its name.
    Anchor { note: FileId, name: Span },
    /// A tag, folded.
    Tag(String),
    /// A label of one note, folded.
    Label { note: FileId, kind: LabelKind, label: String },
    /// A moment of a video, give or take some seconds.
    Moment { video: String, seconds: u32, tolerance: u32 },
    /// A video.
    Video(String),
}

/// A place that is about a subject.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Occurrence {
    pub(super) span: Span,
    /// Whether the subject is defined there, and not only named.
    pub(super) is_definition: bool,
}

impl Subject {
    /// What a thing under the cursor is about; `None` if nothing else can be about the same, as with a broken link.
    pub(super) fn of(vault: &Snapshot, found: &UnderCursor<'_>, at: Offset) -> Option<Subject> {
        let note = found.source.id;
        let slice = |span: Span| found.source.note.slice(span);
        let label = |kind, label| Subject::Label { note, kind, label: fold_label(&slice(label)) };
        Some(match found.thing {
            Thing::Link(link) => Subject::of_link(vault, &found.source, link, at)?,
            Thing::Heading(heading) => Subject::of_place(
                &found.source,
                Place::Heading { section: heading.span, heading: heading.span },
            ),
            Thing::Block(block) => Subject::Block { note, id: block.id },
            Thing::Anchor(name) => Subject::Anchor { note, name },
            Thing::Name(_) | Thing::FrontMatter(_) => Subject::File(note),
            Thing::Tag(tag) => Subject::Tag(fold(&slice(tag.name)).into_owned()),
            Thing::LabelUse(found) => label(found.kind, found.label),
            Thing::LabelDefinition(found) => label(found.kind, found.label),
            Thing::Timestamp(timestamp) => Subject::Moment {
                video: video_of(&found.source, timestamp)?,
                seconds: timestamp.moment?.seconds,
                tolerance: SAME_MOMENT_SECONDS,
            },
            Thing::Video(video) => Subject::Video(video.value.to_string()),
        })
    }

    /// A cursor on the target of a link means the file, elsewhere the place in it, if the link names one.
    fn of_link(vault: &Snapshot, source: &NoteRef<'_>, link: &Link, at: Offset) -> Option<Subject> {
        let Resolution::Found(to) = vault.resolve(source, link) else { return None };
        let is_on_target = !link.target.is_empty() && link.target.touches(at);
        let target = vault.note(to.best).filter(|_| !is_on_target);
        let Some(target) = target else { return Some(Subject::File(to.best)) };
        Some(Subject::of_place(&target, Fragments::of(target).find_place(source, link)))
    }

    /// What a place of a note is. The topmost heading of a note that begins with it is its title, and stands for the note.
    fn of_place(note: &NoteRef<'_>, place: Place) -> Subject {
        match place {
            Place::Heading { heading, .. } if Some(heading) == title_heading(note) => Subject::File(note.id),
            Place::Heading { heading, .. } => Subject::Heading { note: note.id, heading },
            Place::Block { id, .. } => Subject::Block { note: note.id, id },
            Place::Anchor(name) => Subject::Anchor { note: note.id, name },
            Place::Whole | Place::Missing => Subject::File(note.id),
        }
    }
}

/// The heading that is the title of a note: its first, if that is of level 1.
pub(super) fn title_heading(note: &NoteRef<'_>) -> Option<Span> {
    let first = note.note.parsed.headings.first()?;
    (first.level == 1).then_some(first.span)
}

/// Finds the places that are about one subject, note by note.
pub(super) struct Occurrences<'a> {
    vault: &'a Snapshot,
    subject: &'a Subject,
    /// For what links lead to.
    backlinks: Option<Backlinks<'a>>,
    /// For places of a note.
    fragments: Option<Fragments<'a>>,
}

impl<'a> Occurrences<'a> {
    pub(super) fn of(vault: &'a Snapshot, subject: &'a Subject) -> Occurrences<'a> {
        let (file, has_fragment) = match subject {
            Subject::File(file) => (Some(*file), false),
            Subject::Heading { note, .. } | Subject::Block { note, .. } | Subject::Anchor { note, .. } => {
                (Some(*note), true)
            }
            Subject::Tag(_) | Subject::Label { .. } | Subject::Moment { .. } | Subject::Video(_) => {
                (None, false)
            }
        };
        let note = file.filter(|_| has_fragment).and_then(|file| vault.note(file));
        Occurrences {
            vault,
            subject,
            backlinks: file.map(|file| Backlinks::of(vault, file)),
            fragments: note.map(Fragments::of),
        }
    }

    /// All of them, with their notes, by path and place.
    ///
    /// # Errors
    ///
    /// `Cancelled` if the answer is not wanted any more.
    pub(super) fn all(&self, cancel: &Cancel) -> Result<Vec<(FileId, Occurrence)>, Cancelled> {
        let mut notes = self.notes();
        notes.sort_by_key(|note| note.path);
        let mut all = Vec::new();
        for note in notes {
            cancel.check()?;
            all.extend(self.within(note).into_iter().map(|occurrence| (note.id, occurrence)));
        }
        Ok(all)
    }

    /// The notes that may have some.
    fn notes(&self) -> Vec<NoteRef<'a>> {
        match self.subject {
            Subject::Tag(tag) => {
                self.vault.users(Key::tag(tag)).iter().filter_map(|id| self.vault.note(*id)).collect()
            }
            Subject::Label { note, .. } => self.vault.note(*note).into_iter().collect(),
            Subject::Moment { video, .. } | Subject::Video(video) => citing_notes(self.vault, video),
            Subject::File(_) | Subject::Heading { .. } | Subject::Block { .. } | Subject::Anchor { .. } => {
                self.backlinks.as_ref().map(Backlinks::sources).unwrap_or_default()
            }
        }
    }

    /// Those of one note, in order.
    pub(super) fn within(&self, note: NoteRef<'a>) -> Vec<Occurrence> {
        let mut found: Vec<Occurrence> = self.definitions(&note).into_iter().map(definition).collect();
        let parsed = &note.note.parsed;
        match self.subject {
            Subject::Tag(tag) => {
                let same = parsed.tags.iter().filter(|other| fold(&note.note.slice(other.name)) == **tag);
                found.extend(same.map(|tag| occurrence(tag.span)));
            }
            Subject::Label { kind, label, .. } => {
                let is_same = |span| fold_label(&note.note.slice(span)) == *label;
                let uses = parsed.label_uses.iter().filter(|one| one.kind == *kind && is_same(one.label));
                found.extend(uses.map(|one| occurrence(one.span)));
            }
            Subject::Moment { video, seconds, tolerance } => {
                let near = timestamps_near(&note, video, *seconds, *tolerance);
                found.extend(near.map(|one| occurrence(one.span)));
            }
            Subject::Video(video) => {
                let addressed = timestamps_of(&note, video).filter(|_| !is_about(&note, video));
                found.extend(addressed.map(|one| occurrence(one.span)));
            }
            Subject::File(_) | Subject::Heading { .. } | Subject::Block { .. } | Subject::Anchor { .. } => {
                let links = self.backlinks.iter().flat_map(|backlinks| backlinks.from(note));
                let leads_there = |link: &&Link| match &self.fragments {
                    Some(fragments) => self.is_place(fragments.find_place(&note, link)),
                    None => true,
                };
                found.extend(links.filter(leads_there).map(|link| occurrence(link.span)));
            }
        }
        found.sort_by_key(|occurrence| occurrence.span);
        found
    }

    fn is_place(&self, place: Place) -> bool {
        match (self.subject, place) {
            (Subject::Heading { heading, .. }, Place::Heading { heading: found, .. }) => *heading == found,
            (Subject::Block { id, .. }, Place::Block { id: found, .. }) => *id == found,
            (Subject::Anchor { name, .. }, Place::Anchor(found)) => *name == found,
            _ => false,
        }
    }

    /// Where a note defines the subject.
    fn definitions(&self, note: &NoteRef<'_>) -> Vec<Span> {
        match self.subject {
            Subject::File(file) if *file == note.id => {
                let title = note.note.parsed.title().map(|title| title.span);
                vec![title_heading(note).or(title).unwrap_or_default()]
            }
            Subject::Heading { note: of, heading: span }
            | Subject::Block { note: of, id: span }
            | Subject::Anchor { note: of, name: span }
                if *of == note.id =>
            {
                vec![*span]
            }
            Subject::Label { note: of, kind, label } if *of == note.id => {
                let definitions = note.note.parsed.label_definitions.iter();
                let same = definitions.filter(|one| one.kind == *kind);
                let same = same.filter(|one| fold_label(&note.note.slice(one.label)) == *label);
                same.map(|one| one.label).collect()
            }
            Subject::Video(video) => {
                let own = note.note.parsed.video().filter(|_| is_about(note, video));
                own.map(|own| own.span).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}

fn occurrence(span: Span) -> Occurrence {
    Occurrence { span, is_definition: false }
}

fn definition(span: Span) -> Occurrence {
    Occurrence { span, is_definition: true }
}

/// What stands under the cursor and what it is about.
pub(super) fn subject_at(vault: &Snapshot, position: NotePosition) -> Option<(UnderCursor<'_>, Subject)> {
    let found = super::cursor::under_cursor(vault, position)?;
    let subject = Subject::of(vault, &found, position.at)?;
    Some((found, subject))
}
