//! Kinds of callouts: those that Obsidian knows and those that the vault has.

use std::cmp::Reverse;

use crate::syntax::Callout;
use crate::vault::{Cancelled, fold};

use crate::ide::completion::context::Draft;
use crate::ide::completion::{CompletionKind, Request};

/// The kinds and, behind each, its other names, in the order of Obsidian's help ("Callouts").
const KINDS: [(&str, &[&str]); 13] = [
    ("note", &[]),
    ("abstract", &["summary", "tldr"]),
    ("info", &[]),
    ("todo", &[]),
    ("tip", &["hint", "important"]),
    ("success", &["check", "done"]),
    ("question", &["help", "faq"]),
    ("warning", &["caution", "attention"]),
    ("failure", &["fail", "missing"]),
    ("danger", &["error"]),
    ("bug", &[]),
    ("example", &[]),
    ("quote", &["cite"]),
];

/// How many callouts of the vault are looked at.
const MAX_CALLOUTS: usize = 2000;

struct Kind {
    name: String,
    /// The kind that it is another name of.
    same_as: Option<&'static str>,
    uses: usize,
}

/// The kinds that fit what was typed: in equal fit those that the vault uses most first, then as Obsidian
/// lists them.
pub(crate) fn callouts(request: &Request<'_>) -> Result<Vec<Draft>, Cancelled> {
    let (source, start) = (request.source.id, request.context.start());
    let mut kinds: Vec<Kind> = Vec::new();
    let mut add = |name: &str, same_as, uses| match kinds.iter_mut().find(|kind| kind.name == name) {
        Some(kind) => kind.uses += uses,
        None => kinds.push(Kind { name: name.to_owned(), same_as, uses }),
    };
    KINDS.iter().for_each(|(name, _)| add(name, None, 0));
    let others = KINDS.iter().flat_map(|(kind, others)| others.iter().map(move |other| (other, kind)));
    others.for_each(|(name, kind)| add(name, Some(kind), 0));
    let mut seen = 0;
    for (index, note) in request.vault.notes().enumerate() {
        request.cancel.check_at(index)?;
        let is_own = |callout: &Callout| note.id == source && callout.span.touches(start);
        for callout in note.note.parsed.callouts.iter().filter(|callout| !is_own(callout)) {
            seen += 1;
            add(&fold(&note.note.slice(callout.kind)), None, 1);
        }
        if seen >= MAX_CALLOUTS {
            break;
        }
    }
    kinds.sort_by_key(|kind| Reverse(kind.uses));
    let items = request.fitting(&kinds, |kind| &kind.name).into_iter().map(|kind| Draft {
        label: kind.name.clone(),
        detail: kind.same_as.map(|kind| format!("as {kind}")),
        kind: CompletionKind::Callout,
        new_text: kind.name.clone(),
        ..Draft::default()
    });
    Ok(items.collect())
}
