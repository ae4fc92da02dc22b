//! The link definitions of a note whose place does not matter.

use rustc_hash::FxHashSet;

use crate::ide::diagnostics::NoteContext;
use crate::syntax::{LabelDefinition, LabelKind, StructureKind, structure};
use crate::text::{Offset, SortedByPlace, Span};
use crate::vault::Note;

/// Lines below the first one of a list item are indented by at least as many spaces (CommonMark, "List
/// items").
const LEAST_INDENTATION: usize = 2;

/// A link definition that means the same anywhere in its note, in any order with others of its kind but
/// those of the same label.
pub(super) struct FreeDefinition<'a> {
    pub(super) definition: &'a LabelDefinition,
    /// Its label, folded.
    pub(super) label: &'a str,
    /// Whether a reference uses the label, by the rule `link/unused-label`.
    pub(super) is_used: bool,
    /// Its first line and its last one.
    pub(super) lines: (usize, usize),
}

/// Returns the free definitions of a note, in order: not those in quotes, lists and footnotes, comments
/// (`[//]: # (text)`), what Foam has written between two comments, and all with the label of one of these.
/// Linear in the length of the note.
pub(super) fn free_definitions<'a>(context: &'a NoteContext<'_>) -> Vec<FreeDefinition<'a>> {
    let note = context.source.note;
    let labels = context.labels();
    let containers = containers(note);
    let mut bound: FxHashSet<&str> = FxHashSet::default();
    let mut free = Vec::new();
    let mut is_generated = false;
    for (index, (definition, label)) in
        note.parsed.label_definitions.iter().zip(&labels.definitions).enumerate()
    {
        if definition.kind != LabelKind::Link {
            continue;
        }
        if labels.is_comment(index) {
            is_generated = match label.1.as_str() {
                "//begin" => true,
                "//end" => false,
                _ => is_generated,
            };
            continue;
        }
        let text = &note.text;
        let lines = (text.line_of(definition.span.start), text.line_of(definition.span.end));
        let start = text.line(lines.0).map_or(definition.span.start, |line| line.start);
        // `pulldown-cmark` counts unindented definitions below a list to the list.
        let is_unindented = definition.span.start < start.plus(LEAST_INDENTATION);
        let is_outer = is_unindented || containers.containing(definition.span.start).is_none();
        if is_outer && !is_generated && is_alone(note, definition.span, lines) {
            let is_used = labels.is_used(label);
            free.push(FreeDefinition { definition, label: &label.1, is_used, lines });
        } else {
            bound.insert(&label.1);
        }
    }
    free.retain(|one| !bound.contains(one.label));
    free
}

/// Returns the outermost lists, quotes and footnotes of a note, in order.
pub(super) fn containers(note: &Note) -> Vec<Span> {
    let text = note.text.to_text();
    let mut outer: Vec<Span> = Vec::new();
    for block in structure(&text, &note.parsed) {
        let is_container =
            matches!(block.kind, StructureKind::List | StructureKind::Quote | StructureKind::Footnote);
        if is_container && outer.last().is_none_or(|last| last.end <= block.span.start) {
            outer.push(block.span);
        }
    }
    outer
}

/// Whether nothing else stands on the lines of a definition, and the block below it is not indented: without
/// the definition, that could belong to the block above.
fn is_alone(note: &Note, span: Span, (first, last): (usize, usize)) -> bool {
    let text = &note.text;
    let start = text.line(first).map_or(span.start, |line| line.start);
    let before = note.slice(Span::between(start, span.start));
    let after = note.slice(Span::between(span.end, line_end(note, span.end)));
    let mut below = (last + 1..).map_while(|line| text.line(line));
    let below = below.find(|line| !text.slice(*line).trim().is_empty());
    let is_apart = below.is_none_or(|line| {
        let written = text.slice(line);
        let indentation = written.len() - written.trim_start().len();
        let definitions = &note.parsed.label_definitions;
        indentation == 0 || definitions.starting_at(line.start.plus(indentation)).is_some()
    });
    before.chars().all(|char| char == ' ') && after.trim().is_empty() && is_apart
}

/// Returns the end of the line of an offset, before its line break.
pub(super) fn line_end(note: &Note, at: Offset) -> Offset {
    note.text.line(note.text.line_of(at)).map_or(at, |line| line.end)
}
