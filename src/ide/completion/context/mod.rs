//! What is being written at the cursor, and what an accepted item replaces: the one place that decides it.
//! Reads the cursor's line, for what is half-written is not in what the note says yet.

mod front_matter;
mod label;
mod markdown;
mod timestamp;
mod wikilink;
mod word;

use crate::syntax::{FrontMatterFormat, LinkKind};
use crate::text::{Offset, Span};
use crate::vault::{NoteRef, loose};

use super::{CompletionItem, CompletionKind, CompletionSubject, NewBlockId};
use crate::ide::links::escape::Delimiter;
use crate::ide::note::title::shortened;

/// How far from the cursor, in bytes, a link may start or end. Keeps long lines cheap; file names are
/// shorter.
const REACH: usize = 1000;

/// What was typed beyond this is prose after a `[[` that was never closed, in bytes.
const MAX_TYPED: usize = 200;

/// What is being written at the cursor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Context {
    /// What kind of thing belongs there.
    pub(super) wanted: Wanted,
    /// What stands between the start of `replace` and the cursor.
    pub(super) typed: String,
    /// What an item replaces.
    replace: Span,
    /// Letters right after the cursor in a link that is not closed. They are either the rest of the link's
    /// old name or prose that a link was begun in front of; see [`Context::item`].
    rest: String,
    /// What closes what is written, if it is not there yet: `]]`.
    closing: &'static str,
    /// Whether a display text can stand behind what is inserted: the link ends there.
    pub(super) takes_display: bool,
    /// The whole of a wikilink that a link of another form can replace.
    link: Option<WholeLink>,
}

/// A wikilink that is being written, from its `[[` to its `]]` or the cursor.
#[derive(Clone, PartialEq, Eq, Debug)]
struct WholeLink {
    span: Span,
    /// What stands between its start and the cursor.
    typed: String,
}

/// What kind of thing belongs at the cursor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    /// `[[name`, `![[name`
    File(LinkKind),
    /// `[[target#name`
    Heading(LinkKind, String),
    /// `[[target#^id`
    Block(LinkKind, String),
    /// `[[target#fragment|text`
    Display(LinkKind, String),
    /// `[[##name`
    AnyHeading,
    /// `[[^^id`
    AnyBlock,
    /// `[t](path`, `![t](path`, `[l]: path`, `<img src="path`
    Path(Destination),
    /// `[t](target#slug`, the target decoded
    Slug(String),
    /// `[t](target#^id`
    SlugBlock(String),
    /// `[t](##slug`, between which signs
    AnySlug(Delimiter),
    /// `#tag`
    Tag,
    /// `> [!kind`
    Callout,
    /// `[^label`
    Footnote,
    /// `[t][label`
    Label,
    /// `[label`
    Shortcut,
    /// `[1:5`, `<a class="yt-timestamp" data-t="0`: how it is opened, and as much of its clock as is typed
    Timestamp(Opening, String),
    /// A key of the front matter.
    Key,
    /// The value of a key of the front matter.
    Value(String),
}

/// How a timestamp is begun.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Opening {
    /// `[`
    Bracket,
    /// `<`
    Angle,
    /// `<a`
    Anchor,
    /// `<a class="yt-timestamp"`, or the start of it behind `<a`
    Attributes,
}

/// Where the path of a file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Destination {
    /// `[t](path`, `[l]: path`
    Link,
    /// `![t](path`
    Image,
    /// `<img src="path`
    Attribute,
}

/// What an item says and inserts; where is up to the context.
#[derive(Clone, Default)]
pub(super) struct Draft {
    pub(super) label: String,
    pub(super) detail: Option<String>,
    pub(super) kind: CompletionKind,
    pub(super) new_text: String,
    pub(super) subject: Option<CompletionSubject>,
    /// A link of another form, to stand for the whole wikilink.
    pub(super) whole_link: Option<String>,
    /// What else has to be written.
    pub(super) block_id: Option<NewBlockId>,
}

