//! Code actions, with what travels along so that their edits can be worked out when one is picked.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{
    self, CodeActionContext, CodeActionKind, CodeActionTriggerKind, Command, Diagnostic,
};

use crate::ide::{ActionKind, ActionSubject, CodeAction};
use crate::text::Text;
use crate::vault::FileId;

use super::diagnostics::diagnostic;
use super::encode::Encoder;

/// Carries out an action, for clients that take commands only. Its argument is a [`CodeActionData`].
pub const APPLY_ACTION_COMMAND: &str = "vaultls.applyAction";

/// What an action carries until it is picked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeActionData {
    /// The note that it was asked for in.
    pub uri: String,
    /// The [`fingerprint`] of the note's text then.
    pub text: String,
    /// What to do.
    pub subject: ActionSubject,
}

/// Tells whether a text is still the one that places were computed on. Linear in its length.
pub fn fingerprint(text: &Text) -> String {
    let mut hasher = FxHasher::default();
    text.to_text().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The name of a kind of actions.
pub fn action_kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::QuickFix => CodeActionKind::QUICKFIX,
        ActionKind::Extract => CodeActionKind::REFACTOR_EXTRACT,
        ActionKind::Inline => CodeActionKind::REFACTOR_INLINE,
        ActionKind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
        ActionKind::Insert => CodeActionKind::new("refactor.rewrite.insert"),
        ActionKind::FixAll => CodeActionKind::new("source.fixAll.vaultls"),
        ActionKind::OrganizeDefinitions => CodeActionKind::new("source.organizeLinkDefinitions.vaultls"),
        ActionKind::RemoveDefinitions => CodeActionKind::new("source.removeUnusedLinkDefinitions.vaultls"),
    }
}

/// The kinds that are asked for: those of `only` with all below them, else all. What can be done anywhere in
/// a note is not looked for unless somebody asks for it, for editors ask for actions wherever the cursor
/// goes.
pub fn wanted_kinds(context: &CodeActionContext) -> Vec<ActionKind> {
    let is_automatic = context.trigger_kind == Some(CodeActionTriggerKind::AUTOMATIC);
    let is_wanted = |kind: &ActionKind| match &context.only {
        Some(only) => only.iter().any(|only| is_below(action_kind(*kind).as_str(), only.as_str())),
        None => !is_automatic || kind.is_about_place(),
    };
    ActionKind::ALL.into_iter().filter(is_wanted).collect()
}

/// Whether a kind is another one or lies below it: `refactor.extract` below `refactor`, all below the empty
/// one.
fn is_below(kind: &str, above: &str) -> bool {
    above.is_empty() || kind.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// An action without its edit. Of the findings that the client showed, it carries the one that it fixes.
pub fn code_action(
    action: &CodeAction,
    shown: &[Diagnostic],
    note: FileId,
    encoder: &Encoder<'_>,
) -> ls_types::CodeAction {
    let fixed = action.fixes.as_ref().map(|finding| {
        let own = diagnostic(finding, note, encoder);
        let is_it = |shown: &&Diagnostic| shown.range == own.range && shown.code == own.code;
        shown.iter().find(is_it).cloned().unwrap_or(own)
    });
    ls_types::CodeAction {
        title: action.title.clone(),
        kind: Some(action_kind(action.kind)),
        diagnostics: fixed.map(|fixed| vec![fixed]),
        is_preferred: action.is_preferred.then_some(true),
        ..ls_types::CodeAction::default()
    }
}

/// An action as a command.
pub fn action_command(title: &str, data: &CodeActionData) -> Command {
    let arguments = serde_json::to_value(data).ok().map(|data| vec![data]);
    Command { title: title.to_owned(), command: APPLY_ACTION_COMMAND.to_owned(), arguments }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_asked_for_with_all_below_them() {
        let wanted = |only: &[&'static str]| {
            let only = Some(only.iter().map(|kind| CodeActionKind::new(kind)).collect());
            wanted_kinds(&CodeActionContext { only, ..CodeActionContext::default() })
        };
        assert_eq!(wanted(&["quickfix"]), [ActionKind::QuickFix]);
        let refactor = [ActionKind::Extract, ActionKind::Inline, ActionKind::Rewrite, ActionKind::Insert];
        assert_eq!(wanted(&["refactor"]), refactor);
        let source = [ActionKind::FixAll, ActionKind::OrganizeDefinitions, ActionKind::RemoveDefinitions];
        assert_eq!(wanted(&["source"]), source);
        assert_eq!(wanted(&["source.organizeLinkDefinitions"]), [ActionKind::OrganizeDefinitions]);
        assert_eq!(wanted(&["source.fixAll"]), [ActionKind::FixAll]);
        assert_eq!(wanted(&["source.fixAll.other", "refactor.extr"]), []);
        assert_eq!(wanted(&[""]), ActionKind::ALL);
    }

    #[test]
    fn what_can_be_done_anywhere_is_not_looked_for_unasked() {
        let mut context = CodeActionContext::default();
        assert_eq!(wanted_kinds(&context), ActionKind::ALL);
        context.trigger_kind = Some(CodeActionTriggerKind::AUTOMATIC);
        let kinds = [ActionKind::QuickFix, ActionKind::Extract, ActionKind::Inline, ActionKind::Rewrite];
        assert_eq!(wanted_kinds(&context), kinds);
        context.only = Some(vec![CodeActionKind::SOURCE_FIX_ALL]);
        assert_eq!(wanted_kinds(&context), [ActionKind::FixAll]);
    }
}
