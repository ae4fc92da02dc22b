//! The text of open documents: order, encodings, and what happens when it drifts.

use serde_json::{Value, json};

use crate::support::{Setup, Vault, code_of};

fn symbols(uri: &str) -> Value {
    json!({ "textDocument": { "uri": uri } })
}

fn range(start: (u32, u32), end: (u32, u32)) -> Value {
    json!({
        "start": { "line": start.0, "character": start.1 },
        "end": { "line": end.0, "character": end.1 },
    })
}

#[tokio::test]
async fn each_answer_is_about_the_edit_before_it() {
    const PAIRS: i32 = 1000;
    let vault = Vault::new("//- a.md\n# Start\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "# Title 0\n\n[[#Title 0]]\n").await;
    client.pushed_until(&uri, &[]).await;
    let hover = json!({ "textDocument": { "uri": uri }, "position": { "line": 2, "character": 5 } });
    let mut asked = Vec::new();
    for number in 1..=PAIRS {
        // The digit before and the one after change at once: an incremental edit of two places.
        let old = u32::try_from((number - 1).to_string().len()).unwrap();
        let text = number.to_string();
        let changes = json!([
            { "range": range((2, 9), (2, 9 + old)), "text": text },
            { "range": range((0, 8), (0, 8 + old)), "text": text },
        ]);
        client.change(&uri, number + 1, changes).await;
        let name = client.ask("textDocument/documentSymbol", symbols(&uri)).await;
        let preview = client.ask("textDocument/hover", hover.clone()).await;
        asked.push((number, name, preview));
    }
    for (number, name, preview) in asked {
        let found = client.answer(name).await.unwrap();
        assert_eq!(found[0]["name"], format!("Title {number}"));
        let preview = client.answer(preview).await.unwrap();
        let preview =
            preview["contents"]["value"].as_str().unwrap_or_else(|| panic!("no hover for {number}"));
        let title = format!("Title {number}");
        let shows_it =
            preview.split(&title).skip(1).any(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()));
        assert!(shows_it, "{preview} is not about {title}");
    }
    // The last version is published, and none out of order.
    let mut last = 0;
    while last <= i64::from(PAIRS) {
        let version = client.pushed(&uri).await.0.as_i64().unwrap();
        assert!(version > last);
        last = version;
    }
    client.finish().await;
}

#[tokio::test]
async fn columns_count_what_was_agreed_on() {
    // The link begins after `# é😀 `: 9 bytes, 6 UTF-16 units, 5 code points.
    for (encoding, column, name_end) in [("utf-8", 9, 17), ("utf-16", 6, 14), ("utf-32", 5, 13)] {
        let vault = Vault::new("//- a.md\n\n//- b.md\n# B\n");
        let setup = Setup::folders(&[&vault]).able("/general/positionEncodings", json!([encoding]));
        let mut client = setup.start().await;
        let uri = vault.uri("a.md");
        client.open(&uri, "# é😀 [[nope]]\r\nlast").await;
        client.pushed_until(&uri, &[&format!("0:{} link/missing-note", column + 2)]).await;
        let rename = json!([{ "range": range((0, column + 2), (0, column + 6)), "text": "b" }]);
        client.change(&uri, 2, rename).await;
        client.pushed_until(&uri, &[]).await;
        assert_eq!(client.definition(&uri, 0, column + 2).await, ["b.md 0:0"]);
        // A column past the end of the line is its end, before the line break.
        client.change(&uri, 3, json!([{ "range": range((0, 99), (0, 99)), "text": "!\u{1F44D}" }])).await;
        let found = client.request("textDocument/documentSymbol", symbols(&uri)).await.unwrap();
        assert_eq!(found[0]["name"], "é😀 b!\u{1F44D}");
        let units = |bytes, utf16, chars| match encoding {
            "utf-8" => bytes,
            "utf-16" => utf16,
            _ => chars,
        };
        let end = name_end - 3 + units(5, 3, 2);
        assert_eq!(found[0]["selectionRange"]["end"], json!({ "line": 0, "character": end }));
        client.pushed_until(&uri, &[]).await;
        client.finish().await;
    }
}

