//! Timestamps of the video of the note: moments that the vault cites, in the form of the note, the next one first.

use rustc_hash::FxHashMap;

use crate::ide::clocks::clock_like;
use crate::ide::link_texts::video_of_note;
use crate::ide::matching::STRIDE;
use crate::ide::preview::{escape, shortened, video_address};
use crate::ide::sentence::sentence_around;
use crate::ide::timestamp_forms::{clock_of, most_common, written};
use crate::ide::videos::{citing_notes, note_of_video, timestamps_of};
use crate::syntax::{Clock, Moment, Timestamp, TimestampForm, read_clock};
use crate::text::Span;
use crate::vault::{Cancel, Cancelled, NoteRef, Snapshot, VaultPath};

use super::context::{Context, Draft, Opening};
use super::{CompletionItem, CompletionKind, CompletionSubject};

/// How many moments are offered; more digits bring the others. Sentences make items long.
const MOST_MOMENTS: usize = 60;

/// How many timestamps of the vault are looked at to tell the form that they have.
const TELLING_TIMESTAMPS: usize = 2000;

/// How many notes the documentation of a moment names.
const NAMED_NOTES: usize = 10;

/// A moment and where it is cited, in other notes first; nowhere if it was only typed.
struct Cited<'a> {
    moment: Moment,
    places: Vec<(NoteRef<'a>, Span)>,
}

/// What timestamps look like.
struct Style {
    form: TimestampForm,
    /// A clock in the style of the others.
    clock: String,
}

/// The moments of the note's video whose clock begins with the digits that were typed: those after the last timestamp
/// before the cursor in the order of the video, then the earlier ones. A moment that is typed out comes before them if it is
/// cited, else behind them: `00:01` may go on as `00:01:55`. Its cost grows with the timestamps of the video.
pub(super) fn timestamps(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    (opening, typed): (Opening, &str),
    context: &Context,
    cancel: &Cancel,
) -> Result<Vec<CompletionItem>, Cancelled> {
    let Some(video) = video_of_note(source) else { return Ok(Vec::new()) };
    let mut style = Style::of(vault, source, context, cancel)?;
    let is_tag = matches!(style.form, TimestampForm::Tag | TimestampForm::WrappedTag);
    match opening {
        // Lesser than, if the note has no tags.
        Opening::Angle if !is_tag => return Ok(Vec::new()),
        Opening::Attributes if !is_tag => style.form = TimestampForm::Tag,
        Opening::Bracket | Opening::Angle | Opening::Anchor | Opening::Attributes => {}
    }
    let mut found = cited_moments(vault, source, &video, context, cancel)?;
    let exact = if let Clock::Moment(moment) = read_clock(typed) { Some(moment) } else { None };
    found.retain(|cited| begins_with(cited.moment, typed));
    let last = last_before(source, &video, context);
    found.sort_by_key(|cited| (exact != Some(cited.moment), Some(cited.moment) <= last, cited.moment));
    let typed_out = exact.filter(|moment| found.first().is_none_or(|cited| cited.moment != *moment));
    let room = vault.settings().completion_max_items.min(MOST_MOMENTS);
    found.truncate(room.saturating_sub(usize::from(typed_out.is_some())));
    found.extend(typed_out.map(|moment| Cited { moment, places: Vec::new() }));
    let mut items = Vec::with_capacity(found.len());
    for cited in &found {
        cancel.check()?;
        let clock = clock_like(cited.moment, &style.clock);
        let Some(new_text) = written(style.form, &clock, &video) else { continue };
        items.push(context.item(Draft {
            label: clock,
            detail: Some(cited.said()),
            kind: CompletionKind::Moment,
            new_text,
            subject: Some(CompletionSubject::Moment { video: video.clone(), seconds: cited.moment.seconds }),
            block_id: None,
        }));
    }
    Ok(items)
}

impl Cited<'_> {
    /// The first sentence that says something at the moment.
    fn said(&self) -> String {
        let mut sentences = self.places.iter().map(|(note, span)| sentence_around(note, *span));
        let first = sentences.find(|sentence| !sentence.is_empty());
        let title = || self.places.first().map(|(note, _)| title_of(note).to_owned());
        first.or_else(title).unwrap_or_else(|| "cited nowhere yet".to_owned())
    }
}

