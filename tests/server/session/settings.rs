//! Settings from the vault and from the editor, live.

use serde_json::json;

use crate::support::{Setup, Vault};

const OFF: &str = "[diagnostics.severity]\n\"link/missing-note\" = \"off\"\n";

#[tokio::test]
async fn the_file_in_the_vault_counts_at_once() {
    let vault = Vault::new("//- a.md\n[[nope]]\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let (uri, file) = (vault.uri("a.md"), vault.uri(".vaultls.toml"));
    client.open(&uri, "[[nope]]\n").await;
    client.pushed_until(&uri, &["0:2 link/missing-note"]).await;
    vault.write(".vaultls.toml", OFF);
    client.changed_on_disk(std::slice::from_ref(&file)).await;
    client.pushed_until(&uri, &[]).await;
    vault.write(".vaultls.toml", "# é\ncolour = 1\nfiles.ignore = [\"x[z-a]\"]\n");
    client.changed_on_disk(std::slice::from_ref(&file)).await;
    client.pushed_until(&uri, &["0:2 link/missing-note"]).await;
    assert_eq!(client.pushed(&file).await.1, ["1:0 settings/invalid", "2:15 settings/invalid"]);
    vault.remove(".vaultls.toml");
    client.changed_on_disk(std::slice::from_ref(&file)).await;
    assert_eq!(client.pushed(&file).await.1.len(), 0);
    client.finish().await;
}

#[tokio::test]
async fn the_editor_overrides_the_file() {
    let vault = Vault::new("//- a.md\n[[nope]]\n");
    vault.write(".vaultls.toml", OFF);
    let editor = json!({ "diagnostics": { "severity": { "link/missing-note": "error" } } });
    // By initialization options.
    let mut setup = Setup::folders(&[&vault]);
    setup.params["initializationOptions"] = editor.clone();
    let mut client = setup.start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "[[nope]]\n").await;
    client.pushed_until(&uri, &["0:2 link/missing-note"]).await;
    // By a change that is told, and taken back.
    let change = |settings| json!({ "settings": { "vaultls": settings } });
    let off = json!({ "diagnostics": { "severity": { "link/missing-note": "off" } } });
    client.notify("workspace/didChangeConfiguration", change(off.clone())).await;
    client.pushed_until(&uri, &[]).await;
    client.notify("workspace/didChangeConfiguration", change(json!({}))).await;
    client.pushed_until(&uri, &["0:2 link/missing-note"]).await;
    client.finish().await;
    // By asking.
    let mut setup = Setup::folders(&[&vault]).able("/workspace/configuration", json!(true));
    setup.configuration = editor;
    let mut client = setup.start().await;
    client.was_asked("workspace/configuration").await;
    client.open(&uri, "[[nope]]\n").await;
    client.pushed_until(&uri, &["0:2 link/missing-note"]).await;
    client.configuration = off;
    client.notify("workspace/didChangeConfiguration", json!({ "settings": null })).await;
    client.was_asked("workspace/configuration").await;
    client.pushed_until(&uri, &[]).await;
    client.finish().await;
}

#[tokio::test]
async fn what_means_nothing_in_the_editors_settings_is_shown_once() {
    let vault = Vault::new("//- a.md\n");
    let mut setup = Setup::folders(&[&vault]);
    setup.params["initializationOptions"] = json!({ "colour": 1, "completion": { "maxItem": 3 } });
    let mut client = setup.start().await;
    let shown = client.shown().await;
    assert!(shown.contains("colour") && shown.contains("completion.maxItems"), "{shown}");
    client.notify("workspace/didChangeConfiguration", json!({ "settings": {} })).await;
    client.notify("workspace/didChangeConfiguration", json!({ "settings": { "vaultls": 3 } })).await;
    assert!(client.shown().await.contains("must be an object"));
    let ignore = json!({ "settings": { "vaultls": { "files.ignore": ["x[z-a]"] } } });
    client.notify("workspace/didChangeConfiguration", ignore).await;
    assert!(client.shown().await.contains("invalid glob `x[z-a]`"));
    client.finish().await;
}

#[tokio::test]
async fn files_that_are_ignored_by_a_setting_leave_the_vault() {
    let vault = Vault::new("//- a.md\n[[t]]\n//- templates/t.md\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    assert_eq!(client.definition(&uri, 0, 3).await, ["t.md 0:0"]);
    let ignore = |globs| json!({ "settings": { "vaultls": { "files.ignore": globs } } });
    client.notify("workspace/didChangeConfiguration", ignore(json!(["templates/"]))).await;
    client.definition_until(&uri, 0, 3, &[]).await;
    client.notify("workspace/didChangeConfiguration", ignore(json!([]))).await;
    client.definition_until(&uri, 0, 3, &["t.md 0:0"]).await;
    client.finish().await;
}

#[tokio::test]
async fn what_the_editor_ignores_counts_also_while_the_vault_is_being_read() {
    let vault = Vault::new("//- a.md\n[[t]]\n//- templates/t.md\n");
    for number in 0..2000 {
        vault.write(&format!("notes/n{number}.md"), "# N\n");
    }
    let mut setup = Setup::folders(&[&vault]).able("/workspace/configuration", json!(true));
    setup.configuration = json!({ "files": { "ignore": ["templates/"] } });
    let mut client = setup.start_loading().await;
    client.was_asked("workspace/configuration").await;
    client.loaded().await;
    client.definition_until(&vault.uri("a.md"), 0, 3, &[]).await;
    client.finish().await;
}
