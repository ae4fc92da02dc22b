//! Diagnostics, pushed and pulled, and work that is cancelled.

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault, code_of};

#[tokio::test]
async fn what_an_edit_heals_elsewhere_is_pushed() {
    let vault = Vault::new("//- a.md\n[[b#New]]\n//- b.md\n# Old\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let (a, b) = (vault.uri("a.md"), vault.uri("b.md"));
    client.open(&a, "[[b#New]]\n").await;
    client.open(&b, "# Old\n").await;
    client.pushed_until(&a, &["0:4 link/missing-heading"]).await;
    client.pushed_until(&b, &[]).await;
    client.replace(&b, 2, "# New\n").await;
    assert_eq!(client.pushed(&b).await, (json!(2), vec![]));
    assert_eq!(client.pushed(&a).await, (json!(1), vec![]));
    client.close(&a).await;
    assert_eq!(client.pushed(&a).await, (Value::Null, vec![]));
    client.replace(&b, 3, "# Newer\n").await;
    assert_eq!(client.pushed(&b).await, (json!(3), vec![]));
    client.finish().await;
}

#[tokio::test]
async fn a_version_without_a_change_loses_no_findings() {
    let vault = Vault::new("//- a.md\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "").await;
    client.pushed_until(&uri, &[]).await;
    for round in 0..20 {
        let text = if round % 2 == 0 { "[[nope]]\n" } else { "fine\n" };
        client.replace(&uri, 2 * round + 2, text).await;
        client.replace(&uri, 2 * round + 3, text).await;
        let expected: &[&str] = if round % 2 == 0 { &["0:2 link/missing-note"] } else { &[] };
        client.pushed_until(&uri, expected).await;
    }
    client.finish().await;
}

#[tokio::test]
async fn the_whole_vault_is_pushed_where_it_is_wanted() {
    let vault = Vault::new("//- a.md\n[[nope]]\n//- b.md\n[[none]]\n//- c.md\n# Clean\n");
    vault.write(".vaultls.toml", "diagnostics.scope = \"vault\"\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let (a, b) = (vault.uri("a.md"), vault.uri("b.md"));
    assert_eq!(client.pushed(&a).await, (Value::Null, vec!["0:2 link/missing-note".to_owned()]));
    assert_eq!(client.pushed(&b).await, (Value::Null, vec!["0:2 link/missing-note".to_owned()]));
    vault.remove("b.md");
    client.changed_on_disk(std::slice::from_ref(&b)).await;
    client.pushed_until(&b, &[]).await;
    vault.remove(".vaultls.toml");
    client.changed_on_disk(&[vault.uri(".vaultls.toml")]).await;
    client.pushed_until(&a, &[]).await;
    client.finish().await;
}

#[tokio::test]
async fn closing_a_note_leaves_the_findings_of_its_file_where_they_are_wanted() {
    let vault =
        Vault::new("//- .vaultls.toml\ndiagnostics.scope = \"vault\"\n//- a.md\n[[nope]]\n//- b.md\n\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let (a, b) = (vault.uri("a.md"), vault.uri("b.md"));
    let broken = vec!["0:2 link/missing-note".to_owned()];
    assert_eq!(client.pushed(&a).await, (Value::Null, broken.clone()));
    client.open(&a, "[[nope]]\n").await;
    assert_eq!(client.pushed(&a).await, (json!(1), broken.clone()));
    client.close(&a).await;
    assert_eq!(client.pushed(&a).await, (Value::Null, broken.clone()));
    // What was never saved is taken back.
    for uri in [&b, &vault.uri("c.md")] {
        client.open(uri, "[[nope]]\n").await;
        assert_eq!(client.pushed(uri).await, (json!(1), broken.clone()));
        client.close(uri).await;
        assert_eq!(client.pushed(uri).await, (Value::Null, vec![]));
    }
    client.finish().await;
}

#[tokio::test]
async fn findings_carry_what_the_client_can_show() {
    let vault = Vault::new("//- a.md\n[[Be]]\n//- one/b.md\n---\naliases: [Be]\n---\n");
    let setup = Setup::folders(&[&vault])
        .able("/textDocument/publishDiagnostics/codeDescriptionSupport", json!(true))
        .able("/textDocument/publishDiagnostics/relatedInformation", json!(true));
    let mut client = setup.start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "[[Be]]\n").await;
    let params = client.told("textDocument/publishDiagnostics", |_| true).await;
    let finding = &params["diagnostics"][0];
    assert_eq!((&finding["code"], &finding["severity"]), (&json!("link/inexact"), &json!(4)));
    assert_eq!((&finding["source"], &finding["data"]["tier"]), (&json!("vaultls"), &json!("alias")));
    assert!(
        finding["codeDescription"]["href"].as_str().unwrap().ends_with("/docs/diagnostics.md#link-inexact")
    );
    client.finish().await;
}

async fn pull(client: &mut Client, uri: &str, previous: Option<&str>) -> Value {
    let params = json!({ "textDocument": { "uri": uri }, "previousResultId": previous });
    client.request("textDocument/diagnostic", params).await.unwrap()
}

#[tokio::test]
async fn a_pull_is_unchanged_as_long_as_nothing_changes() {
    let vault = Vault::new("//- a.md\n[[b]]\n");
    let mut client = Setup::folders(&[&vault]).pulling().start_loading().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "[[b]]\n").await;
    // Before the vault has been read, the answer waits.
    let first = pull(&mut client, &uri, None).await;
    assert_eq!(first["kind"], "full");
    assert_eq!(first["items"][0]["code"], "link/missing-note");
    let id = first["resultId"].as_str().unwrap();
    let second = pull(&mut client, &uri, Some(id)).await;
    assert_eq!((&second["kind"], &second["resultId"]), (&json!("unchanged"), &json!(id)));
    client.was_asked("workspace/diagnostic/refresh").await;
    vault.write("b.md", "");
    client.changed_on_disk(&[vault.uri("b.md")]).await;
    client.was_asked("workspace/diagnostic/refresh").await;
    let third = pull(&mut client, &uri, Some(id)).await;
    assert_eq!((&third["kind"], &third["items"]), (&json!("full"), &json!([])));
    client.finish().await;
}

async fn pull_vault(client: &mut Client, previous: &Value, token: Value) -> Vec<Value> {
    let params = json!({ "previousResultIds": previous, "partialResultToken": token });
    let report = client.request("workspace/diagnostic", params).await.unwrap();
    report["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_vault_is_pulled_as_a_whole_or_in_parts() {
    let vault = Vault::new("//- .vaultls.toml\ndiagnostics.scope = \"vault\"\n//- clean.md\n");
    for number in 0..300 {
        vault.write(&format!("n{number}.md"), "[[nope]]\n");
    }
    let mut client = Setup::folders(&[&vault]).pulling().start_loading().await;
    let items = pull_vault(&mut client, &json!([]), Value::Null).await;
    assert_eq!(items.len(), 300);
    assert!(items.iter().all(|item| item["kind"] == "full"));
    let known: Vec<Value> =
        items.iter().map(|item| json!({ "uri": item["uri"], "value": item["resultId"] })).collect();
    // One document and the whole vault know the same results.
    let one = known[7]["value"].as_str();
    let report = pull(&mut client, known[7]["uri"].as_str().unwrap(), one).await;
    assert_eq!((&report["kind"], report["resultId"].as_str()), (&json!("unchanged"), one));
    let report = pull(&mut client, known[7]["uri"].as_str().unwrap(), None).await;
    assert_eq!((&report["kind"], report["resultId"].as_str()), (&json!("full"), one));
    let again = pull_vault(&mut client, &json!(known), Value::Null).await;
    assert!(again.len() == 300 && again.iter().all(|item| item["kind"] == "unchanged"));
    vault.remove("n0.md");
    vault.write("n1.md", "");
    client.changed_on_disk(&[vault.uri("n0.md"), vault.uri("n1.md")]).await;
    client.was_asked("workspace/diagnostic/refresh").await;
    client.has_notes(300).await;
    let items = pull_vault(&mut client, &json!(known), Value::Null).await;
    let full: Vec<&Value> = items.iter().filter(|item| item["kind"] == "full").collect();
    assert_eq!((items.len(), full.len()), (300, 2), "{full:?}");
    assert!(full.iter().all(|item| item["items"] == json!([])));
    client.progress.clear();
    let items = pull_vault(&mut client, &json!([]), json!("part")).await;
    assert!(items.is_empty());
    let parts = client.progress.iter().filter(|part| part["token"] == "part");
    let count: usize = parts.map(|part| part["value"]["items"].as_array().unwrap().len()).sum();
    assert_eq!(count, 298);
    // A new note fixes links in notes that have not changed.
    vault.write("nope.md", "");
    client.changed_on_disk(&[vault.uri("nope.md")]).await;
    client.has_notes(301).await;
    let items = pull_vault(&mut client, &json!(known), Value::Null).await;
    assert_eq!(items.len(), 300);
    assert!(items.iter().all(|item| item["kind"] == "full" && item["items"] == json!([])));
    client.finish().await;
}

#[tokio::test]
async fn cancelling_and_asking_go_past_work_on_the_whole_vault() {
    const NOTES: usize = 4000;
    const AT_ONCE: usize = 8;
    let vault = Vault::new("//- .vaultls.toml\ndiagnostics.scope = \"vault\"\n");
    for number in 0..NOTES {
        // Many broken links a note, each compared with the names of the vault, take their time.
        let links: String = (0..20).map(|link| format!("[[misspeled {link} of {number}]]\n")).collect();
        vault.write(&format!("misspelled {number}.md"), &format!("# Note {number}\n{links}"));
    }
    let mut client = Setup::folders(&[&vault]).pulling().start().await;
    // However fast one is, the last waits for its turn.
    let mut asked = Vec::new();
    for _ in 0..AT_ONCE {
        let params = json!({ "previousResultIds": [], "partialResultToken": "part" });
        asked.push(client.ask("workspace/diagnostic", params).await);
    }
    // The work has begun.
    client.progressed(|progress| progress["token"] == "part").await;
    assert_eq!(client.headings(&vault.uri("misspelled 7.md")).await, ["Note 7"]);
    let last = *asked.last().unwrap();
    assert!(!client.is_answered(last), "the small answer waited for the large one");
    for id in &asked {
        client.notify("$/cancelRequest", json!({ "id": id })).await;
    }
    assert_eq!(code_of(&client.answer(last).await), -32800);
    for id in asked.into_iter().filter(|id| *id != last) {
        let _ = client.answer(id).await;
    }
    client.finish().await;
}

#[tokio::test]
async fn a_client_that_reads_nothing_for_a_while_stops_nothing() {
    let vault = Vault::new("//- a.md\n# A\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    let mut asked = Vec::new();
    // Their answers are far more than any pipe holds.
    for _ in 0..5000 {
        asked
            .push(client.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).await);
    }
    for id in asked {
        assert!(client.answer(id).await.is_ok());
    }
    client.finish().await;
}

#[tokio::test]
async fn no_note_is_missing_that_is_only_unread() {
    let vault = Vault::new("//- a.md\n");
    let mut text = "[[#gone]]\n".to_owned();
    for number in 0..1000 {
        vault.write(&format!("n{number}.md"), "[[a]]\n");
        text.push_str(&format!("[[n{number}]]\n"));
    }
    let uri = vault.uri("a.md");
    let mut client = Setup::folders(&[&vault]).pulling().start_loading().await;
    client.open(&uri, &text).await;
    let mut is_loading = true;
    while is_loading {
        is_loading = client.stats().await[0]["isLoading"] == true;
        let report = pull(&mut client, &uri, None).await;
        let codes: Vec<&Value> =
            report["items"].as_array().unwrap().iter().map(|found| &found["code"]).collect();
        assert_eq!(codes, ["link/missing-heading"]);
    }
    client.finish().await;
}
