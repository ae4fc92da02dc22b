//! What an editor draws on and around the text of a note, over the wire.

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault, range};

async fn of_note(client: &mut Client, method: &str, uri: &str) -> Value {
    client.request(method, json!({ "textDocument": { "uri": uri } })).await.unwrap()
}

#[tokio::test]
async fn links_lead_to_files_and_to_lines_where_the_client_opens_them() {
    let vault =
        Vault::new("//- a.md\n😀 [[b]] [[b#Part]] [[none]] https://example.org\n//- b.md\n# B\n## Part\n");
    let b = vault.uri("b.md");
    let links = async |client: &mut Client| -> Vec<Value> {
        let found = of_note(client, "textDocument/documentLink", &vault.uri("a.md")).await;
        found.as_array().unwrap().clone()
    };
    let mut client = Setup::folders(&[&vault]).start().await;
    let targets = |links: &[Value]| -> Vec<(String, Value)> {
        links.iter().map(|link| (range(&link["range"]), link["target"].clone())).collect()
    };
    let expected = [
        ("0:3-0:8".to_owned(), json!(b)),
        ("0:9-0:19".to_owned(), json!(b)),
        ("0:29-0:48".to_owned(), json!("https://example.org")),
    ];
    assert_eq!(targets(&links(&mut client).await), expected);
    client.finish().await;

    let setup = Setup::folders(&[&vault]).able("/experimental/lineFragments", json!(true));
    let mut client = setup.able("/textDocument/documentLink/tooltipSupport", json!(true)).start().await;
    let found = links(&mut client).await;
    assert_eq!((&found[0]["target"], &found[0]["tooltip"]), (&json!(b), &json!("b.md")));
    assert_eq!(found[1]["target"], Value::Null);
    let resolved = client.request("documentLink/resolve", found[1].clone()).await.unwrap();
    assert_eq!(resolved["target"], json!(format!("{b}#L2,1")));
    let resolved =
        client.request("documentLink/resolve", json!({ "range": found[0]["range"] })).await.unwrap();
    assert_eq!(resolved["target"], Value::Null);
    client.finish().await;
}

#[tokio::test]
async fn lines_fold_as_many_as_the_client_takes() {
    let vault = Vault::new(
        "//- a.md\n---\ntags: []\n---\n# A\n\n%%\nno\n%%\n## B\n- c\n  - d\n\n\
        <!-- #region x -->\n\n<!-- #endregion -->\n",
    );
    let fold = async |setup: Setup| -> Value {
        let mut client = setup.start().await;
        let found = of_note(&mut client, "textDocument/foldingRange", &vault.uri("a.md")).await;
        client.finish().await;
        found
    };
    let comment = json!({ "startLine": 5, "endLine": 7, "kind": "comment" });
    assert_eq!(
        fold(Setup::folders(&[&vault])).await,
        json!([
            { "startLine": 0, "endLine": 2 },
            { "startLine": 3, "endLine": 14 },
            comment,
            { "startLine": 8, "endLine": 14 },
            { "startLine": 9, "endLine": 10 },
            { "startLine": 12, "endLine": 14, "kind": "region" },
        ])
    );
    let limited = Setup::folders(&[&vault]).able("/textDocument/foldingRange/rangeLimit", json!(1));
    assert_eq!(fold(limited).await, json!([{ "startLine": 3, "endLine": 14 }]));
}

