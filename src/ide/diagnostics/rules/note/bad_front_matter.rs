//! Front matter that cannot be read.

use crate::config::{RuleSpec, Severity};
use crate::syntax::FaultKind;
use crate::vault::Cancelled;

use super::super::rule;
use crate::ide::diagnostics::context::NoteContext;
use crate::ide::diagnostics::{Example, Finding, Findings};

rule! {
    /// The block between the `---` lines is not YAML, or a key that has a meaning here holds a value of the
    /// wrong kind: `title: [a]`, `duration: soon`.
    ///
    /// Aliases, tags or the video of the note are not known then. The rest of the note is read as usual.
    spec: RuleSpec::new(
        "note/bad-front-matter",
        Some(Severity::Error),
        "The front matter is not YAML, or a known key holds a value of the wrong kind.",
    ),
    check: check,
    examples: &[
        Example { files: "---\naliases: [a\n---\n", fix: None },
        Example { files: "---\nduration: soon\n---\n", fix: None },
    ],
}

fn check<'a>(note: &NoteContext<'a>, findings: &mut Findings<'a>) -> Result<(), Cancelled> {
    for fault in &note.source.note.parsed.faults {
        if let FaultKind::FrontMatter(why) | FaultKind::FrontMatterValue(why) = &fault.kind {
            findings.add(fault.span, BadFrontMatter { why });
        }
    }
    Ok(())
}

struct BadFrontMatter<'a> {
    why: &'a str,
}

impl Finding for BadFrontMatter<'_> {
    fn message(&self, _note: &NoteContext<'_>) -> String {
        format!("Invalid front matter: {}", self.why)
    }
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
