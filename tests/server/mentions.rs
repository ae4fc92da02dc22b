//! Words that name a note without a link to it, over the wire.

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault, code_of, range};

const NOTES: &str = "//- neural_change.md\n---\naliases: [LTP]\n---\ntext\n\
    //- b.md\n# Bees\n😀 neural change, [[neural_change]]\n//- c.md\n`LTP`\n//- d.md\nltp\n";

fn shown(found: &Value) -> Vec<String> {
    let note = |note: &Value| {
        let mentions = note["mentions"].as_array().unwrap().iter();
        let mentions: Vec<String> = mentions
            .map(|one| format!("{} {}", range(&one["range"]), one["text"].as_str().unwrap()))
            .collect();
        format!(
            "{} ({}): {}",
            note["title"].as_str().unwrap(),
            note["path"].as_str().unwrap(),
            mentions.join(", ")
        )
    };
    found.as_array().unwrap().iter().map(note).collect()
}

#[tokio::test]
async fn mentions_of_a_note_come_from_open_and_closed_notes() {
    let vault = Vault::new(NOTES);
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("neural_change.md");
    let ask = |uri: &str| json!({ "command": "vaultls.mentions", "arguments": [{ "uri": uri }] });
    client.open(&vault.uri("d.md"), "LTP again\n").await;
    let found = client.request("workspace/executeCommand", ask(&uri)).await.unwrap();
    assert_eq!(shown(&found), ["Bees (b.md): 1:3-1:16 neural change", "d (d.md): 0:0-0:3 LTP"]);
    assert_eq!(found[1]["uri"], vault.uri("d.md"));
    let sentence = json!({ "before": "😀 ", "text": "neural change", "after": ", neural_change" });
    assert_eq!(found[0]["mentions"][0]["sentence"], sentence);
    let unknown = client.request("workspace/executeCommand", ask(&vault.uri("none.md"))).await;
    assert_eq!(unknown, Ok(Value::Null));
    let nothing = client.request("workspace/executeCommand", json!({ "command": "vaultls.mentions" })).await;
    assert_eq!(nothing.unwrap_err()["code"], -32602);
    client.finish_with_rest().await;
}

#[tokio::test]
async fn mentions_are_marked_when_asked_for() {
    let vault = Vault::new(NOTES);
    vault.write(".vaultls.toml", "[diagnostics.severity]\n\"note/unlinked-mention\" = \"hint\"\n");
    let mut client = Setup::folders(&[&vault]).pulling().start().await;
    client.open(&vault.uri("b.md"), "LTP and LTP\n").await;
    let report = json!({ "textDocument": { "uri": vault.uri("b.md") } });
    let found = client.request("textDocument/diagnostic", report.clone()).await.unwrap();
    let items = found["items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!((range(&items[0]["range"]), &items[0]["severity"]), ("0:0-0:3".into(), &json!(4)));
    assert_eq!(items[0]["message"], "Unlinked mention of `neural_change.md`");
    client.replace(&vault.uri("b.md"), 2, "[[neural_change]], LTP\n").await;
    let found = client.request("textDocument/diagnostic", report).await.unwrap();
    assert_eq!(found["items"], json!([]));
    client.finish().await;
}

fn editing(vault: &Vault) -> Setup {
    Setup::folders(&[vault]).pulling().editing()
}

/// What the client was asked last to write: the notes, and the text for each.
fn written(client: &Client) -> Vec<(String, Vec<String>)> {
    let changes = client.edits.last().unwrap()["edit"]["documentChanges"].as_array().unwrap();
    let text = |edit: &Value| edit["newText"].as_str().unwrap().to_owned();
    let texts = |change: &Value| change["edits"].as_array().unwrap().iter().map(text).collect();
    let note = |change: &Value| change["textDocument"]["uri"].as_str().unwrap().to_owned();
    changes.iter().map(|change| (note(change), texts(change))).collect()
}

#[tokio::test]
async fn one_mention_is_linked_while_its_note_has_not_changed() {
    let vault = Vault::new(NOTES);
    let mut client = editing(&vault).start().await;
    let uri = vault.uri("d.md");
    let ask = json!({ "uri": vault.uri("neural_change.md") });
    let found = client.execute("vaultls.mentions", ask.clone()).await.unwrap();
    let link = found[1]["mentions"][0]["link"].clone();
    client.open(&uri, "So ltp\n").await;
    let stale = client.execute("vaultls.applyAction", link).await.unwrap_err();
    assert_eq!(
        (&stale["code"], stale["message"].as_str().unwrap()),
        (&json!(-32801), "the note has changed since this was offered; request it again")
    );
    let found = client.execute("vaultls.mentions", ask).await.unwrap();
    let link = found[1]["mentions"][0]["link"].clone();
    assert_eq!(client.execute("vaultls.applyAction", link).await, Ok(Value::Null));
    client.was_asked("workspace/applyEdit").await;
    assert_eq!(written(&client), [(uri, vec!["[[neural_change|ltp]]".to_owned()])]);
    client.finish().await;
}

#[tokio::test]
async fn all_mentions_of_a_note_are_linked_but_those_that_mean_another_one_too() {
    let notes = format!("{NOTES}//- e.md\nLTP LTP spine\n//- x/spine.md\n//- y/spine.md\n");
    let vault = Vault::new(&notes);
    let mut client = editing(&vault).start().await;
    let uri = vault.uri("neural_change.md");
    client.open(&vault.uri("d.md"), "LTP, then\n").await;
    let linked = client.execute("vaultls.linkMentions", json!({ "uri": uri })).await;
    assert_eq!(linked, Ok(json!(4)));
    client.was_asked("workspace/applyEdit").await;
    let ltp = || "[[neural_change|LTP]]".to_owned();
    let of = |name: &str, texts: Vec<String>| (vault.uri(name), texts);
    let everywhere = vec![
        of("b.md", vec!["[[neural_change|neural change]]".to_owned()]),
        of("d.md", vec![ltp()]),
        of("e.md", vec![ltp(), ltp()]),
    ];
    assert_eq!(written(&client), everywhere);
    let within = json!({ "uri": uri, "within": vault.uri("e.md") });
    assert_eq!(client.execute("vaultls.linkMentions", within).await, Ok(json!(2)));
    client.was_asked("workspace/applyEdit").await;
    assert_eq!(written(&client), everywhere[2..]);

    let spine = json!({ "uri": vault.uri("x/spine.md") });
    let found = client.execute("vaultls.mentions", spine.clone()).await.unwrap();
    assert_eq!(found[0]["mentions"][0]["isAmbiguous"], true);
    assert_eq!(client.execute("vaultls.linkMentions", spine).await, Ok(json!(0)));
    let elsewhere = json!({ "uri": uri, "within": "file:///nowhere/a.md" });
    assert_eq!(client.execute("vaultls.linkMentions", elsewhere).await, Ok(Value::Null));
    assert_eq!(code_of(&client.execute("vaultls.linkMentions", json!({})).await), -32602);
    assert_eq!(client.edits.len(), 2);
    client.finish().await;
}
