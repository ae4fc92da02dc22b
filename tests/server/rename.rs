//! Renames over the wire: one edit, with versions, or a refusal that says why.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault, code_of};

fn editing(vaults: &[&Vault]) -> Setup {
    Setup::folders(vaults)
        .able("/workspace/workspaceEdit/documentChanges", json!(true))
        .able("/workspace/workspaceEdit/resourceOperations", json!(["create", "rename", "delete"]))
        .able("/textDocument/rename/prepareSupport", json!(true))
}

fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

async fn rename(client: &mut Client, place: Value, name: &str) -> Result<Value, Value> {
    let mut params = place;
    params["newName"] = name.into();
    client.request("textDocument/rename", params).await
}

/// One line a change: the note with its version and what stands where afterwards, or the move.
fn changes(edit: &Value) -> Vec<String> {
    let name = |uri: &Value| uri.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let mut lines = Vec::new();
    for change in edit["documentChanges"].as_array().unwrap() {
        if change["kind"] == "rename" {
            lines.push(format!("{} -> {}", name(&change["oldUri"]), name(&change["newUri"])));
            continue;
        }
        let document = &change["textDocument"];
        for edit in change["edits"].as_array().unwrap() {
            let (start, end) = (&edit["range"]["start"], &edit["range"]["end"]);
            lines.push(format!(
                "{} v{} {}:{}-{}:{} {}",
                name(&document["uri"]),
                document["version"],
                start["line"],
                start["character"],
                end["line"],
                end["character"],
                edit["newText"].as_str().unwrap()
            ));
        }
    }
    lines
}

#[tokio::test]
async fn a_note_is_renamed_with_its_links_in_open_and_closed_notes() {
    let vault = Vault::new("//- a.md\n[[old]]\n//- b.md\n😀 [[old#Part|x]]\n//- old.md\n# Part\n");
    let mut client = editing(&[&vault]).start().await;
    client.open(&vault.uri("a.md"), "unsaved [[old]]\n").await;
    client.replace(&vault.uri("a.md"), 7, "not saved [[old]]\n").await;
    let place = at(&vault.uri("a.md"), 0, 14);
    let prepared = client.request("textDocument/prepareRename", place.clone()).await.unwrap();
    assert_eq!(prepared["placeholder"], "old");
    assert_eq!(prepared["range"]["start"]["character"], 12);
    let edit = rename(&mut client, place, "new").await.unwrap();
    let expected = ["a.md v7 0:12-0:15 new", "b.md vnull 0:5-0:8 new", "old.md -> new.md"];
    assert_eq!(changes(&edit), expected);
    assert_eq!(edit["changeAnnotations"], Value::Null);
    client.finish_with_rest().await;
}

#[tokio::test]
async fn edits_say_what_they_are_for_where_that_is_shown() {
    let vault = Vault::new("//- a.md\n#tag #tag/b\n");
    let setup = editing(&[&vault]).able("/workspace/workspaceEdit/changeAnnotationSupport", json!({}));
    let mut client = setup.start().await;
    let edit = rename(&mut client, at(&vault.uri("a.md"), 0, 2), "new").await.unwrap();
    let id = edit["documentChanges"][0]["edits"][0]["annotationId"].as_str().unwrap();
    assert!(edit["changeAnnotations"][id]["label"].is_string());
    assert_eq!(changes(&edit), ["a.md vnull 0:1-0:4 new", "a.md vnull 0:6-0:9 new"]);
    client.finish().await;
}

#[tokio::test]
async fn a_client_that_can_rename_files_can_be_told_to() {
    let vault = Vault::new("//- a.md\n[[b]]\n//- b.md\n");
    let setup = Setup::folders(&[&vault]);
    let mut client =
        setup.able("/workspace/workspaceEdit/resourceOperations", json!(["rename"])).start().await;
    let edit = rename(&mut client, at(&vault.uri("a.md"), 0, 3), "c").await.unwrap();
    assert_eq!(changes(&edit), ["a.md vnull 0:2-0:3 c", "b.md -> c.md"]);
    client.finish().await;
}

