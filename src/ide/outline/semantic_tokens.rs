//! What in a note has a meaning in the vault: links that lead somewhere or nowhere, tags, timestamps, block
//! ids.

use rustc_hash::FxHashMap;

use crate::syntax::Link;
use crate::text::Span;
use crate::vault::{Cancel, Cancelled, Coverage, FileId, NoteRef, Resolution, Snapshot};

use crate::ide::links::fragment::{Fragments, Place};

/// A stretch of text with a meaning.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// The stretch: target or fragment of a link, `#tag`, clock of a timestamp, `^id`.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// Whether the link leads nowhere, or the clock names no moment.
    pub is_broken: bool,
}

/// What a stretch of text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// The target or the fragment of a link to the vault.
    Link,
    /// A tag.
    Tag,
    /// A clock that names a moment of a video.
    Timestamp,
    /// The id of a block, where it is given.
    BlockId,
}

/// The tokens of a note that share a byte with `within`, or all, in order, none overlapping another. Its cost
/// grows with the links of the stretch and with the outlines of the notes that they lead into. Empty for
/// attachments.
pub fn semantic_tokens(
    vault: &Snapshot,
    note: FileId,
    within: Option<Span>,
    cancel: &Cancel,
) -> Result<Vec<Token>, Cancelled> {
    let Some(source) = vault.note(note) else { return Ok(Vec::new()) };
    let parsed = &source.note.parsed;
    let is_wanted = |span: Span| within.is_none_or(|within| within.overlaps(span));
    let mut tokens = Tokens { vault, source, fragments: FxHashMap::default(), found: Vec::new() };
    for link in parsed.links.iter().filter(|link| !link.is_external && is_wanted(link.span)) {
        cancel.check()?;
        tokens.link(link);
    }
    for timestamp in parsed.timestamps.iter().filter(|timestamp| is_wanted(timestamp.span)) {
        cancel.check()?;
        let parts = timestamp.parts(&source.note.slice(timestamp.span));
        for span in [parts.outer_label, parts.value, parts.label].into_iter().flatten() {
            tokens.add(span, TokenKind::Timestamp, timestamp.moment().is_none());
        }
    }
    parsed.tags.iter().for_each(|tag| tokens.add(tag.span, TokenKind::Tag, false));
    for block in &parsed.blocks {
        let id = Span::new(block.id.start.to_usize().saturating_sub(1), block.id.end.to_usize());
        tokens.add(id, TokenKind::BlockId, false);
    }
    let mut found = tokens.found;
    found.retain(|token| !token.span.is_empty() && is_wanted(token.span));
    found.sort_by_key(|token| token.span);
    found.dedup_by(|next, kept| next.span.start < kept.span.end);
    Ok(found)
}

struct Tokens<'a> {
    vault: &'a Snapshot,
    source: NoteRef<'a>,
    /// Of the notes that links with a fragment lead to.
    fragments: FxHashMap<FileId, Fragments<'a>>,
    found: Vec<Token>,
}

impl Tokens<'_> {
    fn add(&mut self, span: Span, kind: TokenKind, is_broken: bool) {
        self.found.push(Token { span, kind, is_broken });
    }

    fn link(&mut self, link: &Link) {
        let has_others = self.vault.coverage() != Coverage::OpenOnly;
        let (is_missing, file) = match self.vault.settled(|vault| vault.resolve(&self.source, link)) {
            Some(Resolution::Found(found)) => (false, Some(found.best)),
            Some(Resolution::Missing) => (has_others, None),
            Some(Resolution::OutsideVault) => (true, None),
            Some(Resolution::External | Resolution::Folder) | None => (false, None),
        };
        self.add(link.target, TokenKind::Link, is_missing);
        let Some(fragment) = link.fragment else { return };
        let place = file.and_then(|file| {
            let target = self.vault.note(file)?;
            let fragments = self.fragments.entry(file).or_insert_with(|| Fragments::of(target));
            Some(fragments.find_place(&self.source, link))
        });
        self.add(fragment, TokenKind::Link, is_missing || place == Some(Place::Missing));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::fixture;
    use crate::vault::Coverage;

    fn check(text: &str, within: Option<Span>, expected: &Expect) {
        check_with(text, Coverage::Whole, within, expected);
    }

    fn check_with(text: &str, coverage: Coverage, within: Option<Span>, expected: &Expect) {
        let (mut vault, at) = fixture::vault(text);
        vault.coverage = coverage;
        let note = vault.note(at.note).unwrap();
        let mut said = String::new();
        for token in semantic_tokens(&vault, at.note, within, &Cancel::new()).unwrap() {
            let broken = if token.is_broken { " broken" } else { "" };
            said.push_str(&format!("{:?} {:?}{broken}\n", note.note.slice(token.span), token.kind));
        }
        expected.assert_eq(&said);
    }

    const NOTE: &str = "---\ntags: [one]\nvideoId: RDoVLHaYfgM\n---\n# A [[b]]\n[[b#Part|shown]] [[b#gone]] ![[none#x]] [[#A]] \
        [m](b.md#part) [n](no.md) [![i](p.png)](b.md) [e](https://example.org) [../b](../b.md)\n#tag/x ^id\n\n\
        [0:10] <a class=\"yt-timestamp\" data-t=\"1:2:3:4\">[x]</a> [00:02:00](https://youtu.be/Rxmv7rT9leo?t=120) `[[b]]`\n\
        //- b.md\n## Part\n//- p.png\n";

    #[test]
    fn links_tags_timestamps_and_block_ids_have_a_meaning() {
        check(
            NOTE,
            None,
            &expect![[r##"
            "one" Tag
            "b" Link
            "b" Link
            "Part" Link
            "b" Link
            "gone" Link broken
            "none" Link broken
            "x" Link broken
            "A" Link broken
            "b.md" Link
            "part" Link
            "no.md" Link broken
            "p.png" Link
            "b.md" Link
            "../b.md" Link broken
            "#tag/x" Tag
            "^id" BlockId
            "0:10" Timestamp
            "1:2:3:4" Timestamp broken
            "[x]" Timestamp broken
            "00:02:00" Timestamp
            "120" Timestamp
        "##]],
        );
    }

    #[test]
    fn where_not_all_files_are_known_nothing_is_missing() {
        check_with(
            "[[none]] [[none#x]] [[#gone]] [x](../../out.md)\n",
            Coverage::OpenOnly,
            None,
            &expect![[r#"
            "none" Link
            "none" Link
            "x" Link
            "gone" Link broken
            "../../out.md" Link broken
        "#]],
        );
    }

    #[test]
    fn a_stretch_has_the_tokens_that_touch_it() {
        let within = Some(Span::new(6, 13));
        check(
            "[[a]] [[b#c]] [[d]]\n",
            within,
            &expect![[r#"
            "b" Link broken
            "c" Link broken
        "#]],
        );
    }
}
