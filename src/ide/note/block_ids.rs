//! Ids for blocks that have none, so that a link can name them.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::syntax::{Parsed, Structure, StructureKind, structure};
use crate::text::{Offset, Span};
use crate::vault::{FileId, Snapshot};

use crate::ide::change::{Edit, VaultChange, check_writable};

/// How long a new id is. Of so many letters and digits there are two thousand million.
const ID_LENGTH: usize = 6;

/// A block without an id, and the id that it would get.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct UnnamedBlock {
    /// The block.
    pub(crate) span: Span,
    /// The id: that of no other block of the note, and always the same for the same note.
    pub(crate) id: String,
    /// Where the id is written, and what stands round it there.
    at: Offset,
    before: &'static str,
    after: &'static str,
}

impl UnnamedBlock {
    /// What writes the id into the note.
    pub(crate) fn edit(&self) -> Edit {
        Edit { span: Span::empty(self.at), new_text: format!("{}^{}{}", self.before, self.id, self.after) }
    }
}

/// The edit that gives a block of a note the id that was offered for it. `None` if no block would get that id
/// now.
pub fn add_block_id(vault: &Snapshot, note: FileId, id: &str) -> Option<VaultChange> {
    let text = vault.note(note)?.note.text.to_text();
    let blocks = unnamed_blocks(&text, &vault.note(note)?.note.parsed);
    let block = blocks.iter().find(|block| block.id == id)?;
    let change = VaultChange::in_note(note, vec![block.edit()]);
    check_writable(vault, &change.edits).ok().map(|()| change)
}

/// Returns an id for a block that says `written`, which no block of the note has.
pub(crate) fn unused_id(text: &str, parsed: &Parsed, written: &str) -> String {
    FreshIds::of(text, parsed).next(written)
}

/// The paragraphs, list items, quotes, tables and code blocks of a note that have no id. Linear in the note.
pub(crate) fn unnamed_blocks(text: &str, parsed: &Parsed) -> Vec<UnnamedBlock> {
    let blocks = structure(text, parsed);
    let mut ids = FreshIds::of(text, parsed);
    let named = Named::of(parsed);
    let mut unnamed = Vec::new();
    // The ends of the blocks around the one that is looked at, outermost first, each with whether it and all
    // around it are lists and their items.
    let mut outer: Vec<(Offset, bool)> = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        while outer.pop_if(|(end, _)| *end < block.span.end || *end <= block.span.start).is_some() {}
        let around = match outer.last() {
            None => Around::Nothing,
            Some((_, true)) => Around::Lists,
            Some((_, false)) => Around::Others,
        };
        let inside = blocks.get(index + 1..).unwrap_or_default();
        let place = if named.holds(block.span) { None } else { place_of_id(text, block, around, inside) };
        if let Some(place) = place {
            let written = text.get(block.span.range()).unwrap_or_default();
            let id = ids.next(written);
            unnamed.push(UnnamedBlock {
                span: block.span,
                id,
                at: place.at,
                before: place.before,
                after: place.after,
            });
        }
        let is_list = matches!(block.kind, StructureKind::List | StructureKind::Item);
        outer.push((block.span.end, is_list && around != Around::Others));
    }
    unnamed
}

/// What a block is nested in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    /// Lists and their items only.
    Lists,
    Others,
}

struct Place {
    at: Offset,
    before: &'static str,
    after: &'static str,
}

