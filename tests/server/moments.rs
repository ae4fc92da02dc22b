//! Moments of videos over the wire.

use serde_json::{Value, json};

use crate::support::{Setup, Vault, code_of, range};

#[tokio::test]
async fn a_hovered_timestamp_tells_of_its_moment() {
    let vault = Vault::new(
        "//- a.md\n---\ntitle: Talk\nvideoId: Rxmv7rT9leo\n---\n😀 [1:01:55] and [1:02:30]\n\
         //- b c.md\n---\nvideoId: Rxmv7rT9leo\n---\n# Bee [one](x)\nThey sleep <a class=\"yt-timestamp\" data-t=\"01:02:00\">[01:02:00]</a> at night.\n",
    );
    let setup = Setup::folders(&[&vault]).able("/textDocument/hover/contentFormat", json!(["markdown"]));
    let mut client = setup.pulling().start().await;
    let uri = vault.uri("a.md");
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 4, "character": 6 } });
    let found = client.request("textDocument/hover", at).await.unwrap();
    assert_eq!(range(&found["range"]), "4:3-4:12");
    assert_eq!(found["contents"]["kind"], "markdown");
    let said = found["contents"]["value"].as_str().unwrap();
    let other = vault.uri("b%20c.md");
    for part in [
        "**Talk**",
        "[1:01:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=3715s) · 3715 s",
        "In this note: next [1:02:30](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=3750s)",
        &format!("[Bee one]({other}) [1:02:00]"),
        "They sleep at night.",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    client.finish().await;
}

#[tokio::test]
async fn a_client_without_markdown_hovers_plain_text() {
    let vault = Vault::new("//- a.md\n---\ntitle: My *Talk*\nvideoId: Rxmv7rT9leo\n---\n[1:55]\n");
    let setup = Setup::folders(&[&vault]).able("/textDocument/hover/contentFormat", json!(["plaintext"]));
    let mut client = setup.pulling().start().await;
    let at =
        json!({ "textDocument": { "uri": vault.uri("a.md") }, "position": { "line": 4, "character": 2 } });
    let found = client.request("textDocument/hover", at).await.unwrap();
    let expected = json!({ "kind": "plaintext", "value": "My *Talk*\n\n1:55 · 115 s · Rxmv7rT9leo" });
    assert_eq!(found["contents"], expected);
    client.finish().await;
}

fn editing(vault: &Vault) -> Setup {
    Setup::folders(&[vault]).pulling().editing()
}

#[tokio::test]
async fn a_timestamp_is_inserted_where_the_cursor_is() {
    let vault =
        Vault::new("//- a.md\n\n//- b.md\n---\nvideoId: Rxmv7rT9leo\n---\n[1:55] [3:00]\n//- c.md\n# C\n");
    let mut client = editing(&vault).start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "---\nvideoId: Rxmv7rT9leo\n---\n😀 [0:10] then é").await;
    let at = |character: u32, moment: Value| json!({ "uri": uri, "position": { "line": 3, "character": character }, "moment": moment });
    for (count, (moment, inserted)) in [
        (Value::Null, "[1:55]"),
        (json!(75), "[1:15]"),
        (json!("https://youtu.be/Rxmv7rT9leo?t=1h"), "[1:00:00]"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = client.execute("vaultls.insertTimestamp", at(16, moment)).await;
        assert_eq!(answer, Ok(json!(inserted)));
        client.was_asked("workspace/applyEdit").await;
        let edit = &client.edits[count]["edit"]["documentChanges"][0]["edits"][0];
        assert_eq!(
            (&edit["newText"], &*range(&edit["range"])),
            (&json!(format!(" {inserted}")), "3:16-3:16")
        );
    }
    let with_clipboard = |text: &str, moment: Value| {
        let mut arguments = at(16, moment);
        arguments["clipboard"] = text.into();
        arguments
    };
    for (text, moment, inserted) in [
        ("youtu.be/Rxmv7rT9leo?t=75\n", Value::Null, "[1:15]"),
        ("0:20", Value::Null, "[0:20]"),
        ("0:20", json!(75), "[1:15]"),
        ("75", Value::Null, "[1:55]"),
        ("words", Value::Null, "[1:55]"),
    ] {
        let answer = client.execute("vaultls.insertTimestamp", with_clipboard(text, moment)).await;
        assert_eq!(answer, Ok(json!(inserted)), "{text}");
        client.was_asked("workspace/applyEdit").await;
    }
    for moment in [json!("1:75"), json!("soon")] {
        let refused = client.execute("vaultls.insertTimestamp", at(16, moment)).await;
        assert_eq!(code_of(&refused), -32803);
    }
    let elsewhere =
        json!({ "uri": vault.uri("c.md"), "position": { "line": 1, "character": 0 }, "moment": 5 });
    let refused = client.execute("vaultls.insertTimestamp", elsewhere).await.unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("names no video"), "{refused}");
    let unplaced = client.execute("vaultls.insertTimestamp", json!({ "uri": uri })).await;
    assert_eq!(code_of(&unplaced), -32602);
    client.finish().await;
}

