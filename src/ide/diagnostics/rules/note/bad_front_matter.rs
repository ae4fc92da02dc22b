//! Front matter that cannot be read.

use super::super::prelude::*;

rule! {
    /// The front matter is not YAML, or a known key holds a value of the wrong kind.
    ///
    /// Aliases, tags or the video of the note are not known then. The rest of the note is read as usual.
    ///
    /// Example:
    ///
    /// ```markdown
    /// ---
    /// aliases: [a
    /// ---
    /// ```
    ///
    /// Example:
    ///
    /// ```markdown
    /// ---
    /// duration: soon
    /// ---
    /// ```
    "note/bad-front-matter", Some(Severity::Error)
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for fault in &note.source.note.parsed.faults {
        if let FaultKind::FrontMatter(why) | FaultKind::FrontMatterValue(why) = &fault.kind {
            findings.push(Finding::new(fault.span, format!("Invalid front matter: {why}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::diagnostics::testing::check;

    #[test]
    fn front_matter() {
        check(
            "---\ntitle: [a\n---\ntext\n",
            &expect![[r#"
                note.md:2 "title: [a" note/bad-front-matter: Invalid front matter: while parsing a flow sequence, expected ',' or ']'
            "#]],
        );
        check(
            "---\naliases: {a: b}\nduration: soon\n---\n",
            &expect![[r#"
                note.md:2 "{a: b}" note/bad-front-matter: Invalid front matter: `aliases` takes a text or a list of texts
                note.md:3 "soon" note/bad-front-matter: Invalid front matter: `duration` takes seconds, `H:MM:SS` or `PT1H2M3S`
            "#]],
        );
    }
}