/// Where the id of a block can stand. `None` if the block is part of one that is offered itself, or of no
/// kind that can have an id.
fn place_of_id(text: &str, block: &Structure, around: Around, inside: &[Structure]) -> Option<Place> {
    let at_end = |at: Offset| Place { at, before: " ", after: "" };
    let written = text.get(block.span.range())?;
    match block.kind {
        StructureKind::Paragraph => {
            let is_id = written.starts_with('^');
            (around == Around::Nothing && !is_id).then(|| at_end(block.span.end))
        }
        StructureKind::Item => {
            let own_end = match inside.first().filter(|inner| block.span.covers(inner.span)) {
                Some(inner) if inner.kind == StructureKind::Paragraph => inner.span.end,
                Some(inner) => before_line_of(text, block.span, inner.span.start)?,
                None => block.span.end,
            };
            let own = text.get(block.span.start.to_usize()..own_end.to_usize())?;
            let says_something =
                own.split_once(char::is_whitespace).is_some_and(|(_, own)| !own.trim().is_empty());
            (around != Around::Others && says_something).then(|| at_end(own_end))
        }
        StructureKind::Quote | StructureKind::Code | StructureKind::Table if around == Around::Nothing => {
            let behind = text.get(block.span.end.to_usize()..)?;
            let is_crlf = behind.starts_with("\r\n") || written.contains("\r\n");
            let next = behind.trim_start_matches([' ', '\t']).strip_prefix("\r\n");
            let next = next.or_else(|| behind.trim_start_matches([' ', '\t']).strip_prefix('\n'));
            let is_followed =
                next.is_some_and(|next| next.lines().next().is_some_and(|line| !line.trim().is_empty()));
            let (before, end) = if is_crlf { ("\r\n\r\n", "\r\n") } else { ("\n\n", "\n") };
            Some(Place { at: block.span.end, before, after: if is_followed { end } else { "" } })
        }
        _ => None,
    }
}

/// The end of the last line with text before the line that `inner` starts on; `None` if that is the first
/// line.
fn before_line_of(text: &str, block: Span, inner: Offset) -> Option<Offset> {
    let own = text.get(block.start.to_usize()..inner.to_usize())?;
    let (lines, _) = own.rsplit_once('\n')?;
    Some(block.start.plus(lines.trim_end().len()))
}

/// The blocks that have an id, and the places where ids end: one at the end of a block is that of the block,
/// or of the one around it.
struct Named {
    blocks: FxHashSet<Span>,
    ends: FxHashSet<Offset>,
}

impl Named {
    fn of(parsed: &Parsed) -> Named {
        let blocks = parsed.blocks.iter().map(|block| block.span).collect();
        Named { blocks, ends: parsed.blocks.iter().map(|block| block.id.end).collect() }
    }

    fn holds(&self, block: Span) -> bool {
        self.blocks.contains(&block) || self.ends.contains(&block.end)
    }
}

/// Of how much of a block its id is made, in bytes.
const HASHED_BYTES: usize = 1_000;

/// Ids that no block of a note has yet, made of what blocks say.
struct FreshIds {
    taken: FxHashSet<String>,
    /// How many ids the text with this hash has used up: many blocks of a note may say the same.
    used: FxHashMap<u64, u64>,
}

impl FreshIds {
    fn of(text: &str, parsed: &Parsed) -> FreshIds {
        let ids = parsed.blocks.iter().filter_map(|block| text.get(block.id.range()));
        FreshIds { taken: ids.map(str::to_ascii_lowercase).collect(), used: FxHashMap::default() }
    }

