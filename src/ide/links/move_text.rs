//! Text that moves from one note to another: what must be written so that each link means what it meant.
//!
//! The move is tried on a copy of the vault first, with the text as it is. A link is written anew only if it would lead
//! elsewhere there.

use std::borrow::Cow;

use crate::syntax::{Link, LinkKind, Parsed, decode_link_part};
use crate::text::{Offset, Span};
use crate::vault::{
    FileId, Found, NoteRef, Resolution, Snapshot, Tier, relative_path, without_note_extension,
};

use crate::ide::change::Edit;
use crate::ide::links::escape::{Part, encode};
use crate::ide::links::fragment::{Place, find_fragment, find_place, heading_texts, position_of_heading};
use crate::ide::links::link_writer::LinkWriter;
use crate::ide::links::target::names;

/// A place of the vault as a link can name it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Meaning {
    file: FileId,
    /// Where the heading, block id or anchor begins; `None` for the file as a whole.
    at: Option<Offset>,
}

/// What a link shall mean.
struct Wanted {
    meaning: Meaning,
    /// Whether its fragment counts; one that named nothing goes on to.
    is_in_file: bool,
}

/// A move that is being tried.
pub(crate) struct MovedText<'a> {
    /// The vault as it is.
    pub(crate) before: &'a Snapshot,
    /// The vault after the move, before any link is written anew.
    pub(crate) after: &'a Snapshot,
    /// Where a place of a file lies afterwards; `None` if it is gone.
    pub(crate) place: &'a (dyn Fn(FileId, Offset) -> Option<(FileId, Offset)> + 'a),
    /// What a link to a whole file means afterwards; `None` if it is gone.
    pub(crate) whole: &'a (dyn Fn(FileId) -> Option<FileId> + 'a),
    /// Whether a link to the note in which it stands afterwards is written without the note's name.
    pub(crate) shortens_own: bool,
}

/// A link cannot be written so that it means what it meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Mismatch;

