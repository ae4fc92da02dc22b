//! The rules, one file each: documentation, default severity, check, messages, fixes and tests.
//!
//! A rule is a static made by `rule!`. Its doc comment is its entry in `docs/diagnostics.md`; the first line
//! is its summary, and the examples are run as tests. Its function `check` reports what it finds; a fix is a
//! function of what the check has found.

mod label;
pub(in crate::ide) mod link;
pub(in crate::ide) mod note;
mod timestamp;
mod video;

use super::Rule;
use crate::config::DiagnosticCode;

/// Declares a rule: its documentation, code and default severity, and the fields that differ from
/// [`Rule::BASE`].
macro_rules! rule {
    (
        #[doc = $summary:literal] $(#[doc = $doc:literal])*
        $code:literal, $severity:expr $(; $modifier:ident)? $(, $field:ident: $value:expr)* $(,)?
    ) => {
        #[doc = $summary] $(#[doc = $doc])*
        #[allow(clippy::needless_update, reason = "a rule may give every field")]
        pub(in crate::ide) static RULE: crate::ide::diagnostics::Rule = crate::ide::diagnostics::Rule {
            spec: crate::config::RuleSpec::new($code, $severity, $summary)$(.$modifier())?,
            docs: concat!($summary $(, "\n", $doc)*),
            check,
            $($field: $value,)*
            ..crate::ide::diagnostics::Rule::BASE
        };
    };
}

/// What most rules use.
mod prelude {
    pub(super) use super::rule;
    pub(super) use crate::config::Severity;
    pub(super) use crate::ide::change::{Edit, VaultChange};
    pub(super) use crate::ide::diagnostics::context::{NoteContext, ReadTimestamp};
    pub(super) use crate::ide::diagnostics::fix::{Applicability, FixContext, append};
    pub(super) use crate::ide::diagnostics::labels::noun;
    pub(super) use crate::ide::diagnostics::{Finding, Findings, Related, Requires};
    pub(super) use crate::ide::links::fragment::{Fragments, Place};
    pub(super) use crate::ide::note::title::shortened;
    pub(super) use crate::ide::timestamps::clock_text::{clock_like, read_moment, write_moment, write_value};
    pub(super) use crate::ide::timestamps::plausibility::Verdict;
    pub(super) use crate::ide::timestamps::video_end::VideoEnd;
    pub(super) use crate::syntax::{Clock, FaultKind, Link, LinkKind, Moment, TimestampForm, read_clock};
    pub(super) use crate::text::Span;
    pub(super) use crate::vault::{Cancelled, FileId, Found, Note, NoteRef, Resolution, Tier};
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
    link::duplicate_block,
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
    timestamp::as_link,
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
