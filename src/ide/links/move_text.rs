//! Files that move, and text that moves from one note to another: what must be written so that each link
//! means what it meant.
//!
//! The move is tried on a copy of the vault first, with the text as it is. A link is written anew only if it
//! would lead elsewhere there, or less clearly.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::syntax::{Link, LinkKind, Parsed, decode_link_part};
use crate::text::{Offset, Span};
use crate::vault::{Cancel, FileId, Found, LinkRef, NoteRef, Resolution, Snapshot, Tier};

use crate::ide::change::{ChangeError, ChangeFailure, Edit};
use crate::ide::links::escape::Position;
use crate::ide::links::fragment::{FragmentCache, Place};
use crate::ide::links::write::{Wanted, WrittenTarget, shown_as_before};

/// What a link must mean after the move.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Meaning {
    file: FileId,
    /// Where the heading, block id or anchor begins that the link names.
    part: Option<Offset>,
    /// Whether its fragment names a part; a broken one stays as it is.
    has_fragment: bool,
}

/// Where the part of a file lies that begins at an offset now; `None` if it is gone.
pub(crate) type PlaceAfter<'a> = &'a (dyn Fn(FileId, Offset) -> Option<(FileId, Offset)> + 'a);

/// A move that is being tried.
pub(crate) struct MovedText<'a> {
    /// The vault as it is.
    pub(crate) before: &'a Snapshot,
    /// The vault after the move, before any link is written anew.
    pub(crate) after: &'a Snapshot,
    /// Where a place of a file lies afterwards. `None` if files move and no text does.
    pub(crate) place: Option<PlaceAfter<'a>>,
    /// What a link to a whole file means afterwards; `None` if it is gone.
    pub(crate) whole: &'a (dyn Fn(FileId) -> Option<FileId> + 'a),
    /// Whether a link to the note in which it stands afterwards is written without the note's name.
    pub(crate) shortens_own: bool,
    /// The places of notes as they are, and afterwards.
    pub(crate) places: [&'a FragmentCache<'a>; 2],
}

impl<'a> MovedText<'a> {
    /// Returns the edits of a link of `source`, in places of the vault as it is, by which it leads from the
    /// note `home`, where it stands afterwards, to what it led to before.
    pub(crate) fn edits(
        &self,
        source: &NoteRef<'_>,
        link: &Link,
        home: FileId,
    ) -> Result<Vec<Edit>, ChangeError> {
        let folder = self.after.file(home).ok_or(ChangeError::Entangled)?.path.folder();
        let was = match self.before.resolve(source, link) {
            Resolution::Found(was) => was,
            Resolution::Folder if source.path.folder() != folder => return Err(ChangeError::Entangled),
            _ => return Ok(Vec::new()),
        };
        let Some(meaning) = self.meaning(source, link, &was)? else { return Ok(Vec::new()) };
        let target = self.target_edit(source, link, (home, folder), &was, meaning)?;
        let fragment = if meaning.has_fragment { self.fragment_edit(source, link, meaning)? } else { None };
        // A link by another name of its file keeps showing that name.
        let shows_name = target.is_some() && matches!(was.tier, Tier::Alias | Tier::Title);
        let shown = if shows_name { shown_as_before(source, link) } else { None };
        Ok(target.into_iter().chain(fragment).chain(shown).collect())
    }

