//! Words that name a note without a link to it, over the wire.

use serde_json::{Value, json};

use crate::support::{Setup, Vault, range};

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
    let unknown = client.request("workspace/executeCommand", ask(&vault.uri("none.md"))).await;
    assert_eq!(unknown, Ok(Value::Null));
    let nothing = client.request("workspace/executeCommand", json!({ "command": "vaultls.mentions" })).await;
    assert_eq!(nothing.unwrap_err()["code"], -32602);
    client.left_over().await;
    client.finish().await;
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
    assert_eq!(items[0]["message"], "Names `neural_change.md` without a link.");
    client.replace(&vault.uri("b.md"), 2, "[[neural_change]], LTP\n").await;
    let found = client.request("textDocument/diagnostic", report).await.unwrap();
    assert_eq!(found["items"], json!([]));
    client.finish().await;
}
