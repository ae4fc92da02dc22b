//! Notes and their parsed form, drawn as an outline: one line for each element with its parts.

#![allow(
    clippy::string_slice,
    clippy::too_many_lines,
    reason = "a wrong span or a long list is a failing test"
)]

use std::fmt::Write;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use crate::text::Span;

use super::*;

/// Returns one line for each element of a note.
fn outline(text: &str) -> String {
    let parsed = parse(text);
    let at = |span: Span| format!("`{}`", text[span.range()].escape_debug());
    let part =
        |name: &str, span: Option<Span>| span.map_or(String::new(), |span| format!(" {name} {}", at(span)));
    let mut out = String::new();
    for heading in &parsed.headings {
        let name = parsed.heading_name(heading);
        writeln!(
            out,
            "H{} {} content {} name `{name}`",
            heading.level,
            at(heading.span),
            at(heading.content)
        )
        .unwrap();
    }
    for link in &parsed.links {
        let external = if link.is_external { " external" } else { "" };
        let fragment = part("fragment", link.fragment);
        let display = part("display", link.display);
        writeln!(
            out,
            "{:?}{external} {} to {}{fragment}{display}",
            link.kind,
            at(link.span),
            at(link.target)
        )
        .unwrap();
    }
    for definition in &parsed.label_definitions {
        writeln!(out, "defines {:?} {} in {}", definition.kind, at(definition.label), at(definition.span))
            .unwrap();
    }
    for label_use in &parsed.label_uses {
        writeln!(out, "uses {:?} {} in {}", label_use.kind, at(label_use.label), at(label_use.span)).unwrap();
    }
    outline_rest(text, &parsed, &mut out);
    out
}

fn outline_rest(text: &str, parsed: &Parsed, out: &mut String) {
    let at = |span: Span| format!("`{}`", text[span.range()].escape_debug());
    let part =
        |name: &str, span: Option<Span>| span.map_or(String::new(), |span| format!(" {name} {}", at(span)));
    for tag in &parsed.tags {
        writeln!(out, "tag {}", at(tag.name)).unwrap();
    }
    for block in &parsed.blocks {
        writeln!(out, "block {} is {}", at(block.id), at(block.span)).unwrap();
    }
    for anchor in &parsed.anchors {
        writeln!(out, "anchor {}", at(*anchor)).unwrap();
    }
    for callout in &parsed.callouts {
        writeln!(out, "callout {}", at(callout.kind)).unwrap();
    }
    for timestamp in &parsed.timestamps {
        let parts = timestamp.parts(&text[timestamp.span.range()]);
        let moment = timestamp.moment().map_or("?".into(), |moment| moment.to_string());
        let value = part("value", parts.value);
        let label = part("label", parts.label);
        let rest = part("outer", parts.outer_label) + &part("video", parts.video);
        let closed = if parts.is_closed { "" } else { " unclosed" };
        writeln!(out, "{:?}{closed} {moment} {}{value}{label}{rest}", timestamp.form(), at(timestamp.span))
            .unwrap();
    }
    for fault in &parsed.faults {
        writeln!(out, "fault {:?} {}", fault.kind, at(fault.span)).unwrap();
    }
}

fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&outline(text));
}

