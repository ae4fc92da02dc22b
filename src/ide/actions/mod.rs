//! What can be done at a place: offered cheaply, carried out when it is picked.
//!
//! An offer names what it would do by an [`ActionSubject`] and computes no edit; the edit is worked out from
//! the snapshot of the moment in which the action is picked. **To add one**: a file here with an `offer` and
//! a `resolve`, a variant of [`ActionSubject`] that says what it needs to know (spans are those of the note),
//! and a line in each of the two functions below. What fixes a diagnostic goes to `ide::diagnostics::rules`
//! instead and is offered by itself.

mod alias;
mod contents;
mod convert;
mod create;
mod extract;
mod fix;
mod inline;
#[cfg(test)]
mod invariant_tests;
mod labels;
mod mentions;
mod new_timestamps;
mod span;
#[cfg(test)]
mod tests;
mod timestamps;

pub use convert::LinkForm;
pub use timestamps::Reach;

use std::cell::OnceCell;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::syntax::{Link, TimestampForm};
use crate::text::Span;
use crate::vault::{Cancel, Cancelled, FileId, NoteRef, Snapshot};

use crate::ide::change::{ChangeError, ChangeFailure, VaultChange};
use crate::ide::diagnostics::{Diagnostic, Found, NoteContext};
use crate::ide::new_note::{NoteMaker, ReadTemplate};

/// Something that can be done at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeAction {
    /// What it does, for the person who picks it.
    pub title: String,
    /// What sort of thing that is.
    pub kind: ActionKind,
    /// Whether it is what one would pick without a second thought.
    pub is_preferred: bool,
    /// The diagnostic that it fixes.
    pub fixes: Option<Diagnostic>,
    /// What to carry out when it is picked.
    pub subject: ActionSubject,
}

impl CodeAction {
    /// An action that fixes no diagnostic and that nothing speaks for more than for others.
    fn new(kind: ActionKind, title: impl Into<String>, subject: ActionSubject) -> CodeAction {
        CodeAction { title: title.into(), kind, is_preferred: false, fixes: None, subject }
    }
}

/// Sorts of actions, as LSP groups them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ActionKind {
    /// Fixes a diagnostic.
    QuickFix,
    /// Moves text out to a note of its own, or the destination of links to a definition.
    Extract,
    /// Moves a note to where it is named.
    Inline,
    /// Writes the same in another form.
    Rewrite,
    /// Adds something where the cursor is.
    Insert,
    /// Applies all safe fixes of the note.
    FixAll,
    /// Sorts the link definitions of the note.
    OrganizeDefinitions,
    /// Removes the link definitions of the note that nothing uses.
    RemoveDefinitions,
}

impl ActionKind {
    /// All kinds.
    pub const ALL: [ActionKind; 8] = [
        ActionKind::QuickFix,
        ActionKind::Extract,
        ActionKind::Inline,
        ActionKind::Rewrite,
        ActionKind::Insert,
        ActionKind::FixAll,
        ActionKind::OrganizeDefinitions,
        ActionKind::RemoveDefinitions,
    ];

    /// Returns whether actions of the kind are about where somebody looks for something to do. The others
    /// can be done anywhere, and nothing there speaks for them.
    pub fn is_about_place(self) -> bool {
        match self {
            ActionKind::QuickFix | ActionKind::Extract | ActionKind::Inline | ActionKind::Rewrite => true,
            ActionKind::Insert
            | ActionKind::FixAll
            | ActionKind::OrganizeDefinitions
            | ActionKind::RemoveDefinitions => false,
        }
    }
}

