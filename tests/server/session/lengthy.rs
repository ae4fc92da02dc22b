//! Requests that take long: they end soon once they are cancelled, and typing does not wait for them.

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault, code_of};

/// More at once than there are threads for.
const AT_ONCE: usize = 24;

/// A vault whose note `hub.md` thousands of links lead to, with as many headings to search.
fn popular() -> Vault {
    let vault = Vault::new("//- hub.md\n# Hub\n");
    for number in 0..1500 {
        let links = "## Part of the whole\n[[hub]] [[hub | shown]] [up](hub.md)\n".repeat(8);
        vault.write(&format!("note {number}.md"), &links);
    }
    vault
}

/// Asks many times at once, types and asks something small meanwhile, and takes back what was asked.
async fn cancelled_while_typing(method: &str, params: impl Fn(&Vault) -> Value) {
    let vault = popular();
    let resource = json!(["create", "rename", "delete"]);
    let setup = Setup::folders(&[&vault]).pulling();
    let setup = setup.able("/workspace/workspaceEdit/resourceOperations", resource);
    let mut client: Client = setup.start().await;
    let open = vault.uri("typed.md");
    client.open(&open, "# 0\n").await;
    let mut asked = Vec::new();
    for _ in 0..AT_ONCE {
        asked.push(client.ask(method, params(&vault)).await);
    }
    for version in 2..8 {
        client.replace(&open, version, &format!("# {version}\n")).await;
        assert_eq!(client.headings(&open).await, [version.to_string()]);
    }
    let last = *asked.last().expect("some were asked");
    assert!(!client.is_answered(last), "{method}: typing waited for it");
    for id in &asked {
        client.notify("$/cancelRequest", json!({ "id": id })).await;
    }
    // The first may have been answered; the last has waited for its turn, or this says nothing.
    assert_eq!(code_of(&client.answer(last).await), -32800, "{method}");
    for id in asked.into_iter().filter(|id| *id != last) {
        let _ = client.answer(id).await;
    }
    client.finish_with_rest().await;
}

fn hub(vault: &Vault) -> Value {
    json!({ "textDocument": { "uri": vault.uri("hub.md") }, "position": { "line": 0, "character": 3 } })
}

#[tokio::test]
async fn renames_of_a_popular_note() {
    let params = |vault: &Vault| {
        let at = json!({ "line": 1, "character": 3 });
        json!({ "textDocument": { "uri": vault.uri("note 7.md") }, "position": at, "newName": "centre" })
    };
    cancelled_while_typing("textDocument/rename", params).await;
}

#[tokio::test]
async fn references_of_a_popular_note() {
    let params = |vault: &Vault| {
        let mut params = hub(vault);
        params["context"] = json!({ "includeDeclaration": true });
        params
    };
    cancelled_while_typing("textDocument/references", params).await;
}

#[tokio::test]
async fn searches_for_a_name() {
    cancelled_while_typing("workspace/symbol", |_| json!({ "query": "pa wh" })).await;
}
