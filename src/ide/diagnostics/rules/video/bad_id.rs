//! IDs that no video can have.

use crate::config::{RuleSpec, Severity};
use crate::syntax::{is_video_id, video_in_address};
use crate::text::Span;
use crate::vault::Cancelled;

use super::super::rule;
use crate::ide::change::{Edit, VaultChange};
use crate::ide::diagnostics::context::NoteContext;
use crate::ide::diagnostics::fix::{Applicability, Fix, FixContext};
use crate::ide::diagnostics::{Example, Finding, Findings};
use crate::ide::note::title::shortened;

rule! {
    /// The front matter or a link to a video holds an ID that no YouTube video can have: those are 11
    /// letters, digits, `-` or `_`.
    ///
    /// Timestamps of the note do not play, and other notes about the video are not found. Where the front
    /// matter holds an address, the fix takes the ID out of it.
    spec: RuleSpec::new("video/bad-id", Some(Severity::Warning), "The video ID is not 11 letters, digits, `_` or `-`."),
    check: check,
    examples: &[Example {
        files: "---\nvideoId: https://youtu.be/Rxmv7rT9leo\n---\n",
        fix: Some(("Change to `Rxmv7rT9leo`", "---\nvideoId: Rxmv7rT9leo\n---\n")),
    }],
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    if let Some(video) = note.source.note.parsed.video() {
        check_id(&video.value, video.span, findings);
    }
    for timestamp in note.timestamps()?.iter().filter(|timestamp| timestamp.parts.is_closed) {
        if let Some(span) = timestamp.parts.video {
            check_id(&note.source.note.slice(span), span, findings);
        }
    }
    Ok(())
}

fn check_id(id: &str, span: Span, findings: &mut Findings<'_>) {
    if !is_video_id(id) {
        findings.add(span, BadVideoId { span, id: id.to_owned() });
    }
}

struct BadVideoId {
    span: Span,
    id: String,
}

impl Finding for BadVideoId {
    fn message(&self, _note: &NoteContext<'_>) -> String {
        let id = shortened(&self.id);
        format!("Invalid video ID `{id}`: expected 11 characters (letters, digits, `-` or `_`)")
    }

    fn fix(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        let source = fixes.note.source;
        let written = source.note.slice(self.span);
        let Some(video) = video_in_address(written.trim()).filter(|video| is_video_id(video)) else {
            return Ok(());
        };
        let change = VaultChange::in_note(source.id, vec![Edit::replace(self.span, video)]);
        if fixes.adds_no_diagnostic(&change)? {
            // The end of the other video may be known.
            let all = Span::new(0, source.note.text.end().to_usize());
            fixes.add(Fix::new(format!("Change to `{video}`"), change, Applicability::Safe).outdating(all));
        }
        Ok(())
    }
}
