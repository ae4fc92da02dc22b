//! Notes whose video is not named, or not by its id.

use crate::syntax::{FaultKind, TimestampForm, is_video_id, video_in_address};
use crate::text::Span;
use crate::vault::Cancelled;

use super::{Fix, FixContext};
use crate::ide::change::{Edit, VaultChange};
use crate::ide::timestamps::video::video_of;

/// Names the video in the front matter, if the note links to one video and no other. Never sure: a note may cite a video
/// and have its own timestamps from another. Nothing is added to front matter that is not YAML.
pub(super) fn name_video(broken: &mut FixContext<'_>) -> Result<(), Cancelled> {
    let Some(video) = only_linked_video(broken) else { return Ok(()) };
    let note = broken.source.note;
    if note.parsed.faults.iter().any(|fault| matches!(fault.kind, FaultKind::FrontMatter(_))) {
        return Ok(());
    }
    // What YAML could take for a number or a list is quoted.
    let is_plain = video.starts_with(|char: char| char.is_ascii_alphabetic());
    let line = if is_plain { format!("videoId: {video}") } else { format!("videoId: \"{video}\"") };
    let breaks = if note.slice(Span::new(0, 4_096)).contains("\r\n") { "\r\n" } else { "\n" };
    let edit = match &note.parsed.front_matter {
        Some(front) => Edit::replace(Span::empty(front.content.end), format!("{line}{breaks}")),
        None => {
            let mark = if note.slice(Span::new(0, 3)).starts_with('\u{feff}') { 3 } else { 0 };
            let block = format!("---{breaks}{line}{breaks}---{breaks}{breaks}");
            Edit::replace(Span::new(mark, mark), block)
        }
    };
    let change = VaultChange::in_note(broken.source.id, vec![edit]);
    if broken.adds_no_finding(&change)? {
        broken.fixes.push(Fix { title: format!("Name the video `{video}`"), change, is_sure: false });
    }
    Ok(())
}

/// The video of all video links and addresses of the note.
fn only_linked_video(broken: &FixContext<'_>) -> Option<String> {
    let source = broken.source;
    let parsed = &source.note.parsed;
    let stamps = parsed.timestamps.iter().filter(|stamp| stamp.form == TimestampForm::VideoLink);
    let linked = stamps.filter_map(|stamp| video_of(&source, stamp));
    let addresses = parsed.links.iter().filter(|link| link.is_external);
    let named =
        addresses.filter_map(|link| video_in_address(&source.note.slice(link.target)).map(str::to_owned));
    let mut videos: Vec<String> = linked.chain(named).filter(|video| is_video_id(video)).collect();
    videos.sort_unstable();
    videos.dedup();
    if videos.len() == 1 { videos.pop() } else { None }
}

/// Writes the id where the front matter has an address that holds it.
pub(super) fn take_id_of_address(broken: &mut FixContext<'_>) -> Result<(), Cancelled> {
    let span = broken.finding.span;
    let written = broken.source.note.slice(span).into_owned();
    let Some(video) = video_in_address(written.trim()).filter(|video| is_video_id(video)) else {
        return Ok(());
    };
    let change = VaultChange::in_note(broken.source.id, vec![Edit::replace(span, video)]);
    if broken.adds_no_finding(&change)? {
        broken.fixes.push(Fix { title: format!("Write the id, `{video}`"), change, is_sure: true });
    }
    Ok(())
}
