//! The rules, one file each: documentation, default severity, check, message, fixes, examples and tests.
//!
//! A rule is a static made by `rule!`, whose doc comment is its entry in `docs/diagnostics.md`. What is found
//! is a type of the rule's own that implements [`Finding`](super::Finding).

mod label;
pub(in crate::ide) mod link;
pub(in crate::ide) mod note;
mod timestamp;
mod video;

use super::Rule;
use crate::config::DiagnosticCode;

/// Declares a rule: its documentation, and the fields that differ from [`Rule::BASE`].
macro_rules! rule {
    ($(#[doc = $doc:literal])+ $($field:ident: $value:expr),+ $(,)?) => {
        $(#[doc = $doc])+
        #[allow(clippy::needless_update, reason = "a rule may give every field")]
        pub(in crate::ide) static RULE: crate::ide::diagnostics::Rule = crate::ide::diagnostics::Rule {
            docs: concat!($($doc, "\n"),+),
            $($field: $value,)+
            ..crate::ide::diagnostics::Rule::BASE
        };
    };
}
use rule;

macro_rules! list {
    ($($group:ident::$rule:ident,)+) => {
        /// All rules, group by group.
        pub static RULES: &[&Rule] = &[$(&$group::$rule::RULE),+];

        /// The codes of all rules, in the same order.
        pub static DIAGNOSTIC_CODES: &[DiagnosticCode] = &[$($group::$rule::RULE.code()),+];
    };
}

list! {
    link::missing_note,
    link::missing_heading,
    link::missing_block,
    link::missing_file,
    link::ambiguous,
    link::inexact,
    link::empty,
    link::unclosed,
    link::outside_vault,
    label::undefined,
    label::unused,
    label::duplicate,
    timestamp::malformed,
    timestamp::out_of_range,
    timestamp::label_mismatch,
    timestamp::empty_label,
    timestamp::unclosed,
    timestamp::beyond_end,
    timestamp::slipped_units,
    timestamp::no_video,
    video::bad_id,
    note::duplicate_name,
    note::bad_front_matter,
    note::not_utf8,
    note::orphan,
    note::unlinked_mention,
}
