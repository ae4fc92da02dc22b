//! What all requests and commands that lead to an edit have in common: they see what was written on disk and
//! not reported, and refuse what is about a text that is not the present one.

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault, range};

const NOTES: &str = "\
//- a.md
---
videoId: Rxmv7rT9leo
---
[[Real Name]] [0:10] and other note

- an item
//- real_name.md
//- other note.md
";

/// The same, with another line before what the edits are about.
const MOVED: &str = "---\nvideoId: Rxmv7rT9leo\n---\nNew\n[[Real Name]] [0:10] and other note\n\n- an item\n";

/// A request that leads to an edit of `a.md`.
struct Kind {
    name: &'static str,
    method: &'static str,
    params: Value,
}

fn setup(vault: &Vault) -> Setup {
    Setup::folders(&[vault])
        .pulling()
        .editing()
        .able("/workspace/workspaceEdit/resourceOperations", json!(["create", "rename", "delete"]))
        .able(
            "/textDocument/codeAction/codeActionLiteralSupport",
            json!({ "codeActionKind": { "valueSet": [] } }),
        )
        .able("/textDocument/codeAction/dataSupport", json!(true))
        .able("/textDocument/codeAction/resolveSupport", json!({ "properties": ["edit"] }))
}

/// Every kind of request that is about the note `a.md`, as it is offered now.
async fn about_the_note(client: &mut Client, vault: &Vault) -> Vec<Kind> {
    let uri = vault.uri("a.md");
    let at = |character: u32| json!({ "line": 3, "character": character });
    let place = json!({ "textDocument": { "uri": uri }, "position": at(4) });
    let wanted = json!({
        "textDocument": { "uri": uri },
        "range": { "start": at(4), "end": at(4) },
        "context": { "diagnostics": [], "only": ["quickfix"] },
    });
    let offers = client.request("textDocument/codeAction", wanted).await.unwrap();
    let in_link =
        json!({ "textDocument": { "uri": vault.uri("c.md") }, "position": { "line": 0, "character": 5 } });
    client.open(&vault.uri("c.md"), "[[a#^]]").await;
    let blocks = client.request("textDocument/completion", in_link).await.unwrap();
    client.close(&vault.uri("c.md")).await;
    let mut items = blocks["items"].as_array().unwrap().iter();
    let item = items.find(|item| item.to_string().contains("an item")).expect("the item of the list");
    let block = item["command"]["arguments"][0].clone();
    let mut rename = place;
    rename["newName"] = "new".into();
    let command = |name: &'static str, argument: Value| Kind {
        name,
        method: "workspace/executeCommand",
        params: json!({ "command": name, "arguments": [argument] }),
    };
    let insert = json!({ "uri": uri, "position": at(21), "moment": 75 });
    vec![
        Kind { name: "rename", method: "textDocument/rename", params: rename },
        Kind { name: "resolve", method: "codeAction/resolve", params: offers[0].clone() },
        command("vaultls.applyAction", offers[0]["data"].clone()),
        command("vaultls.addBlockId", block),
        command("vaultls.fixAll", json!({ "uri": uri })),
        command("vaultls.convertTimestamps", json!({ "uri": uri, "form": "videoLink" })),
        command("vaultls.insertTimestamp", insert),
        command("vaultls.linkMentions", json!({ "uri": vault.uri("other note.md"), "within": uri })),
    ]
}

/// What a request leads to: a line for each edit of a text, or the code of the error.
async fn outcome(client: &mut Client, kind: &Kind) -> Result<Vec<String>, i64> {
    let id = client.ask(kind.method, kind.params.clone()).await;
    answered(client, kind, id).await
}

async fn answered(client: &mut Client, kind: &Kind, id: u64) -> Result<Vec<String>, i64> {
    let answer = client.answer(id).await.map_err(|error| error["code"].as_i64().unwrap())?;
    let edit = match kind.method {
        "workspace/executeCommand" => {
            client.was_asked("workspace/applyEdit").await;
            client.edits.pop().unwrap()["edit"].take()
        }
        "codeAction/resolve" => answer["edit"].clone(),
        _ => answer,
    };
    let mut lines = Vec::new();
    for change in edit["documentChanges"].as_array().unwrap() {
        let version = &change["textDocument"]["version"];
        for edit in change["edits"].as_array().into_iter().flatten() {
            lines.push(format!("v{version} {} {}", range(&edit["range"]), edit["newText"].as_str().unwrap()));
        }
    }
    Ok(lines)
}

#[tokio::test]
async fn every_kind_of_edit_carries_the_version_that_it_is_about() {
    let vault = Vault::new(NOTES);
    let mut client = setup(&vault).start().await;
    client.open(&vault.uri("a.md"), &std::fs::read_to_string(vault.path("a.md")).unwrap()).await;
    for kind in about_the_note(&mut client, &vault).await {
        let lines = outcome(&mut client, &kind).await.unwrap();
        assert!(
            !lines.is_empty() && lines.iter().all(|line| line.starts_with("v1 ")),
            "{}: {lines:?}",
            kind.name
        );
    }
    client.finish().await;
}

