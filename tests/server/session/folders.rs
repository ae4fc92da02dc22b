//! Which folders are vaults: several, nested, none, missing, coming and going.

use serde_json::{Value, json};

use crate::support::{Setup, Vault};

#[tokio::test]
async fn links_never_cross_vaults() {
    let one = Vault::new("//- a.md\n[[b]]\n//- b.md\n# One\n");
    let two = Vault::new("//- a.md\n[[b]] [[only]]\n//- b.md\n\n# Two\n");
    one.write("only.md", "");
    let mut client = Setup::folders(&[&one, &two]).start().await;
    assert_eq!(client.definition(&one.uri("a.md"), 0, 3).await, ["b.md 0:0"]);
    assert!(client.definition(&two.uri("a.md"), 0, 9).await.is_empty());
    assert_eq!(client.stats().await.as_array().unwrap().len(), 2);
    client.finish().await;
}

#[tokio::test]
async fn older_ways_to_name_the_folder() {
    let vault = Vault::new("//- a.md\n[[b]]\n//- b.md\n");
    let root = vault.root().to_str().unwrap();
    for params in [
        json!({ "rootPath": root }),
        json!({ "rootPath": root, "rootUri": "", "workspaceFolders": null }),
        json!({ "rootPath": "/nowhere", "rootUri": vault.uri(""), "workspaceFolders": [] }),
    ] {
        let mut client = Setup::with(params).start().await;
        assert_eq!(client.stats().await[0]["notes"], 2);
        client.finish().await;
    }
}

#[tokio::test]
async fn a_single_file_finds_its_vault() {
    let vault = Vault::new("//- .vaultls.toml\n//- deep/a.md\n[[b]]\n//- b.md\n# B\n");
    let mut client = Setup::with(json!({ "workspaceFolders": null })).start().await;
    assert_eq!(client.stats().await, json!([]));
    let uri = vault.uri("deep/a.md");
    client.open(&uri, "[[b]] [[nope]]\n").await;
    client.pushed_until(&uri, &["0:8 link/missing-note"]).await;
    assert_eq!(client.definition(&uri, 0, 3).await, ["b.md 0:0"]);
    // The client, which watches its folders for us, has none.
    vault.write("nope.md", "# N\n");
    client.pushed_until(&uri, &[]).await;
    client.finish().await;
}

#[tokio::test]
async fn a_note_without_a_vault_is_judged_by_itself() {
    let vault = Vault::new("//- a.md\n\n//- b.md\n# B\n");
    let mut client = Setup::with(json!({})).start().await;
    let text = "# A\n[[b]] [[#A]] [[#None]] [t](gone.png) [[]]\n";
    for uri in [vault.uri("a.md"), "untitled:Untitled-1".to_owned(), "zip:/archive/a.md".to_owned()] {
        client.open(&uri, text).await;
        client.pushed_until(&uri, &["1:16 link/missing-heading", "1:37 link/empty"]).await;
        assert_eq!(client.headings(&uri).await, ["A"]);
        assert_eq!(client.definition(&uri, 1, 9).await.len(), 1);
    }
    // The folder was never walked.
    assert!(client.definition(&vault.uri("a.md"), 1, 2).await.is_empty());
    // Two open notes of one folder know each other.
    client.open(&vault.uri("b.md"), "# B\n").await;
    assert_eq!(client.definition(&vault.uri("a.md"), 1, 2).await, ["b.md 0:0"]);
    client.finish_with_rest().await;
}

#[tokio::test]
async fn a_document_that_was_never_saved_belongs_to_the_only_vault() {
    let vault = Vault::new("//- a.md\n[[b]]\n//- b.md\n# B\n//- Untitled-1.md\n# U\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    client.definition_until(&vault.uri("a.md"), 0, 3, &["b.md 0:0"]).await;
    let uri = "untitled:Untitled-1";
    client.open(uri, "[[b]] [[nope]] [[Untitled-1]]\n").await;
    client.pushed_until(uri, &["0:8 link/missing-note"]).await;
    assert_eq!(client.definition(uri, 0, 3).await, ["b.md 0:0"]);
    assert_eq!(client.definition(uri, 0, 18).await, ["Untitled-1.md 0:0"]);
    // Links lead to it while it is open.
    let a = vault.uri("a.md");
    client.open(&a, "[[Untitled-1 2]]\n").await;
    client.pushed_until(&a, &[]).await;
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } })).await;
    client.pushed_until(&a, &["0:2 link/missing-note"]).await;
    client.finish_with_rest().await;
}

#[tokio::test]
async fn the_innermost_vault_owns_a_note() {
    let outer = Vault::new("//- a.md\n[[x]]\n//- inner/x.md\n# X\n//- inner/y.md\n[[a]] [[x]]\n");
    let folder = |path: &str| json!({ "uri": outer.uri(path), "name": "" });
    let setup = Setup::with(json!({ "workspaceFolders": [folder(""), folder("inner")] }));
    let mut client = setup.start().await;
    let (a, y) = (outer.uri("a.md"), outer.uri("inner/y.md"));
    client.definition_until(&a, 0, 3, &[]).await;
    assert!(client.definition(&y, 0, 3).await.is_empty());
    assert_eq!(client.definition(&y, 0, 8).await, ["x.md 0:0"]);
    client.open(&y, "[[a]] [[x]]\n").await;
    client.pushed_until(&y, &["0:2 link/missing-note"]).await;
    // The inner folder leaves the workspace: its notes are the outer one's.
    let event = json!({ "removed": [folder("inner")], "added": [] });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event })).await;
    client.definition_until(&a, 0, 3, &["x.md 0:0"]).await;
    client.pushed_until(&y, &[]).await;
    assert_eq!(client.definition(&y, 0, 3).await, ["a.md 0:0"]);
    // And back again.
    let event = json!({ "removed": [], "added": [folder("inner")] });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event })).await;
    client.definition_until(&a, 0, 3, &[]).await;
    client.pushed_until(&y, &["0:2 link/missing-note"]).await;
    client.finish_with_rest().await;
}

