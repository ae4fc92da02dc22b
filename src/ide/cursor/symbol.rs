//! What the thing under the cursor is about, and every place that is about the same: one path for references,
//! highlights and renames.

use crate::syntax::{LabelKind, Link, decode_link_part, fold_label};
use crate::text::{Offset, Span};
use crate::vault::{
    Backlinks, Cancel, Cancelled, FileId, Key, LinkRef, NoteRef, Resolution, Snapshot, VaultPath, fold, loose,
};

use crate::ide::cursor::under_cursor::{Element, UnderCursor};
use crate::ide::links::fragment::{Fragments, Place};
use crate::ide::new_note::missing_file::missing_file;
use crate::ide::note::title::title_heading;
use crate::ide::place::NotePosition;
use crate::ide::timestamps::video::{citing_notes, is_about, timestamps_near, timestamps_of, video_of};

/// Timestamps this close to each other speak of the same thing.
pub(crate) const SAME_MOMENT_SECONDS: u32 = 30;

/// What can be referred to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Symbol {
    /// A note or an attachment.
    File(FileId),
    /// A note by its title, which links within the note may name too: for highlights.
    Title(FileId),
    /// A file that links name and that is not there.
    MissingFile(VaultPath),
    /// A part that links name and that is not in a file, or in one that is not there either; by the form of
    /// the fragment that [`comparable_fragment`] makes.
    MissingPart { of: Box<Symbol>, fragment: String },
    /// An address outside of the vault, as it is written.
    Address(String),
    /// A heading below the title.
    Heading { note: FileId, heading: Span },
    /// A block, by the place of its id.
    Block { note: FileId, id: Span },
    /// An HTML anchor, by the place of its name.
    Anchor { note: FileId, name: Span },
    /// A tag, folded; also as it is part of the tags below it.
    Tag { name: String, with_nested: bool },
    /// A label of one note, folded.
    Label { note: FileId, kind: LabelKind, label: String },
    /// A moment of a video, give or take some seconds.
    Moment { video: String, seconds: u32, tolerance: u32 },
    /// A video.
    Video(String),
}

/// A place that is about a subject.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Occurrence {
    pub(crate) span: Span,
    /// Whether the subject is defined there, and not only named.
    pub(crate) is_definition: bool,
}

impl Symbol {
    /// What a thing under the cursor is about; `None` if nothing else can be about the same, as with a broken
    /// link.
    pub(crate) fn of(vault: &Snapshot, found: &UnderCursor<'_>, at: Offset) -> Option<Symbol> {
        let note = found.source.id;
        let slice = |span: Span| found.source.note.slice(span);
        let label = |kind, label| Symbol::Label { note, kind, label: fold_label(&slice(label)) };
        Some(match found.thing {
            Element::Link(link) => Symbol::of_link(vault, &found.source, link, at)?,
            Element::Heading(heading) => Symbol::of_place(
                &found.source,
                Place::Heading { section: heading.span, heading: heading.span },
            ),
            Element::Block(block) => Symbol::Block { note, id: block.id },
            Element::Anchor(name) => {
                let headings = &found.source.note.parsed.headings;
                let heading = headings.iter().map(|heading| heading.span).find(|span| span.covers(name));
                let place = heading
                    .map_or(Place::Anchor(name), |heading| Place::Heading { section: heading, heading });
                Symbol::of_place(&found.source, place)
            }
            Element::Name(_) | Element::FrontMatter(_) => Symbol::File(note),
            Element::Tag(tag) => Symbol::Tag { name: fold(&slice(tag.name)).into_owned(), with_nested: true },
            Element::LabelUse(found) => label(found.kind, found.label),
            Element::LabelDefinition(found) => label(found.kind, found.label),
            Element::Timestamp(timestamp) => Symbol::Moment {
                video: video_of(&found.source, timestamp)?,
                seconds: timestamp.moment()?.seconds,
                tolerance: SAME_MOMENT_SECONDS,
            },
            Element::Video(video) => Symbol::Video(video.value.to_string()),
        })
    }

    /// The same as it is seen within one note: a moment to the second, a tag without those below it, a note
    /// with the links in it that name its title.
    pub(crate) fn within_note(self) -> Symbol {
        match self {
            Symbol::Moment { video, seconds, .. } => Symbol::Moment { video, seconds, tolerance: 0 },
            Symbol::File(file) => Symbol::Title(file),
            Symbol::Tag { name, .. } => Symbol::Tag { name, with_nested: false },
            other => other,
        }
    }

