//! Labels of references and footnotes.

use crate::config::DiagnosticCode;
use crate::syntax::{LabelDefinition, LabelKind, LabelUse, fold_label};
use crate::text::Span;
use crate::vault::{Cancelled, Note};

use super::{FixContext, appended_to};
use crate::ide::change::Edit;
use crate::ide::search::suggestions::suggest_names;

/// How many other labels are offered.
const AT_MOST: usize = 3;

pub(super) fn fix(broken: &mut FixContext<'_>) -> Result<(), Cancelled> {
    broken.cancel.check()?;
    if broken.pass.wants_sure_only {
        return Ok(());
    }
    match broken.finding.code {
        DiagnosticCode::UnusedLabel | DiagnosticCode::DuplicateLabel => broken.remove_definition(),
        DiagnosticCode::UndefinedLabel => {
            let Some(label) = broken.label_use() else { return Ok(()) };
            broken.use_nearest_label(label)?;
            broken.define_label(label);
        }
        _ => {}
    }
    Ok(())
}

impl<'a> FixContext<'a> {
    fn label_use(&self) -> Option<&'a LabelUse> {
        self.source.note.parsed.label_uses.iter().find(|one| one.label == self.finding.span)
    }

    /// Takes a definition out with its line, and with the blank line before it where it stands between two. Never sure: what
    /// a footnote says may be all that is left of a thought. Not one in which something is named or has a name, which would
    /// be missed elsewhere, and not the first of several, after which the next one would be as unused.
    fn remove_definition(&mut self) {
        let source = self.source;
        let definitions = &source.note.parsed.label_definitions;
        let Some(definition) = definitions.iter().find(|one| one.label == self.finding.span) else { return };
        let label = |one: &LabelDefinition| (one.kind, fold_label(&source.note.slice(one.label)));
        let is_last = definitions.iter().filter(|one| label(one) == label(definition)).count() == 1;
        let is_unused = self.finding.code == DiagnosticCode::UnusedLabel;
        if self.holds_names(definition) || is_unused && !is_last {
            return;
        }
        self.add("Remove this definition", vec![Edit::remove(self.whole_lines(definition.span))], false);
    }

    fn holds_names(&self, definition: &LabelDefinition) -> bool {
        let parsed = &self.source.note.parsed;
        let inside = |span: Span| span != definition.span && span.overlaps(definition.span);
        parsed.label_uses.iter().any(|one| inside(one.span))
            || parsed.label_definitions.iter().any(|one| inside(one.span))
            || parsed.headings.iter().any(|one| inside(one.span))
            || parsed.blocks.iter().any(|one| inside(one.id))
            || parsed.anchors.iter().any(|one| inside(*one))
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

    /// A label of the same kind that is defined and spelled about the same.
    fn use_nearest_label(&mut self, label: &LabelUse) -> Result<(), Cancelled> {
        let note = self.source.note;
        let defined = note.parsed.label_definitions.iter().filter(|one| one.kind == label.kind);
        let names: Vec<String> =
            defined.map(|one| note.slice(one.label).replace(['\n', '\r'], " ")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let wanted = note.slice(label.label);
        let mut offered: Vec<String> = Vec::new();
        for index in suggest_names(&names, &wanted, self.cancel)?.into_iter().take(AT_MOST) {
            let Some(name) = names.get(index) else { continue };
            if !offered.contains(&fold_label(name)) {
                offered.push(fold_label(name));
                let edit = Edit::replace(label.label, *name);
                self.add(format!("Change to `{name}`"), vec![edit], false);
            }
        }
        Ok(())
    }

    /// A definition at the end of the note: of a footnote to be written, or of a reference that leads nowhere yet.
    fn define_label(&mut self, label: &LabelUse) {
        let note = self.source.note;
        let name = note.slice(label.label);
        let (definition, title) = match label.kind {
            LabelKind::Footnote => (format!("[^{name}]: "), format!("Add the footnote `{name}`")),
            LabelKind::Link => (format!("[{name}]: <>"), format!("Define `{name}`")),
        };
        let text = note.text.to_text();
        let appended = appended_to(&text, &definition);
        let after = Note::new(&format!("{text}{appended}"));
        let folded = fold_label(&name);
        let count = |note: &Note| note.parsed.label_definitions.len();
        let is_defined = after
            .parsed
            .label_definitions
            .iter()
            .any(|one| one.kind == label.kind && fold_label(&after.slice(one.label)) == folded);
        if is_defined
            && count(&after) == count(note) + 1
            && after.parsed.faults.len() == note.parsed.faults.len()
        {
            self.add(title, vec![Edit::replace(Span::empty(note.text.end()), appended)], false);
        }
    }
}