#[tokio::test]
async fn folders_come_and_go() {
    let one = Vault::new("//- a.md\n[[b]]\n//- b.md\n");
    let two = Vault::new("//- c.md\n[[d]]\n//- d.md\n");
    let mut client = Setup::folders(&[&one]).start().await;
    let folder = |vault: &Vault| json!({ "uri": vault.uri(""), "name": "" });
    let event = json!({ "removed": [], "added": [folder(&two)] });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event })).await;
    client.definition_until(&two.uri("c.md"), 0, 3, &["d.md 0:0"]).await;
    let event = json!({ "removed": [folder(&one)], "added": [] });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event })).await;
    assert!(client.definition(&one.uri("a.md"), 0, 3).await.is_empty());
    assert_eq!(client.stats().await.as_array().unwrap().len(), 1);
    client.finish().await;
}

#[tokio::test]
async fn what_was_pushed_of_a_folder_goes_with_it() {
    let vault =
        Vault::new("//- .vaultls.toml\ndiagnostics.scope = \"vault\"\ncolour = 1\n//- a.md\n[[nope]]\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let (note, file) = (vault.uri("a.md"), vault.uri(".vaultls.toml"));
    client.pushed_until(&note, &["0:2 link/missing-note"]).await;
    assert_eq!(client.pushed(&file).await.1.len(), 1);
    let event = json!({ "removed": [{ "uri": vault.uri(""), "name": "" }], "added": [] });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event })).await;
    client.pushed_until(&note, &[]).await;
    client.pushed_until(&file, &[]).await;
    client.finish().await;
}

#[tokio::test]
async fn whoever_waits_for_a_folder_that_is_removed_gets_an_answer() {
    let vault = Vault::new("//- a.md\n[[nope]]\n");
    for number in 0..3000 {
        vault.write(&format!("n{number}.md"), "# N\n");
    }
    let mut client = Setup::folders(&[&vault]).pulling().start_loading().await;
    let document = json!({ "textDocument": { "uri": vault.uri("a.md") } });
    client.open(&vault.uri("a.md"), "[[nope]]\n").await;
    let one = client.ask("textDocument/diagnostic", document).await;
    let all = client.ask("workspace/diagnostic", json!({ "previousResultIds": [] })).await;
    let event = json!({ "removed": [{ "uri": vault.uri(""), "name": "" }], "added": [] });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event })).await;
    assert_eq!(client.answer(one).await.unwrap()["kind"], "full");
    assert_eq!(client.answer(all).await, Ok(json!({ "items": [] })));
    client.finish_with_rest().await;
}

#[tokio::test]
async fn a_folder_that_is_not_there_or_too_wide_is_told_once() {
    let vault = Vault::new("//- a.md\n# A\n");
    let gone = vault.uri("gone");
    for folder in [gone.as_str(), "file:///"] {
        let mut client = Setup::with(json!({ "rootUri": folder })).start().await;
        assert!(client.shown().await.contains("only open notes are known"));
        let uri = format!("{}/note.md", folder.trim_end_matches('/'));
        client.open(&uri, "# A\n[[nope]] [[#None]]\n").await;
        client.pushed_until(&uri, &["1:12 link/missing-heading"]).await;
        client.close(&uri).await;
        client.pushed_until(&uri, &[]).await;
        client.finish().await;
    }
}

#[tokio::test]
async fn files_that_are_no_notes_by_name_may_be_opened() {
    let vault = Vault::new("//- a.txt\nplain\n//- b.md\n[[a.txt]]\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.txt");
    client.open(&uri, "# Heading\n[[b]]\n").await;
    assert_eq!(client.pushed(&uri).await, (json!(1), vec![]));
    assert_eq!(client.headings(&uri).await, ["Heading"]);
    assert_eq!(client.definition(&uri, 1, 3).await, ["b.md 0:0"]);
    client.close(&uri).await;
    assert_eq!(client.pushed(&uri).await, (Value::Null, vec![]));
    client.definition_until(&vault.uri("b.md"), 0, 3, &["a.txt 0:0"]).await;
    client.finish().await;
}

#[tokio::test]
async fn commands() {
    let vault = Vault::new("//- a.md\n# A\n[[b]]\n//- p.png\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let stats = client.stats().await;
    let expected = json!({ "notes": 1, "attachments": 1, "links": 1, "headings": 1, "timestamps": 0 });
    for (key, count) in expected.as_object().unwrap() {
        assert_eq!(stats[0][key], *count, "{key}");
    }
    vault.write("b.md", "# B\n");
    let reindex = json!({ "command": "vaultls.reindex" });
    assert_eq!(client.request("workspace/executeCommand", reindex).await, Ok(Value::Null));
    client.definition_until(&vault.uri("a.md"), 1, 3, &["b.md 0:0"]).await;
    client.finish().await;
}
