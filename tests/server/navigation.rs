//! Walking from note to note over the wire.

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault};

fn place(location: &Value) -> String {
    let file = location["uri"].as_str().unwrap().rsplit('/').next().unwrap();
    format!("{file} {}", range(&location["range"]))
}

fn range(range: &Value) -> String {
    let point = |end: &str| format!("{}:{}", range[end]["line"], range[end]["character"]);
    format!("{}-{}", point("start"), point("end"))
}

async fn references(client: &mut Client, at: (&str, u32, u32), include_declaration: bool) -> Vec<String> {
    let (uri, line, character) = at;
    let params = json!({
        "textDocument": { "uri": uri },
        "position": { "line": line, "character": character },
        "context": { "includeDeclaration": include_declaration },
    });
    let found = client.request("textDocument/references", params).await.unwrap();
    found.as_array().into_iter().flatten().map(place).collect()
}

#[tokio::test]
async fn references_come_from_open_and_closed_notes() {
    let vault = Vault::new("//- a.md\n# A\n## Part\n//- b.md\n😀 [[a]] [[a#Part]]\n//- c.md\n[[a]]\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    client.open(&vault.uri("c.md"), "[[a]]\n\n[[A]]\n").await;
    let a = vault.uri("a.md");
    let expected = ["b.md 0:3-0:8", "b.md 0:9-0:19", "c.md 0:0-0:5", "c.md 2:0-2:5"];
    assert_eq!(references(&mut client, (&a, 0, 0), false).await, expected);
    assert_eq!(references(&mut client, (&a, 1, 4), false).await, ["b.md 0:9-0:19"]);
    assert_eq!(references(&mut client, (&a, 1, 4), true).await, ["a.md 1:0-1:7", "b.md 0:9-0:19"]);
    let nothing = json!({
        "textDocument": { "uri": vault.uri("none.md") },
        "position": { "line": 0, "character": 0 },
        "context": { "includeDeclaration": true },
    });
    assert_eq!(client.request("textDocument/references", nothing).await, Ok(Value::Null));
    client.left_over().await;
    client.finish().await;
}

#[tokio::test]
async fn highlights_tell_definitions_from_uses() {
    let vault = Vault::new("//- a.md\n# A\n## Part\n[[#Part]]\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let at =
        json!({ "textDocument": { "uri": vault.uri("a.md") }, "position": { "line": 2, "character": 4 } });
    let found = client.request("textDocument/documentHighlight", at).await.unwrap();
    let shown: Vec<String> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|highlight| format!("{} {}", range(&highlight["range"]), highlight["kind"]))
        .collect();
    assert_eq!(shown, ["1:0-1:7 3", "2:0-2:9 2"]);
    client.finish().await;
}
