//! Completion lists as they reach the editor.

use serde_json::{Value, json};

use crate::support::{Setup, Vault};

#[tokio::test]
async fn a_list_keeps_its_order_and_its_items_explain_themselves() {
    let vault =
        Vault::new("//- a.md\n\n//- garden.md\n# Growing things\nAll about it.\n//- garage.md\n# G\n");
    let setup = Setup::folders(&[&vault])
        .able("/textDocument/completion/completionItem/documentationFormat", json!(["markdown"]));
    let mut client = setup.start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "é😀 [[garde").await;
    client.pushed(&uri).await;
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 11 } });
    let list = client.request("textDocument/completion", at).await.unwrap();
    assert!(list["isIncomplete"].is_boolean());
    let items = list["items"].as_array().unwrap();
    let orders: Vec<&str> = items.iter().map(|item| item["sortText"].as_str().unwrap()).collect();
    assert!(orders.is_sorted() && !orders.is_empty(), "{list:#}");
    let first = &items[0];
    assert_eq!(first["textEdit"]["range"]["end"]["character"], 11);
    let text = first["textEdit"]["newText"].as_str().unwrap();
    assert!(text.contains("garden"), "{first:#}");
    assert_eq!(first["documentation"], Value::Null);
    let resolved = client.request("completionItem/resolve", first.clone()).await.unwrap();
    assert_eq!(resolved["documentation"]["kind"], "markdown");
    assert!(resolved["documentation"]["value"].as_str().unwrap().contains("All about it."), "{resolved:#}");
    // An item of nobody's comes back as it is.
    let foreign = json!({ "label": "x", "data": [1] });
    assert_eq!(client.request("completionItem/resolve", foreign.clone()).await, Ok(foreign));
    client.finish().await;
}
