//! IDs that no video can have.

use super::super::prelude::*;
use crate::syntax::{is_video_id, video_in_address};

rule! {
    /// The video ID is not 11 letters, digits, `_` or `-`.
    ///
    /// No YouTube video can have the ID that the front matter or a link to a video holds, so timestamps of
    /// the note do not play, and other notes about the video are not found. Where the front matter holds an
    /// address, the fix takes the ID out of it.
    ///
    /// Example:
    ///
    /// ```markdown
    /// ---
    /// videoId: https://youtu.be/Rxmv7rT9leo
    /// ---
    /// ```
    ///
    /// After the fix *Change to `Rxmv7rT9leo`*:
    ///
    /// ```markdown
    /// ---
    /// videoId: Rxmv7rT9leo
    /// ---
    /// ```
    "video/bad-id", Some(Severity::Warning)
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    if let Some(video) = note.source.note.parsed.video() {
        check_id(&video.value, video.span, findings);
    }
    for span in note.closed_timestamps()?.filter_map(|timestamp| timestamp.parts.video) {
        check_id(&note.source.note.slice(span), span, findings);
    }
    Ok(())
}

fn check_id(id: &str, span: Span, findings: &mut Findings<'_>) {
    if !is_video_id(id) {
        let id = shortened(id);
        let message =
            format!("Invalid video ID `{id}`: expected 11 characters (letters, digits, `-` or `_`)");
        findings.push(Finding::new(span, message).fixed_by(move |fixes| take_id_of_address(span, fixes)));
    }
}

fn take_id_of_address(span: Span, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
    let source = fixes.note.source;
    let written = source.note.slice(span);
    let Some(video) = video_in_address(written.trim()).filter(|video| is_video_id(video)) else {
        return Ok(());
    };
    let edits = vec![Edit::replace(span, video)];
    fixes.edit_unless_worse(format!("Change to `{video}`"), edits, Applicability::Safe)?;
    // The end of the other video may be known.
    fixes.outdate(Span::new(0, source.note.text.end().to_usize()));
    Ok(())
}
