//! Semantic tokens in the protocol's numbers.

use tower_lsp::ls_types::{
    SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensDelta,
    SemanticTokensEdit, SemanticTokensFullOptions, SemanticTokensLegend, SemanticTokensOptions,
    SemanticTokensServerCapabilities,
};

use crate::ide::{Token, TokenKind};
use crate::text::{Encoding, Offset, Span, Text};

/// A link has no type in the protocol, so it has one of ours; the others are the standard types that themes
/// colour most alike.
const TYPES: [SemanticTokenType; 4] = [
    SemanticTokenType::new("link"),
    SemanticTokenType::DECORATOR,
    SemanticTokenType::NUMBER,
    SemanticTokenType::PROPERTY,
];

/// Bits by their place: `broken` is ours.
const MODIFIERS: [SemanticTokenModifier; 2] =
    [SemanticTokenModifier::new("broken"), SemanticTokenModifier::DEFINITION];
const BROKEN: u32 = 1;
const DEFINITION: u32 = 1 << 1;

/// How many numbers a token is.
const NUMBERS: usize = 5;

/// What is offered: full, range and delta.
pub(crate) fn capability() -> SemanticTokensServerCapabilities {
    SemanticTokensServerCapabilities::SemanticTokensOptions(SemanticTokensOptions {
        legend: SemanticTokensLegend { token_types: TYPES.to_vec(), token_modifiers: MODIFIERS.to_vec() },
        range: Some(true),
        full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
        ..SemanticTokensOptions::default()
    })
}

/// Tokens in order and without overlaps, each relative to the one before. One of several lines becomes one a
/// line, which every client understands.
pub fn semantic_tokens(tokens: &[Token], text: &Text, encoding: Encoding) -> Vec<SemanticToken> {
    let mut encoded = Vec::with_capacity(tokens.len());
    let (mut line, mut column) = (0, 0);
    for token in tokens {
        for part in lines(text, token.span) {
            let range = text.range(part, encoding);
            let delta_line = range.start.line - line;
            let before = if delta_line == 0 { column } else { 0 };
            encoded.push(SemanticToken {
                delta_line,
                delta_start: range.start.column - before,
                length: range.end.column - range.start.column,
                token_type: token_type(token.kind),
                token_modifiers_bitset: modifiers(token),
            });
            (line, column) = (range.start.line, range.start.column);
        }
    }
    encoded
}

/// The stretch cut at line breaks, without empty parts.
fn lines(text: &Text, span: Span) -> impl Iterator<Item = Span> {
    let last = Offset::new(span.end.to_usize().saturating_sub(1)).max(span.start);
    let lines = (text.line_of(span.start)..=text.line_of(last)).filter_map(|line| text.line(line));
    let parts = lines.map(move |line| Span::between(line.start.max(span.start), line.end.min(span.end)));
    parts.filter(|part| !part.is_empty())
}

fn token_type(kind: TokenKind) -> u32 {
    match kind {
        TokenKind::Link => 0,
        TokenKind::Tag => 1,
        TokenKind::Timestamp => 2,
        TokenKind::BlockId => 3,
    }
}

fn modifiers(token: &Token) -> u32 {
    let broken = if token.is_broken { BROKEN } else { 0 };
    broken | if token.kind == TokenKind::BlockId { DEFINITION } else { 0 }
}

/// All tokens under a result's id.
pub fn all_tokens(data: Vec<SemanticToken>, result_id: Option<String>) -> SemanticTokens {
    SemanticTokens { result_id, data }
}

/// What makes `after` of `before`: one stretch that differs, or nothing.
pub fn token_changes(
    before: &[SemanticToken],
    after: &[SemanticToken],
    result_id: String,
) -> SemanticTokensDelta {
    let same = before.iter().zip(after).take_while(|(old, new)| old == new).count();
    let (old, new) = (before.get(same..).unwrap_or_default(), after.get(same..).unwrap_or_default());
    let same_at_end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let removed = old.len() - same_at_end;
    let added = new.get(..new.len() - same_at_end).unwrap_or_default();
    let number = |tokens: usize| u32::try_from(tokens * NUMBERS).unwrap_or(u32::MAX);
    let edit =
        SemanticTokensEdit { start: number(same), delete_count: number(removed), data: Some(added.to_vec()) };
    let is_change = removed > 0 || !added.is_empty();
    SemanticTokensDelta { result_id: Some(result_id), edits: is_change.then_some(edit).into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str, spans: &[(usize, usize)]) -> Vec<[u32; 3]> {
        let token = |&(start, end): &(usize, usize)| Token {
            span: Span::new(start, end),
            kind: TokenKind::Link,
            is_broken: false,
        };
        let tokens: Vec<Token> = spans.iter().map(token).collect();
        let encoded = semantic_tokens(&tokens, &Text::from(text), Encoding::Utf16);
        encoded.iter().map(|token| [token.delta_line, token.delta_start, token.length]).collect()
    }

    #[test]
    fn tokens_count_from_the_one_before_and_stay_on_their_line() {
        assert_eq!(numbers("😀ab c\n\nd", &[(4, 6), (7, 8), (10, 11)]), [[0, 2, 2], [0, 3, 1], [2, 0, 1]]);
        assert_eq!(numbers("ab\r\n\r\ncd", &[(1, 7)]), [[0, 1, 1], [2, 0, 1]]);
        assert_eq!(numbers("ab", &[]), Vec::<[u32; 3]>::new());
    }

    #[test]
    fn changes_make_the_later_tokens_of_the_earlier() {
        let token = |start: u32| SemanticToken { delta_start: start, ..SemanticToken::default() };
        let tokens = |starts: &[u32]| starts.iter().map(|start| token(*start)).collect::<Vec<_>>();
        for (before, after) in [
            (&[1, 2, 3][..], &[1, 2, 3][..]),
            (&[1, 2, 3], &[1, 9, 3]),
            (&[1, 1, 1], &[1, 1]),
            (&[1], &[1, 1, 1]),
            (&[], &[4]),
            (&[4, 5], &[]),
        ] {
            let (before, after) = (tokens(before), tokens(after));
            let changes = token_changes(&before, &after, String::new());
            let mut made = before.clone();
            for edit in &changes.edits {
                let start = edit.start as usize / NUMBERS;
                let end = start + edit.delete_count as usize / NUMBERS;
                made.splice(start..end, edit.data.clone().unwrap());
            }
            assert_eq!(made, after);
            assert_eq!(changes.edits.is_empty(), before == after);
        }
    }
}
