//! Completion of timestamps.

use expect_test::expect;
use proptest::prelude::*;

use crate::ide::completion::tests::{accepted, check};
use crate::ide::completion::*;
use crate::ide::fixture;
use crate::syntax::parse;

const VIDEO: &str = "Rxmv7rT9leo";

/// A note of a video with the cursor somewhere, and other notes about it.
fn vault(cursor: &str) -> String {
    format!(
        "//- note.md\n---\nvideoId: {VIDEO}\n---\n# Own\n{cursor}\n\
         //- b.md\n---\ntitle: Bee\nvideoId: {VIDEO}\n---\nSleep is *long* <a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>. \
         Food <a class=\"yt-timestamp\" data-t=\"00:10:20\">[00:10:20]</a> is short.\n\
         //- c.md\nAgain [1:01:05](https://youtu.be/{VIDEO}?t=3665) and [2:00](https://youtu.be/aaaaaaaaaaa?t=120s).\n\
         //- d.md\n---\nvideoId: aaaaaaaaaaa\n---\n[0:30] [0:40] [0:50] [0:60]\n"
    )
}

/// The cursor's line after the first item is accepted.
fn first(text: &str) -> String {
    let (vault, at) = fixture::vault(text);
    let answer = completion(&vault, at, &Cancel::new()).unwrap();
    answer.items.first().map_or_else(|| "nothing".to_owned(), |item| accepted(&vault, at, item))
}