impl Context {
    /// The context of a cursor. `None` where nothing of ours belongs: in prose, in code, math and comments,
    /// after an escaped `\[[`, and in YAML of the front matter that only looks like a link.
    pub(super) fn find(note: &NoteRef<'_>, at: Offset) -> Option<Context> {
        let text = &note.note.text;
        let line = text.line(text.line_of(at))?;
        let reach = Span::new(at.to_usize().saturating_sub(REACH), at.to_usize().saturating_add(REACH));
        let start = line.start.max(reach.start);
        let before = text.slice(Span::between(start, at));
        let after = text.slice(Span::between(at, line.end.min(reach.end)));
        let line = Line { note, at, before: &before, after: &after, is_from_start: start == line.start };
        if let Some(front_matter) = &note.note.parsed.front_matter
            && front_matter.format != FrontMatterFormat::Properties
            && front_matter.content.touches(at)
        {
            if front_matter.format == FrontMatterFormat::Toml {
                return None;
            }
            return wikilink::find(&line).or_else(|| front_matter::find(&line, front_matter.content));
        }
        if let Some(context) = wikilink::find(&line).or_else(|| front_matter::find_unclosed(&line)) {
            return Some(context);
        }
        let last_typed = before.chars().next_back().map_or(at, |char| back(at, char.len_utf8()));
        if note.note.parsed.is_opaque(last_typed) {
            return None;
        }
        let readers = [
            word::find_callout,
            label::find,
            markdown::find,
            timestamp::find,
            label::find_shortcut,
            word::find_tag,
        ];
        readers.iter().find_map(|read| read(&line))
    }

    /// Where what an item replaces starts.
    pub(super) fn start(&self) -> Offset {
        self.replace.start
    }

    /// The item that writes a draft here.
    ///
    /// In a link that is not closed, letters right after the cursor are replaced too if they go on with the
    /// item's name: `[[large_lang|uage` becomes `[[large_language_models]]`, but `[[la|word` keeps its
    /// `word`.
    pub(super) fn item(&self, draft: Draft) -> CompletionItem {
        let written = || loose(&format!("{}{}", self.typed, self.rest));
        let takes_rest = !self.rest.is_empty() && loose(&draft.label).contains(&written());
        let rest = if takes_rest { self.rest.len() } else { 0 };
        let (replace, filter, new_text) = match (&self.link, draft.whole_link) {
            (Some(link), Some(new_text)) => (link.span, &link.typed, new_text),
            _ => {
                // A folder is a step of the way to a file.
                let closing = if draft.kind == CompletionKind::Folder { "" } else { self.closing };
                (self.replace, &self.typed, draft.new_text + closing)
            }
        };
        CompletionItem {
            label: shortened(&draft.label).into_owned(),
            detail: draft.detail.map(|detail| shortened(&detail).into_owned()),
            kind: draft.kind,
            filter: filter.clone(),
            replace: Span::between(replace.start, replace.end.plus(rest)),
            new_text,
            subject: draft.subject,
            block_id: draft.block_id,
        }
    }
}

/// The line of the cursor, as far as it is looked at.
struct Line<'a> {
    note: &'a NoteRef<'a>,
    at: Offset,
    before: &'a str,
    after: &'a str,
    /// Whether `before` begins where the line does.
    is_from_start: bool,
}

impl Line<'_> {
    /// A context in which `typed`, the end of what stands before the cursor, is replaced.
    fn context(&self, wanted: Wanted, typed: &str) -> Context {
        Context {
            wanted,
            typed: typed.to_owned(),
            replace: Span::between(back(self.at, typed.len()), self.at),
            rest: String::new(),
            closing: "",
            takes_display: false,
            link: None,
        }
    }

    /// The same, up to a `closing` bracket that may stand behind the cursor with the rest of the old name
    /// before it. If it does not, it is written.
    fn context_up_to(&self, closing: &'static str, wanted: Wanted, typed: &str) -> Context {
        let mut context = self.context(wanted, typed);
        let end = self
            .after
            .find(['[', ']'])
            .filter(|end| self.after.get(*end..).is_some_and(|after| after.starts_with(closing)));
        match end {
            Some(end) => context.replace.end = self.at.plus(end),
            None => {
                context.closing = closing;
                context.rest = self.word_after(typed).to_owned();
            }
        }
        context
    }

    /// The letters behind the cursor if it stands within a word.
    fn word_after(&self, typed: &str) -> &str {
        let end = self.after.find(|char: char| !is_word(char)).unwrap_or(self.after.len());
        if typed.ends_with(is_word) { self.after.get(..end).unwrap_or_default() } else { "" }
    }

    /// What stands before the cursor without the marks of the quotes around it; `None` if the line is too
    /// long to tell.
    fn before_in_quotes(&self) -> Option<&str> {
        let is_mark = |char: char| char == '>' || char == ' ' || char == '\t';
        self.is_from_start.then(|| self.before.trim_start_matches(is_mark))
    }
}

/// Whether what follows `lead` is escaped by its last backslash.
fn is_escaped(lead: &str) -> bool {
    let backslashes = lead.len() - lead.trim_end_matches('\\').len();
    backslashes % 2 == 1
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '-')
}

fn back(at: Offset, bytes: usize) -> Offset {
    Offset::new(at.to_usize().saturating_sub(bytes))
}
