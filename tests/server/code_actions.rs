//! Code actions over the wire: offered without their edits, which come when one is picked.

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault, code_of};

/// A client that takes everything there is of code actions.
fn editing(vaults: &[&Vault]) -> Setup {
    let kinds = json!({ "codeActionKind": { "valueSet": ["quickfix", "refactor", "source"] } });
    Setup::folders(vaults)
        .editing()
        .able("/workspace/workspaceEdit/resourceOperations", json!(["create", "rename", "delete"]))
        .able("/textDocument/codeAction/codeActionLiteralSupport", kinds)
        .able("/textDocument/codeAction/dataSupport", json!(true))
        .able("/textDocument/codeAction/resolveSupport", json!({ "properties": ["edit"] }))
}

fn params(uri: &str, line: u32, character: u32, context: &Value) -> Value {
    let at = json!({ "line": line, "character": character });
    let mut params =
        json!({ "textDocument": { "uri": uri }, "range": { "start": at, "end": at }, "context": context });
    if params["context"]["diagnostics"].is_null() {
        params["context"]["diagnostics"] = json!([]);
    }
    params
}

async fn offers(client: &mut Client, uri: &str, line: u32, character: u32, context: Value) -> Vec<Value> {
    let params = params(uri, line, character, &context);
    let answer = client.request("textDocument/codeAction", params).await.unwrap();
    answer.as_array().cloned().unwrap_or_default()
}

fn titles(offers: &[Value]) -> Vec<&str> {
    offers.iter().map(|offer| offer["title"].as_str().unwrap()).collect()
}

/// One line a change: the note with its version and what stands where afterwards.
fn changes(edit: &Value) -> Vec<String> {
    let name = |uri: &Value| uri.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let mut lines = Vec::new();
    for change in edit["documentChanges"].as_array().unwrap() {
        if let Some(kind) = change["kind"].as_str() {
            lines.push(format!("{kind} {}", name(&change["uri"])));
            continue;
        }
        let document = &change["textDocument"];
        for edit in change["edits"].as_array().unwrap() {
            let range = crate::support::range(&edit["range"]);
            let text = edit["newText"].as_str().unwrap();
            lines.push(format!("{} v{} {range} {text}", name(&document["uri"]), document["version"]));
        }
    }
    lines
}

#[tokio::test]
async fn a_fix_is_offered_with_its_finding_and_made_with_the_version_it_is_about() {
    let vault = Vault::new("//- a.md\n//- real_name.md\n");
    let mut client = editing(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "😀 [[Real Name]]\n").await;
    let shown = client.told("textDocument/publishDiagnostics", |params| params["uri"] == uri.as_str()).await;
    let shown = &shown["diagnostics"][0];
    let offers = offers(&mut client, &uri, 0, 7, json!({ "diagnostics": [shown] })).await;
    let offer = &offers[0];
    assert_eq!(offer["title"], "Use exact name `real_name`");
    assert_eq!((&offer["kind"], &offer["isPreferred"]), (&json!("quickfix"), &json!(true)));
    assert_eq!(&offer["diagnostics"], &json!([shown]));
    assert_eq!(offer["edit"], Value::Null);
    let resolved = client.request("codeAction/resolve", offer.clone()).await.unwrap();
    assert_eq!(changes(&resolved["edit"]), ["a.md v1 0:5-0:14 real_name", "a.md v1 0:14-0:14 |Real Name"]);
    // Once the text is another one, nobody knows whether this is still meant.
    client.replace(&uri, 2, "[[Real Name]]\n").await;
    client.pushed(&uri).await;
    let stale = client.request("codeAction/resolve", offer.clone()).await;
    assert_eq!(code_of(&stale), -32801);
    client.finish().await;
}