impl MovedText<'_> {
    /// The edits of a link of `source`, in places of the vault as it is, by which it leads from the note `home`, where it
    /// stands afterwards, to what it led to before.
    pub(crate) fn edits(
        &self,
        source: &NoteRef<'_>,
        link: &Link,
        home: FileId,
    ) -> Result<Vec<Edit>, Mismatch> {
        let home = self.after.note(home).ok_or(Mismatch)?;
        let was = match self.before.resolve(source, link) {
            Resolution::Found(was) => was,
            Resolution::Folder if source.path.folder() != home.path.folder() => return Err(Mismatch),
            _ => return Ok(Vec::new()),
        };
        let Some(Wanted { meaning, is_in_file }) = self.wanted(source, link, &was)? else {
            return Ok(Vec::new());
        };
        let raw_target = source.note.slice(link.target);
        let target = decode_link_part(link, &raw_target);
        let raw_fragment = link.fragment.map(|fragment| source.note.slice(fragment)).filter(|_| is_in_file);
        let fragment = raw_fragment.as_deref().map(|raw| decode_link_part(link, raw));
        let begins_at_note = |vault: &Snapshot, file: FileId, folder: &str, target: &str| {
            let path = vault.file(file).map(|file| &file.path);
            path.is_some_and(|path| names(folder, without_note_extension(target), path))
        };
        // A Markdown link that is read from its note goes on to be, as every other tool reads it.
        let is_relative = !link.kind.is_wiki()
            && !target.is_empty()
            && begins_at_note(self.before, was.best, source.path.folder(), &target);
        let leads = |target: &str, fragment: Option<&str>| {
            let is_right = !is_relative
                || target.is_empty()
                || begins_at_note(self.after, meaning.file, home.path.folder(), target);
            is_right && self.leads(&home, link.kind, target, fragment, &was) == Some(meaning)
        };
        let names_own = !target.is_empty() && meaning.file == home.id && meaning.at.is_some();
        let is_shorter = self.shortens_own && names_own && leads("", fragment.as_deref());
        if !is_shorter && leads(&target, fragment.as_deref()) {
            return Ok(Vec::new());
        }
        for new_target in self.targets(&home, link, &target, meaning) {
            for new_fragment in self.fragments(link, fragment.as_deref(), meaning) {
                let is_refused = is_shorter && *new_target == *target;
                if is_refused || !leads(&new_target, new_fragment.as_deref()) {
                    continue;
                }
                let mut edits = Vec::new();
                if *new_target != *target {
                    edits.push(Edit::replace(link.target, written(link.kind, &new_target)));
                }
                if let (Some(span), Some(new)) = (link.fragment, &new_fragment)
                    && fragment.as_deref() != Some(&**new)
                {
                    let raw = raw_fragment.as_deref().unwrap_or_default();
                    let is_wiki = link.kind.is_wiki();
                    let new = if is_wiki { new.to_string() } else { encode(new, Part::Fragment, raw) };
                    edits.push(Edit::replace(span, new));
                }
                return Ok(edits);
            }
        }
        Err(Mismatch)
    }

    /// What the link shall mean; `None` if it names a place of its own note that is not there, and may go on to.
    fn wanted(&self, source: &NoteRef<'_>, link: &Link, was: &Found) -> Result<Option<Wanted>, Mismatch> {
        let place = self.before.note(was.best).map_or(Place::Whole, |note| find_place(source, link, &note));
        let at = match place {
            Place::Missing if link.target.is_empty() => return Ok(None),
            Place::Whole | Place::Missing => {
                let file = (self.whole)(was.best).ok_or(Mismatch)?;
                return Ok(Some(Wanted {
                    meaning: Meaning { file, at: None },
                    is_in_file: place == Place::Whole,
                }));
            }
            Place::Heading { heading, .. } => heading.start,
            Place::Block { id, .. } => id.start,
            Place::Anchor(span) => span.start,
        };
        let (file, at) = (self.place)(was.best, at).ok_or(Mismatch)?;
        Ok(Some(Wanted { meaning: Meaning { file, at: Some(at) }, is_in_file: true }))
    }

    fn leads(
        &self,
        home: &NoteRef<'_>,
        kind: LinkKind,
        target: &str,
        fragment: Option<&str>,
        was: &Found,
    ) -> Option<Meaning> {
        let file = if target.is_empty() {
            home.id
        } else {
            match self.after.resolve_target(home.path.folder(), kind, target) {
                Resolution::Found(found)
                    if found.tier <= was.tier.max(Tier::Name)
                        && (was.is_ambiguous || !found.is_ambiguous) =>
                {
                    found.best
                }
                _ => return None,
            }
        };
        let (Some(fragment), Some(note)) = (fragment, self.after.note(file)) else {
            return Some(Meaning { file, at: None });
        };
        let at = match find_fragment(fragment, &note) {
            Place::Whole => None,
            Place::Heading { heading, .. } => Some(heading.start),
            Place::Block { id, .. } => Some(id.start),
            Place::Anchor(span) => Some(span.start),
            Place::Missing => return None,
        };
        Some(Meaning { file, at })
    }

    /// What the target could say, as it is written first.
    fn targets<'b>(
        &self,
        home: &NoteRef<'_>,
        link: &Link,
        target: &'b str,
        wanted: Meaning,
    ) -> Vec<Cow<'b, str>> {
        let mut targets: Vec<Cow<'b, str>> = vec![target.into()];
        if wanted.file == home.id && wanted.at.is_some() {
            targets.push("".into());
        }
        let Some(file) = self.after.file(wanted.file) else { return targets };
        if link.kind.is_wiki() && (target.starts_with("./") || target.starts_with("../")) {
            let has_extension = without_note_extension(target).len() < target.len();
            let path = if has_extension { file.path.as_str() } else { file.path.without_extension() };
            let way = relative_path(home.path.folder(), path);
            let way = if way.starts_with("../") { way } else { format!("./{way}") };
            targets.push(way.into());
        }
        if link.kind.is_wiki() {
            let writer = LinkWriter::at(self.after, home, Offset::ZERO);
            targets.push(writer.target(link.kind, wanted.file, file).into());
            targets.push(file.path.without_extension().to_owned().into());
        } else {
            targets.push(relative_path(home.path.folder(), file.path.as_str()).into());
        }
        targets.push(format!("/{}", file.path).into());
        targets
    }

    /// What the fragment could say, as it is written first.
    fn fragments<'b>(
        &self,
        link: &Link,
        fragment: Option<&'b str>,
        wanted: Meaning,
    ) -> Vec<Option<Cow<'b, str>>> {
        let Some(fragment) = fragment else { return vec![None] };
        let mut fragments: Vec<Cow<'b, str>> = vec![fragment.into()];
        let note = self.after.note(wanted.file);
        if let Some((note, at)) = note.zip(wanted.at)
            && let Some(index) = position_of_heading(&note.note.parsed, at)
        {
            let parsed: &Parsed = &note.note.parsed;
            let texts = heading_texts(parsed, index).into_iter();
            let is_writable = |text: &String| !link.kind.is_wiki() || !text.contains(['[', ']', '|']);
            fragments.extend(texts.filter(is_writable).map(Cow::Owned));
            fragments.extend(parsed.slugs().into_iter().nth(index).map(Cow::Owned));
        }
        fragments.into_iter().map(Some).collect()
    }
}

