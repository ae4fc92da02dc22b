//! Walking from note to note over the wire.

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault, range};

fn place(location: &Value) -> String {
    let file = location["uri"].as_str().unwrap().rsplit('/').next().unwrap();
    format!("{file} {}", range(&location["range"]))
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
    client.finish_with_rest().await;
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

#[tokio::test]
async fn the_call_hierarchy_walks_from_note_to_note_and_to_attachments() {
    let vault = Vault::new("//- a.md\n# The A\n[[b]] ![[p.png]]\n//- b.md\n😀 [[a]]\n\n[[a#x]]\n//- p.png\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let prepare = |line: u32, character: u32| json!({ "textDocument": { "uri": vault.uri("a.md") }, "position": { "line": line, "character": character } });
    let method = "textDocument/prepareCallHierarchy";
    let own = client.request(method, prepare(0, 3)).await.unwrap();
    assert_eq!((&own[0]["name"], &own[0]["detail"]), (&json!("The A"), &json!("a.md")));
    assert_eq!(
        (range(&own[0]["range"]), range(&own[0]["selectionRange"])),
        ("0:0-2:0".into(), "0:0-0:7".into())
    );
    let calls = async |client: &mut Client, method: &str, item: &Value, end: &str| -> Vec<String> {
        let found = client.request(method, json!({ "item": item })).await.unwrap();
        let call = |call: &Value| {
            let ranges: Vec<String> = call["fromRanges"].as_array().unwrap().iter().map(range).collect();
            format!("{}: {}", call[end]["detail"].as_str().unwrap(), ranges.join(" "))
        };
        found.as_array().unwrap().iter().map(call).collect()
    };
    let (incoming, outgoing) = ("callHierarchy/incomingCalls", "callHierarchy/outgoingCalls");
    assert_eq!(calls(&mut client, incoming, &own[0], "from").await, ["b.md: 0:3-0:8 2:0-2:7"]);
    assert_eq!(calls(&mut client, outgoing, &own[0], "to").await, ["b.md: 1:0-1:5", "p.png: 1:6-1:16"]);
    let image = client.request(method, prepare(1, 12)).await.unwrap();
    assert_eq!(image[0]["name"], "p.png");
    assert_eq!(calls(&mut client, incoming, &image[0], "from").await, ["a.md: 1:6-1:16"]);
    assert_eq!(calls(&mut client, outgoing, &image[0], "to").await, Vec::<String>::new());
    let mut with_sentences = own[0].clone();
    with_sentences["data"] = json!({ "sentences": true });
    let found = client.request(incoming, json!({ "item": with_sentences })).await.unwrap();
    assert_eq!(found[0]["fromRanges"].as_array().map(Vec::len), Some(2));
    let sentence = |before: &str| json!({ "before": before, "text": "a", "after": "" });
    assert_eq!(found[0]["from"]["data"]["sentences"], json!([sentence("😀 "), sentence("")]));
    let mut gone = own[0].clone();
    gone["uri"] = json!(vault.uri("none.md"));
    assert_eq!(client.request(incoming, json!({ "item": gone })).await, Ok(Value::Null));
    client.finish().await;
}

fn listing_references(vault: &Vault) -> Setup {
    Setup::folders(&[vault])
        .able("/experimental/commands/commands", json!(["vaultls.showReferences"]))
        .able("/workspace/codeLens/refreshSupport", json!(true))
}

/// `line title` of each lens, and what the click on it lists.
async fn lenses(client: &mut Client, uri: &str) -> Vec<(String, Vec<String>)> {
    let params = json!({ "textDocument": { "uri": uri } });
    let found = client.request("textDocument/codeLens", params).await.unwrap();
    let mut shown = Vec::new();
    for lens in found.as_array().unwrap() {
        let command = &lens["command"];
        assert_eq!(command["command"], "vaultls.showReferences");
        let listed = match &command["arguments"] {
            Value::Array(arguments) if arguments.len() == 3 => {
                arguments[2].as_array().unwrap().iter().map(place).collect()
            }
            arguments => {
                let number = |key: &str| u32::try_from(arguments[1][key].as_u64().unwrap()).unwrap();
                references(
                    client,
                    (arguments[0].as_str().unwrap(), number("line"), number("character")),
                    false,
                )
                .await
            }
        };
        shown.push((
            format!("{} {}", lens["range"]["start"]["line"], command["title"].as_str().unwrap()),
            listed,
        ));
    }
    shown
}

#[tokio::test]
async fn lenses_count_what_their_click_lists() {
    let vault =
        Vault::new("//- a.md\n# A\n## Part\n## Alone\n//- b.md\n[[a]] [[a#Part]]\n//- c.md\ntext [[b]]\n");
    let mut client = listing_references(&vault).start().await;
    let line = |title: &str, places: &[&str]| {
        (title.to_owned(), places.iter().map(|place| (*place).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(
        lenses(&mut client, &vault.uri("a.md")).await,
        [
            line("0 2 backlinks", &["b.md 0:0-0:5", "b.md 0:6-0:16"]),
            line("1 1 reference", &["b.md 0:6-0:16"]),
        ]
    );
    assert_eq!(lenses(&mut client, &vault.uri("b.md")).await, [line("0 1 backlink", &["c.md 0:5-0:10"])]);
    client.finish().await;
}

#[tokio::test]
async fn lenses_are_asked_for_again_when_another_note_links_elsewhere() {
    let vault = Vault::new("//- a.md\n# A\n## Part\n//- b.md\n[[a]]\n");
    let mut client = listing_references(&vault).pulling().start().await;
    let (a, b) = (vault.uri("a.md"), vault.uri("b.md"));
    client.open(&a, "# A\n## Part\n").await;
    client.open(&b, "[[a]] [[a]]\n").await;
    let refresh = "workspace/codeLens/refresh";
    client.was_asked(refresh).await;
    assert_eq!(lenses(&mut client, &a).await.len(), 1);
    client.asked.retain(|asked| asked != refresh);
    client.replace(&b, 2, "[[a#Part]] and words\n").await;
    client.was_asked(refresh).await;
    assert_eq!(lenses(&mut client, &a).await.len(), 2);
    client.finish().await;
}

#[tokio::test]
async fn lenses_are_for_clients_whose_clicks_lead_somewhere() {
    let vault = Vault::new("//- a.md\n# A\n");
    for (setup, offered) in [(Setup::folders(&[&vault]), false), (listing_references(&vault), true)] {
        let mut client = Client::connect();
        let params = json!({ "processId": null, "rootUri": null, "capabilities": setup.capabilities });
        let result = client.request("initialize", params).await.unwrap();
        assert_eq!(result["capabilities"]["codeLensProvider"].is_object(), offered);
    }
}
