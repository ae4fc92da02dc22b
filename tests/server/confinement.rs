//! What a vault that comes from anywhere cannot make the server do: read, show, create or follow what lies
//! outside of it.

use serde_json::json;

use crate::support::{Setup, Vault, code_of};

fn editing(vault: &Vault) -> Setup {
    Setup::folders(&[vault])
        .editing()
        .able("/workspace/workspaceEdit/resourceOperations", json!(["create", "rename", "delete"]))
}

#[tokio::test]
async fn settings_put_no_note_outside_of_the_vault_or_where_it_acts() {
    let folders =
        [".git/hooks", "a/.obsidian", "..", "../x", "a/../../x", "..\\x", "a\\b", "con", "a/NUL", "x."];
    for folder in folders {
        let settings = format!("newNotes.folder = '{folder}'\ndailyNotes.folder = '{folder}'\n");
        let vault = Vault::new("//- a.md\n//- .git/hooks/x\n");
        vault.write(".vaultls.toml", &settings);
        let mut client = editing(&vault).start().await;
        let made = client.execute("vaultls.createNote", json!({ "name": "b" })).await;
        assert_eq!(code_of(&made), -32803, "{folder}");
        let daily = client.execute("vaultls.dailyNote", json!({ "date": "2026-03-01" })).await;
        assert_eq!(code_of(&daily), -32803, "{folder}");
        client.finish().await;
    }
}

#[cfg(unix)]
#[tokio::test]
async fn no_note_is_created_through_a_link_out_of_the_vault() {
    use std::os::unix::fs::symlink;
    let outside = Vault::new("//- o.md\n");
    let vault = Vault::new("//- a.md\n//- .git/hooks/x\n");
    symlink(".git/hooks", vault.path("hooks")).unwrap();
    symlink(vault.path("..").join("none"), vault.path("gone")).unwrap();
    symlink(outside.path("new.md"), vault.path("dangling.md")).unwrap();
    symlink("..", vault.path("up")).unwrap();
    let mut client = editing(&vault).start().await;
    for name in ["hooks/b", "gone/b", "dangling", "up/b"] {
        let made = client.execute("vaultls.createNote", json!({ "name": name })).await;
        assert_eq!(code_of(&made), -32803, "{name}");
    }
    client.finish().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_template_outside_of_the_vault_is_not_copied() {
    let outside = Vault::new("//- key.md\nsecret\n");
    for settings in ["", "files.ignore = ['templates/']\n"] {
        let vault = Vault::new("//- a.md\n//- templates/plant.md\n# Plant\n");
        vault.write(".vaultls.toml", settings);
        std::os::unix::fs::symlink(outside.path("key.md"), vault.path("templates/key.md")).unwrap();
        let mut client = editing(&vault).start().await;
        let wanted = json!({ "name": "b", "template": "key", "show": false });
        assert_eq!(client.execute("vaultls.createNote", wanted).await, Ok(json!(vault.uri("b.md"))));
        assert!(client.shown().await.contains("there is no template `key`"));
        client.was_asked("workspace/applyEdit").await;
        assert!(!client.edits[0].to_string().contains("secret"), "{settings}");
        client.finish().await;
    }
}

#[tokio::test]
async fn a_hover_shows_nothing_that_acts() {
    let hostile = "<img src=https://t.example/x.png> [x](command:quit) ![y](https://t.example/y.png)\n\
                   <script>alert(1)</script> [z](file:///etc/passwd)\n";
    let vault = Vault::new("//- a.md\n[[b]]\n");
    vault.write("b.md", hostile);
    let mut client = Setup::folders(&[&vault])
        .able("/textDocument/hover/contentFormat", json!(["markdown"]))
        .start()
        .await;
    let at =
        json!({ "textDocument": { "uri": vault.uri("a.md") }, "position": { "line": 0, "character": 3 } });
    let hover = client.request("textDocument/hover", at).await.unwrap();
    let text = hover["contents"]["value"].as_str().unwrap();
    for part in ["](command:", "](file:///etc", "![y]"] {
        assert!(!text.contains(part), "{part} in {text}");
    }
    assert!(text.contains("\\<img src") && text.contains("\\<script>") && text.contains("alert"), "{text}");
    client.finish().await;
}
