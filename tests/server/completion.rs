//! Completion lists as they reach the editor.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::support::{Client, Setup, Vault, code_of};

#[tokio::test]
async fn a_list_keeps_its_order_and_its_items_explain_themselves() {
    let vault =
        Vault::new("//- a.md\n\n//- garden.md\n# Growing things\nAll about it.\n//- garage.md\n# G\n");
    let setup = Setup::folders(&[&vault])
        .able("/textDocument/completion/completionItem/documentationFormat", json!(["markdown"]));
    let mut client = setup.start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "é😀 [[garde").await;
    client.pushed(&uri).await;
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 11 } });
    let list = client.request("textDocument/completion", at).await.unwrap();
    assert!(list["isIncomplete"].is_boolean());
    let items = list["items"].as_array().unwrap();
    let orders: Vec<&str> = items.iter().map(|item| item["sortText"].as_str().unwrap()).collect();
    assert!(orders.is_sorted() && !orders.is_empty(), "{list:#}");
    let first = &items[0];
    assert_eq!(first["textEdit"]["range"]["end"]["character"], 11);
    let text = first["textEdit"]["newText"].as_str().unwrap();
    assert!(text.contains("garden"), "{first:#}");
    assert_eq!(first["documentation"], Value::Null);
    let resolved = client.request("completionItem/resolve", first.clone()).await.unwrap();
    assert_eq!(resolved["documentation"]["kind"], "markdown");
    assert!(resolved["documentation"]["value"].as_str().unwrap().contains("All about it."), "{resolved:#}");
    // An item of nobody's comes back as it is.
    let foreign = json!({ "label": "x", "data": [1] });
    assert_eq!(client.request("completionItem/resolve", foreign.clone()).await, Ok(foreign));
    client.finish().await;
}

#[tokio::test]
async fn a_range_that_all_items_share_is_said_once() {
    let vault = Vault::new("//- a.md\n\n//- garden.md\n# Growing things\n//- garage.md\n# G\n");
    let uri = vault.uri("a.md");
    let mut lists = Vec::new();
    for defaults in [json!([]), json!(["commitCharacters", "editRange"])] {
        let setup = Setup::folders(&[&vault])
            .able("/textDocument/completion/completionList", json!({ "itemDefaults": defaults }))
            .able("/textDocument/completion/completionItem/documentationFormat", json!(["markdown"]));
        let mut client = setup.start().await;
        client.open(&uri, "é😀 [[ga]]").await;
        client.pushed(&uri).await;
        let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 8 } });
        let list = client.request("textDocument/completion", at).await.unwrap();
        let mut item = list["items"][0].clone();
        let resolved = client.request("completionItem/resolve", item.clone()).await.unwrap();
        item["documentation"] = resolved["documentation"].clone();
        assert!(item["documentation"]["value"].is_string(), "{item:#}");
        assert_eq!(item, resolved, "resolving loses nothing");
        lists.push(list);
        client.finish().await;
    }
    let [plain, shared] = &mut lists[..] else { unreachable!() };
    let range = shared["itemDefaults"]["editRange"].take();
    for item in shared["items"].as_array_mut().unwrap() {
        let text = item.as_object_mut().unwrap().remove("textEditText").unwrap();
        item["textEdit"] = json!({ "range": range, "newText": text });
    }
    assert!(plain["items"].as_array().is_some_and(|items| items.len() > 1), "{plain:#}");
    assert_eq!(shared["items"], plain["items"]);
    assert_eq!(plain["itemDefaults"], Value::Null);
}

/// Completion behind the end of `text`, which the note `uri` has in the editor.
async fn completed(client: &mut Client, uri: &str, text: &str, at: (u32, u32)) -> Vec<Value> {
    client.open(uri, text).await;
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": at.0, "character": at.1 } });
    let list = client.request("textDocument/completion", at).await.unwrap();
    client.close(uri).await;
    list["items"].as_array().unwrap().clone()
}

/// The text after an item is accepted, as a client does it.
fn accepted(text: &str, item: &Value) -> String {
    let edits =
        [&item["textEdit"]].into_iter().chain(item["additionalTextEdits"].as_array().into_iter().flatten());
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let mut edits: Vec<&Value> = edits.collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit["range"]["start"]["line"].as_u64()));
    for edit in edits {
        let line = &mut lines[usize::try_from(edit["range"]["start"]["line"].as_u64().unwrap()).unwrap()];
        let units: Vec<u16> = line.encode_utf16().collect();
        let unit =
            |place: &str| usize::try_from(edit["range"][place]["character"].as_u64().unwrap()).unwrap();
        let text = |units: &[u16]| String::from_utf16(units).unwrap();
        let new = edit["newText"].as_str().unwrap();
        *line = format!("{}{new}{}", text(&units[..unit("start")]), text(&units[unit("end")..]));
    }
    lines.join("\n")
}

