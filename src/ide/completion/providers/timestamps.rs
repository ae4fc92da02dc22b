//! Timestamps of the video of the note: moments that the vault cites, in the form of the note, the next one
//! first.

use crate::ide::change::Edit;
use crate::ide::timestamps::insert::is_read;
use crate::ide::timestamps::next_moments::{NextMoment, next_moments};
use crate::ide::timestamps::style::TimestampStyle;
use crate::syntax::{Clock, Moment, TimestampForm, read_clock};
use crate::vault::Cancelled;

use crate::ide::completion::context::{Draft, Opening};
use crate::ide::completion::{CompletionKind, CompletionSubject, Request};

/// How many moments are offered; more digits bring the others. Sentences make items long.
const MOST_MOMENTS: usize = 60;

/// A longer note is not read again to see what an item would be: that takes longer than all the rest.
const MOST_READ_BYTES: usize = 200_000;

/// The moments of the note's video whose clock begins with the digits that were typed: those after the last
/// timestamp before the cursor in the order of the video, then the earlier ones. A moment that is typed out
/// comes before them if it is cited, else behind them: `00:01` may go on as `00:01:55`. Its cost grows with
/// the timestamps of the video.
pub(crate) fn timestamps(
    request: &Request<'_>,
    opening: Opening,
    typed: &str,
) -> Result<Vec<Draft>, Cancelled> {
    let Request { vault, source, context, cancel, .. } = request;
    let Some(video) = source.note.parsed.video_id() else { return Ok(Vec::new()) };
    let mut style = TimestampStyle::of(vault, source, context.start(), cancel)?;
    let is_tag = style.form.is_tag();
    match opening {
        // Lesser than, if the note has no tags.
        Opening::Angle if !is_tag => return Ok(Vec::new()),
        Opening::Attributes if !is_tag => style.form = TimestampForm::Tag,
        Opening::Bracket | Opening::Angle | Opening::Anchor | Opening::Attributes => {}
    }
    let mut found = next_moments(vault, source, video, context.start(), cancel)?;
    let exact = if let Clock::Moment(moment) = read_clock(typed) { Some(moment) } else { None };
    found.retain(|cited| begins_with(cited.moment, typed));
    found.sort_by_key(|cited| exact != Some(cited.moment));
    let typed_out = exact.filter(|moment| found.first().is_none_or(|cited| cited.moment != *moment));
    let room = request.max_items().min(MOST_MOMENTS);
    found.truncate(room.saturating_sub(usize::from(typed_out.is_some())));
    found.extend(typed_out.map(|moment| NextMoment { moment, is_later: false, places: Vec::new() }));
    let mut items = Vec::with_capacity(found.len());
    for cited in &found {
        cancel.check()?;
        let Some(new_text) = style.write(cited.moment, video) else { continue };
        items.push(Draft {
            label: style.clock(cited.moment),
            detail: Some(cited.said().unwrap_or_else(|| "cited nowhere yet".to_owned())),
            kind: CompletionKind::Moment,
            new_text,
            subject: Some(CompletionSubject::Moment {
                video: video.to_owned(),
                seconds: cited.moment.seconds,
            }),
            ..Draft::default()
        });
    }
    // Beside brackets, or in what only looks like prose, it might be read as something else.
    if let (Some(first), Some(cited)) = (items.first(), found.first())
        && source.note.text.len() <= MOST_READ_BYTES
    {
        let item = context.item(first.clone());
        if !is_read(source, &Edit::replace(item.replace, item.new_text), cited.moment) {
            items.clear();
        }
    }
    Ok(items)
}

/// Whether a clock of the moment begins with what was typed: `1:5`, `01:5`, `00:01:5`, or `15` without
/// colons.
fn begins_with(moment: Moment, typed: &str) -> bool {
    let without_colons = |clock: String| clock.replace(':', "").starts_with(typed);
    let long = moment.clock();
    let mut clock = long.as_str();
    loop {
        if clock.starts_with(typed) {
            return true;
        }
        // `00:01:55`, `0:01:55`, `01:55` and `1:55` are the same; `0:55` is the shortest.
        clock = match clock.strip_prefix("0:").or_else(|| clock.strip_prefix('0')) {
            Some(shorter) if shorter.len() >= 4 => shorter,
            _ => return without_colons(moment.to_string()),
        };
    }
}