#[test]
fn the_next_moment_of_the_video_comes_first() {
    check(
        &vault("Seen [0:05] and [2:00]. Then [$0] and [3:00]."),
        &expect![[r#"
            3:00 — Then [] and.
            10:20 — Food is short.
            1:01:05 — Again and.
            0:05 — Seen and.
            1:55 — Sleep is long.
            2:00 — Seen and.
            => Seen [0:05] and [2:00]. Then [3:00]│ and [3:00].
        "#]],
    );
}

#[test]
fn digits_narrow_the_list_in_any_spelling() {
    for (typed, labels) in [
        ("[1$0]", "1:55 10:20 1:01:05"),
        ("[1:$0]", "1:55 1:01:05"),
        ("[1:5$0]", "1:55"),
        ("[01$0", "1:55 1:01:05"),
        ("[00:1$0", "10:20"),
        ("[0:0$0", "1:55 0:01"),
        ("[102$0", "10:20"),
        ("[2$0", ""),
        ("[7:07$0]", "7:07"),
        ("[1:55$0]", "1:55"),
        ("[1:75$0]", ""),
    ] {
        let (vault, at) = fixture::vault(&vault(&format!("[4:00] {typed}")).replace("[4:00]", "[0:01]"));
        let answer = completion(&vault, at, &Cancel::new()).unwrap();
        let shown: Vec<&str> = answer.items.iter().map(|item| &*item.label).collect();
        assert_eq!(shown.join(" "), labels, "{typed}");
    }
}

#[test]
fn what_is_typed_out_is_offered_though_nobody_cites_it() {
    check(
        &vault("[0:01] [1:01$0]"),
        &expect![[r#"
            1:01:05 — Again and.
            1:01 — cited nowhere yet
            => [0:01] [1:01:05]│
        "#]],
    );
}

#[test]
fn it_is_written_in_the_form_of_the_note_else_of_the_vault() {
    let tag = "<a class=\"yt-timestamp\" data-t=\"0:00:10\">[0:00:10]</a>";
    let wrapped = format!("[0:10]({})", tag.replace("0:00:10", "0:10"));
    let link = format!("[00:10](https://youtu.be/{VIDEO}?t=10s)");
    for (before, after) in [
        (tag, "<a class=\"yt-timestamp\" data-t=\"0:01:55\">[0:01:55]</a>│"),
        (&wrapped, "[1:55](<a class=\"yt-timestamp\" data-t=\"1:55\">[1:55]</a>)│"),
        (&link, "[01:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=115s)│"),
        ("[0:10]", "[1:55]│"),
        ("[00:00:10]", "[00:01:55]│"),
        ("", "[1:55]│"),
    ] {
        let line = first(&vault(&format!("{before}\n\n[$0]")));
        assert_eq!(line, after, "{before}");
        assert_eq!(first(&vault(&format!("{before}\n\n[1:5$0"))), after, "{before}");
    }
    let alone = first(&format!("---\nvideoId: {VIDEO}\n---\n[1:55$0"));
    assert_eq!(alone, "<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>│");
}

#[test]
fn tags_are_begun_in_many_ways() {
    let tag = "<a class=\"yt-timestamp\" data-t=\"00:00:10\">[00:00:10]</a>";
    let next = tag.replace("00:00:10", "00:01:55");
    for begun in [
        "<$0",
        "<$0>",
        "<a$0",
        "<a$0>",
        "<a $0",
        "<a class=\"$0\"",
        "<a class=\"yt$0",
        "<a class=\"yt$0\">",
        "<a class=\"yt-timestamp\" data-t=\"$0",
        "<a class=\"yt-timestamp\" data-t=\"1:$0\">",
        "<a class=\"yt-timestamp\" data-t=\"00:01:5$0\"></a>",
        "<a class=\"yt-timestamp\" data-t=\"00:01$0:56\">[00:01:56]</a>",
        "<a class=\"yt-timestamp\" data-t=\"00:01:$0\">",
    ] {
        assert_eq!(first(&vault(&format!("{tag}\n\nx {begun}, y"))), format!("x {next}│, y"), "{begun}");
    }
    for begun in ["<a$0", "[$0]"] {
        assert_eq!(first(&vault(&format!("[0:10]\n\n{begun}"))), "[1:55]│", "{begun}");
    }
    let (short, begun) = (tag.replace("00:00:10", "1:55"), "<a class=\"yt$0\">");
    assert_eq!(first(&vault(&format!("[0:10]\n\n{begun}"))), format!("{short}│"));
    // The next tag of the line is none of its parts.
    let line = first(&vault(&format!("<a class=\"yt-timestamp\" data-t=\"$0 and {tag}")));
    assert_eq!(line, format!("{tag}│ and {tag}"));
}

#[test]
fn nothing_where_no_timestamp_is_begun() {
    let stamp = "<a class=\"yt-timestamp\" data-t=\"00:00:10\">";
    for nothing in [
        "[word$0",
        "[1:5 $0",
        "\\[1$0",
        "![1$0",
        "`[1$0`",
        "[0:1$0](x)",
        "[1$0][x]",
        "[1$0]: x",
        "x <$0",
        "a<a$0",
        "$[1$0$",
        "[$0 ] task",
        "[$0x] task",
        "[$0word",
        "[$012 apples",
        "<a href$0",
        "<b$0",
        "1:5$0",
        "[:$0",
        "%% [1$0 %%",
        "<!-- [1$0 -->",
        "    [1$0",
        &format!("{stamp}[00:0$0]</a>"),
        &format!("[00:00:10$0]({stamp}[00:00:10]</a>)"),
        "[0:10](<a$0",
    ] {
        let text = vault(&format!("[0:10]\n\n{nothing}"));
        assert_eq!(first(&text), "nothing", "{nothing}");
    }
    for note in
        ["text [1$0]", "---\nvideoId: short\n---\n[1$0]", "---\nvideoId: Rxmv7rT9leo\nx: [1$0]\n---\n"]
    {
        assert_eq!(
            first(&format!("{note}\n//- b.md\n---\nvideoId: {VIDEO}\n---\n[1:55]\n")),
            "nothing",
            "{note}"
        );
    }
}

proptest! {
    /// Wherever the cursor stands, what is accepted is read as the moment that was shown.
    #[test]
    fn what_is_accepted_is_read_as_that_moment(
        before in prop::collection::vec(prop::sample::select(fixture::MOMENT_PIECES.to_vec()), 0..7),
        begun in prop::sample::select(vec!["[", "[1", "[1:5", "[1:55", "<", "<a", "<a class=\"", "<a class=\"yt-timestamp\" data-t=\"00:0"]),
        behind in prop::collection::vec(prop::sample::select(fixture::MOMENT_PIECES.to_vec()), 0..7),
    ) {
        let text = vault(&format!("{}{begun}$0{}", before.concat(), behind.concat()));
        let (vault, at) = fixture::vault(&text);
        let note = vault.note(at.note).unwrap();
        let answer = completion(&vault, at, &Cancel::new()).unwrap();
        for item in answer.items.iter().filter(|item| item.kind == CompletionKind::Moment) {
            let Some(CompletionSubject::Moment { seconds, .. }) = item.subject else { panic!("{item:?}") };
            let mut text = note.note.text.clone();
            text.replace(item.replace, &item.new_text);
            let text = text.to_text();
            let read = parse(&text);
            let found = read.timestamps.iter().find(|stamp| stamp.span.start == item.replace.start);
            prop_assert_eq!(found.and_then(|found| found.moment()).map(|moment| moment.seconds), Some(seconds), "{}", text);
        }
    }
}

#[test]
fn labels_footnotes_and_links_keep_their_place() {
    for (begun, line) in [
        ("x[^$0\n\n[^n]: note", "x[^n]│"),
        ("[0:10][$0\n\n[n]: b.md", "[0:10][n]│"),
        ("[[be$0", "[[b]]│"),
        ("> [!ti$0", "> [!tip]│"),
        ("[0:10](https://youtu.be/x) [t](b$0", "[0:10](https://youtu.be/x) [t](b.md)│"),
    ] {
        assert_eq!(first(&vault(begun)), line, "{begun}");
    }
}

#[test]
fn a_list_is_capped_and_stops_when_it_is_cancelled() {
    let stamps: String = (0..200).map(|minute| format!("[{minute}:00] word.\n")).collect();
    let (vault, at) = fixture::vault(&format!("//- a.md\n---\nvideoId: {VIDEO}\n---\n{stamps}\n[$0]\n"));
    let answer = completion(&vault, at, &Cancel::new()).unwrap();
    assert_eq!((answer.items.len(), answer.is_incomplete), (60, true));
    let cancel = Cancel::new();
    cancel.cancel();
    assert_eq!(completion(&vault, at, &cancel), Err(Cancelled));
}

#[test]
fn a_moment_explains_itself() {
    let (vault, _) = fixture::vault(&vault("x [0:01:55]"));
    let text = |seconds| {
        let subject = CompletionSubject::Moment { video: VIDEO.to_owned(), seconds };
        completion_documentation(&vault, &subject, &|path| format!("file:///v/{path}")).unwrap().markdown()
    };
    expect![[r#"
        **Bee**

        [1:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=115s) · 115 s · `Rxmv7rT9leo`

        Cited by 2 notes:
        - [Bee](file:///v/b.md): Sleep is long.
        - [Own](file:///v/note.md): x"#]]
    .assert_eq(&text(115));
    expect![[r#"
        **Bee**

        [0:07](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=7s) · 7 s · `Rxmv7rT9leo`"#]]
    .assert_eq(&text(7));
}