#[test]
fn headings_have_plain_names() {
    check(
        "# The *name* of [[a_b | A B]] `x` ##\nSetext &amp; more\n===\n\n##\n%%\n# Hidden\n%%\n",
        &expect![[r#"
            H1 `# The *name* of [[a_b | A B]] `x` ##` content `The *name* of [[a_b | A B]] `x`` name `The name of A B x`
            H1 `Setext &amp; more\n===` content `Setext &amp; more` name `Setext & more`
            H2 `##` content `` name ``
            Wikilink `[[a_b | A B]]` to `a_b` display `A B`
        "#]],
    );
}

#[test]
fn wikilinks_are_trimmed_and_split() {
    check(
        "[[a/b#H#S | shown ]] ![[img.png|300]] [[#H]] [[##A]] [[^^b]] [[n#^id]]\n\n| a |\n|---|\n| [[t\\|d]] |\n",
        &expect![[r#"
            Wikilink `[[a/b#H#S | shown ]]` to `a/b` fragment `H#S` display `shown`
            Embed `![[img.png|300]]` to `img.png` display `300`
            Wikilink `[[#H]]` to `` fragment `H`
            Wikilink `[[##A]]` to `` fragment `#A`
            Wikilink `[[^^b]]` to `` fragment `^^b`
            Wikilink `[[n#^id]]` to `n` fragment `^id`
            Wikilink `[[t\\|d]]` to `t` display `d`
        "#]],
    );
}

#[test]
fn front_matter_is_read_as_other_tools_read_it() {
    for (text, title, aliases, tags) in [
        ("---\nAliases: [Foo]\nTITLE: Bar\nTags: [x]\n---\n", Some("Bar"), &["Foo"][..], &["x"][..]),
        ("---\naliases: One, Two\n---\n", None, &["One", "Two"], &[]),
        ("---\naliases: \"One, Two\"\n---\n", None, &["One, Two"], &[]),
        ("---\naliases: One, \"Two, or 2\" , 'Three'\n---\n", None, &["One", "Two, or 2", "Three"], &[]),
        ("---\naliases: \"One, a\", Two,\n---\n", None, &["One, a", "Two"], &[]),
        ("---\naliases: [\"One, Two\", Three]\n---\n", None, &["One, Two", "Three"], &[]),
        ("---\ntitle:\tTab\ntags:\t[a]\n---\n", Some("Tab"), &[], &["a"]),
        (
            "+++\ntitle = \"T\"\naliases = [\"/old\"]\ntags = ['a', \"b/c\"]\n[[extra.links]]\nurl = \"y\"\n+++\n# H\n",
            Some("T"),
            &[],
            &["a", "b/c"],
        ),
        ("+++\ntitle = \"\"\"T\"\"\"\n[taxonomies]\ntags = [\"z\"]\n+++\n", Some("T"), &[], &["z"]),
        ("+++\ntitle = T\n[[x]]\n+++\n# H\n", None, &[], &[]),
    ] {
        let parsed = parse(text);
        let front = parsed.front_matter.as_deref().unwrap();
        assert_eq!(front.title.as_ref().map(|title| &*title.value), title, "{text}");
        for scalar in front.title.iter().chain(&front.aliases) {
            assert_eq!(&text[scalar.span.range()], &*scalar.value, "{text}");
        }
        assert_eq!(front.aliases.iter().map(|alias| &*alias.value).collect::<Vec<_>>(), aliases, "{text}");
        assert_eq!(parsed.tags.iter().map(|tag| &text[tag.name.range()]).collect::<Vec<_>>(), tags, "{text}");
        assert_eq!(parsed.links.len(), 0, "{text}");
        assert_eq!(parsed.headings.len(), usize::from(text.contains("# H")), "{text}");
    }
    // Without a second marker it is text.
    assert!(parse("+++\ntitle = 1\n").front_matter.is_none());
}

#[test]
fn html_names_files_and_places() {
    check(
        "<img src=\"img/p.png\" alt=x> <A HREF='b.md#h'>b</A> <a href=\"https://a.b/c\">out</a> <a href=c.md>c</a>\n\n\
         <video poster=\" p.jpg \" src=\"v.mp4\"></video> <source srcset=\"a.png 1x, b.png 2x\">\n\n\
         <div id=\"here\">\n<a href=\"#here\" name=x>up</a> <!-- <img src=\"no.png\"> -->\n</div>\n\n\
         <a href=\"\"></a> <a href=\"//host/x\"></a> <a data-href=\"no.md\"></a> <p src=\"no.png\"></p> `<img src=\"no.png\">`\n\n\
         [<img src=\"in.png\">](d.md) [[e|<img src=\"f.png\">]]\n",
        &expect![[r#"
            Html `img/p.png` to `img/p.png`
            Html `b.md#h` to `b.md` fragment `h`
            Html external `https://a.b/c` to `https://a.b/c`
            Html `c.md` to `c.md`
            Html `p.jpg` to `p.jpg`
            Html `v.mp4` to `v.mp4`
            Html `a.png` to `a.png`
            Html `b.png` to `b.png`
            Html `#here` to `` fragment `here`
            Inline `[<img src=\"in.png\">](d.md)` to `d.md` display `<img src=\"in.png\">`
            Html `in.png` to `in.png`
            Wikilink `[[e|<img src=\"f.png\">]]` to `e` display `<img src=\"f.png\">`
            anchor `here`
            anchor `x`
        "#]],
    );
}

#[test]
fn tags_have_the_characters_that_obsidian_allows() {
    for (text, tags) in [
        (
            "a #📚 b #status/✅done c #🌱plant #project🔄.",
            &["📚", "status/✅done", "🌱plant", "project🔄"][..],
        ),
        (
            "#日本語 #标签 #café #cafe\u{301} #x_y-z/w #été2024",
            &["日本語", "标签", "café", "cafe\u{301}", "x_y-z/w", "été2024"],
        ),
        ("#1 #2024 #-- #/ # #. #️⃣ #a’b #a…", &["a", "a"]),
        ("x#no #yes! #yes, (#no) #a/ #a#b", &["yes", "yes", "a", "a"]),
    ] {
        let parsed = parse(text);
        let found: Vec<&str> = parsed.tags.iter().map(|tag| &text[tag.name.range()]).collect();
        assert_eq!(found, tags, "{text}");
    }
}

#[test]
fn raw_html_holds_no_markdown() {
    check(
        "<pre>\n[[in pre]] #tag\n</pre>\n\n<STYLE>\na [[x]] {}\n</style>\n\n<textarea rows=1>\n\n[[ta]] [1:02]\n</textarea>\n\n\
         <script>\nlet a = [[1], [[b]]];\n</script>\n\n<img alt=\"[[alt]]\" title='[[t]]'>\n\nin <b title=\"[[i]] #x\">[[text]]</b> \
         <a class=\"yt-timestamp\" data-t=\"[00:01]\">[00:01]</a>\n\n<div data-x=\"[[y]]\">[[in div]]</div>\n\n<preview>\n[[p]]\n",
        &expect![[r#"
            Wikilink `[[text]]` to `text`
            Wikilink `[[in div]]` to `in div`
            Wikilink `[[p]]` to `p`
            Tag ? `<a class=\"yt-timestamp\" data-t=\"[00:01]\">[00:01]</a>` value `[00:01]` label `[00:01]`
        "#]],
    );
}

#[test]
fn brackets_that_are_no_links() {
    check(
        "[TOC] [[1, 2], [3, 4]] [[1, 2]] \\[[a]] `[[b]]` $[[c]]$ %% [[d]] %% <!-- [[e]] -->\n\n    [[f]]\n",
        &expect![[""]],
    );
    check(
        "[[a [[b]] [[]] [[ | d]]\n[[\n[[open | x\nfine [[x|see [1]]] [[[y]]]\n",
        &expect![[r#"
        Wikilink `[[b]]` to `b`
        Wikilink `[[x|see [1]]]` to `x` display `see [1]`
        Wikilink `[[y]]` to `y`
        fault UnclosedLink `[[a`
        fault EmptyLink `[[]]`
        fault EmptyLink `[[ | d]]`
        fault UnclosedLink `[[open | x`
    "#]],
    );
    check(
        "[[half] x\n[[half|b] (c) [d](e) [[f]]\n[[a] b]\n[[1](u)]\n[[a][b]]\n[[a], [b]]\n[[[c] d\n[[] x\n",
        &expect![[r#"
            Inline `[d](e)` to `e` display `d`
            Wikilink `[[f]]` to `f`
            Inline `[1](u)` to `u` display `1`
            fault UnclosedLink `[[half]`
            fault UnclosedLink `[[half|b]`
            fault UnclosedLink `[[c]`
        "#]],
    );
}

#[test]
fn money_is_not_math() {
    check(
        "US$5 [[a]] US$6 and $7 [[b]], $x [[c]]$\n",
        &expect![[r#"
        Wikilink `[[a]]` to `a`
        Wikilink `[[b]]` to `b`
    "#]],
    );
}

#[test]
fn markdown_links() {
    check(
        "[d](../b%20c.md#h) ![alt](<a b.png> \"t\") [![i](p.png)](q.md) [e](https://e.org/#x) [[1]](https://f.org)\n\
         <https://x.y> https://z.org/a_(b). (http://w.org/?a=1), [](e.md) [a\\]b](c\\(d.md)\n",
        &expect![[r#"
            Inline `[d](../b%20c.md#h)` to `../b%20c.md` fragment `h` display `d`
            Image `![alt](<a b.png> \"t\")` to `a b.png` display `alt`
            Inline `[![i](p.png)](q.md)` to `q.md` display `![i](p.png)`
            Image `![i](p.png)` to `p.png` display `i`
            Inline external `[e](https://e.org/#x)` to `https://e.org/#x` display `e`
            Inline external `[[1]](https://f.org)` to `https://f.org` display `[1]`
            Autolink external `<https://x.y>` to `https://x.y`
            Autolink external `https://z.org/a_(b)` to `https://z.org/a_(b)`
            Autolink external `http://w.org/?a=1` to `http://w.org/?a=1`
            Inline `[](e.md)` to `e.md` display ``
            Inline `[a\\]b](c\\(d.md)` to `c\\(d.md` display `a\\]b`
        "#]],
    );
}

#[test]
fn labels_and_footnotes() {
    check(
        "[t][lab] [lab] [Lab][] [u][nolab] a[i][j] [1][2] [short] x[^n] y[^undefined]\n\n\
         > [lab]: <x y.md#z> \"title\"\n\n[lab]: other.md\n[^n]: Note\n\nno [lab]: text\n",
        &expect![[r#"
            Definition `[lab]: <x y.md#z>` to `x y.md` fragment `z`
            Definition `[lab]: other.md` to `other.md`
            defines Link `lab` in `[lab]: <x y.md#z> \"title\"`
            defines Link `lab` in `[lab]: other.md`
            defines Footnote `n` in `[^n]: Note`
            uses Link `lab` in `[t][lab]`
            uses Link `lab` in `[lab]`
            uses Link `Lab` in `[Lab][]`
            uses Link `nolab` in `[u][nolab]`
            uses Footnote `n` in `[^n]`
            uses Footnote `undefined` in `[^undefined]`
            uses Link `lab` in `[lab]`
        "#]],
    );
}

#[test]
fn what_only_begins_like_a_definition_is_text() {
    check(
        "[lab]: x.md\n\n[lab] and [^n]:\n\n[lab]é[^n]: \n\nline\n[lab]: text\n",
        &expect![[r#"
            Definition `[lab]: x.md` to `x.md`
            defines Link `lab` in `[lab]: x.md`
            uses Link `lab` in `[lab]`
            uses Footnote `n` in `[^n]`
            uses Link `lab` in `[lab]`
            uses Footnote `n` in `[^n]`
            uses Link `lab` in `[lab]`
        "#]],
    );
}

#[test]
fn ids_of_items_lists_and_tables() {
    check(
        "- ^first\n  text\n  - ^inner\n    more ^not\n- ^alone\n1. ^loose\n\n   text\n\n- a\n- b\n\n^list\n\n\
         | a |\n|---|\n| 1 |\n\n^table\n",
        &expect![[r#"
            block `first` is `- ^first\n  text\n  - ^inner\n    more ^not`
            block `inner` is `- ^inner\n    more ^not`
            block `alone` is `- ^alone`
            block `loose` is `1. ^loose\n\n   text`
            block `list` is `- a\n- b`
            block `table` is `| a |\n|---|\n| 1 |`
        "#]],
    );
}

#[test]
fn tags_blocks_anchors_callouts() {
    check(
        "#tag #1984 #y1984 #über/b- a#b [x](#frag) <i style=\"color: #fff\">x</i> <a id=\"top\"></a>\n\n\
         - item ^it\n  - nested ^ne\n\n^list\n\n> [!note]- Title\n> quote ^qq\n\n```\ncode\n```\n^code\n\npara a^b\n^pp\n",
        &expect![[r#"
            Inline `[x](#frag)` to `` fragment `frag` display `x`
            tag `tag`
            tag `y1984`
            tag `über/b-`
            block `it` is `- item ^it\n  - nested ^ne`
            block `ne` is `- nested ^ne`
            block `list` is `- item ^it\n  - nested ^ne`
            block `qq` is `> [!note]- Title\n> quote ^qq`
            block `code` is ````\ncode\n````
            block `pp` is `para a^b\n^pp`
            anchor `top`
            callout `note`
        "#]],
    );
}

#[test]
fn timestamps_of_all_forms() {
    check(
        "---\nvideoId: RDoVLHaYfgM\n---\n\
         <a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a> \
         [00:01:55](<A data-t=00:01:56 CLASS='x yt-timestamp'>[00:01:55]</A>) \
         [1:57](https://youtu.be/RDoVLHaYfgM?si=1&t=1m57s) [1:58] [1:59][2:00] [2:01](x.md) \\[2:02] `[2:03]`\n",
        &expect![[r#"
            Inline `[2:01](x.md)` to `x.md` display `2:01`
            Tag 1:55 `<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>` value `00:01:55` label `[00:01:55]`
            WrappedTag 1:56 `[00:01:55](<A data-t=00:01:56 CLASS=\'x yt-timestamp\'>[00:01:55]</A>)` value `00:01:56` label `[00:01:55]` outer `00:01:55`
            VideoLink 1:57 `[1:57](https://youtu.be/RDoVLHaYfgM?si=1&t=1m57s)` value `1m57s` label `1:57` video `RDoVLHaYfgM`
            Bare 1:58 `[1:58]` label `1:58`
            Bare 1:59 `[1:59]` label `1:59`
            Bare 2:00 `[2:00]` label `2:00`
        "#]],
    );
}

#[test]
fn timestamps_that_are_broken() {
    check(
        "a <a class=\"yt-timestamp\" data-t=\"00:15:11]-[00:15:24]</a>. b <a class=\"yt-timestamp\" data-t=\"1:02\">x \n\
         <a class=\"yt-timestamp\" data-t=\"1:03\">[1:03]</a) c <a class=\"yt-timestamp\">y</a> [1:04]\n",
        &expect![[r#"
            Tag unclosed ? `<a class=\"yt-timestamp\" data-t=\"00:15:11]-[00:15:24]</a>` value `00:15:11]-[00:15:24]`
            Tag unclosed 1:02 `<a class=\"yt-timestamp\" data-t=\"1:02\">x` value `1:02`
            Tag unclosed 1:03 `<a class=\"yt-timestamp\" data-t=\"1:03\">[1:03]</a) c` value `1:03`
            Tag ? `<a class=\"yt-timestamp\">y</a>` label `y`
        "#]],
    );
}

fn check_front_matter(yaml: &str, expected: &Expect) {
    let text = format!("\u{feff}---\r\n{}---\r\n# H\r\n", yaml.replace('\n', "\r\n"));
    let parsed = parse(&text);
    assert_eq!(parsed.headings.len(), 1, "the front matter ended where it should");
    let found = parsed.front_matter.as_ref().unwrap();
    let show = |scalar: &Scalar| format!("`{}` {:?}", &text[scalar.span.range()], scalar.value);
    let mut out = String::new();
    for (key, scalar) in [("title", &found.title), ("video", &found.video)] {
        if let Some(scalar) = scalar {
            writeln!(out, "{key} {}", show(scalar)).unwrap();
        }
    }
    for alias in &found.aliases {
        writeln!(out, "alias {}", show(alias)).unwrap();
    }
    if let Some((span, seconds)) = found.duration {
        writeln!(out, "duration `{}` {seconds} s", &text[span.range()]).unwrap();
    }
    let rest = outline(&text);
    out.extend(rest.lines().skip(1).flat_map(|line| [line, "\n"]));
    expected.assert_eq(&out);
}

#[test]
fn front_matter_is_read() {
    check_front_matter(
        "title: \"Ünï: title\"\naliases: [One, 'Two']\ntags:\n  - a/b\n  - \"#c\"\n  - 2024\nvideoId: 2024-01-01\n\
         up: \"[[Parent#x|P]]\"\n# [[no]]\nduration: PT1H2M\nother: {a: [b]}\n",
        &expect![[r#"
            title `Ünï: title` "Ünï: title"
            video `2024-01-01` "2024-01-01"
            alias `One` "One"
            alias `Two` "Two"
            duration `PT1H2M` 3720 s
            Wikilink `[[Parent#x|P]]` to `Parent` fragment `x` display `P`
            tag `a/b`
            tag `c`
        "#]],
    );
    check_front_matter(
        "title: null\nalias: one\ntag: a, b c\nsource: https://youtu.be/RDoVLHaYfgM?t=4\nduration: 1:02:03\n",
        &expect![[r#"
            video `RDoVLHaYfgM` "RDoVLHaYfgM"
            alias `one` "one"
            duration `1:02:03` 3723 s
            tag `a`
            tag `b`
            tag `c`
        "#]],
    );
}

#[test]
fn links_in_front_matter() {
    check(
        "---\na: \"[x](b.md#h)\"\nb: see [y](<c d.md>) and [[e]] ![z](p.png)\nlist: [a](b)\n- [q](r)\n# [c](d)\n\
         e: \"[f](g) [h](i\"\nj: '[web](https://a.example/x)'\n---\n[k](l)\n",
        &expect![[r#"
            Inline `[x](b.md#h)` to `b.md` fragment `h` display `x`
            Inline `[y](<c d.md>)` to `c d.md` display `y`
            Wikilink `[[e]]` to `e`
            Image `![z](p.png)` to `p.png` display `z`
            Inline `[f](g)` to `g` display `f`
            Inline external `[web](https://a.example/x)` to `https://a.example/x` display `web`
            Inline `[k](l)` to `l` display `k`
            fault FrontMatter("while parsing a block mapping, did not find expected key") `(b)`
        "#]],
    );
}

#[test]
fn front_matter_that_is_wrong_loses_nothing_else() {
    check_front_matter(
        "title: Dune: the book\nvideoId: 'RDoVLHaYfgM'\naliases:\n  - One\n  - Two\n",
        &expect![[r#"
            title `Dune: the book` "Dune: the book"
            video `RDoVLHaYfgM` "RDoVLHaYfgM"
            alias `One` "One"
            alias `Two` "Two"
            fault FrontMatter("mapping values are not allowed in this context") `: the book`
        "#]],
    );
    check_front_matter(
        "title: [x]\nalias: []\naliases: {a: b}\nduration: soon\n",
        &expect![[r#"
        fault FrontMatterValue("`title` takes a text") `x`
        fault FrontMatterValue("`aliases` takes a text or a list of texts") `{a: b}`
        fault FrontMatterValue("`duration` takes seconds, `H:MM:SS` or `PT1H2M3S`") `soon`
    "#]],
    );
    check_front_matter(
        "- a\n- b\n",
        &expect![[r#"
        fault FrontMatter("front matter holds keys and values: `title: My note`") `- a`
    "#]],
    );
    check_front_matter(
        "\ttitle: x\ntags: [a\n",
        &expect![[r#"
        tag `a`
        fault FrontMatter("did not find expected <document start>") `tags: [a`
    "#]],
    );
}

#[test]
fn front_matter_without_an_end_is_text() {
    let parsed = parse("---\ntitle: x\n\n# H\n");
    assert!(parsed.front_matter.is_none());
    assert_eq!(parsed.headings.len(), 1);
    let empty = parse("---\n---\n# H\n");
    assert!(empty.front_matter.is_some_and(|front_matter| front_matter.content.is_empty()));
}

/// Texts made of the delimiters of the syntax.
fn note() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "[[",
        "]]",
        "[",
        "]",
        "(",
        ")",
        "|",
        "#",
        "##",
        "^",
        "^id",
        "!",
        "\\",
        "`",
        "```",
        "$",
        "$$",
        "%%",
        "<!--",
        "-->",
        "<a ",
        "class=\"yt-timestamp\" ",
        "data-t=\"00:01:55\"",
        ">",
        "</a>",
        "\"",
        "'",
        "1:55",
        "[1:55]",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "---\n",
        "title: ",
        "videoId: x\n",
        "aliases:\n",
        "- ",
        "  ",
        " ",
        "> ",
        "[!note]",
        "é",
        "👍",
        "e\u{301}",
        "word",
        "[^1]",
        "[^1]: ",
        "[l]: ",
        "[t][l]",
        "https://youtu.be/ID?t=5",
        "://",
        "#tag",
        "| a | b |\n|---|---|\n",
        "<div id=x>",
        "\u{feff}",
        "\0",
        "*",
        "_",
        "{",
        "}",
        ": ",
        "&amp;",
        "\t",
        "&x",
        "*x ",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

fn assert_sound(text: &str) {
    let parsed = parse(text);
    let spans = |spans: &[Span]| {
        for span in spans {
            assert!(text.get(span.range()).is_some(), "{span:?} is no part of {text:?}");
        }
        assert!(spans.is_sorted_by_key(|span| span.start), "{spans:?} in {text:?}");
    };
    let all = |spans_of: &mut dyn Iterator<Item = Span>| spans(&spans_of.collect::<Vec<_>>());
    all(&mut parsed.headings.iter().map(|heading| heading.span));
    all(&mut parsed.links.iter().map(|link| link.span));
    all(&mut parsed.label_definitions.iter().map(|definition| definition.span));
    all(&mut parsed.label_uses.iter().map(|label_use| label_use.span));
    all(&mut parsed.tags.iter().map(|tag| tag.span));
    all(&mut parsed.blocks.iter().map(|block| block.id));
    all(&mut parsed.anchors.iter().copied());
    all(&mut parsed.callouts.iter().map(|callout| callout.span));
    all(&mut parsed.opaque.iter().copied());
    all(&mut parsed.timestamps.iter().map(|timestamp| timestamp.span));
    all(&mut parsed.faults.iter().map(|fault| fault.span));
    assert!(parsed.opaque.is_sorted_by(|one, next| one.end <= next.start));
    assert!(parsed.timestamps.is_sorted_by(|one, next| one.span.end <= next.span.start), "{text:?}");
    let within = |outer: Span, inner: Span| {
        assert!(
            outer.covers(inner) && text.get(inner.range()).is_some(),
            "{inner:?} of {outer:?} in {text:?}"
        );
    };
    for heading in &parsed.headings {
        within(heading.span, heading.content);
    }
    for link in &parsed.links {
        [Some(link.target), link.fragment, link.display]
            .into_iter()
            .flatten()
            .for_each(|part| within(link.span, part));
    }
    parsed.label_definitions.iter().for_each(|definition| within(definition.span, definition.label));
    parsed.label_uses.iter().for_each(|label_use| within(label_use.span, label_use.label));
    parsed.tags.iter().for_each(|tag| within(tag.span, tag.name));
    for block in &parsed.blocks {
        assert!(text.get(block.span.range()).is_some());
    }
    for timestamp in &parsed.timestamps {
        let parts = timestamp.parts(&text[timestamp.span.range()]);
        let spans = [parts.value, parts.label, parts.outer_label, parts.video];
        spans.into_iter().flatten().for_each(|part| within(timestamp.span, part));
        let read = |part: Option<Span>| part.map(|part| read_clock(&text[part.range()]));
        let named = match timestamp.form() {
            TimestampForm::Tag | TimestampForm::WrappedTag => read(parts.value),
            TimestampForm::Bare => read(parts.label),
            TimestampForm::VideoLink => continue,
        };
        let named = if let Some(Clock::Moment(moment)) = named { Some(moment) } else { None };
        assert_eq!(timestamp.moment(), named, "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_note(text in "\\PC*") {
        assert_sound(&text);
    }

    #[test]
    fn any_markup_is_a_note(text in note()) {
        assert_sound(&text);
    }
}

#[test]
fn timestamps_in_any_spelling_of_html() {
    check(
        "---\nvideoId: RDoVLHaYfgM\n---\n\
         <a id=\"x\" data-t = '00:01:55' href=\"#\" class=\"big yt-timestamp\">[00:01:55]</a>\n\
         <a class='yt-timestamp' data-t=00:01:56>see <b>here</b></a>\n\
         <a data-t=\"1:57\" data-t=\"1:58\" class=\"yt-timestamp\">[1:57]</a>\n\
         <a class=\"yt-timestamp\" data-t=\"1:58'>[1:58]</a>\n\
         <a class=\"yt-timestamp\" data-t=\"1:59\"><a class=\"yt-timestamp\" data-t=\"2:00\">[2:00]</a></a>\n\
         <a class=\"yt-timestamp-not\" data-t=\"2:01\">[2:01](x.md)</a> <b class=\"yt-timestamp\">x</b>\n",
        &expect![[r##"
            Inline `[2:01](x.md)` to `x.md` display `2:01`
            anchor `x`
            Tag 1:55 `<a id=\"x\" data-t = \'00:01:55\' href=\"#\" class=\"big yt-timestamp\">[00:01:55]</a>` value `00:01:55` label `[00:01:55]`
            Tag 1:56 `<a class=\'yt-timestamp\' data-t=00:01:56>see <b>here</b></a>` value `00:01:56` label `see <b>here</b>`
            Tag 1:57 `<a data-t=\"1:57\" data-t=\"1:58\" class=\"yt-timestamp\">[1:57]</a>` value `1:57` label `[1:57]`
            Tag unclosed ? `<a class=\"yt-timestamp\" data-t=\"1:58\'>[1:58]</a>` value `1:58\'`
            Tag unclosed 1:59 `<a class=\"yt-timestamp\" data-t=\"1:59\">` value `1:59`
            Tag 2:00 `<a class=\"yt-timestamp\" data-t=\"2:00\">[2:00]</a>` value `2:00` label `[2:00]`
        "##]],
    );
}

#[test]
fn clocks_that_no_video_has() {
    check(
        "---\nvideoId: RDoVLHaYfgM\n---\n\
         <a class=\"yt-timestamp\" data-t=\"-00:01:55\">[-00:01:55]</a>\n\
         <a class=\"yt-timestamp\" data-t=\"99999999999:00:00\">[99999999999:00:00]</a>\n\
         <a class=\"yt-timestamp\" data-t=\"٠٠:٠١:٥٥\">[٠٠:٠١:٥٥]</a>\n\
         [-1:55] [99999999999:00:00] [٠:٠١] [１:５５] [1:55](https://youtu.be/RDoVLHaYfgM?t=-115)\n",
        &expect![[r#"
            Tag ? `<a class=\"yt-timestamp\" data-t=\"-00:01:55\">[-00:01:55]</a>` value `-00:01:55` label `[-00:01:55]`
            Tag ? `<a class=\"yt-timestamp\" data-t=\"99999999999:00:00\">[99999999999:00:00]</a>` value `99999999999:00:00` label `[99999999999:00:00]`
            Tag ? `<a class=\"yt-timestamp\" data-t=\"٠٠:٠١:٥٥\">[٠٠:٠١:٥٥]</a>` value `٠٠:٠١:٥٥` label `[٠٠:٠١:٥٥]`
            VideoLink ? `[1:55](https://youtu.be/RDoVLHaYfgM?t=-115)` value `-115` label `1:55` video `RDoVLHaYfgM`
        "#]],
    );
}

#[test]
fn ids_of_videos_that_yaml_reads_as_something_else() {
    for id in [
        "01234567890",
        "1234567890e",
        "0123-45-678",
        "-abcdefghij",
        "_abcdefghij",
        "1_234_567_8",
        "0x12345678a",
    ] {
        let parsed = parse(&format!("---\nvideoId: {id}\nduration: 60\n---\n[1:55]\n"));
        assert_eq!(parsed.video().map(|video| &*video.value), Some(id));
        assert_eq!(parsed.timestamps.len(), 1, "{id}");
        assert_eq!(parsed.faults, [].into(), "{id}");
    }
}
