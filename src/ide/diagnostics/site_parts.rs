//! What the generator of a documentation site makes of notes: parts of a page that are not in the text of its
//! note, and names that are defined elsewhere. Where it may be so, nothing is said to be missing.

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::SiteGenerator;
use crate::syntax::{SlugStyle, fold_label, slug};
use crate::text::{Offset, Span};
use crate::vault::NoteRef;

/// The parts that a generator adds to the page of one note. Found when they are first asked for, linear in
/// the note.
pub(super) struct SiteParts<'a> {
    generator: SiteGenerator,
    target: NoteRef<'a>,
    is_completed: OnceCell<bool>,
    fragments: OnceCell<FxHashSet<String>>,
}

impl<'a> SiteParts<'a> {
    pub(super) fn of(generator: SiteGenerator, target: NoteRef<'a>) -> SiteParts<'a> {
        SiteParts { generator, target, is_completed: OnceCell::new(), fragments: OnceCell::new() }
    }

    /// Returns whether the page may have a part with this fragment, decoded and without its `#`.
    pub(super) fn may_have(&self, fragment: &str) -> bool {
        self.fragments.get_or_init(|| self.find_fragments()).contains(fragment)
            || is_defined_elsewhere(self.generator, fragment)
            || *self.is_completed.get_or_init(|| self.includes_other_text())
    }

    /// Returns whether the note has directives that other text takes the place of.
    fn includes_other_text(&self) -> bool {
        let (directives, may_be_comments): (&[&str], bool) = match self.generator {
            SiteGenerator::Hugo => (&["{{%", "{{< include"], false),
            SiteGenerator::Jekyll => (&["{% include", "{{ content"], false),
            SiteGenerator::MkDocs => (&["--8<--", "{%", "{{ ", "\n::: "], false),
            SiteGenerator::MdBook => (&["{{#include", "{{#rustdoc_include"], false),
            SiteGenerator::VitePress => {
                (&["<!--@include", "<!-- @include", "<script setup", "<ClientOnly"], true)
            }
            SiteGenerator::Docusaurus | SiteGenerator::Astro => (&["\nimport "], false),
            SiteGenerator::Auto | SiteGenerator::None => (&[], false),
        };
        let text = self.target.note.text.to_string();
        let is_meant = |at: usize| may_be_comments || !self.target.note.parsed.is_opaque(Offset::new(at));
        directives.iter().any(|directive| text.match_indices(directive).any(|(at, _)| is_meant(at)))
    }

    /// Returns the ids of attribute lists, the fragments of headings as the generator makes them, where they
    /// are not GitHub's, and those of the terms of definitions, which Hugo has since 0.144.
    fn find_fragments(&self) -> FxHashSet<String> {
        let parsed = &self.target.note.parsed;
        let text = self.target.note.text.to_string();
        let mut fragments: FxHashSet<String> = attribute_ids(&text).map(str::to_owned).collect();
        match self.generator {
            SiteGenerator::VitePress => fragments.extend(parsed.slugs_in(SlugStyle::VitePress)),
            SiteGenerator::MkDocs => fragments.extend(parsed.slugs_in(SlugStyle::PythonMarkdown)),
            SiteGenerator::Hugo => {
                let slugs = terms(&text).map(|term| slug(&term));
                // A heading may have the same.
                fragments.extend(slugs.flat_map(|slug| [format!("{slug}-1"), slug]));
            }
            _ => {}
        }
        fragments
    }
}

/// Returns the ids that attribute lists give elements: `{: #id}` in kramdown (Jekyll) and Python-Markdown,
/// `{ #id .class }` in other tools.
fn attribute_ids(text: &str) -> impl Iterator<Item = &str> {
    let lists = text.split('{').skip(1).filter_map(|rest| rest.split(['}', '\n']).next());
    let attributes = lists.flat_map(|list| list.trim_start_matches(':').split_whitespace());
    attributes.filter_map(|attribute| attribute.strip_prefix('#'))
}

/// Returns what stands between the two parts of shortcodes of Hugo, `{{< name >}} … {{< /name >}}`, in order;
/// of shortcodes in others the outer ones alone. Linear in the note.
pub(super) fn paired_shortcodes(text: &str) -> Vec<Span> {
    let mut open: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let mut inside = Vec::new();
    for (at, sign) in text.match_indices("{{<") {
        let rest = text.get(at + sign.len()..).unwrap_or_default().trim_start();
        let (is_end, rest) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest.trim_start()));
        let name = rest.split(|char: char| char.is_whitespace() || char == '>').next().unwrap_or_default();
        let starts = open.entry(name).or_default();
        if !is_end {
            starts.push(at);
        } else if let Some(start) = starts.pop() {
            inside.push(Span::new(start, at));
        }
    }
    inside.sort_unstable();
    let mut outer: Vec<Span> = Vec::new();
    for span in inside {
        if outer.last().is_none_or(|last| last.end <= span.start) {
            outer.push(span);
        }
    }
    outer
}

