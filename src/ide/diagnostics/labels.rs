//! Labels of references and footnotes: defined once, used at least once.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::DiagnosticCode;
use crate::syntax::{LabelKind, fold_label};
use crate::text::Span;

use super::{Findings, Related};
use crate::ide::note::title::shortened;

pub(super) fn check(findings: &mut Findings<'_>) {
    let source = findings.source;
    let parsed = &source.note.parsed;
    let folded = |kind: LabelKind, label: Span| (kind, fold_label(&source.note.slice(label)));
    let used: FxHashSet<_> = parsed.label_uses.iter().map(|label| folded(label.kind, label.label)).collect();
    let mut first: FxHashMap<(LabelKind, String), Span> = FxHashMap::default();
    for definition in &parsed.label_definitions {
        let label = folded(definition.kind, definition.label);
        let name = shortened(&label.1);
        let what = noun(definition.kind);
        if let Some(span) = first.get(&label) {
            let related =
                vec![Related { file: source.id, span: *span, message: "the first definition".into() }];
            let message = format!("The {what} `{name}` is defined twice; the first definition counts.");
            findings.add_related(DiagnosticCode::DuplicateLabel, definition.label, message, related);
            continue;
        }
        if !used.contains(&label) {
            findings.add(
                DiagnosticCode::UnusedLabel,
                definition.label,
                format!("The {what} `{name}` is never used."),
            );
        }
        first.insert(label, definition.label);
    }
    for label in &parsed.label_uses {
        let key = folded(label.kind, label.label);
        if !first.contains_key(&key) {
            let message = format!(
                "The {} `{}` is not defined.",
                noun(label.kind),
                shortened(&source.note.slice(label.label))
            );
            findings.add(DiagnosticCode::UndefinedLabel, label.label, message);
        }
    }
}

fn noun(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Link => "label",
        LabelKind::Footnote => "footnote",
    }
}