#[tokio::test]
async fn only_what_is_asked_for_is_offered() {
    let vault = Vault::new("//- a.md\n[[Real Name]]\n\n[unused]: real_name.md\n//- real_name.md\n");
    let mut client = editing(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    let only = offers(&mut client, &uri, 0, 4, json!({ "only": ["source.fixAll"] })).await;
    assert_eq!(titles(&only), ["Fix all auto-fixable problems"]);
    assert_eq!(only[0]["kind"], "source.fixAll.vaultls");
    let resolved = client.request("codeAction/resolve", only[0].clone()).await.unwrap();
    assert_eq!(changes(&resolved["edit"]).len(), 2);
    let only = offers(&mut client, &uri, 2, 4, json!({ "only": ["quickfix"] })).await;
    assert_eq!(titles(&only), ["Remove definition"]);
    let unasked = offers(&mut client, &uri, 0, 4, json!({ "triggerKind": 2 })).await;
    assert!(!titles(&unasked).contains(&"Fix all auto-fixable problems"));
    client.finish().await;
}

#[tokio::test]
async fn a_client_that_resolves_nothing_gets_the_edit_at_once() {
    let vault = Vault::new("//- a.md\n[[Real Name]]\n//- real_name.md\n");
    let setup = editing(&[&vault]).able("/textDocument/codeAction/resolveSupport", Value::Null);
    let mut client = setup.able("/workspace/workspaceEdit", Value::Null).start().await;
    let uri = vault.uri("a.md");
    let offers = offers(&mut client, &uri, 0, 4, json!({ "only": ["quickfix"] })).await;
    assert_eq!(offers[0]["edit"]["changes"][&uri].as_array().unwrap().len(), 2);
    assert_eq!(offers[0]["data"], Value::Null);
    client.finish().await;
}

#[tokio::test]
async fn a_client_that_knows_commands_only_has_the_edit_made() {
    let vault = Vault::new("//- a.md\n[[Real Name]]\n//- real_name.md\n");
    let mut client = editing(&[&vault]).able("/textDocument/codeAction", json!({})).start().await;
    let uri = vault.uri("a.md");
    let offers = offers(&mut client, &uri, 0, 4, json!({ "only": ["quickfix"] })).await;
    assert_eq!(offers[0]["command"], "vaultls.applyAction");
    let done = client.request("workspace/executeCommand", offers[0].clone()).await;
    assert_eq!(done, Ok(Value::Null));
    client.was_asked("workspace/applyEdit").await;
    assert_eq!(changes(&client.edits[0]["edit"])[0], "a.md vnull 0:2-0:11 real_name");
    client.finish().await;
}

#[tokio::test]
async fn notes_that_must_not_be_edited_are_left_alone() {
    let vault = Vault::new("//- a.md\n//- real_name.md\n");
    std::fs::write(vault.path("bad.md"), b"[[Real Name]] \xff\n").unwrap();
    let mut client = editing(&[&vault]).start().await;
    let bad = vault.uri("bad.md");
    assert_eq!(offers(&mut client, &bad, 0, 4, json!({})).await, [] as [Value; 0]);
    let uri = vault.uri("a.md");
    client.open(&uri, "[[Real Name]]\n").await;
    client.pushed(&uri).await;
    let offers = offers(&mut client, &uri, 0, 4, json!({})).await;
    let misfit = json!([{ "range": { "start": { "line": 9, "character": 0 }, "end": { "line": 9, "character": 0 } }, "text": "x" }]);
    client.change(&uri, 2, misfit).await;
    client.pushed_until(&uri, &[]).await;
    let refused = client.request("textDocument/codeAction", params(&uri, 0, 4, &json!({}))).await;
    assert_eq!(code_of(&refused), -32801);
    let refused = client.request("codeAction/resolve", offers[0].clone()).await;
    assert_eq!(code_of(&refused), -32801);
    client.finish().await;
}

#[tokio::test]
async fn what_is_no_action_of_ours_comes_back_or_is_refused() {
    let vault = Vault::new("//- a.md\n");
    let mut client = editing(&[&vault]).start().await;
    let foreign = json!({ "title": "x", "data": [1] });
    assert_eq!(client.request("codeAction/resolve", foreign.clone()).await, Ok(foreign));
    let command = json!({ "command": "vaultls.applyAction", "arguments": [7] });
    assert_eq!(code_of(&client.request("workspace/executeCommand", command).await), -32602);
    client.finish().await;
}

#[tokio::test]
async fn a_section_moves_to_a_note_that_is_created() {
    let vault = Vault::new(
        "//- a.md\n# T\n\n## Roses\n[b](b.md)\n\n## Rest\n//- b.md\n[[a#Roses]]\n//- .vaultls.toml\nfiles.ignore = ['Roses.md']\n",
    );
    let mut client = editing(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    let moves = offers(&mut client, &uri, 2, 4, json!({ "only": ["refactor.extract"] })).await;
    let link = "Extract section to a new note (link)";
    assert_eq!(titles(&moves), [link, "Extract section to a new note (embed)"]);
    assert_eq!(moves[0]["kind"], "refactor.extract");
    let resolved = client.request("codeAction/resolve", moves[0].clone()).await.unwrap();
    let expected = [
        "a.md vnull 2:0-3:9 [[Roses]]",
        "b.md vnull 0:2-0:3 Roses",
        "create Roses.md",
        "Roses.md vnull 0:0-0:0 ## Roses\n[b](b.md)\n",
    ];
    assert_eq!(changes(&resolved["edit"]), expected);
    // A file that is no part of the vault is not written over either.
    vault.write("Roses.md", "mine\n");
    let refused = client.request("codeAction/resolve", moves[0].clone()).await;
    assert_eq!(code_of(&refused), -32803);
    client.finish().await;
}

#[tokio::test]
async fn a_note_is_put_where_it_is_linked_and_deleted() {
    let vault = Vault::new("//- a.md\n![[b]]\n//- b.md\ntext\n");
    let mut client = editing(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    let inlines = offers(&mut client, &uri, 0, 4, json!({ "only": ["refactor.inline"] })).await;
    assert_eq!(titles(&inlines), ["Inline `b` and delete its note", "Inline a copy of `b`"]);
    let resolved = client.request("codeAction/resolve", inlines[0].clone()).await.unwrap();
    assert_eq!(changes(&resolved["edit"]), ["a.md vnull 0:0-0:6 text", "delete b.md"]);
    client.finish().await;
    // An editor that makes and deletes no files is offered neither.
    let setup = editing(&[&vault]).able("/workspace/workspaceEdit/resourceOperations", json!([]));
    let mut client = setup.start().await;
    let inlines = offers(&mut client, &uri, 0, 4, json!({ "only": ["refactor"] })).await;
    assert_eq!(titles(&inlines)[..1], ["Inline a copy of `b`"]);
    client.finish().await;
}