fn written(kind: LinkKind, target: &str) -> String {
    if kind.is_wiki() {
        return target.to_owned();
    }
    let components: Vec<String> =
        target.split('/').map(|component| encode(component, Part::Component, "")).collect();
    components.join("/")
}

/// Whether everything that a note said stands in the vault afterwards where it should, and no heading has come: a stretch
/// can hold half a list or the end of a fence, and then the rest would say something else.
pub(crate) fn says_the_same(
    parsed: &Parsed,
    after: &Snapshot,
    place: &dyn Fn(Offset) -> Option<(FileId, Offset)>,
) -> bool {
    let stands = |at: Offset, is_there: &dyn Fn(&Parsed, Offset) -> bool| {
        place(at)
            .and_then(|(file, at)| Some((after.note(file)?, at)))
            .is_some_and(|(note, at)| is_there(&note.note.parsed, at))
    };
    let headings = parsed.headings.iter().all(|one| {
        stands(one.span.start, &|parsed, at| {
            parsed.headings.iter().any(|other| other.span.start == at && other.level == one.level)
        })
    });
    let links = parsed.links.iter().all(|one| {
        stands(one.span.start, &|parsed, at| {
            parsed.links.iter().any(|other| other.span.start == at && other.kind == one.kind)
        })
    });
    let labels = parsed.label_uses.iter().all(|one| {
        stands(one.span.start, &|parsed, at| parsed.label_uses.iter().any(|other| other.span.start == at))
    });
    let blocks = parsed.blocks.iter().all(|one| {
        stands(one.id.start, &|parsed, at| parsed.blocks.iter().any(|other| other.id.start == at))
    });
    let timestamps = parsed.timestamps.iter().all(|one| {
        stands(one.span.start, &|parsed, at| parsed.timestamps.iter().any(|other| other.span.start == at))
    });
    let opaque = parsed.opaque.iter().all(|one| {
        stands(one.start, &|parsed, at| {
            parsed.opaque.iter().any(|other| other.start == at && other.len() == one.len())
        })
    });
    headings && links && labels && blocks && timestamps && opaque
}

/// A stretch of a text with edits made in it; the edits are about the whole text.
pub(crate) fn with_edits(text: &str, stretch: Span, edits: &[Edit]) -> String {
    let mut out = String::new();
    let mut at = stretch.start;
    for edit in edits.iter().filter(|edit| stretch.covers(edit.span)) {
        out.push_str(text.get(Span::between(at, edit.span.start).range()).unwrap_or_default());
        out.push_str(&edit.new_text);
        at = edit.span.end;
    }
    out.push_str(text.get(Span::between(at, stretch.end).range()).unwrap_or_default());
    out
}
