//! What an answer would do to a vault: one model for renames, fixes and actions. Nothing is done here; the
//! client does it.

use std::fmt;

use crate::text::Span;
use crate::vault::{Cancelled, FileId, Note, Snapshot, VaultPath};

/// All that is to be done, in this order: texts are edited where the files lie now, files are created, one
/// moves, files are deleted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VaultChange {
    /// What is written in notes that are there; by path, each note once; the canvases that
    /// follow a move, behind them.
    pub edits: Vec<NoteEdits>,
    /// Notes that come into being; nothing lies there yet.
    pub created: Vec<NewNote>,
    /// The file that gets another name or place.
    pub moved: Option<(FileId, VaultPath)>,
    /// The files that the client moves itself, after it has made these edits.
    pub moved_by_client: Vec<(FileId, VaultPath)>,
    /// Files that go.
    pub deleted: Vec<FileId>,
    /// What the person should know of it, a sentence each without its full stop.
    pub remarks: Vec<String>,
}

/// What is to be written in a note.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoteEdits {
    /// The note.
    pub note: FileId,
    /// By place, not overlapping.
    pub edits: Vec<Edit>,
}

/// One stretch of a note and what shall stand there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What is replaced; nothing, where something is inserted.
    pub span: Span,
    /// The new text.
    pub new_text: String,
}

/// A note that is to be created.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewNote {
    /// Where.
    pub path: VaultPath,
    /// All of its text.
    pub text: String,
}

/// Why a rename, an action or a command makes no change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChangeError {
    /// What the request is about is no longer there.
    Gone,
    /// A note that would have to be edited is not UTF-8; it is read as far as possible only and never written
    /// to.
    NotWritable(VaultPath),
    /// Nothing under the cursor has a name that could be changed; what there is, in words.
    NothingHere(&'static str),
    /// The link under the cursor leads nowhere.
    BrokenLink,
    /// The new name is empty.
    Empty,
    /// The new name holds something that such a name cannot hold.
    Reserved(String),
    /// The new name does not fit; what it would have to be, in words.
    Unfit(&'static str),
    /// Something else has that name already.
    Taken(String),
    /// The path of the new note leaves the vault.
    OutsideVault,
    /// The text cannot be moved so that it, the rest and all links mean what they meant.
    Entangled,
    /// The front matter of the note is not of a form that something could be added to.
    FrontMatter(VaultPath),
    /// The front matter of the note names no video.
    NoVideo,
    /// This names no moment of a video.
    NoMoment(String),
    /// No other note cites a moment of the video that comes later.
    NothingCited,
    /// Text at this place is no timestamp.
    NoPlace,
}

impl ChangeError {
    /// For a character that such a name cannot hold.
    pub(super) fn reserved(char: char) -> ChangeError {
        let shown = if char.is_control() { char.escape_debug().to_string() } else { char.to_string() };
        ChangeError::Reserved(shown)
    }
}

impl fmt::Display for ChangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChangeError::Gone => write!(f, "there is nothing to do here any more; ask again"),
            ChangeError::NotWritable(path) => {
                write!(f, "`{path}` would have to be edited, but it is not UTF-8 and so never written to")
            }
            ChangeError::NothingHere(what) => write!(f, "{what} cannot be renamed"),
            ChangeError::BrokenLink => write!(f, "this link leads nowhere, so there is nothing to rename"),
            ChangeError::Empty => write!(f, "the new name is empty"),
            ChangeError::Reserved(part) => write!(f, "the new name cannot hold `{part}`"),
            ChangeError::Unfit(wanted) => write!(f, "the new name must be {wanted}"),
            ChangeError::Taken(name) => write!(f, "there is `{name}` already"),
            ChangeError::OutsideVault => write!(f, "this path leads out of the vault"),
            ChangeError::Entangled => write!(
                f,
                "this text cannot be moved so that it, its surroundings and all links keep their meaning"
            ),
            ChangeError::FrontMatter(path) => {
                write!(f, "nothing can be added to the front matter of `{path}` without changing more of it")
            }
            ChangeError::NoVideo => write!(f, "the front matter of this note names no video"),
            ChangeError::NoMoment(named) => write!(f, "`{named}` names no moment of a video"),
            ChangeError::NothingCited => write!(f, "no other note cites a later moment of the video"),
            ChangeError::NoPlace => write!(f, "no timestamp would be read here"),
        }
    }
}

