//! Wikilinks without a target.

use super::super::prelude::*;

rule! {
    /// The link has no target: `[[]]`.
    ///
    /// `[[]]` and `[[ | text]]` have neither a note nor a heading. A reader sees the brackets, or a link that
    /// leads nowhere. The fix removes the link and keeps its text.
    ///
    /// Example:
    ///
    /// ```markdown
    /// See [[ | the notes ]].
    /// ```
    ///
    /// After the fix *Replace link with its text*:
    ///
    /// ```markdown
    /// See the notes.
    /// ```
    "link/empty", Some(Severity::Warning)
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for fault in note.source.note.parsed.faults.iter().filter(|fault| fault.kind == FaultKind::EmptyLink) {
        findings.push(
            Finding::new(fault.span, "Empty link").fixed_unsafely_by(|fixes| remove(fault.span, fixes)),
        );
    }
    Ok(())
}

/// Never safe: a name may be about to be written there.
fn remove(span: Span, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
    let text = fixes.note.source.note.slice(span);
    let inner = text.trim_start_matches('!').trim_start_matches("[[").trim_end_matches("]]");
    let shown = inner.split_once('|').map_or("", |(_, shown)| shown.trim());
    let title = if shown.is_empty() { "Remove empty link" } else { "Replace link with its text" };
    // The texts on both sides may form a link together.
    fixes.edit_unless_worse(title, vec![Edit::replace(span, shown)], Applicability::Unsafe)?;
    Ok(())
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
