//! What clients that show it are told of the server itself.

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault};

fn showing(vaults: &[&Vault]) -> Setup {
    Setup::folders(vaults).able("/experimental/serverStatusNotification", json!(true))
}

/// Notes, attachments, links and unresolved links of each vault.
fn counts(status: &Value) -> Vec<[u64; 4]> {
    let count = |vault: &Value| {
        ["notes", "attachments", "links", "unresolvedLinks"].map(|name| vault[name].as_u64().unwrap())
    };
    status["vaults"].as_array().unwrap().iter().map(count).collect()
}

async fn counted(client: &mut Client, expected: &[[u64; 4]]) {
    client.status_until(|status| status["quiescent"] == true && counts(status) == expected).await;
}

#[tokio::test]
async fn reading_and_ready_are_told_with_counts() {
    let vault = Vault::new("//- a.md\n[[b]] [[none]] [x](gone.md) <https://a.b>\n//- b.md\n# B\n//- p.png\n");
    let mut client = showing(&[&vault]).start_loading().await;
    let first = client.told("experimental/serverStatus", |_| true).await;
    if first["quiescent"] == false {
        counted(&mut client, &[[2, 1, 4, 2]]).await;
    } else {
        assert_eq!(counts(&first), [[2, 1, 4, 2]], "a fast machine has read it already");
    }
    assert_eq!(first["health"], "ok");
    assert_eq!(first["vaults"][0]["uri"], vault.uri("").trim_end_matches('/'));
    assert_eq!(
        Some(first["vaults"][0]["name"].as_str().unwrap()),
        vault.root().file_name().unwrap().to_str()
    );
    client.finish().await;
}

#[tokio::test]
async fn counts_follow_edits_and_the_disk() {
    let vault = Vault::new("//- a.md\n[[b]]\n//- b.md\n[[c]] [[c]]\n");
    let mut client = showing(&[&vault]).start().await;
    counted(&mut client, &[[2, 0, 3, 2]]).await;
    let uri = vault.uri("a.md");
    client.open(&uri, "[[b]]\n").await;
    client.replace(&uri, 2, "[[b]] [[d]]\n").await;
    counted(&mut client, &[[2, 0, 4, 3]]).await;
    // A note that was not touched is counted again, for its links lead somewhere now.
    vault.write("c.md", "");
    client.changed_on_disk(&[vault.uri("c.md")]).await;
    counted(&mut client, &[[3, 0, 4, 1]]).await;
    vault.remove("b.md");
    client.changed_on_disk(&[vault.uri("b.md")]).await;
    counted(&mut client, &[[2, 0, 2, 2]]).await;
    let stats = client.stats().await;
    for (name, expected) in [("notes", 2), ("links", 2), ("unresolvedLinks", 2)] {
        assert_eq!(stats[0][name], expected, "{name}");
    }
    client.finish_with_rest().await;
}

#[tokio::test]
async fn vaults_come_and_go_and_one_lies_in_another() {
    let outer = Vault::new("//- a.md\n[[b]]\n//- in/b.md\n[[none]]\n");
    let mut client = showing(&[&outer]).start().await;
    counted(&mut client, &[[2, 0, 2, 1]]).await;
    let folder = json!({ "uri": outer.uri("in"), "name": "in" });
    let change = |event: Value| json!({ "event": event });
    let method = "workspace/didChangeWorkspaceFolders";
    client.notify(method, change(json!({ "added": [folder], "removed": [] }))).await;
    counted(&mut client, &[[1, 0, 1, 1], [1, 0, 1, 1]]).await;
    client.notify(method, change(json!({ "added": [], "removed": [folder] }))).await;
    counted(&mut client, &[[2, 0, 2, 1]]).await;
    client.finish_with_rest().await;
}

#[tokio::test]
async fn a_vault_that_cannot_be_read_is_no_secret() {
    let params = json!({ "workspaceFolders": [{ "uri": "file:///nowhere/at/all", "name": "nowhere" }] });
    let setup = Setup::with(params).able("/experimental/serverStatusNotification", json!(true));
    let mut client = setup.start().await;
    let status = client.status_until(|status| status["health"] == "warning").await;
    assert!(status["message"].as_str().unwrap().contains("/nowhere/at/all"));
    client.finish_with_rest().await;
}
