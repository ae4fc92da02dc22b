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
