//! Labels of references and footnotes.

use crate::text::Span;
use crate::vault::{Cancelled, Code};

use super::super::change::Edit;
use super::Broken;

pub(super) fn fix(broken: &mut Broken<'_>) -> Result<(), Cancelled> {
    broken.cancel.check()?;
    if matches!(broken.finding.code, Code::UnusedLabel | Code::DuplicateLabel) {
        broken.remove_definition();
    }
    Ok(())
}

impl Broken<'_> {
    /// Takes a definition out with its line, and with the blank line before it where it stands between two. Never sure: what
    /// a footnote says may be all that is left of a thought.
    fn remove_definition(&mut self) {
        let source = self.source;
        let definitions = &source.note.parsed.label_definitions;
        let Some(definition) = definitions.iter().find(|one| one.label == self.finding.span) else { return };
        self.add("Remove this definition", vec![Edit::remove(self.whole_lines(definition.span))], false);
    }

    /// A stretch with the rest of its last line, if it begins its first one; and with the blank line before it, if the note
    /// ends or a blank line follows.
    fn whole_lines(&self, span: Span) -> Span {
        let text = &self.source.note.text;
        let (first, last) = (text.line_of(span.start), text.line_of(span.end));
        let is_blank = |line: usize| text.line(line).is_none_or(|line| text.slice(line).trim().is_empty());
        let begins = |line: usize| text.line(line).map(|line| line.start);
        if begins(first) != Some(span.start) {
            return span;
        }
        let end = begins(last + 1).unwrap_or(text.end());
        let is_between = first > 0 && is_blank(first - 1) && is_blank(last + 1);
        let start = if is_between { begins(first - 1) } else { None };
        Span::between(start.unwrap_or(span.start), end)
    }
}
