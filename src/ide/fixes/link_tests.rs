//! Fixes of links and labels, shown as the vault after them.

use expect_test::expect;

use super::tests::check;

#[test]
fn a_broken_link_gets_the_nearest_name_here_in_the_note_and_in_the_vault() {
    check(
        "//- a.md\n[[ketam$0in_risk | Risks]] and [[ketamin_risk]]\n//- b.md\n- [[Ketamin_risk]]\n- [k](ketamin_risk.md)\n//- x/ketamine_risks.md\n",
        &expect![[r#"
            Change to `ketamine_risks`
            //- a.md
            [[ketamine_risks | Risks]] and [[ketamin_risk]]
            Change all 2 in this note to `ketamine_risks`
            //- a.md
            [[ketamine_risks | Risks]] and [[ketamine_risks]]
            Change all 3 in 2 notes to `ketamine_risks`
            //- a.md
            [[ketamine_risks | Risks]] and [[ketamine_risks]]
            //- b.md
            - [[ketamine_risks]]
            - [k](ketamin_risk.md)
        "#]],
    );
}

#[test]
fn words_that_are_no_misspelling_stay_as_they_read() {
    check(
        "//- a.md\nUse [[ketamine the$0rapy]] here.\n//- ketamine_assisted_therapy.md\n//- play.md\n",
        &expect![[r#"
            Change to `ketamine_assisted_therapy`
            //- a.md
            Use [[ketamine_assisted_therapy|ketamine therapy]] here.
        "#]],
    );
    check(
        "//- a.md\n| a |\n|---|\n| [[light spe$0ed of]] |\n//- c.md\n# C\n\n## Of light-speed\n//- speed_of_light.md\n",
        &expect![[r#"
            Change to `speed_of_light`
            //- a.md
            | a |
            |---|
            | [[speed_of_light\|light speed of]] |
        "#]],
    );
}

#[test]
fn a_note_with_that_heading() {
    check(
        "//- a.md\n[[Light spe$0ed]]\n//- c.md\n# C\n\n## Light-speed\n",
        &expect![[r#"
        Change to `c#Light-speed`
        //- a.md
        [[c#Light-speed|Light speed]]
    "#]],
    );
}

#[test]
fn a_fragment_that_the_other_note_lacks_goes() {
    check(
        "//- a.md\n[[not$0s#One]] [[nots#Two | t]]\n//- notes.md\n# One\n",
        &expect![[r#"
        Change to `notes`
        //- a.md
        [[notes#One]] [[nots#Two | t]]
        Change all 2 in this note to `notes`
        //- a.md
        [[notes#One]] [[notes | t]]
    "#]],
    );
}

#[test]
fn files_that_are_not_there() {
    check(
        "//- a.md\n[t](my%20nots$0.md#one) ![p](img/pick.png)\n//- sub/my notes.md\n# One\n//- sub/pic.md\n//- sub/pic.png\n",
        &expect![[r#"
            Change to `my%20notes.md`
            //- a.md
            [t](my%20notes.md#one) ![p](img/pick.png)
        "#]],
    );
    check(
        "//- a.md\n[t](nots.md) ![p](img/pi$0ck.png \"title\")\n//- sub/notes.md\n//- sub/pic.md\n//- sub/pic.png\n",
        &expect![[r#"
            Change to `sub/pic.png`
            //- a.md
            [t](nots.md) ![p](sub/pic.png "title")
        "#]],
    );
    check(
        "//- x/a.md\n[[../../sub/no$0tes]] [d]: x\n//- sub/notes.md\n",
        &expect![[r#"
        Change to `../sub/notes`
        //- x/a.md
        [[../sub/notes]] [d]: x
    "#]],
    );
    check(
        "//- x/a.md\n[x][d]\n\n[d]: <su$0b/my nots.md>\n//- sub/my notes.md\n",
        &expect![[r#"
        Change to `sub/my notes.md`
        //- x/a.md
        [x][d]

        [d]: <sub/my notes.md>
    "#]],
    );
}

#[test]
fn headings_that_are_not_there() {
    check(
        "//- a.md\n[[b#my head$0ing!]]\n//- b.md\n# B\n## My heading\n",
        &expect![[r#"
        ! Change to `#My heading`
        //- a.md
        [[b#My heading]]
        Add the heading `My heading!` to `b`
        //- b.md
        # B
        ## My heading

        ## My heading!
    "#]],
    );
    check(
        "//- a.md\n[x](b.md#my-hea$0ding-x)\n//- b.md\n# B\n## My heading\n\n",
        &expect![[r#"
            Change to `#my-heading`
            //- a.md
            [x](b.md#my-heading)
            Add the heading `My heading x` to `b`
            //- b.md
            # B
            ## My heading

            ## My heading x
        "#]],
    );
    check(
        "# A\n\n[[#No$0where]]\n\nend",
        &expect![[r#"
        Add the heading `Nowhere` to `note`
        //- note.md
        # A

        [[#Nowhere]]

        end

        ## Nowhere
    "#]],
    );
}

#[test]
fn blocks_that_are_not_there() {
    check(
        "//- a.md\n[[b#^tabl$0e-2]]\n//- b.md\none ^table-1\n\ntwo ^list\n",
        &expect![[r#"
        Change to `#^table-1`
        //- a.md
        [[b#^table-1]]
    "#]],
    );
}

#[test]
fn a_link_in_a_heading_is_not_led_to_that_heading() {
    check(
        "# A\n\n## On speed [[#speed$0 of light]]\n",
        &expect![[r#"
        Add the heading `Speed of light` to `note`
        //- note.md
        # A

        ## On speed [[#speed of light]]

        ## Speed of light
    "#]],
    );
}

#[test]
fn either_of_two_notes() {
    check(
        "//- a.md\n[[tw$0in#One]]\n//- x/twin.md\n# One\n//- y/twin.md\n# One\n",
        &expect![[r#"
        Write `x/twin`
        //- a.md
        [[x/twin#One|twin]]
        Write `y/twin`
        //- a.md
        [[y/twin#One|twin]]
    "#]],
    );
    check(
        "//- a.md\n[[tw$0in#One]]\n//- x/twin.md\n# One\n//- y/twin.md\n",
        &expect![[r#"
        Write `x/twin`
        //- a.md
        [[x/twin#One|twin]]
    "#]],
    );
}

#[test]
fn all_real_names_of_a_note() {
    check(
        "//- a.md\n[[Large Mo$0dels]] [[nick | n]] [[v1.2]]\n//- large_models.md\n---\naliases: nick\n---\n//- v12.md\n",
        &expect![[r#"
            ! Write the real name, `large_models`
            //- a.md
            [[large_models|Large Models]] [[nick | n]] [[v1.2]]
            Write the real names of all 2 such links in this note
            //- a.md
            [[large_models|Large Models]] [[large_models | n]] [[v1.2]]
        "#]],
    );
}

#[test]
fn a_loose_name_that_hides_a_number_or_a_sign_is_not_sure() {
    check(
        "//- a.md\n[[v1.$02]]\n//- v12.md\n",
        &expect![[r#"
        Write the real name, `v12`
        //- a.md
        [[v12|v1.2]]
    "#]],
    );
    check(
        "//- a.md\n[[C+$0+]]\n//- c.md\n",
        &expect![[r#"
        Write the real name, `c`
        //- a.md
        [[c|C++]]
    "#]],
    );
}

#[test]
fn links_are_closed_where_a_name_ends() {
    check(
        "//- a.md\n[[my no$0te and more\n//- my note.md\n//- my.md\n",
        &expect![[r#"
        Close the link
        //- a.md
        [[my note]] and more
    "#]],
    );
    check(
        "//- a.md\n- [[my no$0te\n//- my note.md\n",
        &expect![[r#"
        ! Close the link
        //- a.md
        - [[my note]]
    "#]],
    );
    check(
        "//- a.md\n[[my no$0te|shown here\n//- my note.md\n",
        &expect![[r#"
        Close the link
        //- a.md
        [[my note|shown here]]
    "#]],
    );
    check("//- a.md\n[[gon$0e and more\n//- my note.md\n", &expect![[r#""#]]);
}

#[test]
fn links_are_closed_behind_a_part_that_the_note_has() {
    check(
        "//- a.md\n- [[my no$0te#Part\n//- my note.md\n# Part\n",
        &expect![[r#"
        ! Close the link
        //- a.md
        - [[my note#Part]]
    "#]],
    );
    check(
        "//- a.md\n- [[my no$0te#Part two\n//- my note.md\n# Part\n",
        &expect![[r#"
        Close the link
        //- a.md
        - [[my note#Part]] two
    "#]],
    );
    check("//- a.md\n- [[my no$0te#Gone\n//- my note.md\n# Part\n", &expect![[r#""#]]);
}

#[test]
fn links_are_not_closed_by_a_name_that_two_notes_have() {
    check(
        "//- a.md\n- [[x/not$0e\n//- x/note.md\n//- y/Note.md\n",
        &expect![[r#"
        ! Close the link
        //- a.md
        - [[x/note]]
    "#]],
    );
    check("//- a.md\n- [[not$0e\n//- x/note.md\n//- y/Note.md\n", &expect![[r#""#]]);
}

#[test]
fn empty_links_go() {
    check(
        "a [[$0]] b ![[$0 | shown ]]",
        &expect![[r#"
        Remove the empty link
        //- note.md
        a  b ![[$0 | shown ]]"#]],
    );
    check(
        "b [[$0 | shown ]]",
        &expect![[r#"
        Remove the link, keep its words
        //- note.md
        b shown"#]],
    );
}

#[test]
fn empty_links_stay_where_others_would_come_of_what_is_beside_them() {
    check(
        "a [[$0 | [b](note.md) ]]\n",
        &expect![[r#"
        Remove the link, keep its words
        //- note.md
        a [b](note.md)
    "#]],
    );
    check("[[open\n]][[$0 | [b](note.md) ]]\n", &expect![[r#""#]]);
}

#[test]
fn labels_get_the_nearest_name_or_a_definition() {
    check(
        "[text][lab$0l] [^1]\n\n[label]: note.md\n",
        &expect![[r#"
        Change to `label`
        //- note.md
        [text][label] [^1]

        [label]: note.md
        Define `labl`
        //- note.md
        [text][labl] [^1]

        [label]: note.md

        [labl]: <>
    "#]],
    );
    check(
        "text[^n$0ow]\n\n[^new]: text",
        &expect![[r#"
        Add the footnote `now`
        //- note.md
        text[^now]

        [^new]: text

        [^now]: 
    "#]],
    );
    check("text[^n$0ow]\n\n```\nopen", &expect![[r#""#]]);
    check(
        "[text][on$0e]\n",
        &expect![[r#"
            Define `one`
            //- note.md
            [text][one]

            [one]: <>
        "#]],
    );
}

#[test]
fn definitions_that_hold_others_stay() {
    check("[^un$0used]: see [^1]\n\n[^1]: text\n", &expect![[r#""#]]);
}

#[test]
fn front_matter_stays_valid() {
    check("//- a.md\n---\nup: \"[[say h$0]]\"\n---\n//- say \"h\".md\n//- say hi.md\n", &expect![[r#""#]]);
}

#[test]
fn names_that_no_link_can_hold() {
    check("//- a.md\n[[a b$0]] [x](a%20b.md)\n//- a [b].md\n", &expect![[r#""#]]);
    check(
        "//- a.md\n[x](a%20$0b.md)\n//- a [b].md\n",
        &expect![[r#"
        Change to `a%20%5Bb%5D.md`
        //- a.md
        [x](a%20%5Bb%5D.md)
    "#]],
    );
}