    /// Returns the next id for a block that says `written`.
    fn next(&mut self, written: &str) -> String {
        // What contains other blocks is not read to its end for each of them.
        let length = written.floor_char_boundary(HASHED_BYTES);
        let written = written.get(..length).unwrap_or(written);
        const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let used = self.used.entry(hash(written)).or_default();
        loop {
            let mut rest = hash((*used, written));
            *used += 1;
            let mut id = String::with_capacity(ID_LENGTH);
            for _ in 0..ID_LENGTH {
                let digit = usize::try_from(rest % 36).unwrap_or_default();
                id.extend(DIGITS.get(digit).map(|digit| char::from(*digit)));
                rest /= 36;
            }
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

fn hash(what: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    what.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture;
    use crate::syntax;

    const NOTE: &str = "---\ntitle: x\n---\n# Head\n\nOne paragraph\nof two lines.\n\n- item one\n  - inner item\n- item two\n  going on\n\n  and more\n\n\
                        1. first\n   > quoted\n2. second ^has\n\n> a quote\n> of two\n\n```\ncode\n```\nSame.\n\nSame.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\
                        | c |\n|---|\n\n^table\n\n> [!note] Title\n> Text. ^inside\n\nNamed. ^named\n\n[^1]: Footnote.\n\n%% hidden %%\n\n- [ ] task\n-\n\nLast.";

    /// Each block and the line that its id comes to stand on. Looks whether the id is that of the block
    /// afterwards.
    fn named(text: &str) -> String {
        let parsed = syntax::parse(text);
        let mut out = String::new();
        for block in unnamed_blocks(text, &parsed) {
            let edit = block.edit();
            let mut after = text.to_owned();
            after.insert_str(edit.span.start.to_usize(), &edit.new_text);
            let parsed = syntax::parse(&after);
            let id = |span: Span| after.get(span.range()).unwrap();
            let found = parsed.blocks.iter().find(|one| id(one.id) == block.id);
            let found = found.unwrap_or_else(|| panic!("{block:?} is lost in\n{after}"));
            assert_eq!(found.span.start, block.span.start, "{after}");
            let shown = text.get(block.span.range()).unwrap().replace('\r', "").replace('\n', "⏎");
            let line = after.lines().find(|line| line.contains(&format!("^{}", block.id))).unwrap();
            out.push_str(&format!("{shown} => {line}\n"));
        }
        out
    }

    #[test]
    fn each_block_gets_an_id_that_is_found_again() {
        expect_test::expect![[r#"
            One paragraph⏎of two lines. => of two lines. ^02jugx
            - item one⏎  - inner item => - item one ^gjti6q
            - inner item =>   - inner item ^hu6ibk
            - item two⏎  going on⏎⏎  and more =>   going on ^hjzf51
            1. first⏎   > quoted => 1. first ^evejuj
            > a quote⏎> of two => ^8vuc7m
            ```⏎code⏎``` => ^4dsjz6
            Same. => Same. ^dtnoyi
            Same. => Same. ^f0e8hk
            | a | b |⏎|---|---|⏎| 1 | 2 | => ^j7mobs
            - [ ] task => - [ ] task ^w2mnhk
            Last. => Last. ^zjh3bp
        "#]]
        .assert_eq(&named(NOTE));
        assert_eq!(named(&NOTE.replace('\n', "\r\n")).lines().count(), named(NOTE).lines().count());
    }

    #[test]
    fn ids_are_short_unlike_each_other_and_always_the_same() {
        let parsed = syntax::parse(NOTE);
        let ids: Vec<String> = unnamed_blocks(NOTE, &parsed).into_iter().map(|block| block.id).collect();
        let unlike: FxHashSet<&String> = ids.iter().collect();
        assert_eq!(unlike.len(), ids.len());
        let is_short =
            |id: &String| id.len() == ID_LENGTH && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        assert!(ids.iter().all(is_short));
        let again: Vec<String> = unnamed_blocks(NOTE, &parsed).into_iter().map(|block| block.id).collect();
        assert_eq!(ids, again);
    }

    #[test]
    fn an_id_is_written_to_the_block_that_it_was_offered_for() {
        let (vault, at) = fixture::vault(NOTE);
        let note = vault.note(at.note).unwrap();
        let block = unnamed_blocks(NOTE, &note.note.parsed).remove(0);
        let change = add_block_id(&vault, at.note, &block.id).unwrap();
        assert_eq!(change.edits_of(at.note), [block.edit()]);
        assert_eq!(add_block_id(&vault, at.note, "named"), None);
        let changed = vault.with_text(at.note, &NOTE.replace("of two lines", "of more"));
        assert_eq!(add_block_id(&changed, at.note, &block.id), None);
    }
}
