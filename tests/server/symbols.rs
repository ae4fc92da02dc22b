//! Searching all vaults for names over the wire.

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault};

async fn find(client: &mut Client, typed: &str) -> Vec<Value> {
    let found = client.request("workspace/symbol", json!({ "query": typed })).await.unwrap();
    found.as_array().unwrap().clone()
}

fn names(symbols: &[Value]) -> Vec<&str> {
    symbols.iter().map(|symbol| symbol["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn names_of_all_vaults_are_found_together() {
    let one = Vault::new("//- a.md\n# Models\n## Large models\n");
    let two = Vault::new("//- b.md\ntext\n#models\n");
    let mut client = Setup::folders(&[&one, &two]).pulling().start().await;
    client.open(&two.uri("new.md"), "# A modelling\n").await;
    let found = find(&mut client, "model").await;
    assert_eq!(names(&found), ["Models", "A modelling", "Large models", "#models"]);
    assert_eq!(found[0]["location"]["range"]["end"], json!({ "line": 0, "character": 8 }));
    assert_eq!(found[2]["containerName"], "Models");
    assert_eq!(found[1]["location"]["uri"], two.uri("new.md"));
    assert_eq!(find(&mut client, "nothing of that kind").await, Vec::<Value>::new());
    client.finish_with_rest().await;
}

#[tokio::test]
async fn notes_are_found_by_the_id_of_their_video() {
    let vault = Vault::new("//- a.md\n---\ntitle: Talk\nvideoId: Rxmv7rT9leo\n---\n//- b.md\n# Rxm\n");
    let resolve = json!({ "properties": ["location.range"] });
    let setup = Setup::folders(&[&vault]).pulling().able("/workspace/symbol/resolveSupport", resolve);
    let mut client = setup.start().await;
    let found = find(&mut client, "Rxmv7").await;
    assert_eq!(names(&found), ["Rxmv7rT9leo"]);
    assert_eq!(found[0]["containerName"], "Talk");
    let resolved = client.request("workspaceSymbol/resolve", found[0].clone()).await.unwrap();
    let range = json!({ "start": { "line": 2, "character": 9 }, "end": { "line": 2, "character": 20 } });
    assert_eq!(resolved["location"]["range"], range);
    client.finish().await;
}

#[tokio::test]
async fn ranges_wait_for_clients_that_can() {
    let vault = Vault::new("//- a.md\n# A\n😀\n## Part\n");
    let resolve = json!({ "properties": ["location.range"] });
    let setup = Setup::folders(&[&vault]).pulling().able("/workspace/symbol/resolveSupport", resolve);
    let mut client = setup.start().await;
    let found = find(&mut client, "part").await;
    assert_eq!(found[0]["location"], json!({ "uri": vault.uri("a.md") }));
    let start = async |client: &mut Client, symbol: &Value| {
        let resolved = client.request("workspaceSymbol/resolve", symbol.clone()).await.unwrap();
        resolved["location"]["range"]["start"]["line"].clone()
    };
    assert_eq!(start(&mut client, &found[0]).await, 2);
    client.open(&vault.uri("a.md"), "# A\n## New\n\n## Part\n").await;
    assert_eq!(start(&mut client, &found[0]).await, 3);
    let mut foreign = found[0].clone();
    foreign["data"] = json!({ "kind": "what" });
    assert_eq!(start(&mut client, &foreign).await, Value::Null);
    client.finish_with_rest().await;
}