/// Why a request for a change has no result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChangeFailure {
    /// The change cannot be made.
    Refused(ChangeError),
    /// The result is no longer wanted.
    Cancelled,
}

/// Returns whether a change can be made and changes something.
///
/// # Errors
///
/// `Cancelled` if that is not known.
pub(crate) fn changes_something(change: Result<VaultChange, ChangeFailure>) -> Result<bool, Cancelled> {
    match change {
        Ok(change) => Ok(!change.is_empty()),
        Err(ChangeFailure::Refused(_)) => Ok(false),
        Err(ChangeFailure::Cancelled) => Err(Cancelled),
    }
}

impl From<ChangeError> for ChangeFailure {
    fn from(error: ChangeError) -> ChangeFailure {
        ChangeFailure::Refused(error)
    }
}

impl From<Cancelled> for ChangeFailure {
    fn from(_: Cancelled) -> ChangeFailure {
        ChangeFailure::Cancelled
    }
}

impl Edit {
    /// Another text for a stretch.
    pub(crate) fn replace(span: Span, new_text: impl Into<String>) -> Edit {
        Edit { span, new_text: new_text.into() }
    }

    /// Nothing for a stretch.
    pub(super) fn remove(span: Span) -> Edit {
        Edit::replace(span, "")
    }
}

impl VaultChange {
    /// Edits of any notes; put in order.
    pub(super) fn in_notes(vault: &Snapshot, edits: Vec<(FileId, Edit)>) -> VaultChange {
        VaultChange { edits: by_note(vault, edits), ..VaultChange::default() }
    }

    /// Edits of one note; put in order.
    pub(super) fn in_note(note: FileId, mut edits: Vec<Edit>) -> VaultChange {
        edits.sort_by_key(|edit| edit.span);
        VaultChange { edits: vec![NoteEdits { note, edits }], ..VaultChange::default() }
    }

    /// What this writes in one note that is there.
    pub fn edits_of(&self, note: FileId) -> &[Edit] {
        self.edits.iter().find(|edits| edits.note == note).map_or(&[], |edits| &edits.edits)
    }

    /// Whether nothing is edited but this note, and no file comes, moves or goes.
    pub fn is_within(&self, note: FileId) -> bool {
        let files_stay = self.created.is_empty() && self.moved.is_none() && self.deleted.is_empty();
        files_stay && self.edits.iter().all(|edits| edits.note == note)
    }

    /// Whether nothing changes at all.
    pub fn is_empty(&self) -> bool {
        let files_stay = self.created.is_empty() && self.moved.is_none() && self.deleted.is_empty();
        files_stay && self.edits.iter().all(|edits| edits.edits.is_empty())
    }

    /// Refuses to edit notes that are read as far as possible only.
    pub(super) fn check_writable(&self, vault: &Snapshot) -> Result<(), ChangeError> {
        check_writable(vault, &self.edits)
    }
}

/// The text of a note after edits, which stand by place and do not overlap.
pub(super) fn edited(note: &Note, edits: &[Edit]) -> String {
    let mut text = note.text.clone();
    // From the end, so that the places before stay where they are.
    edits.iter().rev().for_each(|edit| text.replace(edit.span, &edit.new_text));
    text.to_text()
}

/// Refuses to edit notes that are read as far as possible only.
pub(super) fn check_writable(vault: &Snapshot, edits: &[NoteEdits]) -> Result<(), ChangeError> {
    let mut edited = edits.iter().filter_map(|edits| vault.note(edits.note));
    match edited.find(|note| note.note.invalid_utf8.is_some()) {
        Some(note) => Err(ChangeError::NotWritable(note.path.clone())),
        None => Ok(()),
    }
}

/// Sorted by place, those of one note together, as all edits leave here.
pub(super) fn by_note(vault: &Snapshot, mut edits: Vec<(FileId, Edit)>) -> Vec<NoteEdits> {
    edits.sort_by(|(a, left), (b, right)| (a, left.span).cmp(&(b, right.span)));
    let mut all: Vec<NoteEdits> = Vec::new();
    for (note, edit) in edits {
        match all.last_mut().filter(|last| last.note == note) {
            Some(last) => last.edits.push(edit),
            None => all.push(NoteEdits { note, edits: vec![edit] }),
        }
    }
    all.sort_by_key(|edits| vault.note(edits.note).map(|note| note.path));
    all
}