#[tokio::test]
async fn a_client_that_knows_plain_changes_only_gets_those() {
    let vault = Vault::new("//- a.md\n# Old\n[[#Old]] [[b]]\n//- b.md\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    let edit = rename(&mut client, at(&uri, 0, 3), "New").await.unwrap();
    assert_eq!(edit["changes"][&uri].as_array().unwrap().len(), 2);
    let refusal = rename(&mut client, at(&uri, 1, 12), "c").await;
    assert_eq!(code_of(&refusal), -32803);
    client.finish().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_says_why() {
    let vault = Vault::new(
        "//- a.md\n[[old]] [[gone]] word\n//- x/old.md\n//- x/taken.md\n//- .vaultls.toml\nfiles.ignore = [\"x/hidden.md\"]\n",
    );
    vault.write("x/hidden.md", "");
    let mut client = editing(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    let place = at(&uri, 0, 3);
    let message = |outcome: Result<Value, Value>| {
        assert_eq!(code_of(&outcome), -32803);
        outcome.unwrap_err()["message"].as_str().unwrap().to_owned()
    };
    for (name, part) in [
        ("", "empty"),
        ("a/", "empty"),
        ("../b", "out of the vault"),
        (" \t", "empty"),
        ("/b#", "`#`"),
        ("a\\b", "`\\`"),
        ("..", "dot"),
        ("a#b", "`#`"),
        ("a^b", "`^`"),
        ("a|b", "`|`"),
        ("[a", "`[`"),
        ("a]", "`]`"),
        ("a\nb", "`\\n`"),
        ("old", "`x/old.md`"),
        ("taken", "`x/taken.md`"),
        ("Taken", "`x/taken.md`"),
        ("hidden", "`x/hidden.md`"),
    ] {
        let said = message(rename(&mut client, place.clone(), name).await);
        assert!(said.contains(part), "{name}: {said}");
    }
    let edit = rename(&mut client, at(&uri, 0, 11), "new").await.unwrap();
    assert_eq!(changes(&edit), ["a.md vnull 0:10-0:14 new"]);
    let said = message(client.request("textDocument/prepareRename", at(&uri, 0, 19)).await);
    assert!(said.contains("plain text"), "{said}");

    client.finish_with_rest().await;
}

#[tokio::test]
async fn a_name_may_change_in_its_case_alone() {
    let vault = Vault::new("//- a.md\n[[old]]\n//- old.md\n");
    let mut client = editing(&[&vault]).start().await;
    let edit = rename(&mut client, at(&vault.uri("a.md"), 0, 3), "Old").await.unwrap();
    assert_eq!(changes(&edit), ["a.md vnull 0:2-0:5 Old", "old.md -> Old.md"]);
    client.finish().await;
}

#[tokio::test]
async fn a_note_that_drifted_is_neither_asked_nor_moved() {
    let vault = Vault::new("//- a.md\n[[old]]\n//- old.md\n# Old\n");
    let mut client = editing(&[&vault]).start().await;
    let (a, old) = (vault.uri("a.md"), vault.uri("old.md"));
    client.open(&old, "# Old\n").await;
    let backwards = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 0, "character": 0 } });
    client.change(&old, 2, json!([{ "range": backwards, "text": "x" }])).await;
    assert_eq!(code_of(&rename(&mut client, at(&old, 0, 3), "new").await), -32801);
    let moved = rename(&mut client, at(&a, 0, 3), "new").await;
    assert_eq!(code_of(&moved), -32803);
    assert!(moved.unwrap_err()["message"].as_str().unwrap().contains("`old.md`"));
    client.finish_with_rest().await;
}

#[tokio::test]
async fn notes_that_drifted_or_vanished_stop_a_rename_as_a_whole() {
    let vault = Vault::new("//- a.md\n[[old]]\n//- b.md\n[[old]]\n//- old.md\n");
    let mut client = editing(&[&vault]).start().await;
    let (a, b) = (vault.uri("a.md"), vault.uri("b.md"));
    client.open(&b, "[[old]]\n").await;
    let backwards = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 0, "character": 0 } });
    client.change(&b, 2, json!([{ "range": backwards, "text": "x" }])).await;
    let outcome = rename(&mut client, at(&a, 0, 3), "new").await;
    assert_eq!(code_of(&outcome), -32803);
    assert!(outcome.unwrap_err()["message"].as_str().unwrap().contains("`b.md`"));
    client.replace(&b, 3, "[[old]]\n").await;
    assert!(rename(&mut client, at(&a, 0, 3), "new").await.is_ok());
    vault.remove("old.md");
    // If the server has heard of it, the links are broken ones, which can be renamed; but no file is moved.
    match rename(&mut client, at(&a, 0, 3), "new").await {
        Ok(edit) => assert_eq!(changes(&edit), ["a.md vnull 0:2-0:5 new", "b.md v3 0:2-0:5 new"]),
        refused => assert_eq!(code_of(&refused), -32803),
    }
    client.finish_with_rest().await;
}