    /// A cursor on the target of a link means the file, elsewhere the place in it, if the link names one.
    pub(crate) fn of_link(vault: &Snapshot, source: &NoteRef<'_>, link: &Link, at: Offset) -> Option<Symbol> {
        let is_on_target = !link.target.is_empty() && link.target.touches(at);
        let part_of = |file: Symbol| match comparable_fragment(source, link).filter(|_| !is_on_target) {
            Some(fragment) => Symbol::MissingPart { of: Box::new(file), fragment },
            None => file,
        };
        match vault.resolve(source, link) {
            Resolution::External => link.is_external.then(|| Symbol::Address(address(source, link))),
            Resolution::Missing => {
                missing_file(source, link, source.path.folder()).map(Symbol::MissingFile).map(part_of)
            }
            Resolution::Found(to) => {
                let target = vault.note(to.best).filter(|_| !is_on_target);
                let Some(target) = target else { return Some(Symbol::File(to.best)) };
                Some(match Fragments::of(target).find_place(source, link) {
                    Place::Missing => part_of(Symbol::File(to.best)),
                    place => Symbol::of_place(&target, place),
                })
            }
            Resolution::Folder | Resolution::OutsideVault => None,
        }
    }

    /// What a place of a note is. The topmost heading of a note that begins with it is its title, and stands
    /// for the note.
    fn of_place(note: &NoteRef<'_>, place: Place) -> Symbol {
        match place {
            Place::Heading { heading, .. } if Some(heading) == title_heading(note) => Symbol::File(note.id),
            Place::Heading { heading, .. } => Symbol::Heading { note: note.id, heading },
            Place::Block { id, .. } => Symbol::Block { note: note.id, id },
            Place::Anchor(name) => Symbol::Anchor { note: note.id, name },
            Place::Whole | Place::Lines(_) | Place::Missing => Symbol::File(note.id),
        }
    }

    /// The file that links to the symbol lead to, or would if it were there; `None` if links do not lead to
    /// files because of it.
    fn linked_file(&self) -> Option<&Symbol> {
        match self {
            Symbol::MissingPart { of, .. } => Some(of),
            Symbol::Tag { .. }
            | Symbol::Label { .. }
            | Symbol::Moment { .. }
            | Symbol::Video(_)
            | Symbol::Address(_) => None,
            _ => Some(self),
        }
    }
}

/// The address that an external link leads to, with its fragment.
fn address(source: &NoteRef<'_>, link: &Link) -> String {
    decode_link_part(link, &source.note.slice(link.destination())).into_owned()
}

/// The fragment of a link in a form that is the same for a heading's text and its slug; `None` if it is
/// empty.
fn comparable_fragment(source: &NoteRef<'_>, link: &Link) -> Option<String> {
    let written = source.note.slice(link.fragment?);
    let fragment = decode_link_part(link, &written);
    let part = |part: &str| match part.strip_prefix('^') {
        Some(id) => format!("^{}", id.to_ascii_lowercase()),
        None => loose(part),
    };
    let comparable = fragment.split('#').map(part).collect::<Vec<_>>().join("#");
    (!comparable.is_empty()).then_some(comparable)
}

/// Finds the places that are about one subject, note by note.
pub(crate) struct Occurrences<'a> {
    vault: &'a Snapshot,
    subject: &'a Symbol,
    /// For what links lead to.
    backlinks: Option<Backlinks<'a>>,
    /// The note that they lead to.
    target: Option<(NoteRef<'a>, Fragments<'a>)>,
}

