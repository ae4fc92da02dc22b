//! Commands over the wire: what they answer, and what they have the editor do.

use serde_json::json;

use crate::support::{Setup, Vault, code_of, range};

fn editing(vaults: &[&Vault]) -> Setup {
    Setup::folders(vaults)
        .editing()
        .able("/workspace/workspaceEdit/resourceOperations", json!(["create", "rename", "delete"]))
        .able("/window/showDocument", json!({ "support": true }))
}

#[tokio::test]
async fn a_note_is_created_from_its_template_and_shown() {
    let vault = Vault::new(
        "//- a.md\n//- templates/plant.md\n# {{title}}, a plant\n//- .vaultls.toml\n\
         files.ignore = ['templates/']\nnewNotes.folder = 'garden'\n",
    );
    let mut client = editing(&[&vault]).start().await;
    let wanted = json!({ "name": "roses", "template": "plant" });
    let uri = vault.uri("garden/roses.md");
    assert_eq!(client.execute("vaultls.createNote", wanted).await, Ok(json!(uri)));
    client.was_asked("workspace/applyEdit").await;
    client.was_asked("window/showDocument").await;
    let changes = &client.edits[0]["edit"]["documentChanges"];
    assert_eq!((&changes[0]["kind"], &changes[0]["uri"]), (&json!("create"), &json!(uri)));
    assert_eq!(changes[1]["edits"][0]["newText"], "# roses, a plant\n");
    assert_eq!(client.documents, [uri]);
    // One that is there is shown only.
    let there = vault.uri("a.md");
    let wanted = json!({ "name": "./a", "uri": vault.uri("a.md"), "show": false });
    assert_eq!(client.execute("vaultls.createNote", wanted).await, Ok(json!(there)));
    assert_eq!(client.edits.len(), 1);
    for name in ["../up", "a#b", ""] {
        let refused = client.execute("vaultls.createNote", json!({ "name": name })).await;
        assert_eq!(code_of(&refused), -32803, "{name}");
    }
    assert_eq!(code_of(&client.execute("vaultls.createNote", json!({})).await), -32602);
    client.finish().await;
}

#[tokio::test]
async fn a_missing_template_is_told() {
    let vault = Vault::new("//- a.md\n//- .vaultls.toml\nnewNotes.template = 'gone'\n");
    let mut client = editing(&[&vault]).start().await;
    let made = client.execute("vaultls.createNote", json!({ "name": "b" })).await;
    assert_eq!(made, Ok(json!(vault.uri("b.md"))));
    assert!(client.shown().await.contains("there is no template `gone`"));
    client.was_asked("workspace/applyEdit").await;
    client.was_asked("window/showDocument").await;
    client.finish().await;
}

#[tokio::test]
async fn a_daily_note_lies_where_obsidian_puts_it() {
    let vault = Vault::new("//- a.md\n//- days/2026-03-01.md\n");
    vault.write(".obsidian/daily-notes.json", r#"{ "folder": "days", "format": "" }"#);
    let mut client = editing(&[&vault]).start().await;
    let there = client.execute("vaultls.dailyNote", json!({ "date": "2026-03-01" })).await;
    assert_eq!(there, Ok(json!(vault.uri("days/2026-03-01.md"))));
    client.was_asked("window/showDocument").await;
    assert!(client.edits.is_empty());
    let today = client.execute("vaultls.dailyNote", json!({})).await.unwrap();
    assert!(today.as_str().unwrap().starts_with(&vault.uri("days/2")), "{today}");
    client.was_asked("window/showDocument").await;
    client.was_asked("workspace/applyEdit").await;
    assert_eq!(client.edits.len(), 1);
    let refused = client.execute("vaultls.dailyNote", json!({ "date": "tomorrow" })).await;
    assert_eq!(code_of(&refused), -32602);
    client.finish().await;
}

#[tokio::test]
async fn an_editor_that_makes_no_files_gets_none() {
    let vault = Vault::new("//- a.md\n");
    let mut client = Setup::folders(&[&vault]).able("/workspace/applyEdit", json!(true)).start().await;
    let refused = client.execute("vaultls.createNote", json!({ "name": "b" })).await;
    assert_eq!(code_of(&refused), -32803);
    assert!(refused.unwrap_err()["message"].as_str().unwrap().contains("cannot create files"));
    client.finish().await;
}

#[tokio::test]
async fn all_that_is_sure_is_fixed_at_once() {
    let vault = Vault::new("//- a.md\n[[Real Name]] [[real-name]] [[gone]]\n//- real_name.md\n");
    let mut client = editing(&[&vault]).start().await;
    let fixed = client.execute("vaultls.fixAll", json!({ "uri": vault.uri("a.md") })).await;
    assert_eq!(fixed, Ok(json!(2)));
    client.was_asked("workspace/applyEdit").await;
    assert_eq!(client.edits[0]["edit"]["documentChanges"][0]["edits"].as_array().unwrap().len(), 4);
    let fixed = client.execute("vaultls.fixAll", json!({ "uri": vault.uri("real_name.md") })).await;
    assert_eq!(fixed, Ok(json!(0)));
    assert_eq!(client.edits.len(), 1);
    client.finish().await;
}

#[tokio::test]
async fn the_graph_and_its_backlinks_are_told() {
    let vault = Vault::new(
        "//- a.md\n[[b]] ![[p.png]]\n//- b.md\n---\ntitle: Bee\n---\n[x](a.md) [[b]]\n//- p.png\n",
    );
    let mut client = editing(&[&vault]).start().await;
    let links = client.execute("vaultls.backlinks", json!({ "uri": vault.uri("b.md") })).await.unwrap();
    assert_eq!(links.as_array().unwrap().len(), 1);
    assert_eq!(
        (links[0]["uri"].as_str(), &*range(&links[0]["range"])),
        (Some(&*vault.uri("a.md")), "0:0-0:5")
    );
    let links = client.execute("vaultls.backlinks", json!({ "uri": vault.uri("p.png") })).await.unwrap();
    assert_eq!(links.as_array().unwrap().len(), 1);
    let graph = client.execute("vaultls.graph", json!({ "uri": vault.uri("") })).await.unwrap();
    let node = json!({ "uri": vault.uri("b.md"), "path": "b.md", "title": "Bee", "isNote": true });
    assert_eq!(graph["nodes"][1], node);
    assert_eq!(graph["nodes"][2]["isNote"], false);
    assert_eq!(graph["edges"].as_array().unwrap().len(), 3);
    assert!(graph["edges"].as_array().unwrap().contains(&json!({ "source": 0, "target": 1, "count": 1 })));
    let elsewhere = json!({ "uri": "file:///nowhere/at/all.md" });
    assert_eq!(code_of(&client.execute("vaultls.graph", elsewhere).await), -32602);
    client.finish().await;
}