/// What an action does and where, so that it can be carried out later; it travels to the client and back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "camelCase")]
pub enum ActionSubject {
    /// Make the fix of that title for the finding with that code there.
    Fix {
        /// The stable name of the finding's code.
        code: String,
        /// The finding's span.
        span: Span,
        /// The title of the fix.
        title: String,
    },
    /// Apply all safe fixes of the note.
    FixAll,
    /// Create the note that a link names.
    CreateNote {
        /// The target of the link.
        target: Span,
    },
    /// Move a stretch to a new note.
    Extract {
        /// What is moved.
        stretch: Span,
        /// Whether an embed is left, and not a link.
        is_embed: bool,
    },
    /// Move the destination of a link to a link definition.
    ExtractDefinition {
        /// The link.
        link: Span,
    },
    /// Sort the link definitions of the note.
    OrganizeDefinitions,
    /// Remove the link definitions of the note that nothing uses.
    RemoveDefinitions,
    /// Add a footnote.
    AddFootnote {
        /// Where; empty.
        at: Span,
    },
    /// Put a note where a link leads to it.
    Inline {
        /// The link.
        link: Span,
        /// Whether the note is deleted.
        deletes: bool,
    },
    /// Write a link in the other form.
    ConvertLink {
        /// The link.
        link: Span,
    },
    /// Write all links of the note in a form.
    ConvertLinks {
        /// The form.
        to: LinkForm,
    },
    /// Add what a link shows to the aliases of its note.
    AddAlias {
        /// The link.
        link: Span,
    },
    /// Write the table of contents anew, or one that is not there yet.
    UpdateContents {
        /// Where a new one would stand; empty.
        at: Span,
    },
    /// Make a link of words that name a note.
    LinkMention {
        /// The words.
        span: Span,
        /// Where that note lies.
        note: String,
    },
    /// Make links of all words that name one note only.
    LinkAllMentions,
    /// Write a timestamp in another form.
    ConvertTimestamp {
        /// The timestamp.
        timestamp: Span,
        /// The form.
        to: TimestampForm,
    },
    /// Write all timestamps in a form.
    ConvertTimestamps {
        /// The form.
        to: TimestampForm,
        /// Which timestamps.
        reach: Reach,
    },
    /// Write the clocks and addresses within a stretch as timestamps.
    WriteTimestamps {
        /// The stretch.
        within: Span,
    },
    /// Apply all safe fixes of one timestamp rule.
    FixTimestamps {
        /// The stable name of the code.
        code: String,
        /// Which notes.
        reach: Reach,
    },
}

/// What is asked for, and what the client can carry out.
#[derive(Clone)]
pub struct ActionOptions<'a> {
    /// The kinds of actions that are wanted.
    pub kinds: Vec<ActionKind>,
    /// Whether the client can create files.
    pub creates_files: bool,
    /// Whether the client can delete files.
    pub deletes_files: bool,
    /// Now, where the person is.
    pub now: DateTime,
    /// How a template is read that is no note of the vault.
    pub read_template: ReadTemplate<'a>,
}

/// Of how many findings in a selection the fixes are offered one by one: a longer menu is of no use, and each
/// fix may look at the whole note.
const MAX_FINDINGS: usize = 50;

/// What can be done in a note where `span` is selected, or the cursor stands if it is empty. Fixes of
/// findings first, then by kind. Nothing in notes that are never edited.
///
/// # Errors
///
/// `Cancelled` if the answer is not wanted any more.
pub fn code_actions(
    vault: &Snapshot,
    note: FileId,
    span: Span,
    options: &ActionOptions<'_>,
    cancel: &Cancel,
) -> Result<Vec<CodeAction>, Cancelled> {
    let Some(source) = vault.note(note).filter(|note| note.note.invalid_utf8.is_none()) else {
        return Ok(Vec::new());
    };
    let asked = Asked::new(vault, source, span, options, cancel);
    let mut offers = Vec::new();
    let wants = |kind| options.kinds.contains(&kind);
    if wants(ActionKind::QuickFix) {
        fix::offer(&asked, &mut offers)?;
        if options.creates_files {
            create::offer(&asked, &mut offers)?;
        }
        timestamps::offer_fixes(&asked, &mut offers)?;
    }
    if wants(ActionKind::Extract) {
        labels::extract::offer(&asked, &mut offers);
        if options.creates_files {
            extract::offer(&asked, &mut offers);
        }
    }
    if wants(ActionKind::Inline) {
        inline::offer(&asked, &mut offers)?;
    }
    if wants(ActionKind::Rewrite) {
        convert::offer(&asked, &mut offers)?;
        alias::offer(&asked, &mut offers);
        contents::offer(&asked, &mut offers)?;
        timestamps::offer_forms(&asked, &mut offers);
        new_timestamps::offer(&asked, &mut offers)?;
    }
    if wants(ActionKind::QuickFix) || wants(ActionKind::Rewrite) {
        mentions::offer(&asked, &mut offers)?;
    }
    if wants(ActionKind::Insert) {
        labels::footnote::offer(&asked, &mut offers);
    }
    if wants(ActionKind::FixAll) {
        fix::offer_all(&asked, &mut offers)?;
    }
    for kind in [ActionKind::OrganizeDefinitions, ActionKind::RemoveDefinitions] {
        if wants(kind) {
            labels::organize::offer(&asked, kind, &mut offers)?;
        }
    }
    offers.retain(|offer: &CodeAction| wants(offer.kind));
    offers.sort_by_key(|offer| offer.kind);
    Ok(offers)
}