impl<'a> Occurrences<'a> {
    pub(crate) fn of(vault: &'a Snapshot, subject: &'a Symbol) -> Occurrences<'a> {
        let (backlinks, note) = match subject.linked_file() {
            Some(Symbol::MissingFile(path)) => (Backlinks::of_missing(vault, path), None),
            Some(
                Symbol::File(file)
                | Symbol::Title(file)
                | Symbol::Heading { note: file, .. }
                | Symbol::Block { note: file, .. }
                | Symbol::Anchor { note: file, .. },
            ) => (Some(Backlinks::of(vault, *file)), vault.note(*file)),
            _ => (None, None),
        };
        Occurrences { vault, subject, backlinks, target: note.map(|note| (note, Fragments::of(note))) }
    }

    /// All of them, with their notes, by path and place.
    pub(crate) fn all(&self, cancel: &Cancel) -> Result<Vec<(FileId, Occurrence)>, Cancelled> {
        let mut all = Vec::new();
        for note in self.notes() {
            cancel.check()?;
            all.extend(self.within(note).into_iter().map(|occurrence| (note.id, occurrence)));
        }
        Ok(all)
    }

    /// The first one that is not at `span` of `source`; a definition or not.
    pub(crate) fn first_but(&self, source: FileId, span: Span) -> Option<(FileId, Occurrence)> {
        let in_note = |note: NoteRef<'a>| self.within(note).into_iter().map(move |one| (note.id, one));
        let mut all = self.notes().into_iter().flat_map(in_note);
        all.find(|(note, one)| *note != source || one.span != span)
    }

    /// The notes that may have some, by path.
    fn notes(&self) -> Vec<NoteRef<'a>> {
        let mut notes: Vec<NoteRef<'a>> = match self.subject {
            Symbol::Tag { name, .. } => {
                self.vault.users(Key::tag(name)).iter().filter_map(|id| self.vault.note(*id)).collect()
            }
            Symbol::Label { note, .. } => self.vault.note(*note).into_iter().collect(),
            Symbol::Moment { video, .. } | Symbol::Video(video) => citing_notes(self.vault, video),
            Symbol::Address(_) => self.vault.notes().collect(),
            _ => self.backlinks.as_ref().map(Backlinks::sources).unwrap_or_default(),
        };
        notes.sort_by_key(|note| note.path);
        notes
    }

    /// Those of one note, in order.
    pub(crate) fn within(&self, note: NoteRef<'a>) -> Vec<Occurrence> {
        let mut found: Vec<Occurrence> = self.definitions(&note).into_iter().map(definition).collect();
        let parsed = &note.note.parsed;
        match self.subject {
            Symbol::Tag { name, with_nested } => {
                let is_same = |other: &str| match other.strip_prefix(&**name) {
                    Some(below) => below.is_empty() || *with_nested && below.starts_with('/'),
                    None => false,
                };
                let same = parsed.tags.iter().filter(|other| is_same(&fold(&note.note.slice(other.name))));
                found.extend(same.map(|tag| occurrence(tag.span)));
            }
            Symbol::Label { kind, label, .. } => {
                let is_same = |span| fold_label(&note.note.slice(span)) == *label;
                let uses = parsed.label_uses.iter().filter(|one| one.kind == *kind && is_same(one.label));
                found.extend(uses.map(|one| occurrence(one.span)));
            }
            Symbol::Moment { video, seconds, tolerance } => {
                let near = timestamps_near(&note, video, *seconds, *tolerance);
                found.extend(near.map(|one| occurrence(one.span)));
            }
            Symbol::Video(video) => {
                let addressed = timestamps_of(&note, video).filter(|_| !is_about(&note, video));
                found.extend(addressed.map(|one| occurrence(one.span)));
            }
            Symbol::Address(wanted) => {
                let external = parsed.links.iter().filter(|link| link.is_external);
                let same = external.filter(|link| address(&note, link) == *wanted);
                found.extend(same.map(|link| occurrence(link.span)));
            }
            _ => {
                let links = self.backlinks.iter().flat_map(|backlinks| backlinks.from(note));
                found.extend(
                    links.filter(|link| self.is_named_by(&note, link)).map(|link| occurrence(link.span)),
                );
            }
        }
        found.sort_by_key(|occurrence| occurrence.span);
        found
    }

    /// Whether a link that leads to the file names the subject in it.
    fn is_named_by(&self, source: &NoteRef<'_>, link: &Link) -> bool {
        let place =
            || self.target.as_ref().map(|(target, fragments)| (target, fragments.find_place(source, link)));
        match self.subject {
            Symbol::File(file) => !LinkRef { source: *source, link }.is_within(*file),
            // All links from elsewhere, but of the links within the note only those that name the title.
            Symbol::Title(file) => {
                !LinkRef { source: *source, link }.is_within(*file)
                    || place().is_some_and(|(target, place)| {
                        place != Place::Missing && Symbol::of_place(target, place) == Symbol::File(*file)
                    })
            }
            Symbol::Heading { .. } | Symbol::Block { .. } | Symbol::Anchor { .. } => {
                place().is_some_and(|(target, place)| Symbol::of_place(target, place) == *self.subject)
            }
            Symbol::MissingPart { fragment, .. } => {
                place().is_none_or(|(_, place)| place == Place::Missing)
                    && comparable_fragment(source, link).as_ref() == Some(fragment)
            }
            _ => true,
        }
    }

    /// Where a note defines the subject.
    fn definitions(&self, note: &NoteRef<'_>) -> Vec<Span> {
        match self.subject {
            Symbol::File(file) | Symbol::Title(file) if *file == note.id => {
                let title = note.note.parsed.title().map(|title| title.span);
                vec![title_heading(note).or(title).unwrap_or_default()]
            }
            Symbol::Heading { note: of, heading: span }
            | Symbol::Block { note: of, id: span }
            | Symbol::Anchor { note: of, name: span }
                if *of == note.id =>
            {
                vec![*span]
            }
            Symbol::Label { note: of, kind, label } if *of == note.id => {
                let definitions = note.note.parsed.label_definitions.iter();
                let same = definitions.filter(|one| one.kind == *kind);
                let same = same.filter(|one| fold_label(&note.note.slice(one.label)) == *label);
                same.map(|one| one.label).collect()
            }
            Symbol::Video(video) => {
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
pub(crate) fn symbol_at(vault: &Snapshot, position: NotePosition) -> Option<(UnderCursor<'_>, Symbol)> {
    let found = crate::ide::cursor::under_cursor::under_cursor(vault, position)?;
    let subject = Symbol::of(vault, &found, position.at)?;
    Some((found, subject))
}
