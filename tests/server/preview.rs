//! What an editor that renders notes itself asks about their links.

use serde_json::{Value, json};

use crate::support::{Setup, Vault};

const VIDEO: &str = "dQw4w9WgXcQ";

#[tokio::test]
async fn links_are_resolved_by_their_text() {
    let vault = Vault::new(&format!(
        "//- a.md\n---\nvideoId: {VIDEO}\n---\n//- in/b.md\n# B\n## Part\ntext\n//- p.png\n"
    ));
    let mut client = Setup::folders(&[&vault]).start().await;
    let ask = |uri: &str, links: Value| json!({ "textDocument": { "uri": uri }, "links": links });
    let links = json!([
        { "target": " B # part " },
        { "target": "in/b#Part", "isEmbed": true },
        { "target": "b#None" },
        { "target": "none" },
        { "target": "p.png", "isEmbed": true },
    ]);
    let part = json!({
        "uri": vault.uri("in/b.md"), "kind": "note", "fragment": "part", "isFragmentMissing": false,
    });
    let mut embedded = part.clone();
    embedded["text"] = "## Part\ntext\n".into();
    let mut missing = part.clone();
    missing["fragment"] = Value::Null;
    missing["isFragmentMissing"] = true.into();
    let image = json!({
        "uri": vault.uri("p.png"), "kind": "attachment", "fragment": null, "isFragmentMissing": false,
    });
    let answer = client.request("vaultls/resolveLinks", ask(&vault.uri("a.md"), links)).await.unwrap();
    assert_eq!(answer, json!({ "links": [part, embedded, missing, null, image], "moments": [] }));

    // Unsaved text counts, and a note that nobody knows knows no other.
    client.open(&vault.uri("in/b.md"), "# Other\n").await;
    let links = json!([{ "target": "b#Other" }, { "target": "b#Part" }]);
    let answer =
        client.request("vaultls/resolveLinks", ask(&vault.uri("a.md"), links.clone())).await.unwrap();
    assert_eq!(answer["links"][0]["fragment"], "other");
    assert_eq!(answer["links"][1]["isFragmentMissing"], true);
    let answer = client.request("vaultls/resolveLinks", ask("untitled:Untitled-1", links)).await.unwrap();
    assert_eq!(answer, json!({ "links": [null, null], "moments": [] }));
    client.finish_with_rest().await;
}

#[tokio::test]
async fn clocks_are_resolved_to_the_address_of_their_moment() {
    let vault = Vault::new(&format!("//- a.md\n---\nvideoId: {VIDEO}\n---\n//- b.md\n[1:55]\n"));
    let mut client = Setup::folders(&[&vault]).start().await;
    let ask = |note: &str| json!({ "textDocument": { "uri": note }, "links": [], "clocks": ["1:01:55", "1:75", "x"] });
    let answer = client.request("vaultls/resolveLinks", ask(&vault.uri("a.md"))).await.unwrap();
    let address = format!("https://www.youtube.com/watch?v={VIDEO}&t=3715s");
    assert_eq!(answer, json!({ "links": [], "moments": [address, null, null] }));
    for without_video in [vault.uri("b.md"), "untitled:Untitled-1".to_owned()] {
        let answer = client.request("vaultls/resolveLinks", ask(&without_video)).await.unwrap();
        assert_eq!(answer["moments"], json!([null, null, null]));
    }
    client.finish_with_rest().await;
}