#[tokio::test]
async fn files_and_folders_move_and_links_follow() {
    let vault = Vault::new(
        "//- a.md\n[[x/b]] [up](x/b.md) ![p](x/p.png)\n//- x/b.md\n[back](../a.md) ![p](p.png) [[c]]\n//- x/c.md\n//- x/p.png\n",
    );
    let mut client = editing(&[&vault]).start().await;
    let moves =
        |from: &str, to: &str| json!({ "files": [{ "oldUri": vault.uri(from), "newUri": vault.uri(to) }] });
    let edit = client.request("workspace/willRenameFiles", moves("x", "new/deep")).await.unwrap();
    let expected = [
        "a.md vnull 0:2-0:5 new/deep/b",
        "a.md vnull 0:13-0:19 new/deep/b.md",
        "a.md vnull 0:26-0:33 new/deep/p.png",
        "b.md vnull 0:7-0:14 ../../a.md",
    ];
    assert_eq!(changes(&edit), expected);
    let edit = client.request("workspace/willRenameFiles", moves("x/p.png", "q.png")).await.unwrap();
    assert_eq!(changes(&edit), ["a.md vnull 0:26-0:33 q.png", "b.md vnull 0:21-0:26 ../q.png"]);
    // A folder, and a file in it that goes elsewhere.
    let both = json!({ "files": [
        { "oldUri": vault.uri("x"), "newUri": vault.uri("y") },
        { "oldUri": vault.uri("x/p.png"), "newUri": vault.uri("p.png") },
    ] });
    let edit = client.request("workspace/willRenameFiles", both).await.unwrap();
    let expected = [
        "a.md vnull 0:2-0:5 y/b",
        "a.md vnull 0:13-0:19 y/b.md",
        "a.md vnull 0:26-0:33 p.png",
        "b.md vnull 0:21-0:26 ../p.png",
    ];
    assert_eq!(changes(&edit), expected);
    // What nobody links to, and what leaves the vault, changes nothing.
    let edit = client.request("workspace/willRenameFiles", moves("x/none.md", "n.md")).await;
    assert_eq!(edit, Ok(Value::Null));
    let out = json!({ "files": [{ "oldUri": vault.uri("x/b.md"), "newUri": "file:///elsewhere/b.md" }] });
    assert_eq!(client.request("workspace/willRenameFiles", out).await, Ok(Value::Null));
    client.finish().await;
}

#[tokio::test]
async fn what_was_written_a_moment_ago_and_not_told_is_renamed_too() {
    let vault = Vault::new("//- a.md\n[[old]]\n//- old.md\n");
    let mut client = editing(&[&vault]).start().await;
    vault.write_all("//- a.md\nNow [[old]]\n//- b.md\n[[old]]\n//- new folder/c.md\n[[old]]\n");
    let edit = rename(&mut client, at(&vault.uri("a.md"), 0, 7), "new").await.unwrap();
    let expected =
        ["a.md vnull 0:6-0:9 new", "b.md vnull 0:2-0:5 new", "c.md vnull 0:2-0:5 new", "old.md -> new.md"];
    assert_eq!(changes(&edit), expected);
    let place = json!({ "files": [{ "oldUri": vault.uri("old.md"), "newUri": vault.uri("x/new.md") }] });
    let edit = client.request("workspace/willRenameFiles", place).await.unwrap();
    let expected = ["a.md vnull 0:6-0:9 new", "b.md vnull 0:2-0:5 new", "c.md vnull 0:2-0:5 new"];
    assert_eq!(changes(&edit), expected);
    // A client carries it out and moves the file on, before it has told of anything.
    vault.write_all("//- a.md\nNow [[new]]\n//- b.md\n[[new]]\n//- new folder/c.md\n[n](../x/new.md)\n");
    fs::create_dir(vault.path("x")).unwrap();
    fs::rename(vault.path("old.md"), vault.path("x/new.md")).unwrap();
    let place = json!({ "files": [{ "oldUri": vault.uri("x/new.md"), "newUri": vault.uri("newer.md") }] });
    let edit = client.request("workspace/willRenameFiles", place).await.unwrap();
    let expected =
        ["a.md vnull 0:6-0:9 newer", "b.md vnull 0:2-0:5 newer", "c.md vnull 0:4-0:15 ../newer.md"];
    assert_eq!(changes(&edit), expected);
    client.finish_with_rest().await;
}