#[tokio::test]
async fn every_context_within_what_the_editor_closed() {
    let vault = Vault::new(
        "//- a.md\n\n//- b/large model.md\n---\naliases: [LLM]\ntags: [topic/ai]\n---\n# Large Models\n//- c.md\n[[large model | the model]]\n",
    );
    let mut client = Setup::folders(&[&vault]).pulling().start().await;
    let uri = vault.uri("a.md");
    for (text, at, expected) in [
        ("é😀 [[llm]]", (0, 9), "é😀 [[large model | LLM]]"),
        ("é😀 [[large model|]]", (0, 18), "é😀 [[large model|the model]]"),
        ("é😀 [t](larg)", (0, 12), "é😀 [t](b/large%20model.md)"),
        ("é😀 [t](b/large%20model.md#)", (0, 27), "é😀 [t](b/large%20model.md#large-models)"),
        ("é😀 #top x", (0, 8), "é😀 #topic/ai x"),
        ("> [!warn]", (0, 8), "> [!warning]"),
        ("😀[^]\n\n[^n]: note", (0, 4), "😀[^n]\n\n[^n]: note"),
        ("😀[t][]\n\n[n]: c.md", (0, 6), "😀[t][n]\n\n[n]: c.md"),
        ("---\ntags: [top]\n---\n", (1, 10), "---\ntags: [topic/ai]\n---\n"),
        ("---\nali\n---\n", (1, 3), "---\naliases: \n---\n"),
    ] {
        let items = completed(&mut client, &uri, text, at).await;
        assert_eq!(items.first().map(|item| accepted(text, item)).as_deref(), Some(expected), "{items:#?}");
        let orders: Vec<&str> = items.iter().map(|item| item["sortText"].as_str().unwrap()).collect();
        assert!(orders.is_sorted());
    }
    client.finish().await;
}

#[tokio::test]
async fn a_tag_explains_itself_and_a_display_text_needs_no_words() {
    let vault = Vault::new("//- a.md\n\n//- b.md\n#topic\n# B\n");
    let mut client = Setup::folders(&[&vault]).pulling().start().await;
    let uri = vault.uri("a.md");
    let tag = completed(&mut client, &uri, "x #t", (0, 4)).await.remove(0);
    let resolved = client.request("completionItem/resolve", tag).await.unwrap();
    assert!(resolved["documentation"]["value"].as_str().unwrap().contains("in 1 note"), "{resolved:#}");
    let display = completed(&mut client, &uri, "[[b|", (0, 4)).await.remove(0);
    assert_eq!((&display["label"], &display["data"]), (&json!("B"), &Value::Null));
    client.finish().await;
}

#[tokio::test]
async fn a_block_of_the_same_note_gets_its_id_with_the_link() {
    let vault = Vault::new("//- a.md\n");
    let mut client = Setup::folders(&[&vault]).pulling().start().await;
    let text = "A paragraph.\n\nSee [[#^par]] 😀\n";
    let item = completed(&mut client, &vault.uri("a.md"), text, (2, 11)).await.remove(0);
    assert_eq!(item["command"], Value::Null);
    let id = item["textEdit"]["newText"].as_str().unwrap();
    assert_eq!(accepted(text, &item), format!("A paragraph. ^{id}\n\nSee [[#^{id}]] 😀\n"));
    client.finish().await;
}

#[tokio::test]
async fn a_block_of_another_note_gets_its_id_by_a_command() {
    let vault = Vault::new("//- a.md\n\n//- b.md\n# B\n\n- one item\n- 😀 other item\n");
    let setup = Setup::folders(&[&vault])
        .pulling()
        .able("/workspace/workspaceEdit/documentChanges", json!(true))
        .able("/workspace/applyEdit", json!(true));
    let mut client = setup.start().await;
    let uri = vault.uri("a.md");
    let item = completed(&mut client, &uri, "[[b#^other]]", (0, 10)).await.remove(0);
    assert_eq!(item["additionalTextEdits"], Value::Null);
    assert_eq!(item["command"]["command"], "vaultls.addBlockId");
    let id = item["textEdit"]["newText"].as_str().unwrap();
    let params = json!({ "command": "vaultls.addBlockId", "arguments": item["command"]["arguments"] });
    assert_eq!(client.request("workspace/executeCommand", params.clone()).await, Ok(Value::Null));
    client.was_asked("workspace/applyEdit").await;
    let change = &client.edits[0]["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"]["uri"], vault.uri("b.md"));
    assert_eq!(change["edits"][0]["newText"], format!(" ^{id}"));
    assert_eq!(change["edits"][0]["range"]["start"], json!({ "line": 3, "character": 15 }));
    // What was offered is no more.
    client.open(&vault.uri("b.md"), "- another item\n").await;
    let refused = client.request("workspace/executeCommand", params).await;
    assert_eq!(code_of(&refused), -32801);
    client.finish().await;
}