#[tokio::test]
async fn a_note_that_drifted_answers_nothing_until_its_full_text_comes() {
    let vault = Vault::new("//- a.md\n# A\n");
    let uri = vault.uri("a.md");
    let bad_edits = [
        ("a line that is not there", 2, json!([{ "range": range((9, 0), (9, 0)), "text": "x" }])),
        ("a reversed range", 2, json!([{ "range": range((0, 2), (0, 1)), "text": "x" }])),
        ("the same version", 1, json!([{ "range": range((0, 0), (0, 0)), "text": "x" }])),
        ("an older version", 0, json!([{ "range": range((0, 0), (0, 0)), "text": "x" }])),
        ("no changes that can be read", 2, json!([{ "range": "all", "text": 3 }])),
    ];
    for (what, version, changes) in bad_edits {
        let mut client = Setup::folders(&[&vault]).start().await;
        client.open(&uri, "# A [[nope]]\n").await;
        client.pushed_until(&uri, &["0:6 link/missing-note"]).await;
        client.change(&uri, version, changes).await;
        let refused = client.request("textDocument/documentSymbol", symbols(&uri)).await;
        assert_eq!(code_of(&refused), -32801, "{what}");
        client.pushed_until(&uri, &[]).await;
        assert_eq!(
            client.log.iter().filter(|line| line.contains("a.md")).count(),
            1,
            "{what}: {:?}",
            client.log
        );
        // Edits go on and change nothing about that.
        client.change(&uri, 3, json!([{ "range": range((0, 0), (0, 0)), "text": "x" }])).await;
        let refused = client.request("textDocument/documentSymbol", symbols(&uri)).await;
        assert_eq!(code_of(&refused), -32801, "{what}");
        client.replace(&uri, 4, "# B [[other]]\n").await;
        assert_eq!(client.headings(&uri).await, ["B other"], "{what}");
        client.pushed_until(&uri, &["0:6 link/missing-note"]).await;
        client.change(&uri, 5, json!([{ "range": range((0, 2), (0, 3)), "text": "C" }])).await;
        assert_eq!(client.headings(&uri).await, ["C other"], "{what}");
        client.pushed_until(&uri, &["0:6 link/missing-note"]).await;
        client.finish().await;
    }
}

#[tokio::test]
async fn changes_of_documents_that_were_never_opened() {
    let vault = Vault::new("//- a.md\n# A\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    client.change(&uri, 7, json!([{ "range": range((0, 0), (0, 0)), "text": "x" }])).await;
    assert_eq!(code_of(&client.request("textDocument/documentSymbol", symbols(&uri)).await), -32801);
    client.replace(&uri, 8, "# B\n").await;
    assert_eq!(client.headings(&uri).await, ["B"]);
    client.open(&uri, "# C\n").await;
    assert_eq!(client.headings(&uri).await, ["C"]);
    client.close(&uri).await;
    assert_eq!(client.headings(&uri).await, ["A"]);
    client.close(&uri).await;
    assert_eq!(client.headings(&uri).await, ["A"]);
    client.finish_with_rest().await;
}

#[tokio::test]
async fn an_open_document_may_be_opened_again() {
    let vault = Vault::new("//- a.md\n# A\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "# B\n").await;
    client.open(&uri, "# C\n").await;
    assert_eq!(client.headings(&uri).await, ["C"]);
    client.change(&uri, 2, json!([{ "range": range((0, 2), (0, 3)), "text": "D" }])).await;
    assert_eq!(client.headings(&uri).await, ["D"]);
    client.close(&uri).await;
    assert_eq!(client.headings(&uri).await, ["A"]);
    client.finish_with_rest().await;
}

#[tokio::test]
async fn a_document_out_of_sync_keeps_its_file_when_it_moves_to_another_vault() {
    let vault = Vault::new("//- inner/a.md\n# A\n//- inner/b.md\n[[a#A]]\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("inner/a.md");
    client.change(&uri, 7, json!([{ "range": range((0, 0), (0, 0)), "text": "x" }])).await;
    let folder = json!({ "uri": vault.uri("inner"), "name": "" });
    let event = json!({ "removed": [], "added": [folder] });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event })).await;
    client.loaded().await;
    client.definition_until(&vault.uri("inner/b.md"), 0, 5, &["a.md 0:0"]).await;
    let b = vault.uri("inner/b.md");
    client.open(&b, "[[a#A]]\n").await;
    assert_eq!(client.pushed(&b).await.1, [""; 0]);
    client.replace(&uri, 8, "# B\n").await;
    client.pushed_until(&b, &["0:4 link/missing-heading"]).await;
    client.finish_with_rest().await;
}
