//! What is being written at the cursor, and what an accepted item replaces: the one place that decides it. Reads the
//! cursor's line, for what is half-written is not in what the note says yet.

use crate::syntax::LinkKind;
use crate::text::{Offset, Span};
use crate::vault::{NoteRef, loose};

use super::super::preview::shortened;
use super::{CompletionItem, CompletionKind, CompletionSubject};

/// How far from the cursor, in bytes, a link may start or end. Keeps long lines cheap; file names are shorter.
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
    /// Letters right after the cursor in a link that is not closed. They are either the rest of the link's old name or
    /// prose that a link was begun in front of; see [`Context::item`].
    rest: String,
    /// Whether an item closes the link.
    closes: bool,
    /// Whether a display text can stand behind what is inserted: the link ends there.
    pub(super) takes_display: bool,
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
    /// `[[##name`
    AnyHeading,
    /// `[[^^id`
    AnyBlock,
}

/// What an item says and inserts; where is up to the context.
pub(super) struct Draft {
    pub(super) label: String,
    pub(super) detail: Option<String>,
    pub(super) kind: CompletionKind,
    pub(super) new_text: String,
    pub(super) subject: CompletionSubject,
}

impl Context {
    /// The context of a cursor. `None` where nothing of ours belongs: outside of links, in code, math and comments,
    /// after an escaped `\[[`, and in YAML lists of the front matter that only look like links.
    pub(super) fn find(note: &NoteRef<'_>, at: Offset) -> Option<Context> {
        let text = &note.note.text;
        let line = text.line(text.line_of(at))?;
        let reach = Span::new(at.to_usize().saturating_sub(REACH), at.to_usize().saturating_add(REACH));
        let before = text.slice(Span::between(line.start.max(reach.start), at));
        let after = text.slice(Span::between(at, line.end.min(reach.end)));
        let (lead, inner) = before.rsplit_once("[[")?;
        if inner.len() > MAX_TYPED || inner.contains(['[', ']', '|']) || is_escaped(lead) {
            return None;
        }
        let open = Offset::new(at.to_usize() - inner.len() - 2);
        let parsed = &note.note.parsed;
        let last_typed = inner.chars().next_back().map_or(open, |char| back(at, char.len_utf8()));
        if parsed.is_opaque(open) || parsed.is_opaque(last_typed) {
            return None;
        }
        let in_front_matter =
            parsed.front_matter.as_ref().is_some_and(|front_matter| front_matter.content.touches(open));
        if in_front_matter && !is_in_string(lead) {
            return None;
        }
        let is_embed = lead.strip_suffix('!').is_some_and(|lead| !is_escaped(lead));
        let kind = if is_embed { LinkKind::Embed } else { LinkKind::Wikilink };
        let (wanted, typed) = wanted(kind, inner);
        Some(Context::around(&wanted, typed, at, &after))
    }

    fn around(wanted: &Wanted, typed: &str, at: Offset, after: &str) -> Context {
        let stops: &[char] = if matches!(wanted, Wanted::File(_)) { &['#', '|'] } else { &['|'] };
        let start = back(at, typed.len());
        let context = |length: usize, rest: &str, closes, takes_display| Context {
            replace: Span::between(start, at.plus(length)),
            typed: typed.to_owned(),
            rest: rest.to_owned(),
            wanted: wanted.clone(),
            closes,
            takes_display,
        };
        let to_bracket = after.find(['[', ']']).and_then(|end| after.split_at_checked(end));
        if let Some((old, _)) = to_bracket.filter(|(_, end)| end.starts_with("]]")) {
            let takes_display = !old.contains(stops);
            let old = old.split(stops).next().unwrap_or_default();
            // In a table the `|` is written `\|`.
            let old = old.strip_suffix('\\').unwrap_or(old).trim_end();
            return context(old.len(), "", false, takes_display);
        }
        let word = after.find(|char: char| !is_word(char)).unwrap_or(after.len());
        let (word, end) = after.split_at_checked(word).unwrap_or_default();
        if end.starts_with(']') {
            return context(word.len() + 1, "", true, true);
        }
        let is_within_word = typed.ends_with(is_word);
        context(0, if is_within_word { word } else { "" }, true, true)
    }

    /// Where what an item replaces starts.
    pub(super) fn start(&self) -> Offset {
        self.replace.start
    }

    /// The item that writes a draft here.
    ///
    /// In a link that is not closed, letters right after the cursor are replaced too if they go on with the item's
    /// name: `[[large_lang|uage` becomes `[[large_language_models]]`, but `[[la|word` keeps its `word`.
    pub(super) fn item(&self, draft: Draft) -> CompletionItem {
        let written = || loose(&format!("{}{}", self.typed, self.rest));
        let takes_rest = !self.rest.is_empty() && loose(&draft.label).contains(&written());
        let end = if takes_rest { self.replace.end.plus(self.rest.len()) } else { self.replace.end };
        let mut new_text = draft.new_text;
        if self.closes {
            new_text.push_str("]]");
        }
        CompletionItem {
            label: shortened(&draft.label).into_owned(),
            detail: draft.detail.map(|detail| shortened(&detail).into_owned()),
            kind: draft.kind,
            filter: self.typed.clone(),
            replace: Span::between(self.replace.start, end),
            new_text,
            subject: draft.subject,
        }
    }
}

/// What belongs at the end of `inner`, the text between `[[` and the cursor, and what is typed of it.
fn wanted(kind: LinkKind, inner: &str) -> (Wanted, &str) {
    let name = inner.trim_start();
    if name.starts_with("##") {
        return (Wanted::AnyHeading, name);
    }
    if name.starts_with("^^") {
        return (Wanted::AnyBlock, name);
    }
    let Some((target, fragment)) = name.split_once('#') else { return (Wanted::File(kind), name) };
    let target = target.trim_end().to_owned();
    let fragment = fragment.trim_start();
    match fragment.strip_prefix('^') {
        Some(id) => (Wanted::Block(kind, target), id.trim_start()),
        None => (Wanted::Heading(kind, target), fragment),
    }
}

/// Whether what follows `lead` is escaped by its last backslash.
fn is_escaped(lead: &str) -> bool {
    let backslashes = lead.len() - lead.trim_end_matches('\\').len();
    backslashes % 2 == 1
}

/// Whether `[[` after `lead` on a line of YAML is text. Right after a key, a dash, a comma or a bracket it opens a list
/// in a list.
fn is_in_string(lead: &str) -> bool {
    let lead = lead.trim_end_matches('!').trim();
    !lead.ends_with([':', '-', ',', '[', '{']) && !lead.starts_with('#')
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '-')
}

fn back(at: Offset, bytes: usize) -> Offset {
    Offset::new(at.to_usize().saturating_sub(bytes))
}