#[tokio::test]
async fn timestamps_are_converted_and_their_labels_written_by_commands() {
    let tag = "<a class=\"yt-timestamp\" data-t=\"00:01:55\"></a>";
    let note = format!("---\nvideoId: Rxmv7rT9leo\n---\n[0:10] [0:20] {tag}\n");
    let vault = Vault::new(&format!("//- a.md\n{note}//- b.md\n{note}"));
    let mut client = editing(&vault).start().await;
    let uri = vault.uri("a.md");
    let to = |form: &str, reach: &str| json!({ "uri": uri, "form": form, "reach": reach });
    assert_eq!(client.execute("vaultls.convertTimestamps", to("videoLink", "note")).await, Ok(json!(2)));
    client.was_asked("workspace/applyEdit").await;
    assert_eq!(client.execute("vaultls.convertTimestamps", to("tag", "vault")).await, Ok(json!(4)));
    client.was_asked("workspace/applyEdit").await;
    assert_eq!(client.edits[1]["edit"]["documentChanges"].as_array().unwrap().len(), 2);
    assert_eq!(client.execute("vaultls.convertTimestamps", to("bare", "note")).await, Ok(json!(0)));
    assert_eq!(code_of(&client.execute("vaultls.convertTimestamps", to("word", "note")).await), -32602);
    let fix = |code: &str| json!({ "uri": uri, "code": code });
    assert_eq!(client.execute("vaultls.fixTimestamps", fix("timestamp/empty-label")).await, Ok(json!(1)));
    client.was_asked("workspace/applyEdit").await;
    let edit = &client.edits[2]["edit"]["documentChanges"][0]["edits"][0];
    assert_eq!(edit["newText"], "[00:01:55]");
    assert_eq!(code_of(&client.execute("vaultls.fixTimestamps", fix("link/empty")).await), -32602);
    client.finish().await;
}

#[tokio::test]
async fn a_clock_is_written_as_a_timestamp_by_an_action() {
    let vault = Vault::new("//- a.md\n---\nvideoId: Rxmv7rT9leo\n---\n😀 at 1:55 and 2:00\n");
    let setup = editing(&vault)
        .able(
            "/textDocument/codeAction/codeActionLiteralSupport",
            json!({ "codeActionKind": { "valueSet": [] } }),
        )
        .able("/textDocument/codeAction/dataSupport", json!(true))
        .able("/textDocument/codeAction/resolveSupport", json!({ "properties": ["edit"] }));
    let mut client = setup.start().await;
    let place = json!({ "line": 3, "character": 8 });
    let params = json!({
        "textDocument": { "uri": vault.uri("a.md") },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [], "only": ["refactor.rewrite"] },
    });
    let offers = client.request("textDocument/codeAction", params).await.unwrap();
    let titles: Vec<&str> =
        offers.as_array().unwrap().iter().map(|offer| offer["title"].as_str().unwrap()).collect();
    assert!(titles.contains(&"Convert all 2 clocks in this note to timestamps"), "{titles:?}");
    let one = titles.iter().position(|title| *title == "Convert `1:55` to a timestamp").unwrap();
    let resolved = client.request("codeAction/resolve", offers[one].clone()).await.unwrap();
    let edit = &resolved["edit"]["documentChanges"][0]["edits"][0];
    let tag = "<a class=\"yt-timestamp\" data-t=\"00:01:55\">[00:01:55]</a>";
    assert_eq!((&edit["newText"], &*range(&edit["range"])), (&json!(tag), "3:6-3:10"));
    client.finish().await;
}
