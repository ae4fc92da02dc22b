//! Wikilinks without their end.

use super::super::prelude::*;
use crate::ide::links::write::shares_name;
use crate::syntax::split_wikilink_name;
use crate::text::Offset;

rule! {
    /// `[[` has no `]]` on its line.
    ///
    /// A reader sees the brackets, and no program finds the link. The fix closes it where the longest name of
    /// a file ends, or that of a heading or block; `[[name]` gets its second bracket.
    ///
    /// Example, beside `large models.md`:
    ///
    /// ```markdown
    /// See [[large models and more.
    /// ```
    ///
    /// After the fix *Close link*:
    ///
    /// ```markdown
    /// See [[large models]] and more.
    /// ```
    "link/unclosed", Some(Severity::Warning)
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for fault in note.source.note.parsed.faults.iter().filter(|fault| fault.kind == FaultKind::UnclosedLink) {
        let finding = Finding::new(fault.span, "Unclosed link: expected `]]` on the same line");
        findings.push(finding.fixed_by(|fixes| close(fault.span, fixes)));
    }
    Ok(())
}

/// The longest name that a link is closed behind, in bytes.
const MAX_NAME: usize = 1_000;

/// Safe if nothing else stands on the line.
fn close(span: Span, fixes: &mut FixContext<'_, '_>) -> Result<(), Cancelled> {
    let text = fixes.note.source.note.slice(span);
    let Some(written) = text.strip_prefix("[[") else { return Ok(()) };
    if let Some(half_closed) = written.strip_suffix(']') {
        let name = half_closed.split_once('|').map_or(half_closed, |(name, _)| name);
        if names_place(fixes.note, name.trim()) {
            close_at(fixes, span.end, "]", Applicability::Safe);
        }
        return Ok(());
    }
    let from = span.start.plus(2);
    if let Some((name, _)) = written.split_once('|') {
        // Display text goes to the end of the line.
        if names_place(fixes.note, name.trim()) {
            close_at(fixes, span.end, "]]", Applicability::Unsafe);
        }
        return Ok(());
    }
    // No name is longer.
    let written = written.get(..written.floor_char_boundary(MAX_NAME)).unwrap_or(written);
    let inset = written.len() - written.trim_start().len();
    let ends = written.char_indices().filter(|(at, char)| *at > inset && !char.is_alphanumeric());
    let mut ends: Vec<usize> = ends.map(|(at, _)| at).collect();
    ends.push(written.len());
    for (name, behind) in ends.into_iter().rev().filter_map(|end| written.split_at_checked(end)) {
        // `[[note]]#Part` would not be a link to the part.
        let is_cut = name.ends_with(char::is_whitespace) || behind.starts_with('#');
        if !is_cut && names_place(fixes.note, name.trim()) {
            let is_alone = from.plus(name.len()) == span.end;
            close_at(fixes, from.plus(name.len()), "]]", Applicability::safe_if(is_alone));
            break;
        }
    }
    Ok(())
}

fn close_at(fixes: &mut FixContext<'_, '_>, end: Offset, brackets: &str, applicability: Applicability) {
    fixes.edit("Close link", vec![Edit::replace(Span::empty(end), brackets)], applicability);
}

/// Whether a wikilink with this name leads to one file and a part that it has, in other programs too. Not by
/// a name that two notes share: the link would be the first to make that matter.
fn names_place(note: &NoteContext<'_>, written: &str) -> bool {
    let (target, fragment) = split_wikilink_name(written);
    let (target, fragment) = (written.get(target), fragment.and_then(|fragment| written.get(fragment)));
    let Some(target) = target.filter(|target| !target.is_empty()) else { return false };
    let folder = note.source.path.folder();
    let Resolution::Found(found) = note.vault.resolve_target(folder, LinkKind::Wikilink, target) else {
        return false;
    };
    let has_part = |fragment: &str| {
        let target = note.vault.note(found.best);
        target.is_some_and(|target| note.fragments.of(target).find(fragment) != Place::Missing)
    };
    found.all.len() == 1
        && !found.tier.is_inexact()
        && (found.tier == Tier::Path || !shares_name(note.vault, found.best))
        && fragment.is_none_or(has_part)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::check_fixes;

    #[test]
    fn links_are_closed_where_a_name_ends() {
        check_fixes(
            "//- a.md\n[[my no$0te and more\n//- my note.md\n//- my.md\n",
            &expect![[r#"
                Close link
                //- a.md
                [[my note]] and more
            "#]],
        );
        check_fixes(
            "//- a.md\n- [[my no$0te\n//- my note.md\n",
            &expect![[r#"
                ! Close link
                //- a.md
                - [[my note]]
            "#]],
        );
        check_fixes(
            "//- a.md\n[[my no$0te|shown here\n//- my note.md\n",
            &expect![[r#"
                Close link
                //- a.md
                [[my note|shown here]]
            "#]],
        );
        check_fixes("//- a.md\n[[gon$0e and more\n//- my note.md\n", &expect![[r#""#]]);
    }

    #[test]
    fn half_closed_links_get_their_other_bracket() {
        check_fixes(
            "//- a.md\n[[my no$0te] and [x](b.md)\n//- my note.md\n",
            &expect![[r#"
            ! Close link
            //- a.md
            [[my note]] and [x](b.md)
        "#]],
        );
        check_fixes("//- a.md\n[[my no$0te#Gone|shown]\n//- my note.md\n", &expect![[r#""#]]);
    }

    #[test]
    fn links_are_closed_behind_a_part_that_the_note_has() {
        check_fixes(
            "//- a.md\n- [[my no$0te#Part\n//- my note.md\n# Part\n",
            &expect![[r#"
                ! Close link
                //- a.md
                - [[my note#Part]]
            "#]],
        );
        check_fixes(
            "//- a.md\n- [[my no$0te#Part two\n//- my note.md\n# Part\n",
            &expect![[r#"
                Close link
                //- a.md
                - [[my note#Part]] two
            "#]],
        );
        check_fixes("//- a.md\n- [[my no$0te#Gone\n//- my note.md\n# Part\n", &expect![[r#""#]]);
    }

    #[test]
    fn links_are_not_closed_by_a_name_that_two_notes_have() {
        check_fixes(
            "//- a.md\n- [[x/not$0e\n//- x/note.md\n//- y/Note.md\n",
            &expect![[r#"
                ! Close link
                //- a.md
                - [[x/note]]
            "#]],
        );
        check_fixes("//- a.md\n- [[not$0e\n//- x/note.md\n//- y/Note.md\n", &expect![[r#""#]]);
    }
}
