//! Wikilinks that name nothing.

use crate::config::{RuleSpec, Severity};
use crate::syntax::FaultKind;
use crate::text::Span;
use crate::vault::Cancelled;

use super::super::rule;
use crate::ide::change::{Edit, VaultChange};
use crate::ide::diagnostics::context::NoteContext;
use crate::ide::diagnostics::fix::{Applicability, Fix, FixContext};
use crate::ide::diagnostics::{Example, Finding, Findings};

rule! {
    /// `[[]]` or `[[ | text]]`: the link has neither a note nor a heading.
    ///
    /// A reader sees the brackets, or a link that leads nowhere. The fix removes the link and keeps its text.
    spec: RuleSpec::new("link/empty", Some(Severity::Warning), "The link has no target: `[[]]`."),
    check: check,
    examples: &[Example {
        files: "See [[ | the notes ]].\n",
        fix: Some(("Replace link with its text", "See the notes.\n")),
    }],
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for fault in note.source.note.parsed.faults.iter().filter(|fault| fault.kind == FaultKind::EmptyLink) {
        findings.add(fault.span, EmptyLink { span: fault.span });
    }
    Ok(())
}

struct EmptyLink {
    span: Span,
}

impl Finding for EmptyLink {
    fn message(&self, _note: &NoteContext<'_>) -> String {
        "Empty link".to_owned()
    }

    /// Never safe: a name may be about to be written there.
    fn fix(&self, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
        if fixes.safe_only {
            return Ok(());
        }
        let source = fixes.note.source;
        let text = source.note.slice(self.span);
        let inner = text.trim_start_matches('!').trim_start_matches("[[").trim_end_matches("]]");
        let shown = inner.split_once('|').map_or("", |(_, shown)| shown.trim());
        let title = if shown.is_empty() { "Remove empty link" } else { "Replace link with its text" };
        let change = VaultChange::in_note(source.id, vec![Edit::replace(self.span, shown)]);
        // The texts on both sides may form a link together.
        if fixes.adds_no_diagnostic(&change)? {
            fixes.add(Fix::new(title, change, Applicability::Unsafe));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::{check, check_fixes};

    #[test]
    fn links_that_are_not_finished() {
        check(
            "//- a.md\n[[]] and [[ | x]]\n\n[[name and on\n\n`[[` fine `[[]]`\n",
            &expect![[r#"
                a.md:1 "[[]]" link/empty: Empty link
                a.md:1 "[[ | x]]" link/empty: Empty link
                a.md:3 "[[name and on" link/unclosed: Unclosed link: expected `]]` on the same line
            "#]],
        );
    }

    #[test]
    fn empty_links_go() {
        check_fixes(
            "a [[$0]] b ![[$0 | shown ]]",
            &expect![[r#"
                Remove empty link
                //- note.md
                a  b ![[$0 | shown ]]"#]],
        );
        check_fixes(
            "b [[$0 | shown ]]",
            &expect![[r#"
                Replace link with its text
                //- note.md
                b shown"#]],
        );
    }

    #[test]
    fn empty_links_stay_where_others_would_come_of_what_is_beside_them() {
        check_fixes(
            "a [[$0 | [b](note.md) ]]\n",
            &expect![[r#"
                Replace link with its text
                //- note.md
                a [b](note.md)
            "#]],
        );
        check_fixes("[[open\n]][[$0 | [b](note.md) ]]\n", &expect![[r#""#]]);
    }
}
