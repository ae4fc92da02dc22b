//! While a vault is being read: every answer is that of the whole vault, whenever it is asked for.

use std::fs::File;

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault};

/// Many notes that link to a hub by its name, and to a note by its alias.
fn vault() -> Vault {
    let vault = Vault::new(
        "//- hub.md\n---\ntitle: The hub\naliases: [centre]\n---\n# The hub\n## Part\n[[n7]]\n\
         //- last.md\n---\naliases: [omega]\n---\n# Last\n[[hub]]\n",
    );
    for number in 0..2000 {
        vault.write(&format!("x/n{number}.md"), "# One of many\n[[hub]] [[omega]] [[gone]]\n");
    }
    vault
}

fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

/// The requests that are asked early and late: about an open note, and about closed ones.
fn requests(vault: &Vault) -> Vec<(&'static str, Value)> {
    let (open, closed, hub) = (vault.uri("open.md"), vault.uri("x/n7.md"), vault.uri("hub.md"));
    let mut all = Vec::new();
    for (line, column) in [(0, 2), (0, 10), (0, 22), (0, 33)] {
        all.push(("textDocument/definition", at(&open, line, column)));
        all.push(("textDocument/prepareRename", at(&open, line, column)));
        let mut references = at(&open, line, column);
        references["context"] = json!({ "includeDeclaration": true });
        all.push(("textDocument/references", references));
    }
    for (line, column) in [(1, 2), (1, 10), (1, 20)] {
        all.push(("textDocument/definition", at(&closed, line, column)));
    }
    for uri in [&open, &closed, &hub] {
        let document = json!({ "textDocument": { "uri": uri } });
        for method in ["documentSymbol", "documentLink", "codeLens", "semanticTokens/full"] {
            let method = match method {
                "documentSymbol" => "textDocument/documentSymbol",
                "documentLink" => "textDocument/documentLink",
                "codeLens" => "textDocument/codeLens",
                _ => "textDocument/semanticTokens/full",
            };
            all.push((method, document.clone()));
        }
    }
    let mut rename = at(&open, 0, 2);
    rename["newName"] = json!("heart");
    all.push(("textDocument/rename", rename));
    let command = |command: &str, uri: &str| json!({ "command": command, "arguments": [{ "uri": uri }] });
    all.push(("workspace/executeCommand", command("vaultls.backlinks", &hub)));
    all.push(("workspace/executeCommand", command("vaultls.mentions", &hub)));
    all
}

/// An answer without what differs each time it is given.
fn comparable(answer: Result<Value, Value>) -> Result<Value, Value> {
    answer.map(|mut answer| {
        if let Some(answer) = answer.as_object_mut() {
            answer.remove("resultId");
        }
        answer
    })
}

#[tokio::test]
async fn early_answers_are_those_of_the_whole_vault() {
    let vault = vault();
    let setup = Setup::folders(&[&vault]).editing();
    let mut client: Client = setup.start_loading().await;
    client.open(&vault.uri("open.md"), "[[hub]] [[omega]] [[hub#Part]] [[gone]]\n").await;
    let mut early = Vec::new();
    for (method, params) in requests(&vault) {
        early.push((method, params.clone(), client.ask(method, params).await));
    }
    let mut answers = Vec::new();
    for (method, params, id) in early {
        let answer = comparable(client.answer(id).await);
        answers.push((method, params, answer));
    }
    client.loaded().await;
    for (method, params, answer) in answers {
        let late = comparable(client.request(method, params.clone()).await);
        assert_eq!(answer, late, "{method} {params}");
    }
    client.finish_with_rest().await;
}

#[tokio::test]
async fn a_link_by_name_is_followed_and_shown_at_once() {
    let vault = vault();
    let mut client = Setup::folders(&[&vault]).start_loading().await;
    let open = vault.uri("open.md");
    client.open(&open, "[[hub]] [[gone]]\n").await;
    assert_eq!(client.definition(&open, 0, 3).await, ["hub.md 4:0"]);
    let hover = client.request("textDocument/hover", at(&open, 0, 3)).await.unwrap();
    let hover = hover["contents"]["value"].as_str().unwrap().to_owned();
    assert!(hover.contains("The hub") && hover.contains("Part"), "{hover}");
    let hover = client.request("textDocument/hover", at(&open, 0, 11)).await.unwrap();
    let hover = hover["contents"]["value"].as_str().unwrap().to_owned();
    let found = client.request("workspace/symbol", json!({ "query": "last" })).await.unwrap();
    let names: Vec<&str> = found.as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(names.contains(&"Last"), "{names:?}");
    let is_known = client.stats().await[0]["isLoading"] == false;
    assert!(hover.contains("Still reading the vault") || is_known && hover.contains("not found"), "{hover}");
    client.loaded().await;
    client.finish_with_rest().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_known_by_its_name_and_holds_up_nothing() {
    let vault = Vault::new("//- a.md\n[[huge]] [[huge#Part]] [[gone]]\n");
    // A sparse file of a gigabyte.
    File::create(vault.path("huge.md")).unwrap().set_len(1 << 30).unwrap();
    let mut client = Setup::folders(&[&vault]).pulling().start().await;
    let a = vault.uri("a.md");
    client.open(&a, "[[huge]] [[huge#Part]] [[gone]]\n").await;
    assert_eq!(client.definition(&a, 0, 3).await, ["huge.md 0:0"]);
    let report =
        client.request("textDocument/diagnostic", json!({ "textDocument": { "uri": a } })).await.unwrap();
    let codes: Vec<&Value> = report["items"].as_array().unwrap().iter().map(|found| &found["code"]).collect();
    assert_eq!(codes, ["link/missing-note"]);
    assert!(client.log.iter().any(|line| line.contains("huge.md") && line.contains("1073741824")));
    assert_eq!(client.headings(&vault.uri("huge.md")).await, [""; 0]);
    client.finish_with_rest().await;
}

#[tokio::test]
async fn a_vault_that_vanishes_while_it_is_read_holds_up_nothing() {
    let vault = vault();
    let mut client = Setup::folders(&[&vault]).editing().start_loading().await;
    let open = vault.uri("open.md");
    client.open(&open, "[[hub]] [[gone]] [[#Own]]\n\n# Own\n").await;
    std::fs::remove_dir_all(vault.path("")).unwrap();
    for (method, params) in requests(&vault) {
        // Whatever was known when the folder went: every request is answered.
        let _ = client.request(method, params).await;
    }
    client.loaded().await;
    assert_eq!(client.definition(&open, 0, 21).await, ["open.md 2:0"]);
    client.finish_with_rest().await;
}
