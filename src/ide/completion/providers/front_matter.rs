//! Keys of the front matter, and values for those that this program reads.

use rustc_hash::FxHashMap;

use crate::text::{Offset, Span};
use crate::vault::{Cancel, Cancelled, Key, NoteRef, Snapshot};

use super::tags;
use crate::ide::completion::context::{Context, Draft};
use crate::ide::completion::{CompletionKind, Request};

/// The keys with their other names, and what each is for.
const KEYS: [(&str, &[&str], &str); 7] = [
    ("title", &[], "what readers call the note"),
    ("aliases", &["alias"], "other names that links find it by"),
    ("tags", &["tag"], "tags of the whole note"),
    ("videoId", &["video_id"], "the YouTube video that the note is about"),
    ("url", &[], "an address; one of YouTube names the video"),
    ("source", &[], "where it comes from; an address of YouTube names the video"),
    ("duration", &[], "length of the video: seconds, H:MM:SS or PT1H2M"),
];

/// How much of the front matter is searched for keys that are there, in bytes.
const MAX_FRONT_MATTER: usize = 64 * 1024;

/// The keys that the note does not have yet.
pub(crate) fn keys(request: &Request<'_>) -> Vec<Draft> {
    let present = present_keys(&request.source, &request.context);
    let is_missing = |(key, others, _): &&(&str, &[&str], &str)| {
        !present.iter().any(|present| present == key || others.contains(&&**present))
    };
    let missing: Vec<_> = KEYS.iter().filter(is_missing).collect();
    let items = request.fitting(&missing, |(key, ..)| key).into_iter().map(|(key, _, meaning)| Draft {
        label: (*key).to_owned(),
        detail: Some((*meaning).to_owned()),
        kind: CompletionKind::Key,
        new_text: (*key).to_owned(),
        ..Draft::default()
    });
    items.collect()
}

/// The keys on other lines than that of the cursor.
fn present_keys(source: &NoteRef<'_>, context: &Context) -> Vec<String> {
    // One that is not closed yet goes down to the cursor.
    let unclosed = Span::between(Offset::new(0), context.start());
    let content =
        source.note.parsed.front_matter.as_ref().map_or(unclosed, |front_matter| front_matter.content);
    let end = content.end.min(content.start.plus(MAX_FRONT_MATTER));
    let own_line = source.note.text.line(source.note.text.line_of(context.start()));
    let own = own_line.map_or(Span::empty(content.end), |line| line);
    let others = [Span::between(content.start, own.start), Span::between(own.end.min(end), end)];
    let texts = others.map(|span| source.note.slice(span));
    let keys = texts.iter().flat_map(|text| text.lines()).filter_map(|line| {
        let (key, _) = line.split_once(':')?;
        (!key.starts_with([' ', '\t', '#', '-'])).then(|| key.trim().to_owned())
    });
    keys.collect()
}

/// A value that a key could have.
struct Value {
    text: String,
    detail: String,
}

/// The values that could stand behind a key.
pub(crate) fn values(request: &Request<'_>, key: &str) -> Result<Vec<Draft>, Cancelled> {
    let Request { vault, source, context, cancel, .. } = request;
    let found = match key {
        "tags" | "tag" => return tags::tags(request, ""),
        "title" | "aliases" | "alias" => names(source, context),
        "videoId" | "video_id" => videos(vault, source, cancel)?,
        "duration" => durations(vault, source),
        _ => Vec::new(),
    };
    let before = Offset::new(context.start().to_usize().saturating_sub(1));
    let quote = source.note.slice(Span::between(before, context.start()));
    let quote = quote.chars().next().filter(|char| matches!(char, '"' | '\''));
    let items = request.fitting(&found, |value| &value.text).into_iter().filter_map(|value| {
        Some(Draft {
            label: value.text.clone(),
            detail: Some(value.detail.clone()),
            kind: CompletionKind::Value,
            new_text: as_yaml(&value.text, quote)?,
            ..Draft::default()
        })
    });
    Ok(items.collect())
}

/// What the note is called elsewhere: its first heading, and its file.
fn names(source: &NoteRef<'_>, context: &Context) -> Vec<Value> {
    let parsed = &source.note.parsed;
    // What is not closed yet is read as Markdown, and `aliases:` above a `-` as a heading.
    let heading = parsed.headings.iter().find(|heading| heading.span.start > context.start());
    let heading = heading.map(|heading| parsed.heading_name(heading));
    let stem = source.path.stem().replace(['_', '-'], " ");
    let known = |name: &str| {
        let front_matter = parsed.front_matter.as_ref();
        front_matter.is_some_and(|front_matter| {
            front_matter.title.iter().chain(&front_matter.aliases).any(|one| *one.value == *name)
        })
    };
    let value = |text: &str, detail: &str| Value { text: text.to_owned(), detail: detail.to_owned() };
    let heading = heading.filter(|heading| !heading.is_empty() && !known(heading));
    let mut values: Vec<Value> = heading.into_iter().map(|heading| value(heading, "first heading")).collect();
    if !known(&stem) && values.iter().all(|value| value.text != stem) {
        values.push(value(&stem, "name of the file"));
    }
    values
}

/// The videos of other notes, those of most notes first.
fn videos(vault: &Snapshot, source: &NoteRef<'_>, cancel: &Cancel) -> Result<Vec<Value>, Cancelled> {
    let mut found: FxHashMap<&str, (usize, NoteRef<'_>)> = FxHashMap::default();
    for (index, note) in vault.notes().enumerate() {
        cancel.check_at(index)?;
        if let Some(video) = note.note.parsed.video().filter(|_| note.id != source.id) {
            let (notes, first) = found.entry(&video.value).or_insert((0, note));
            *notes += 1;
            if note.path < first.path {
                *first = note;
            }
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_unstable_by(|(_, (notes, first)), (_, (others, other))| {
        others.cmp(notes).then(first.path.cmp(other.path))
    });
    let values = found
        .into_iter()
        .map(|(video, (_, first))| Value { text: video.to_owned(), detail: first.name().to_owned() });
    Ok(values.collect())
}

/// How long other notes say that the note's video is.
fn durations(vault: &Snapshot, source: &NoteRef<'_>) -> Vec<Value> {
    let Some(video) = source.note.parsed.video() else { return Vec::new() };
    let mut values: Vec<Value> = Vec::new();
    let notes = vault.definers(Key::video(&video.value)).iter().filter_map(|id| vault.note(*id));
    for note in notes.filter(|note| note.id != source.id) {
        let same = note.note.parsed.video().is_some_and(|other| other.value == video.value);
        let front_matter = note.note.parsed.front_matter.as_ref().filter(|_| same);
        let Some((span, _)) = front_matter.and_then(|front_matter| front_matter.duration) else { continue };
        let text = note.note.slice(span).into_owned();
        if values.iter().all(|value| value.text != text) {
            values.push(Value { text, detail: note.path.to_string() });
        }
    }
    values
}

/// A text as YAML, between the quotes that stand there or in quotes of its own if it needs them. `None` if it
/// cannot stand there.
fn as_yaml(text: &str, quote: Option<char>) -> Option<String> {
    if let Some(quote) = quote {
        return (!text.contains([quote, '\\'])).then(|| text.to_owned());
    }
    let is_special = text.starts_with(|char: char| !char.is_alphanumeric())
        || text.ends_with(':')
        || text.contains(": ")
        || text.contains(" #")
        || text.contains(['[', ']', '{', '}', ',']);
    if is_special {
        return Some(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")));
    }
    Some(text.to_owned())
}
