//! What an editor draws on and around the text of a note, over the wire.

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault};

fn range(range: &Value) -> String {
    let point = |end: &str| format!("{}:{}", range[end]["line"], range[end]["character"]);
    format!("{}-{}", point("start"), point("end"))
}

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
    let vault = Vault::new("//- a.md\n---\ntags: []\n---\n# A\n\n%%\nno\n%%\n## B\n- c\n  - d\n");
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
            { "startLine": 3, "endLine": 10 },
            comment,
            { "startLine": 8, "endLine": 10 },
            { "startLine": 9, "endLine": 10 },
        ])
    );
    let limited = Setup::folders(&[&vault]).able("/textDocument/foldingRange/rangeLimit", json!(1));
    assert_eq!(fold(limited).await, json!([{ "startLine": 3, "endLine": 10 }]));
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