#[tokio::test]
async fn no_kind_of_edit_is_about_a_text_that_is_out_of_sync() {
    let vault = Vault::new(NOTES);
    let mut client = setup(&vault).start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, &std::fs::read_to_string(vault.path("a.md")).unwrap()).await;
    let kinds = about_the_note(&mut client, &vault).await;
    // A change without a version can be applied no more than one that fits nowhere.
    client
        .notify("textDocument/didChange", json!({ "textDocument": { "uri": uri }, "contentChanges": [] }))
        .await;
    for kind in &kinds {
        let code = outcome(&mut client, kind).await.unwrap_err();
        // Mentions are those of another note, and are written in this one.
        assert_eq!(code, if kind.name == "vaultls.linkMentions" { -32803 } else { -32801 }, "{}", kind.name);
    }
    let files = json!([{ "oldUri": vault.uri("real_name.md"), "newUri": vault.uri("new.md") }]);
    let moved = Kind { name: "move", method: "workspace/willRenameFiles", params: json!({ "files": files }) };
    assert_eq!(outcome(&mut client, &moved).await, Err(-32803));
    client.finish().await;
}

#[tokio::test]
async fn no_kind_of_edit_mixes_two_versions_of_a_text() {
    let vault = Vault::new(NOTES);
    let mut client = setup(&vault).start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, &std::fs::read_to_string(vault.path("a.md")).unwrap()).await;
    let kinds = about_the_note(&mut client, &vault).await;
    for (kind, version) in kinds.iter().zip(2..) {
        // The text changes while the request is at work, or just after it: the client refuses an edit of the
        // text before.
        let id = client.ask(kind.method, kind.params.clone()).await;
        let insert = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
        client.change(&uri, version, json!([{ "range": insert, "text": "" }])).await;
        match answered(&mut client, kind, id).await {
            Err(code) => assert_eq!(code, -32801, "{}", kind.name),
            // The position of a rename or insertion counts in the text before.
            Ok(lines) => {
                let before = format!("v{} ", version - 1);
                let is_about_positions = ["rename", "vaultls.insertTimestamp"].contains(&kind.name);
                assert!(
                    !is_about_positions || lines.iter().all(|line| line.starts_with(&before)),
                    "{lines:?}"
                );
            }
        }
    }
    client.finish().await;
}

#[tokio::test]
async fn every_kind_of_edit_sees_what_was_written_on_disk() {
    let vault = Vault::new(NOTES);
    let mut client = setup(&vault).start().await;
    let kinds = about_the_note(&mut client, &vault).await;
    // Not reported by the client, which says that it watches.
    vault.write("a.md", MOVED);
    for kind in &kinds {
        match (kind.name, outcome(&mut client, kind).await) {
            ("resolve" | "vaultls.applyAction", outcome) => assert_eq!(outcome, Err(-32801), "{}", kind.name),
            // The cursor is not on a link any more.
            ("rename", outcome) => assert_eq!(outcome, Err(-32803)),
            ("vaultls.addBlockId", outcome) => {
                assert!(outcome.unwrap()[0].starts_with("vnull 6:9-6:9  ^"));
            }
            ("vaultls.insertTimestamp", outcome) => {
                assert_eq!(outcome, Ok(vec!["vnull 3:3-3:3  [1:15]".to_owned()]));
            }
            (name, outcome) => {
                let lines = outcome.unwrap();
                assert!(
                    !lines.is_empty() && lines.iter().all(|line| line.starts_with("vnull 4:")),
                    "{name}: {lines:?}"
                );
            }
        }
    }
    vault.write("b.md", "[[real_name]]\n");
    let files = json!([{ "oldUri": vault.uri("real_name.md"), "newUri": vault.uri("new.md") }]);
    let moved = Kind { name: "move", method: "workspace/willRenameFiles", params: json!({ "files": files }) };
    let lines = outcome(&mut client, &moved).await.unwrap();
    assert!(lines.contains(&"vnull 0:2-0:11 new".to_owned()), "{lines:?}");
    client.finish().await;
}

#[tokio::test]
async fn a_fix_that_depends_on_another_file_sees_it_on_disk() {
    let vault = Vault::new("//- a.md\n[[Real Name]]\n");
    let mut client = setup(&vault).start().await;
    vault.write("real_name.md", "");
    let all = Kind {
        name: "vaultls.fixAll",
        method: "workspace/executeCommand",
        params: json!({ "command": "vaultls.fixAll", "arguments": [{ "uri": vault.uri("a.md") }] }),
    };
    let lines = outcome(&mut client, &all).await.unwrap();
    assert_eq!(lines[0], "vnull 0:2-0:11 real_name");
    client.finish().await;
}

#[tokio::test]
async fn a_note_that_lies_on_disk_is_not_created_again() {
    let vault = Vault::new("//- a.md\n");
    let mut client = setup(&vault).start().await;
    vault.write("b.md", "# B\n");
    vault.write("2026-03-01.md", "# Day\n");
    let note = json!({ "name": "b", "show": false });
    assert_eq!(client.execute("vaultls.createNote", note).await, Ok(vault.uri("b.md").into()));
    let day = json!({ "date": "2026-03-01", "show": false });
    assert_eq!(client.execute("vaultls.dailyNote", day).await, Ok(vault.uri("2026-03-01.md").into()));
    assert!(client.edits.is_empty());
    client.finish().await;
}