    /// Returns the edits of all links to a file that lead to it from the notes in which they stand, but for
    /// links that `is_left_out`.
    pub(crate) fn edits_of_links_to(
        &self,
        file: FileId,
        cancel: &Cancel,
        is_left_out: impl Fn(&LinkRef<'_>) -> bool,
    ) -> Result<Vec<(FileId, Edit)>, ChangeFailure> {
        let mut edits = Vec::new();
        for one in self.before.links_to(file, cancel)?.iter().filter(|one| !is_left_out(one)) {
            let own = self.edits(&one.source, one.link, one.source.id)?;
            edits.extend(own.into_iter().map(|edit| (one.source.id, edit)));
        }
        Ok(edits)
    }

    /// Returns whether everything that `parsed` says, which is of a note as it is, stands in the vault
    /// afterwards where it should: a stretch can hold half a list or the end of a fence, and then the rest
    /// would say something else.
    pub(crate) fn says_the_same(&self, note: FileId, parsed: &Parsed) -> bool {
        let mut known: FxHashMap<FileId, FxHashSet<(Offset, Feature)>> = FxHashMap::default();
        features(parsed).all(|(at, feature)| {
            let Some((file, at)) = self.place.and_then(|place| place(note, at)) else { return false };
            let Some(note) = self.after.note(file) else { return false };
            let features = known.entry(file).or_insert_with(|| features(&note.note.parsed).collect());
            features.contains(&(at, feature))
        })
    }

    /// Returns what the link must mean; `None` if it names a part of its own note that is missing, so that it
    /// can stay.
    fn meaning(
        &self,
        source: &NoteRef<'_>,
        link: &Link,
        was: &Found,
    ) -> Result<Option<Meaning>, ChangeError> {
        let place = match self.before.note(was.best).filter(|_| self.place.is_some()) {
            Some(note) => self.places[0].of(note).find_place(source, link),
            None => Place::Whole,
        };
        if let Some((place_after, part)) = self.place.zip(place.start()) {
            let (file, part) = place_after(was.best, part).ok_or(ChangeError::Entangled)?;
            return Ok(Some(Meaning { file, part: Some(part), has_fragment: true }));
        }
        if place == Place::Missing && link.target.is_empty() {
            return Ok(None);
        }
        let file = (self.whole)(was.best).ok_or(ChangeError::Entangled)?;
        Ok(Some(Meaning { file, part: None, has_fragment: false }))
    }

    fn target_edit(
        &self,
        source: &NoteRef<'_>,
        link: &Link,
        (home, folder): (FileId, &str),
        was: &Found,
        meaning: Meaning,
    ) -> Result<Option<Edit>, ChangeError> {
        let names_own_part = meaning.file == home && meaning.part.is_some();
        if link.target.is_empty() && meaning.file == home {
            return Ok(None);
        }
        let without_name = || Ok(Some(Edit::remove(link.target)));
        if names_own_part && self.shortens_own {
            return without_name();
        }
        let wanted = Wanted::as_before(meaning.file, was);
        let file = self.before.file(was.best).ok_or(ChangeError::Entangled)?;
        let mut target = WrittenTarget::new(source, link, &file.path);
        if link.target.is_empty() {
            let home = self.after.note(home).ok_or(ChangeError::Entangled)?;
            target = target.with_style_of_vault(&self.after.link_style(&home, Offset::ZERO));
        } else if target.may_stay(self.after, folder, wanted) {
            return Ok(None);
        }
        if matches!(was.tier, Tier::Site | Tier::Address) {
            let files = (self.after.file(home), self.after.file(meaning.file));
            let (Some(from), Some(to)) = files else { return Err(ChangeError::Entangled) };
            let leads_there = |target: &str| {
                let found = self.after.resolve_at((home, &from.path), link.kind, target).found();
                found.is_some_and(|found| found.best == meaning.file)
            };
            if leads_there(&target.decoded) {
                return Ok(None);
            }
            let address = target.site_address(&from.path, &to.path).filter(|address| leads_there(address));
            if let Some(edit) = address.and_then(|address| target.edit_to(address)) {
                return Ok(Some(edit));
            }
        }
        // Where both stood in other notes, the link has no more need of a name.
        if names_own_part && (home != source.id || was.best != source.id) {
            return without_name();
        }
        target.rewrite(self.after, folder, wanted).map(Some).ok_or(ChangeError::Entangled)
    }

    fn fragment_edit(
        &self,
        source: &NoteRef<'_>,
        link: &Link,
        meaning: Meaning,
    ) -> Result<Option<Edit>, ChangeError> {
        let (Some(span), Some(note)) = (link.fragment, self.after.note(meaning.file)) else {
            return Ok(None);
        };
        let raw = source.note.slice(span);
        let fragments = self.places[1].of(note);
        if fragments.find(&decode_link_part(link, &raw)).start() == meaning.part {
            return Ok(None);
        }
        let headings = &note.note.parsed.headings;
        let index = headings.partition_point(|heading| Some(heading.span.start) < meaning.part);
        if headings.get(index).map(|heading| heading.span.start) != meaning.part {
            return Err(ChangeError::Entangled);
        }
        let position = Position::fragment_of(link, &raw);
        let new = fragments.name_heading(index, position, None).ok_or(ChangeError::Entangled)?;
        let written = position.write(&new).ok_or(ChangeError::Entangled)?;
        Ok(Some(Edit::replace(span, written)))
    }
}

/// What begins at a place of a note.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Feature {
    Heading { level: u8 },
    Link(LinkKind),
    Label,
    Block,
    Timestamp,
    Opaque { length: usize },
}

fn features(parsed: &Parsed) -> impl Iterator<Item = (Offset, Feature)> {
    let headings = parsed.headings.iter();
    let headings = headings.map(|one| (one.span.start, Feature::Heading { level: one.level }));
    let links = parsed.links.iter().map(|one| (one.span.start, Feature::Link(one.kind)));
    let labels = parsed.label_uses.iter().map(|one| (one.span.start, Feature::Label));
    let blocks = parsed.blocks.iter().map(|one| (one.id.start, Feature::Block));
    let timestamps = parsed.timestamps.iter().map(|one| (one.span.start, Feature::Timestamp));
    let opaque = parsed.opaque.iter().map(|one| (one.start, Feature::Opaque { length: one.len() }));
    headings.chain(links).chain(labels).chain(blocks).chain(timestamps).chain(opaque)
}

/// A stretch of a text with edits made in it; the edits are about the whole text, sorted and apart.
pub(crate) fn with_edits(text: &str, stretch: Span, edits: &[Edit]) -> String {
    let mut out = String::new();
    let mut at = stretch.start;
    let first = edits.partition_point(|edit| edit.span.start < stretch.start);
    let inside = edits.get(first..).unwrap_or_default().iter();
    let inside = inside.take_while(|edit| edit.span.start <= stretch.end);
    for edit in inside.filter(|edit| stretch.covers(edit.span)) {
        out.push_str(text.get(Span::between(at, edit.span.start).range()).unwrap_or_default());
        out.push_str(&edit.new_text);
        at = edit.span.end;
    }
    out.push_str(text.get(Span::between(at, stretch.end).range()).unwrap_or_default());
    out
}