/// Returns the terms of definition lists, without their emphasis: lines before one that begins with `:`.
fn terms(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().zip(text.lines().skip(1)).zip(text.lines().skip(2).chain([""]));
    let terms = lines.filter(|((line, next), after)| {
        let is_definition = |line: &str| line.trim_start().starts_with(": ");
        !line.trim().is_empty() && (is_definition(next) || next.is_empty() && is_definition(after))
    });
    terms.map(|((line, _), _)| line.replace(['`', '*'], ""))
}

/// Returns whether extensions of a generator define a label or fragment elsewhere: an item of a program or a
/// rule of a specification (mkdocstrings and autorefs of MkDocs; the preprocessors of mdBook).
pub(super) fn is_defined_elsewhere(generator: SiteGenerator, label: &str) -> bool {
    matches!(generator, SiteGenerator::MkDocs | SiteGenerator::MdBook)
        && is_identifier(label.trim_matches('`'))
}

/// Returns whether a line defines a label with the help of a template, which is filled in before the text is
/// read as Markdown: `[label]: {{ site.url }}/x`, `[{{ label }}]: x`. Until then it is no
/// definition, nor are those below it.
pub(super) fn is_filled_in(generator: SiteGenerator, text: &str, label: &str) -> bool {
    let wanted = fold_label(label);
    let defines = |line: &str| {
        let defined = line.trim_start().strip_prefix('[').and_then(|rest| rest.split_once("]:"));
        defined.is_some_and(|(defined, _)| defined.contains("{{") || fold_label(defined) == wanted)
    };
    matches!(generator, SiteGenerator::Hugo | SiteGenerator::Jekyll) && text.lines().any(defines)
}

/// Returns whether a name is that of an item: `mkdocs.plugins.Event`, `std::fmt`, `macro@Clone`.
fn is_identifier(name: &str) -> bool {
    let name = name.trim_end_matches("()");
    name.contains(['.', '@', ':'])
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".@:_-+!#/".contains(&byte))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::paired_shortcodes;
    use crate::ide::diagnostics::testing::check;

    #[test]
    fn what_stands_between_the_parts_of_shortcodes() {
        for (text, expected) in [
            ("a {{< b >}} c {{< /b >}} d", &["{{< b >}} c "][..]),
            ("{{<b x=1>}} {{< c >}}{{< /c >}} {{</b>}} e", &["{{<b x=1>}} {{< c >}}{{< /c >}} "]),
            ("{{< fig >}} a {{< b >}}c{{< /b >}} {{< fig >}}", &["{{< b >}}c"]),
            ("{{< /b >}} a {{< b >}}", &[]),
        ] {
            let found: Vec<&str> =
                paired_shortcodes(text).iter().filter_map(|span| text.get(span.range())).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn pages_have_parts_that_are_not_in_their_notes() {
        check(
            "//- hugo.toml\n//- a.md\n[x](b.md#base-url) [x](b.md#gone) [x](c.md#made)\n\
             //- b.md\n`Base URL`\n: x\n//- c.md\n{{% def id=\"made\" %}}\n",
            &expect![[r#"
                a.md:1 "gone" link/missing-heading: Heading not found in `b`: `gone` ["b.md"]
            "#]],
        );
        check(
            "//- mkdocs.yml\n//- a.md\n[x](b.md#_2) [x](b.md#a.b) [x](b.md#_3) [x][a.b] [`x`][] [x][gone]\n\
             //- b.md\n# 标\n# 题\n",
            &expect![[r#"
                a.md:1 "_3" link/missing-heading: Heading not found in `b`: `_3` ["b.md"]
                a.md:1 "`x`" link/undefined-label: Undefined label: ``x``
                a.md:1 "gone" link/undefined-label: Undefined label: `gone`
            "#]],
        );
        check(
            "//- a.md\n[x](b.md#_1) [x][a.b]\n//- b.md\n# 标\n",
            &expect![[r#"
                a.md:1 "_1" link/missing-heading: Heading not found in `b`: `_1` ["b.md"]
                a.md:1 "a.b" link/undefined-label: Undefined label: `a.b`
            "#]],
        );
    }

    #[test]
    fn a_label_may_be_defined_by_a_template() {
        let text = "//- a.md\n[x][one] [x][two] [x][three]\n\n[one]: {{< param x >}}/x y\n[Two]: x\n";
        check(
            &format!("//- hugo.toml\n{text}"),
            &expect![[r#"
                a.md:1 "three" link/undefined-label: Undefined label: `three`
            "#]],
        );
        check(
            text,
            &expect![[r#"
                a.md:1 "one" link/undefined-label: Undefined label: `one`
                a.md:1 "two" link/undefined-label: Undefined label: `two`
                a.md:1 "three" link/undefined-label: Undefined label: `three`
            "#]],
        );
    }

    #[test]
    fn a_label_may_be_used_in_text_that_the_generator_alone_reads() {
        check(
            "//- mkdocs.yml\n//- a.md\n!!! note\n\n    [x][one]\n\n[one]: a.md\n[two]: a.md\n",
            &expect![[r#"
                a.md:6 "two" link/unused-label: Unused label: `two`
            "#]],
        );
    }
}