/// What an action changes, by the vault of this moment.
///
/// # Errors
///
/// If it cannot be carried out any more, or the answer is not wanted.
pub fn resolve_action(
    vault: &Snapshot,
    note: FileId,
    subject: &ActionSubject,
    options: &ActionOptions<'_>,
    cancel: &Cancel,
) -> Result<VaultChange, ChangeFailure> {
    let source = vault.note(note).ok_or(ChangeError::Gone)?;
    let asked = Asked::new(vault, source, Span::default(), options, cancel);
    let change = match subject {
        ActionSubject::Fix { code, span, title } => fix::resolve(&asked, code, *span, title)?,
        ActionSubject::FixAll => fix::resolve_all(&asked)?,
        ActionSubject::CreateNote { target } => create::resolve(&asked, *target)?,
        ActionSubject::Extract { stretch, is_embed } => extract::resolve(&asked, *stretch, *is_embed)?,
        ActionSubject::ExtractDefinition { link } => labels::extract::resolve(&asked, *link)?,
        ActionSubject::OrganizeDefinitions => labels::organize::resolve(&asked)?,
        ActionSubject::RemoveDefinitions => labels::organize::resolve_unused(&asked)?,
        ActionSubject::AddFootnote { at } => labels::footnote::resolve(&asked, at.start)?,
        ActionSubject::Inline { link, deletes } => inline::resolve(&asked, *link, *deletes)?,
        ActionSubject::ConvertLink { link } => convert::resolve(&asked, *link)?,
        ActionSubject::ConvertLinks { to } => convert::resolve_all(&asked, *to)?,
        ActionSubject::AddAlias { link } => alias::resolve(&asked, *link)?,
        ActionSubject::UpdateContents { at } => contents::resolve(&asked, at.start)?,
        ActionSubject::LinkMention { span, note } => mentions::resolve(&asked, *span, note)?,
        ActionSubject::LinkAllMentions => mentions::resolve_all(&asked)?,
        ActionSubject::ConvertTimestamp { timestamp, to } => {
            timestamps::resolve_form(&asked, *timestamp, *to)?
        }
        ActionSubject::ConvertTimestamps { to, reach } => timestamps::resolve_forms(&asked, *to, *reach)?,
        ActionSubject::WriteTimestamps { within } => new_timestamps::resolve(&asked, *within)?,
        ActionSubject::FixTimestamps { code, reach } => timestamps::resolve_fixes(&asked, code, *reach)?,
    };
    change.check_writable(vault)?;
    Ok(change)
}

/// Where actions are asked for.
struct Asked<'a> {
    vault: &'a Snapshot,
    source: NoteRef<'a>,
    /// What is selected; unused when an action is carried out, for its subject says where.
    span: Span,
    options: &'a ActionOptions<'a>,
    cancel: &'a Cancel,
    context: NoteContext<'a>,
    found: OnceCell<Vec<Found<'a>>>,
}

impl<'a> Asked<'a> {
    fn new(
        vault: &'a Snapshot,
        source: NoteRef<'a>,
        span: Span,
        options: &'a ActionOptions<'a>,
        cancel: &'a Cancel,
    ) -> Asked<'a> {
        let context = NoteContext::new(vault, source, cancel);
        Asked { vault, source, span, options, cancel, context, found: OnceCell::new() }
    }

    /// Whether a stretch of the note is meant: it shares something with the selection, or the cursor touches
    /// it.
    fn is_at(&self, span: Span) -> bool {
        self.span.start <= span.end && span.start <= self.span.end
    }

    /// Returns the links at the place, in order.
    fn links_here(&self) -> impl Iterator<Item = &'a Link> {
        self.source.note.parsed.links.iter().filter(|link| self.is_at(link.span))
    }

    /// Returns the link that an action is about.
    fn link_at(&self, span: Span) -> Result<&'a Link, ChangeError> {
        self.source.note.parsed.links.iter().find(|link| link.span == span).ok_or(ChangeError::Gone)
    }

    /// Returns the diagnostics of the note with what fixes them.
    fn found(&self) -> Result<&[Found<'a>], Cancelled> {
        if let Some(found) = self.found.get() {
            return Ok(found);
        }
        let found = self.context.find()?;
        Ok(self.found.get_or_init(|| found))
    }

    fn diagnostics(&self) -> Result<impl Iterator<Item = &Diagnostic>, Cancelled> {
        Ok(self.found()?.iter().map(|found| &found.diagnostic))
    }

    fn maker(&self) -> NoteMaker<'_> {
        let ActionOptions { now, read_template, .. } = *self.options;
        NoteMaker { vault: self.vault, now, read_template }
    }
}
