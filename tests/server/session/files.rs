//! News from the disk, told by the client or seen by the server itself.

use std::fs;

use serde_json::json;

use crate::support::{Setup, Vault};

#[tokio::test]
async fn files_come_change_and_go() {
    let vault = Vault::new("//- a.md\n[[b]] [[c#H]] ![[p.png]]\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "[[b]] [[c#H]] ![[p.png]]\n").await;
    let all_broken = ["0:2 link/missing-note", "0:8 link/missing-note", "0:17 link/missing-note"];
    client.pushed_until(&uri, &all_broken).await;
    vault.write_all("//- b.md\n# B\n//- deep/c.md\n# G\n//- p.png\n\n");
    client.changed_on_disk(&[vault.uri("b.md"), vault.uri("deep"), vault.uri("p.png")]).await;
    client.pushed_until(&uri, &["0:10 link/missing-heading"]).await;
    assert_eq!(client.definition(&uri, 0, 3).await, ["b.md 0:0"]);
    assert_eq!(client.definition(&uri, 0, 18).await, ["p.png 0:0"]);
    vault.write("deep/c.md", "\n# H\n");
    client.changed_on_disk(&[vault.uri("deep/c.md")]).await;
    client.pushed_until(&uri, &[]).await;
    fs::rename(vault.path("b.md"), vault.path("bee.md")).unwrap();
    let files = json!([{ "oldUri": vault.uri("b.md"), "newUri": vault.uri("bee.md") }]);
    client.notify("workspace/didRenameFiles", json!({ "files": files })).await;
    client.pushed_until(&uri, &["0:2 link/missing-note"]).await;
    client.finish().await;
}

#[tokio::test]
async fn open_notes_win_over_the_disk() {
    let vault = Vault::new("//- a.md\n# Disk\n//- b.md\n[[a#Editor]]\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let (uri, other) = (vault.uri("a.md"), vault.uri("b.md"));
    client.open(&uri, "# Editor\n").await;
    vault.write("a.md", "# Disk again\n");
    vault.write("c.md", "# C\n");
    client.changed_on_disk(&[uri.clone(), vault.uri("c.md")]).await;
    // The note beside it has come in with the same batch.
    client.headings_until(&vault.uri("c.md"), &["C"]).await;
    assert_eq!(client.headings(&uri).await, ["Editor"]);
    assert_eq!(client.definition(&other, 0, 3).await, ["a.md 0:0"]);
    // Even if the file is deleted, as long as it is open.
    vault.remove("a.md");
    vault.remove("c.md");
    client.changed_on_disk(&[uri.clone(), vault.uri("c.md")]).await;
    client.headings_until(&vault.uri("c.md"), &[]).await;
    assert_eq!(client.headings(&uri).await, ["Editor"]);
    client.close(&uri).await;
    client.definition_until(&other, 0, 3, &[]).await;
    client.finish_with_rest().await;
}

#[tokio::test]
async fn what_was_written_behind_the_server_shows_when_a_note_is_closed() {
    let vault = Vault::new("//- a.md\n# Before\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "# Editor\n").await;
    vault.write("a.md", "# After\n");
    client.close(&uri).await;
    client.headings_until(&uri, &["After"]).await;
    client.finish_with_rest().await;
}

#[tokio::test]
async fn saving_makes_the_text_the_disks() {
    let vault = Vault::new("//- a.md\n# Before\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "# After\n").await;
    vault.write("a.md", "# After\n");
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } })).await;
    client.close(&uri).await;
    // Not even for a moment is it what it was before.
    assert_eq!(client.headings(&uri).await, ["After"]);
    client.finish_with_rest().await;
}

#[tokio::test]
async fn thousands_of_changes_are_one_step() {
    const NOTES: usize = 3000;
    let vault = Vault::new("//- a.md\n[[n2999]]\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let before = client.stats().await[0]["revision"].as_u64().unwrap();
    let uris: Vec<String> = (0..NOTES)
        .map(|number| {
            vault.write(&format!(".aside/n{number}.md"), "# N\n");
            vault.uri(&format!("many/n{number}.md"))
        })
        .collect();
    // They appear at once, for the server looks at the disk when it wants to.
    fs::rename(vault.path(".aside"), vault.path("many")).unwrap();
    client.changed_on_disk(&uris).await;
    client.definition_until(&vault.uri("a.md"), 0, 3, &["n2999.md 0:0"]).await;
    let stats = client.stats().await;
    assert_eq!(stats[0]["notes"], NOTES + 1);
    assert_eq!(stats[0]["revision"].as_u64().unwrap() - before, 1);
    client.finish().await;
}

#[tokio::test]
async fn ignored_files_come_and_go_with_the_rules() {
    let vault = Vault::new("//- a.md\n[[secret]]\n//- private/secret.md\n# S\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    assert_eq!(client.definition(&uri, 0, 3).await, ["secret.md 0:0"]);
    vault.write(".gitignore", "private/\n");
    client.changed_on_disk(&[vault.uri(".gitignore")]).await;
    client.definition_until(&uri, 0, 3, &[]).await;
    vault.remove(".gitignore");
    client.changed_on_disk(&[vault.uri(".gitignore")]).await;
    client.definition_until(&uri, 0, 3, &["secret.md 0:0"]).await;
    client.finish().await;
}

#[tokio::test]
async fn files_that_the_vault_leaves_out_are_found_by_their_paths() {
    let vault = Vault::new("//- a.md\n[r](deps/r.md)\n//- .gitignore\ndeps/\n//- deps/r.md\n# R\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    assert_eq!(client.definition(&uri, 0, 5).await, ["r.md 0:0"]);
    vault.write("deps/x.md", "# X\n");
    client.open(&uri, "[x](deps/x.md) [r](deps/r.md)\n").await;
    client.definition_until(&uri, 0, 5, &["x.md 0:0"]).await;
    vault.remove("deps/r.md");
    client.changed_on_disk(&[vault.uri("deps/r.md")]).await;
    client.pushed_until(&uri, &["0:19 link/missing-file"]).await;
    assert!(client.definition(&uri, 0, 20).await.is_empty());
    client.finish().await;
}

#[tokio::test]
async fn the_server_watches_where_the_client_does_not() {
    let vault = Vault::new("//- a.md\n[[b]]\n");
    let setup = Setup::folders(&[&vault]).able("/workspace/didChangeWatchedFiles", json!({}));
    let mut client = setup.start().await;
    let uri = vault.uri("a.md");
    assert!(client.definition(&uri, 0, 3).await.is_empty());
    vault.write("new/b.md", "# B\n");
    client.definition_until(&uri, 0, 3, &["b.md 0:0"]).await;
    vault.remove("new/b.md");
    client.definition_until(&uri, 0, 3, &[]).await;
    client.finish().await;
}

#[tokio::test]
async fn nothing_is_lost_before_the_client_watches() {
    let vault = Vault::new("//- a.md\n[[b]] [[c]] [[d]]\n//- c.md\n//- deep/d.md\n# D\n");
    let mut setup = Setup::folders(&[&vault]);
    setup.holds_registration = true;
    let mut client = setup.start().await;
    client.was_asked("client/registerCapability").await;
    vault.write("b.md", "# B\n");
    vault.remove("c.md");
    vault.write("deep/d.md", "# E\n");
    client.register().await;
    let uri = vault.uri("a.md");
    client.definition_until(&uri, 0, 3, &["b.md 0:0"]).await;
    client.definition_until(&uri, 0, 9, &[]).await;
    assert_eq!(client.headings(&vault.uri("deep/d.md")).await, ["E"]);
    client.finish().await;
}

#[tokio::test]
async fn nothing_is_lost_while_the_client_says_that_it_watches_and_does_not_yet() {
    let vault = Vault::new("//- a.md\n[[b]]\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    // The look at what changed before is over when this one has come in.
    vault.write("first.md", "# First\n");
    client.headings_until(&vault.uri("first.md"), &["First"]).await;
    vault.write("new folder/b.md", "# B\n");
    client.definition_until(&uri, 0, 3, &["b.md 0:0"]).await;
    client.finish().await;
}

#[cfg(unix)]
#[tokio::test]
async fn notes_become_folders_and_links_and_notes_again() {
    use std::os::unix::fs::symlink;
    let outside = Vault::new("//- o.md\n# Outside\n");
    let vault = Vault::new("//- a.md\n# Note\n");
    let setup = Setup::folders(&[&vault]).able("/workspace/didChangeWatchedFiles", json!({}));
    let mut client = setup.start().await;
    let (uri, inner, linked) = (vault.uri("a.md"), vault.uri("a.md/n.md"), vault.uri("a.md/o.md"));
    client.headings_until(&uri, &["Note"]).await;
    vault.remove("a.md");
    vault.write("a.md/n.md", "# Inner\n");
    client.headings_until(&inner, &["Inner"]).await;
    client.headings_until(&uri, &[]).await;
    fs::remove_dir_all(vault.path("a.md")).unwrap();
    symlink(outside.root(), vault.path("a.md")).unwrap();
    client.headings_until(&linked, &["Outside"]).await;
    client.headings_until(&inner, &[]).await;
    // A linked folder that came later is watched as well.
    outside.write("o.md", "# Changed\n");
    client.headings_until(&linked, &["Changed"]).await;
    vault.remove("a.md");
    symlink(outside.path("o.md"), vault.path("a.md")).unwrap();
    client.headings_until(&uri, &["Changed"]).await;
    client.headings_until(&linked, &[]).await;
    vault.remove("a.md");
    vault.write("a.md", "# Note again\n");
    client.headings_until(&uri, &["Note again"]).await;
    client.finish().await;
}
