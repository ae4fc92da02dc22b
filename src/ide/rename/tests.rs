//! Renames, shown as the vault after them.

use expect_test::{Expect, expect};

use super::*;
use crate::ide::fixture;
use crate::vault::VaultPath;

/// What the rename would change and its present name; then the files that differ afterwards, or why nothing
/// is renamed.
fn check(text: &str, new_name: &str, expected: &Expect) {
    let (vault, at) = fixture::vault(text);
    let mut said = match prepare_rename(&vault, at) {
        Ok(now) => {
            let own = vault.note(at.note).unwrap();
            format!("{:?} at {:?}\n", now.value, own.note.slice(now.span))
        }
        Err(error) => format!("{error}\n"),
    };
    match rename(&vault, at, new_name, &Cancel::new()) {
        Ok(renamed) => said.push_str(&fixture::drawn(&vault, &renamed)),
        Err(ChangeFailure::Refused(error)) => said.push_str(&format!("{error}\n")),
        Err(ChangeFailure::Cancelled) => said.push_str("cancelled\n"),
    }
    expected.assert_eq(&said);
}

#[test]
fn a_note_is_renamed_wherever_it_is_linked() {
    check(
        "//- a.md\n[[ o$0ld | shown ]] ![[x/old#Part]] [md](x/old.md#part) [[OLD]] [[other]]\n\
         //- x/old.md\n# Part\n[[#Part]] [own](old.md)\n//- other.md\n[ref][]\n\n[ref]: <x/old.md> \"title\"\n",
        "new name",
        &expect![[r#"
            "old" at "old"
            x/old.md -> x/new name.md
            //- a.md
            [[ new name | shown ]] ![[x/new name#Part]] [md](x/new%20name.md#part) [[new name]] [[other]]
            //- other.md
            [ref][]

            [ref]: <x/new name.md> "title"
            //- x/old.md
            # Part
            [[#Part]] [own](new%20name.md)
        "#]],
    );
}

#[test]
fn a_link_that_another_note_would_catch_gets_a_longer_path() {
    check(
        "//- a.md\n[[o$0ld]] [[new]]\n//- x/old.md\n//- y/new.md\n",
        "new",
        &expect![[r#"
        "old" at "old"
        x/old.md -> x/new.md
        //- a.md
        [[x/new]] [[y/new]]
    "#]],
    );
}

#[test]
fn a_title_names_its_note_and_an_attachment_keeps_its_extension() {
    check(
        "//- x.md\n---\ntitle: The $0X\n---\n//- b.md\n[[x]] [[The X]]\n",
        "y",
        &expect![[r#"
        "x" at "The X"
        x.md -> y.md
        //- b.md
        [[y]] [[The X]]
    "#]],
    );
    check(
        "//- a.md\n![[pi$0c.png|30]] ![p](<pic.png>)\n//- pic.png\n",
        "image 1",
        &expect![[r#"
        "pic.png" at "pic.png"
        pic.png -> image 1.png
        //- a.md
        ![[image 1.png|30]] ![p](<image 1.png>)
    "#]],
    );
}

#[test]
fn a_heading_is_renamed_with_its_links() {
    check(
        "//- a.md\n# Top\n## Old $0*part*\n### Below\n[[#Old part]] [x](#old-part)\n\
         //- b.md\n[[a#Old part]] [[a#Top#old part|x]] [[a#Old part#Below]] [md](a.md#old-part) [[a#Below]]\n",
        "New & better",
        &expect![[r#"
            "Old *part*" at "Old *part*"
            //- a.md
            # Top
            ## New & better
            ### Below
            [[#New & better]] [x](#new--better)
            //- b.md
            [[a#New & better]] [[a#Top#New & better|x]] [[a#New & better#Below]] [md](a.md#new--better) [[a#Below]]
        "#]],
    );
}

#[test]
fn slugs_that_change_with_a_heading_are_followed() {
    check(
        "//- a.md\n[[b#Sa$0me]] [md](b.md#same) [second](b.md#same-1)\n//- b.md\n# Same\n# Same\n",
        "First",
        &expect![[r#"
            "Same" at "Same"
            //- a.md
            [[b#First]] [md](b.md#first) [second](b.md#same)
            //- b.md
            # First
            # Same
        "#]],
    );
}

#[test]
fn a_heading_that_would_hide_another_is_told_apart() {
    check(
        "//- a.md\n[[#B]]\n# A\n## O$0ne\n# B\n## Two\n[[#One]] [[#Two]]\n",
        "Two",
        &expect![[r#"
        "One" at "One"
        //- a.md
        [[#B]]
        # A
        ## Two
        # B
        ## Two
        [[#Two]] [[#B#Two]]
    "#]],
    );
}

#[test]
fn a_block_a_tag_a_footnote_and_a_label_are_renamed() {
    check(
        "//- a.md\ntext ^o$0ld\n//- b.md\n[[a#^OLD]] ![[a#^old|x]] [[a#^other]]\n",
        "new-1",
        &expect![[r#"
            "old" at "old"
            //- a.md
            text ^new-1
            //- b.md
            [[a#^new-1]] ![[a#^new-1|x]] [[a#^other]]
        "#]],
    );
    check(
        "//- a.md\n#ta$0g #Tag/part #tagged\n//- b.md\n---\ntags: [tag, other]\n---\n#x/tag\n",
        "#new/tag",
        &expect![[r#"
            "tag" at "tag"
            //- a.md
            #new/tag #new/tag/part #tagged
            //- b.md
            ---
            tags: [new/tag, other]
            ---
            #x/tag
        "#]],
    );
    check(
        "one[^o$0ne] two[^ONE] [^two]\n\n[^one]: text\n[^two]: text\n",
        "first",
        &expect![[r#"
        "one" at "one"
        //- note.md
        one[^first] two[^first] [^two]

        [^first]: text
        [^two]: text
    "#]],
    );
    check(
        "[x][o$0ne] [one] [One][] ![one] [x][two]\n\n[one]: a.md\n[two]: b.md\n",
        "first",
        &expect![[r#"
            "one" at "one"
            //- note.md
            [x][first] [one][first] [One][first] ![one][first] [x][two]

            [first]: a.md
            [two]: b.md
        "#]],
    );
}

#[test]
fn from_a_link_the_part_under_the_cursor_is_renamed() {
    check(
        "//- a.md\n[[b#Pa$0rt]]\n//- b.md\n# Part\n",
        "New",
        &expect![[r#"
        "Part" at "Part"
        //- a.md
        [[b#New]]
        //- b.md
        # New
    "#]],
    );
    check(
        "//- a.md\n[[b#^i$0d]]\n//- b.md\ntext ^id\n",
        "new",
        &expect![[r#"
        "id" at "id"
        //- a.md
        [[b#^new]]
        //- b.md
        text ^new
    "#]],
    );
}

#[test]
fn links_to_headings_with_a_tag_in_them_go_along() {
    check(
        "//- a.md\n[[b#About #one]] [[b#About one|x]] [y](b.md#about-one) #one/two\n//- b.md\n## About #o$0ne\n\n[[#About one]]\n",
        "new",
        &expect![[r#"
            "one" at "one"
            //- a.md
            [[b#About #new]] [[b#About new|x]] [y](b.md#about-new) #new/two
            //- b.md
            ## About #new

            [[#About new]]
        "#]],
    );
}

#[test]
fn links_to_headings_with_a_link_in_them_go_along() {
    check(
        "//- a.md\n[[ol$0d]] [[b#See old]] [y](b.md#see-old)\n//- b.md\n## See [[old]]\n//- old.md\n",
        "new",
        &expect![[r#"
            "old" at "old"
            old.md -> new.md
            //- a.md
            [[new]] [[b#See new]] [y](b.md#see-new)
            //- b.md
            ## See [[new]]
        "#]],
    );
    check(
        "//- a.md\n[[b#See One]] [[b#One two]]\n//- b.md\n# O$0ne\n\n## See [[#One]]\n\n## One [[#One|two]]\n",
        "Two",
        &expect![[r#"
            "One" at "One"
            //- a.md
            [[b#See #Two]] [[b#One two]]
            //- b.md
            # Two

            ## See [[#Two]]

            ## One [[#Two|two]]
        "#]],
    );
    check(
        "# On$0e [[#One]]\n\n[[#One One]]\n",
        "Two",
        &expect![[r#"
        "One [[#One]]" at "One [[#One]]"
        //- note.md
        # Two

        [[#Two]]
    "#]],
    );
}

#[test]
fn names_that_would_make_labels_of_other_text_are_refused() {
    check(
        "[o$0ne] and [two]\n\n[one]: a.md\n",
        "two",
        &expect![[r#"
        "one" at "one"
        there is `[two]` already
    "#]],
    );
    check(
        "# With[^two]\n\n[](#withtwo)[^o$0ne]\n\n[^one]: note\n",
        "two",
        &expect![[r#"
        "one" at "one"
        there is `[^two]` already
    "#]],
    );
    check(
        "| a | b |\n|---|---|\n| [t][o$0ne] | x |\n\n[one]: a.md\n",
        "a|b",
        &expect![[r#"
        "one" at "one"
        the new name must be a label that can stand where it is used
    "#]],
    );
    check(
        "---\ntags: [one]\n---\n#o$0ne\n",
        "Null",
        &expect![[r#"
            "one" at "one"
            the new name must be a tag: letters, digits, emoji, `_`, `-` and `/`, and neither digits alone nor `null`
        "#]],
    );
}

#[test]
fn the_sign_of_a_block_stays_as_it_is_written() {
    check(
        "text ^o$0ne\n\n[x](#%5Eone) [[#^ONE]]\n",
        "two",
        &expect![[r#"
        "one" at "one"
        //- note.md
        text ^two

        [x](#%5Etwo) [[#^two]]
    "#]],
    );
}

#[test]
fn names_that_cannot_be_are_refused() {
    let vault = "//- a.md\n[[o$0ld]]\n//- x/old.md\n//- x/Taken.md\n";
    for name in [
        "", " ", "a/", "../../b", "a[b/c", "a[b", "a]b", "a#b", "a^b", "a|b", "taken", "old", "..", ".hidden",
    ] {
        let (vault, at) = fixture::vault(vault);
        let outcome = rename(&vault, at, name, &Cancel::new());
        assert!(matches!(outcome, Err(ChangeFailure::Refused(_))), "{name}: {outcome:?}");
    }
    check(
        vault,
        "TAKEN",
        &expect![[r#"
        "old" at "old"
        there is `x/Taken.md` already
    "#]],
    );
    check(
        vault,
        "OLD",
        &expect![[r#"
        "old" at "old"
        x/old.md -> x/OLD.md
        //- a.md
        [[OLD]]
    "#]],
    );
    check(
        "text ^o$0ne\n\ntext ^two\n",
        "TWO",
        &expect![[r#"
        "one" at "one"
        there is `^TWO` already
    "#]],
    );
    check(
        "#ta$0g\n",
        "two words",
        &expect![[r#"
            "tag" at "tag"
            the new name must be a tag: letters, digits, emoji, `_`, `-` and `/`, and neither digits alone nor `null`
        "#]],
    );
    check(
        "[^o$0ne] [^two]\n\n[^one]: x\n[^two]: y\n",
        "TWO",
        &expect![[r#"
        "one" at "one"
        there is `TWO` already
    "#]],
    );
    check(
        "# He$0ad\n",
        "two\nlines",
        &expect![[r#"
        "Head" at "Head"
        the new name cannot hold `a line break`
    "#]],
    );
}

#[test]
fn markdown_links_in_front_matter_follow() {
    check(
        "//- a.md\n---\nrelated: \"[x](o$0ld.md#part)\"\n---\n//- old.md\n# Part\n",
        "new name",
        &expect![[r#"
            "old" at "old.md"
            old.md -> new name.md
            //- a.md
            ---
            related: "[x](new%20name.md#part)"
            ---
        "#]],
    );
}

#[test]
fn a_name_that_is_a_path_moves_the_file() {
    let vault = "//- in/a.md\n[x](../x/o$0ld.md) [[old]] [[x/old]]\n//- x/old.md\n[up](../in/a.md)\n";
    for (name, path) in [
        ("/new", "new.md"),
        ("./new", "in/new.md"),
        ("../y/new.md", "y/new.md"),
        ("y/new", "in/y/new.md"),
        ("../x/new", "x/new.md"),
    ] {
        let (vault, at) = fixture::vault(vault);
        let renamed = rename(&vault, at, name, &Cancel::new()).unwrap();
        let moved = renamed.moved.map(|(_, path)| path.to_string());
        assert_eq!(moved.as_deref(), Some(path), "{name}");
    }
    check(
        vault,
        "/y/z/new",
        &expect![[r#"
        "old" at "../x/old.md"
        x/old.md -> y/z/new.md
        //- in/a.md
        [x](../y/z/new.md) [[new]] [[y/z/new]]
        //- x/old.md
        [up](../../in/a.md)
    "#]],
    );
    check(
        "//- in/a.md\n[[o$0ld]]\n//- x/old.md\n",
        "y/new",
        &expect![[r#"
        "old" at "old"
        x/old.md -> y/new.md
        //- in/a.md
        [[new]]
    "#]],
    );
}

#[test]
fn what_is_not_there_yet_is_renamed_in_all_links() {
    let notes =
        "//- in/b.md\n[[None#H|x]] ![](../none.png) [y](../none.md) [[x/none]]\n//- c.md\n[[other]]\n";
    check(
        &format!("//- a.md\n[[no$0ne]] [[none]]\n{notes}"),
        "new name",
        &expect![[r#"
        "none" at "none"
        //- a.md
        [[new name]] [[new name]]
        //- in/b.md
        [[new name#H|x]] ![](../none.png) [y](../new%20name.md) [[x/none]]
    "#]],
    );
    check(
        &format!("//- a.md\n![x](no$0ne.png)\n{notes}"),
        "/img/new.png",
        &expect![[r#"
        "none.png" at "none.png"
        //- a.md
        ![x](img/new.png)
        //- in/b.md
        [[None#H|x]] ![](../img/new.png) [y](../none.md) [[x/none]]
    "#]],
    );
    check(
        &format!("//- a.md\n[[no$0ne]]\n{notes}"),
        "c",
        &expect![[r#"
            "none" at "none"
            //- a.md
            [[c]]
            //- in/b.md
            [[c#H|x]] ![](../none.png) [y](../c.md) [[x/none]]
        "#]],
    );
}

#[test]
fn a_part_that_is_not_there_yet_is_renamed_in_all_links() {
    let parts = "//- b.md\n[x](c.md#my-part) [[c#My Part]] [y](a.md#my%20part) [[c#Other]]\n//- c.md\n# T\n";
    check(
        &format!("//- a.md\n[[c#My $0Part]]\n{parts}"),
        "New Part",
        &expect![[r#"
        "My Part" at "My Part"
        //- a.md
        [[c#New Part]]
        //- b.md
        [x](c.md#new-part) [[c#New Part]] [y](a.md#my%20part) [[c#Other]]
    "#]],
    );
    check(
        &format!("//- a.md\n[y](#my%20$0part)\n{parts}"),
        "New Part",
        &expect![[r#"
            "my part" at "my%20part"
            //- a.md
            [y](#New%20Part)
            //- b.md
            [x](c.md#my-part) [[c#My Part]] [y](a.md#New%20Part) [[c#Other]]
        "#]],
    );
    check(
        "[[gone#^a$0b]] [x](gone.md#^ab)\n",
        "cd",
        &expect![[r#"
        "^ab" at "^ab"
        //- note.md
        [[gone#^cd]] [x](gone.md#^cd)
    "#]],
    );
    check(
        "[[gone#a$0b]]\n",
        "c|d",
        &expect![[r#"
        "ab" at "ab"
        the new name cannot hold `|`
    "#]],
    );
}

#[test]
fn an_address_is_renamed_in_all_links() {
    let text = "//- a.md\n[x](https://a.exam$0ple/x#y) https://a.example/x\n\n<https://a.example/x#y>\n\n\
        [r]: <https://a.example/x#y> \"t\"\n//- b.md\n[[https://a.example/x#y]] <a href=\"https://a.example/x#y\">\n";
    check(
        text,
        "https://b.example/(z)?q=1#w",
        &expect![[r#"
        "https://a.example/x#y" at "https://a.example/x#y"
        //- a.md
        [x](https://b.example/%28z%29?q=1#w) https://a.example/x

        <https://b.example/(z)?q=1#w>

        [r]: <https://b.example/(z)?q=1#w> "t"
        //- b.md
        [[https://b.example/(z)?q=1#w]] <a href="https://b.example/(z)?q=1#w">
    "#]],
    );
    check(
        text,
        "b.example",
        &expect![[r#"
        "https://a.example/x#y" at "https://a.example/x#y"
        the new name must be an address with its scheme, such as `https://example.org`
    "#]],
    );
}

#[test]
fn what_has_no_name_is_not_renamed() {
    check(
        "wo$0rd\n",
        "new",
        &expect![[r#"
        plain text cannot be renamed
        plain text cannot be renamed
    "#]],
    );
    check(
        "[x](../../no$0ne.md)\n",
        "new",
        &expect![[r#"
        this link leads nowhere, so there is nothing to rename
        this link leads nowhere, so there is nothing to rename
    "#]],
    );
    check(
        "---\naliases: [al$0ias]\n---\n",
        "new",
        &expect![[r#"
        an alias cannot be renamed
        an alias cannot be renamed
    "#]],
    );
}

#[test]
fn a_link_to_a_folder_follows_it() {
    let (vault, _) = fixture::vault(
        "//- a.md\n[x](x/) [xy](./x/y) [o](o/)\n//- x/y/b.md\n[up](..) [o](../../o/)\n//- x/c.md\n//- o/d.md\n",
    );
    let moves: Vec<(FileId, VaultPath)> = [("x/y/b.md", "z/w/y/b.md"), ("x/c.md", "z/w/c.md")]
        .map(|(from, to)| (vault.find(from).unwrap(), VaultPath::resolve("", to).unwrap()))
        .into();
    let said: Vec<String> = move_files(&vault, &moves, &Cancel::new())
        .unwrap()
        .iter()
        .flat_map(|note| note.edits.iter().map(|edit| edit.new_text.clone()))
        .collect();
    assert_eq!(said, ["z/w/", "./z/w/y", "../../../o/"]);
}

#[test]
fn ids_of_html_and_of_headings() {
    check(
        "//- a.md\n<a id=\"he$0re\"></a> [x](#here) [[#here]] [[here]]\n//- in/b.md\n[x](../a.md#here) [y](../a.md#Here)\n",
        "there",
        &expect![[r#"
            "here" at "here"
            //- a.md
            <a id="there"></a> [x](#there) [[#there]] [[here]]
            //- in/b.md
            [x](../a.md#there) [y](../a.md#Here)
        "#]],
    );
    check(
        "//- a.md\n# Part {#old}\n[x](#old) [y](#part) <a href=\"a.md#o$0ld\">\n",
        "new",
        &expect![[r#"
            "old" at "old"
            //- a.md
            # Part {#new}
            [x](#new) [y](#part) <a href="a.md#new">
        "#]],
    );
    check(
        "//- a.md\n# Part {#o$0ld}\n[x](#old)\n",
        "part",
        &expect![[r#"
        "old" at "old"
        there is `#part` already
    "#]],
    );
    check(
        "//- a.md\n# Part {#o$0ld}\n[x](#old)\n",
        "a b",
        &expect![[r#"
        "old" at "old"
        the new name must be an id: no white space, quotes, brackets or other signs of markup
    "#]],
    );
}

#[test]
fn addresses_of_pages_keep_their_form() {
    let (vault, _) = fixture::vault(
        "//- a.md\n![x](/img/p.png?raw=true) <img src='/img/p.png'> [y](b.html#h) [z](/guide/) [w](/site/guide.md)\n\
         //- b.md\n# H\n//- static/img/p.png\n//- site/guide.md\n",
    );
    let moved = [
        ("static/img/p.png", "static/pics/o.png"),
        ("b.md", "c/b.md"),
        ("site/guide.md", "site/in/guide.md"),
    ];
    let moves = moved.map(|(from, to)| (vault.find(from).unwrap(), VaultPath::resolve("", to).unwrap()));
    let edits = move_files(&vault, &moves, &Cancel::new()).unwrap();
    let note = vault.note(vault.find("a.md").unwrap()).unwrap();
    let own = edits.iter().find(|edits| edits.note == note.id).unwrap();
    expect![[r#"
        ![x](/pics/o.png?raw=true) <img src='/pics/o.png'> [y](b.html#h) [z](/in/guide/) [w](/site/in/guide.md)
    "#]]
    .assert_eq(&crate::ide::change::edited(note.note, &own.edits));
}

#[test]
fn addresses_of_a_site_keep_their_form() {
    let (vault, _) = fixture::vault(
        "//- mkdocs.yml\n//- docs/a.md\n[x](../b/#h) [y](/base/docs/b.html) [z](/next/in/) [w](../d/) [v](/e/)\n\
         //- docs/b.md\n# H\n//- docs/in/index.md\n//- docs/d.md\n//- docs/f.md\n---\npermalink: /e/\n---\n",
    );
    let moved = [
        ("docs/b.md", "docs/sub/c.md"),
        ("docs/in/index.md", "docs/out/index.md"),
        ("docs/f.md", "docs/sub/f.md"),
    ];
    let moves = moved.map(|(from, to)| (vault.find(from).unwrap(), VaultPath::resolve("", to).unwrap()));
    let edits = move_files(&vault, &moves, &Cancel::new()).unwrap();
    let note = vault.note(vault.find("docs/a.md").unwrap()).unwrap();
    let own = edits.iter().find(|edits| edits.note == note.id).unwrap();
    expect![[r#"
        [x](../sub/c/#h) [y](/base/docs/sub/c.html) [z](/next/out/) [w](../d/) [v](/e/)
    "#]]
    .assert_eq(&crate::ide::change::edited(note.note, &own.edits));
}