impl Style {
    /// The form that most timestamps of the note have, else most of the vault, and the clock of the nearest before the cursor
    /// that has it.
    fn of(
        vault: &Snapshot,
        source: &NoteRef<'_>,
        context: &Context,
        cancel: &Cancel,
    ) -> Result<Style, Cancelled> {
        let own = || others(source, context);
        if let Some(form) = most_common(&own()) {
            let same = || own().filter(|stamp| stamp.form == form);
            let nearest = same().rfind(|stamp| stamp.span.end <= context.start());
            let clock = nearest.and_then(|stamp| clock_of(source, stamp));
            return Ok(Style::new(form, clock.or_else(|| same().find_map(|stamp| clock_of(source, stamp)))));
        }
        let mut seen: Vec<(NoteRef<'_>, &Timestamp)> = Vec::new();
        for (index, note) in vault.notes().enumerate() {
            if index % STRIDE == 0 {
                cancel.check()?;
            }
            if note.id != source.id {
                seen.extend(note.note.parsed.timestamps.iter().map(|stamp| (note, stamp)));
            }
            if seen.len() >= TELLING_TIMESTAMPS {
                break;
            }
        }
        let form = most_common(&seen.iter().map(|(_, stamp)| *stamp)).unwrap_or(TimestampForm::Tag);
        let mut same = seen.iter().filter(|(_, stamp)| stamp.form == form);
        Ok(Style::new(form, same.find_map(|(note, stamp)| clock_of(note, stamp))))
    }

    fn new(form: TimestampForm, clock: Option<String>) -> Style {
        Style { form, clock: clock.unwrap_or_else(|| "00:00:00".to_owned()) }
    }
}

/// The timestamps of the note but for the one that is being written.
fn others<'a>(
    source: &NoteRef<'a>,
    context: &Context,
) -> impl DoubleEndedIterator<Item = &'a Timestamp> + Clone {
    let start = context.start();
    source.note.parsed.timestamps.iter().filter(move |stamp| !stamp.span.contains(start))
}

/// The last moment of the video that the note names before the cursor.
fn last_before(source: &NoteRef<'_>, video: &str, context: &Context) -> Option<Moment> {
    let before = timestamps_of(source, video).filter(|stamp| stamp.span.end <= context.start());
    before.filter_map(|stamp| stamp.moment).last()
}

/// All moments of the video that the vault cites, but for the one that is being written, in no particular order.
fn cited_moments<'a>(
    vault: &'a Snapshot,
    source: &NoteRef<'_>,
    video: &str,
    context: &Context,
    cancel: &Cancel,
) -> Result<Vec<Cited<'a>>, Cancelled> {
    let mut notes = citing_notes(vault, video);
    notes.sort_by_key(|note| (note.id == source.id, note.path));
    let mut places: FxHashMap<Moment, Vec<(NoteRef<'a>, Span)>> = FxHashMap::default();
    for note in notes {
        cancel.check()?;
        let is_own = note.id == source.id;
        for stamp in timestamps_of(&note, video) {
            let is_begun = is_own && stamp.span.contains(context.start());
            if let Some(moment) = stamp.moment.filter(|_| !is_begun) {
                places.entry(moment).or_default().push((note, stamp.span));
            }
        }
    }
    Ok(places.into_iter().map(|(moment, places)| Cited { moment, places }).collect())
}

/// Whether a clock of the moment begins with what was typed: `1:5`, `01:5`, `00:01:5`, or `15` without colons.
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

/// A moment with a link that opens the video there, and the notes that cite it with what they say. `address` gives the URI
/// of a note.
pub(super) fn documentation(
    vault: &Snapshot,
    video: &str,
    seconds: u32,
    address: &dyn Fn(&VaultPath) -> String,
) -> String {
    let moment = Moment { seconds };
    let title = note_of_video(vault, video).map(|note| shortened(title_of(&note)).into_owned());
    let title = title.unwrap_or_else(|| format!("Video {video}"));
    let mut text = format!("**{}**\n\n", escape(&title));
    text.push_str(&format!("[{moment}]({}) · {seconds} s\n", video_address(video, Some(seconds))));
    let mut notes = citing_notes(vault, video);
    notes.sort_by_key(|note| note.path);
    let mut citing = notes.into_iter().filter_map(|note| {
        let cited = timestamps_of(&note, video).find(|stamp| stamp.moment == Some(moment))?;
        Some((note, cited.span))
    });
    for (note, span) in citing.by_ref().take(NAMED_NOTES) {
        let title = escape(&shortened(title_of(&note)));
        text.push_str(&format!("\n- [{title}](<{}>)", address(note.path)));
        let sentence = sentence_around(&note, span);
        if !sentence.is_empty() {
            text.push_str(&format!(": {}", escape(&shortened(&sentence))));
        }
    }
    if citing.next().is_some() {
        text.push_str("\n- …");
    }
    text
}

fn title_of<'a>(note: &NoteRef<'a>) -> &'a str {
    note.note.title().unwrap_or(note.path.stem())
}