#[tokio::test]
async fn the_outline_lists_definitions_and_tags_where_settings_say_so() {
    let vault = Vault::new("//- a.md\n# A\n😀 #tag\n\n[label]: b.md\n");
    let outline = async |options: Value| -> Vec<String> {
        let setup = Setup::folders(&[&vault]);
        let params = with(&setup.params, "initializationOptions", options);
        let mut client = Setup { params, ..setup }.start().await;
        let found = of_note(&mut client, "textDocument/documentSymbol", &vault.uri("a.md")).await;
        client.finish().await;
        let of =
            |symbol: &Value| format!("{} {} {}", symbol["name"], symbol["kind"], range(&symbol["range"]));
        let below = found[0]["children"].as_array().into_iter().flatten();
        std::iter::once(&found[0]).chain(below).map(of).collect()
    };
    assert_eq!(outline(json!({})).await, [r#""A" 15 0:0-4:0"#]);
    assert_eq!(
        outline(json!({ "outline": { "definitions": true, "tags": true } })).await,
        [r#""A" 15 0:0-4:0"#, r##""#tag" 14 1:3-1:7"##, r#""[label]" 20 3:0-3:13"#]
    );
}

#[tokio::test]
async fn selections_grow_around_each_position() {
    let vault = Vault::new("//- a.md\n# A\n😀 [[note|shown]]\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let params = json!({
        "textDocument": { "uri": vault.uri("a.md") },
        "positions": [{ "line": 1, "character": 6 }, { "line": 9, "character": 9 }],
    });
    let found = client.request("textDocument/selectionRange", params).await.unwrap();
    let steps = |mut step: &Value| {
        let mut steps = vec![range(&step["range"])];
        while step["parent"].is_object() {
            step = &step["parent"];
            steps.push(range(&step["range"]));
        }
        steps.join(" ")
    };
    assert_eq!(steps(&found[0]), "1:5-1:9 1:5-1:15 1:3-1:17 1:0-1:17 0:0-1:17 0:0-2:0");
    assert_eq!(steps(&found[1]), "0:0-2:0");
    client.finish().await;
}

const TOKENS: &str = "textDocument/semanticTokens/full";

/// `line:column+length type modifiers` of each token.
fn tokens(data: &Value) -> Vec<String> {
    let numbers: Vec<u64> = data.as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect();
    let (mut line, mut column) = (0, 0);
    let mut shown = Vec::new();
    for token in numbers.chunks(5) {
        line += token[0];
        column = if token[0] == 0 { column } else { 0 } + token[1];
        shown.push(format!("{line}:{column}+{} {} {}", token[2], token[3], token[4]));
    }
    shown
}

#[tokio::test]
async fn tokens_come_as_a_whole_as_a_range_and_as_changes() {
    let vault = Vault::new("//- a.md\n");
    let mut client = Setup::folders(&[&vault]).pulling().start().await;
    let a = vault.uri("a.md");
    client.open(&a, "😀 [[a]] [[b]]\n#tag [[a#x]]\nend ^id\n").await;
    let whole = of_note(&mut client, TOKENS, &a).await;
    let second_line = ["1:0+4 1 0", "1:7+1 0 0", "1:9+1 0 1"];
    assert_eq!(
        tokens(&whole["data"]),
        [&["0:5+1 0 0", "0:11+1 0 1"][..], &second_line[..], &["2:4+3 3 2"][..]].concat()
    );
    let line = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 2, "character": 0 } });
    let params = json!({ "textDocument": { "uri": a }, "range": line });
    let part = client.request("textDocument/semanticTokens/range", params).await.unwrap();
    assert_eq!(tokens(&part["data"]), second_line);

    let changes = async |client: &mut Client, before: &Value| {
        let params = json!({ "textDocument": { "uri": a }, "previousResultId": before["resultId"] });
        client.request("textDocument/semanticTokens/full/delta", params).await.unwrap()
    };
    let same = changes(&mut client, &whole).await;
    assert_eq!(same["edits"], json!([]));
    client.replace(&a, 2, "😀 [[a]] [[b]]\n[[a#x]]\nend ^id\n").await;
    let fewer = changes(&mut client, &same).await;
    assert_eq!(fewer["edits"], json!([{ "start": 10, "deleteCount": 10, "data": [1, 2, 1, 0, 0] }]));
    let unknown = changes(&mut client, &whole).await;
    assert_eq!(unknown["data"].as_array().unwrap().len(), 5 * 5, "what is not known is sent as a whole");
    client.finish().await;
}

#[tokio::test]
async fn tokens_and_titles_are_asked_for_again_when_a_note_comes() {
    let vault = Vault::new("//- a.md\n[[b]]\n");
    let setup = Setup::folders(&[&vault])
        .pulling()
        .able("/workspace/semanticTokens/refreshSupport", json!(true))
        .able("/workspace/inlayHint/refreshSupport", json!(true));
    let options = json!({ "inlayHints": { "titles": true } });
    let mut client =
        Setup { params: with(&setup.params, "initializationOptions", options), ..setup }.start().await;
    let a = vault.uri("a.md");
    client.open(&a, "[[b]]\n").await;
    let hints = async |client: &mut Client| -> Value {
        let everything =
            json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
        let params = json!({ "textDocument": { "uri": a }, "range": everything });
        client.request("textDocument/inlayHint", params).await.unwrap()
    };
    assert_eq!(tokens(&of_note(&mut client, TOKENS, &a).await["data"]), ["0:2+1 0 1"]);
    assert_eq!(hints(&mut client).await, json!([]));
    client.open(&vault.uri("b.md"), "# The title\n").await;
    client.was_asked("workspace/semanticTokens/refresh").await;
    client.was_asked("workspace/inlayHint/refresh").await;
    assert_eq!(tokens(&of_note(&mut client, TOKENS, &a).await["data"]), ["0:2+1 0 0"]);
    let hint =
        json!({ "position": { "line": 0, "character": 5 }, "label": "The title", "paddingLeft": true });
    assert_eq!(hints(&mut client).await, json!([hint]));
    client.finish().await;
}

fn with(params: &Value, key: &str, value: Value) -> Value {
    let mut params = params.clone();
    params[key] = value;
    params
}

#[tokio::test]
async fn a_note_without_a_vault_has_no_broken_links() {
    let vault = Vault::new("//- a.md\n[[b]]\n");
    let mut client = Setup::with(json!({})).pulling().start().await;
    let a = vault.uri("a.md");
    client.open(&a, "[[b]] [[#gone]]\n").await;
    assert_eq!(tokens(&of_note(&mut client, TOKENS, &a).await["data"]), ["0:2+1 0 0", "0:9+4 0 1"]);
    client.replace(&a, 1, "[[b]]").await;
    client.change(&a, 1, json!([{ "range": { "start": { "line": 9, "character": 0 }, "end": { "line": 9, "character": 0 } }, "text": "x" }])).await;
    let lost = client.request(TOKENS, json!({ "textDocument": { "uri": a } })).await;
    assert_eq!(crate::support::code_of(&lost), -32801);
    client.finish_with_rest().await;
}