#[tokio::test]
async fn a_client_that_makes_no_edits_is_not_offered_blocks_that_need_one() {
    let vault = Vault::new("//- a.md\n\n//- b.md\nNo id.\n\nWith id. ^id\n");
    let mut client = Setup::folders(&[&vault]).pulling().start().await;
    let items = completed(&mut client, &vault.uri("a.md"), "[[b#^]]", (0, 5)).await;
    let labels: Vec<&str> = items.iter().map(|item| item["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["^id"]);
    client.finish().await;
}

#[tokio::test]
async fn moments_of_the_video_are_completed_in_the_form_of_the_note() {
    let vault = Vault::new(
        "//- a.md\n\n//- b.md\n---\ntitle: <b>Bee</b>\nvideoId: Rxmv7rT9leo\n---\nAbout *food* [0:10]. About sleep [1:55].\n",
    );
    let setup = Setup::folders(&[&vault])
        .pulling()
        .able("/textDocument/completion/completionItem/documentationFormat", json!(["markdown"]));
    let mut client = setup.start().await;
    let uri = vault.uri("a.md");
    let tag = |clock: &str| format!("<a class=\"yt-timestamp\" data-t=\"{clock}\">[{clock}]</a>");
    let seen = format!("😀 {} ", tag("00:00:10"));
    let column = u32::try_from(seen.encode_utf16().count()).unwrap();
    for (begun, length) in [("[]", 1), ("[1:5", 4), ("<a>", 2), ("<a class=\"yt\">", 12)] {
        let text = format!("---\nvideoId: Rxmv7rT9leo\n---\n{seen}{begun} 😀");
        let items = completed(&mut client, &uri, &text, (3, column + length)).await;
        let first = items.first().unwrap();
        assert_eq!((&first["label"], &first["detail"]), (&json!("00:01:55"), &json!("About sleep.")));
        let filter: String = begun.chars().take(usize::try_from(length).unwrap()).collect();
        assert_eq!(first["filterText"], filter);
        let expected = format!("---\nvideoId: Rxmv7rT9leo\n---\n{seen}{} 😀", tag("00:01:55"));
        assert_eq!(accepted(&text, first), expected, "{begun}");
    }
    let text = format!("---\nvideoId: Rxmv7rT9leo\n---\n{seen}[0");
    let items = completed(&mut client, &uri, &text, (3, column + 2)).await;
    let orders: Vec<&str> = items.iter().map(|item| item["sortText"].as_str().unwrap()).collect();
    assert!(orders.is_sorted() && items.len() == 2, "{items:#?}");
    let resolved = client.request("completionItem/resolve", items[1].clone()).await.unwrap();
    let said = resolved["documentation"]["value"].as_str().unwrap();
    assert!(said.contains("&t=10s) · 10 s") && said.contains("About food."), "{said}");
    assert!(said.contains("\\<b\\>Bee\\</b\\>"), "{said}");
    client.finish().await;
}

#[tokio::test]
async fn a_list_of_moments_with_long_sentences_stays_small() {
    let mut text = String::from("//- a.md\n\n//- b.md\n---\nvideoId: Rxmv7rT9leo\n---\n");
    for minute in 0..150 {
        let clock = format!("{:02}:{:02}:00", minute / 60, minute % 60);
        let sentence = "睡眠と記憶".repeat(40);
        writeln!(text, "[{clock}](<a class=\"yt-timestamp\" data-t=\"{clock}\">[{clock}]</a>) {sentence}")
            .unwrap();
    }
    let vault = Vault::new(&text);
    let mut client = Setup::folders(&[&vault]).pulling().start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "---\nvideoId: Rxmv7rT9leo\n---\n[").await;
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 3, "character": 1 } });
    let list = client.request("textDocument/completion", at).await.unwrap();
    assert_eq!((list["items"].as_array().unwrap().len(), &list["isIncomplete"]), (60, &json!(true)));
    let bytes = list.to_string().len();
    assert!(bytes < 64 << 10, "{bytes} bytes");
    client.finish().await;
}

#[tokio::test]
async fn a_full_list_stays_small() {
    let mut text = String::from("//- a.md\n\n");
    for number in 0..150 {
        let name = format!("how_the_brain_learns_new_skills_and_keeps_them_part_{number:03}");
        let title = format!("How the brain learns new skills and keeps them, part {number:03}");
        writeln!(text, "//- neuroscience/lectures/{name}.md\n---\ntitle: {title}\n---\n[[{name} | {title}]]")
            .unwrap();
    }
    let vault = Vault::new(&text);
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    client.open(&uri, "The brain [[").await;
    client.pushed(&uri).await;
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 12 } });
    let list = client.request("textDocument/completion", at).await.unwrap();
    assert_eq!(list["items"].as_array().unwrap().len(), 100);
    let bytes = list.to_string().len();
    assert!(bytes < 64 << 10, "{bytes} bytes");
    client.finish().await;
}