#[tokio::test]
async fn links_of_two_vaults_follow_in_one_edit() {
    let vaults = [Vault::new("//- a.md\n[[b]]\n//- b.md\n"), Vault::new("//- c.md\n[[d]]\n//- d.md\n")];
    let mut client = editing(&[&vaults[0], &vaults[1]]).start().await;
    let file =
        |vault: &Vault, from: &str| json!({ "oldUri": vault.uri(from), "newUri": vault.uri("new.md") });
    let both = json!({ "files": [file(&vaults[0], "b.md"), file(&vaults[1], "d.md")] });
    let edit = client.request("workspace/willRenameFiles", both).await.unwrap();
    let by_note: BTreeMap<String, String> = changes(&edit)
        .into_iter()
        .map(|line| line.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap())
        .collect();
    assert_eq!(by_note["a.md"], "vnull 0:2-0:3 new");
    assert_eq!(by_note["c.md"], "vnull 0:2-0:3 new");
    client.finish().await;
}

#[tokio::test]
async fn nothing_is_renamed_before_the_vault_has_been_read() {
    let vault = Vault::new("//- a.md\n[[old]]\n//- old.md\n");
    for number in 0..2000 {
        vault.write(&format!("n{number}.md"), "[[old]]\n");
    }
    let mut client = editing(&[&vault]).start_loading().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "[[old]]\n").await;
    let early = rename(&mut client, at(&uri, 0, 3), "new").await;
    let prepared = client.request("textDocument/prepareRename", at(&uri, 0, 3)).await;
    let files = json!([{ "oldUri": vault.uri("old.md"), "newUri": vault.uri("new.md") }]);
    let moved = client.request("workspace/willRenameFiles", json!({ "files": files })).await;
    client.loaded().await;
    let edit = rename(&mut client, at(&uri, 0, 3), "new").await.unwrap();
    assert_eq!(changes(&edit).len(), 2002);
    // On a machine that reads as fast as this, all or nothing.
    match early {
        Ok(edit) => assert_eq!(changes(&edit).len(), 2002),
        Err(error) => assert!(error["message"].as_str().unwrap().contains("still loading"), "{error}"),
    }
    for error in [prepared.err(), moved.err()].into_iter().flatten() {
        assert!(error["message"].as_str().unwrap().contains("still loading"), "{error}");
    }
    client.finish_with_rest().await;
}

#[tokio::test]
async fn canvases_follow_what_they_show() {
    let canvas = "{\"nodes\":[\n{\"type\":\"text\",\"text\":\"😀 old.md\"}, {\"file\":\"x/old.md\",\"type\":\"file\"},{\"file\":\"x/other.md\"}]}\n";
    let vault = Vault::new(&format!(
        "//- a.md\n[[old]]\n//- x/old.md\n# Old\n//- x/other.md\n//- b.canvas\n{canvas}//- c.canvas\nnot JSON x/old.md\n"
    ));
    let mut client = editing(&[&vault]).start().await;
    client.open(&vault.uri("a.md"), "[[old]]\n").await;
    let edit = rename(&mut client, at(&vault.uri("a.md"), 0, 3), "the \"new\"").await.unwrap();
    let expected = [
        "a.md v1 0:2-0:5 the \"new\"",
        "b.canvas vnull 1:44-1:54 \"x/the \\\"new\\\".md\"",
        "old.md -> the%20%22new%22.md",
    ];
    assert_eq!(changes(&edit), expected);
    let moved = json!({ "files": [{ "oldUri": vault.uri("x"), "newUri": vault.uri("y") }] });
    let edit = client.request("workspace/willRenameFiles", moved).await.unwrap();
    let expected = ["b.canvas vnull 1:44-1:54 \"y/old.md\"", "b.canvas vnull 1:78-1:90 \"y/other.md\""];
    assert_eq!(changes(&edit), expected);
    let unread = "vaultls: `c.canvas` was not updated: not a valid canvas: expected ident at line 1 column 2";
    assert_eq!((client.shown().await, client.shown().await), (unread.to_owned(), unread.to_owned()));
    client.finish_with_rest().await;
}
