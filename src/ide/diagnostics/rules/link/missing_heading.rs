//! Links to headings that their note does not have.

use std::sync::Arc;

use super::super::prelude::*;
use super::fragment::{MAX_OFFERED, MissingPart, missing_parts};
use super::separators::is_same_but_for_separators;
use crate::ide::search::suggestions::suggest_names;

rule! {
    /// The note has no such heading.
    ///
    /// The note of `[[note#Heading]]`, `[text](note.md#heading)`, or `[[#Heading]]` in the note itself
    /// exists, but not the heading, so the link opens the note at its top, which is easily overlooked.
    /// `[[note#A#B]]` asks for B in the section of A. A heading is found by its text, of which case and
    /// punctuation do not count, as in Obsidian; by GitHub's slug in any case (`#my-heading`, `#my-heading-1`
    /// for the second one of that name); and by its own id (`## My heading {#id}`). The `id` and `name`
    /// attributes of HTML in the note count like headings, as do the lines of Markdown links (`#L10`,
    /// `#L3-L5`) and `#top`. The fixes offer the nearest headings, or add the heading at the end of the note.
    ///
    /// Example:
    ///
    /// ```markdown
    /// See [[brain#My_heading]].
    /// ```
    ///
    /// and in `brain.md`:
    ///
    /// ```markdown
    /// ## My heading
    /// ```
    ///
    /// After the fix *Change to `#My heading`*:
    ///
    /// ```markdown
    /// See [[brain#My heading]].
    /// ```
    "link/missing-heading", Some(Severity::Warning)
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for part in missing_parts(note)?.into_iter().filter(|part| !part.names_block) {
        let name = note.shown(part.span);
        let finding =
            part.finding(note, format!("Heading not found in `{}`: `{name}`", part.target.path.stem()));
        findings.push(finding.fixed_by(move |fixes| {
            let fragment = part.decoded(&fixes.note.source);
            part.change_to_nearest_heading(fixes, &fragment)?;
            if !fixes.safe_only {
                part.append_heading(fixes, &fragment);
            }
            Ok(())
        }));
    }
    Ok(())
}

impl MissingPart<'_> {
    /// Safe if one heading alone has the same letters and digits, and they differ in nothing but spaces and
    /// punctuation.
    fn change_to_nearest_heading(
        &self,
        fixes: &mut FixContext<'_, '_>,
        fragment: &str,
    ) -> Result<(), Cancelled> {
        let (link, context) = (self.link, fixes.note);
        let Some(target) = context.vault.note(self.target.id) else { return Ok(()) };
        let parsed = &target.note.parsed;
        let wanted = fragment.rsplit('#').next().unwrap_or_default();
        let places = context.fragments.of(target);
        let only = places.only_heading_like(wanted).filter(|_| !fragment.contains('#'));
        let nearest = match only {
            // All others are no safe fixes.
            _ if fixes.safe_only => only.into_iter().collect(),
            _ => {
                let names = parsed.headings.iter().map(|heading| parsed.heading_name(heading));
                suggest_names(&names.collect::<Vec<&str>>(), wanted, context.cancel)?
            }
        };
        let mut offered = Vec::new();
        for index in nearest {
            let Some(heading) = parsed.headings.get(index) else { continue };
            let name = parsed.heading_name(heading);
            // A link in a heading is part of its name, which would change with the link.
            if target.id == fixes.note.source.id && heading.span.covers(link.span) {
                continue;
            }
            let slug = if link.kind.is_wiki() { None } else { places.slugs().get(index) };
            let written = slug.map_or(name, |slug| slug.as_str());
            let leads_there = places.find_heading(written) == Some(index);
            if leads_there && offered.len() < MAX_OFFERED && !offered.contains(&written) {
                let is_safe = only.is_some() && is_same_but_for_separators(name, wanted);
                self.change_to(fixes, written, Applicability::safe_if(is_safe));
                offered.push(written);
            }
        }
        Ok(())
    }

    /// Adds the heading at the end of the note, one level below a title, if the link leads there then. A slug
    /// is written as words.
    fn append_heading(&self, fixes: &mut FixContext<'_, '_>, fragment: &str) {
        let MissingPart { link, target, .. } = *self;
        let words = fragment.replace('-', " ");
        let names = if link.kind.is_wiki() { vec![fragment] } else { vec![&*words, fragment] };
        for name in names.into_iter().map(capitalised) {
            let is_found = |after: &Arc<Note>| {
                let place = Fragments::of(NoteRef { note: after, ..target }).find(fragment);
                matches!(place, Place::Heading { .. })
            };
            if let Some(edit) = append(target.note, &format!("## {name}"), is_found) {
                let change = VaultChange::in_notes(fixes.note.vault, vec![(target.id, edit)]);
                let title = format!("Add heading `{name}` to `{}`", target.path.stem());
                fixes.add(title, change, Applicability::Unsafe);
                return;
            }
        }
    }
}

/// Returns a name with a capital letter, where its first letter has one.
fn capitalised(name: &str) -> String {
    let mut rest = name.chars();
    let first = rest.next().map(|first| first.to_uppercase().collect::<String>());
    format!("{}{}", first.unwrap_or_default(), rest.as_str())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::check_fixes;

    #[test]
    fn headings_that_are_not_there() {
        check_fixes(
            "//- a.md\n[[b#my_head$0ing]]\n//- b.md\n# B\n## My heading\n",
            &expect![[r#"
                ! Change to `#My heading`
                //- a.md
                [[b#My heading]]
                Add heading `My_heading` to `b`
                //- b.md
                # B
                ## My heading

                ## My_heading
            "#]],
        );
        check_fixes(
            "//- a.md\n[x](b.md#my-hea$0ding-x)\n//- b.md\n# B\n## My heading\n\n",
            &expect![[r#"
                Change to `#my-heading`
                //- a.md
                [x](b.md#my-heading)
                Add heading `My heading x` to `b`
                //- b.md
                # B
                ## My heading

                ## My heading x
            "#]],
        );
        check_fixes(
            "# A\n\n[[#No$0where]]\n\nend",
            &expect![[r#"
                Add heading `Nowhere` to `note`
                //- note.md
                # A

                [[#Nowhere]]

                end

                ## Nowhere
            "#]],
        );
    }

    #[test]
    fn a_link_in_a_heading_is_not_led_to_that_heading() {
        check_fixes(
            "# A\n\n## On speed [[#speed$0 of light]]\n",
            &expect![[r#"
                Add heading `Speed of light` to `note`
                //- note.md
                # A

                ## On speed [[#speed of light]]

                ## Speed of light
            "#]],
        );
    }
}
