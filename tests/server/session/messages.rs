//! Messages that mean nothing: each gets the answer that the protocol has for it, and the server goes on.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Setup, Vault, code_of};

#[tokio::test]
async fn nonsense_is_answered_and_survived() {
    let vault = Vault::new("//- a.md\n# A\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let uri = vault.uri("a.md");
    let frames: [(&str, i64); 5] = [
        ("{\"jsonrpc\":", -32700),
        ("[]", -32600),
        (r#"{"jsonrpc":"1.0","id":null,"method":"shutdown"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":{},"method":"shutdown"}"#, -32600),
        ("\u{fffd}", -32700),
    ];
    for (body, code) in frames {
        client.send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
        assert_eq!(code_of(&client.other_answer().await), code, "{body}");
        assert_eq!(client.headings(&uri).await, ["A"]);
    }
    client.send_raw(b"Content-Length: 2\r\n\r\n\xFF\xFE").await;
    assert_eq!(code_of(&client.other_answer().await), -32700);
    client.send_raw(b"Content-Length: x\r\n\r\n").await;
    assert_eq!(code_of(&client.other_answer().await), -32700);
    client.send_raw(b"Content-Length: 0\r\n\r\n\r\n\r\n").await;
    assert_eq!(client.headings(&uri).await, ["A"]);
    client.finish().await;
}

#[tokio::test]
async fn requests_that_mean_nothing_get_one_error_each() {
    let vault = Vault::new("//- a.md\n# A\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let symbols = "textDocument/documentSymbol";
    let cases = [
        ("vaultls/unknown", json!({}), -32601),
        ("$/unknown", json!({}), -32601),
        (symbols, Value::Null, -32602),
        (symbols, json!({ "textDocument": 3 }), -32602),
        (symbols, json!([]), -32602),
        ("textDocument/hover", json!({ "textDocument": { "uri": vault.uri("a.md") } }), -32602),
        (
            "textDocument/hover",
            json!({ "textDocument": { "uri": vault.uri("a.md") }, "position": { "line": -1, "character": 0 } }),
            -32602,
        ),
        ("workspace/executeCommand", json!({ "command": "vaultls.unknown" }), -32602),
        ("vaultls/resolveLinks", json!({ "links": [] }), -32602),
        (
            "vaultls/resolveLinks",
            json!({ "textDocument": { "uri": vault.uri("a.md") }, "links": [{ "target": 1 }] }),
            -32602,
        ),
        ("textDocument/didOpen", json!({}), -32600),
    ];
    for (method, params, code) in cases {
        assert_eq!(code_of(&client.request(method, params.clone()).await), code, "{method} {params}");
    }
    // Far beyond the text is its end, and a file that nobody knows has nothing to say.
    for (uri, line) in [(vault.uri("a.md"), u32::MAX), (vault.uri("none.md"), 0), ("what:ever".to_owned(), 0)]
    {
        let at =
            json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": u32::MAX } });
        assert_eq!(client.request("textDocument/hover", at).await, Ok(Value::Null));
    }
    client.notify("$/unknown", json!({})).await;
    client.notify("vaultls/unknown", json!({})).await;
    client.notify("textDocument/didOpen", json!({ "textDocument": [] })).await;
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": "all" })).await;
    client.notify("$/cancelRequest", json!({ "id": 4711 })).await;
    client.send(&json!({ "jsonrpc": "2.0", "id": 4711, "result": null })).await;
    client
        .send(&json!({ "jsonrpc": "2.0", "id": "x", "error": { "code": 1, "message": "m", "more": 1 } }))
        .await;
    assert_eq!(client.headings(&vault.uri("a.md")).await, ["A"]);
    client.finish().await;
}

#[tokio::test]
async fn an_id_may_be_used_again_but_not_twice_at_once() {
    let vault = Vault::new("//- a.md\n# A\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    let params = json!({ "textDocument": { "uri": vault.uri("a.md") } });
    let request =
        json!({ "jsonrpc": "2.0", "id": "same", "method": "textDocument/documentSymbol", "params": params });
    for _ in 0..3 {
        client.send(&request).await;
        assert!(client.other_answer().await.unwrap().is_array());
    }
    let frame = format!("Content-Length: {}\r\n\r\n{request}", request.to_string().len());
    client.send_raw(frame.repeat(2).as_bytes()).await;
    let answers = [client.other_answer().await, client.other_answer().await];
    assert!(answers.iter().any(Result::is_ok));
    let refused = answers.iter().filter(|answer| answer.is_err());
    assert!(refused.map(code_of).all(|code| code == -32600));
    client.finish().await;
}

#[tokio::test]
async fn bare_letters_in_uris_are_understood() {
    let vault = Vault::new("//- ein gruß.md\n# A\n");
    let mut client = Setup::folders(&[&vault]).start().await;
    assert_eq!(client.headings(&vault.uri("ein gruß.md")).await, ["A"]);
    assert_eq!(client.headings(&vault.uri("ein%20gru%C3%9F.md")).await, ["A"]);
    client.finish().await;
}

const METHODS: &[&str] = &[
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/didSave",
    "textDocument/completion",
    "completionItem/resolve",
    "textDocument/definition",
    "textDocument/hover",
    "textDocument/references",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/codeAction",
    "codeAction/resolve",
    "workspace/willRenameFiles",
    "textDocument/documentHighlight",
    "textDocument/prepareCallHierarchy",
    "callHierarchy/incomingCalls",
    "callHierarchy/outgoingCalls",
    "textDocument/codeLens",
    "textDocument/documentSymbol",
    "textDocument/diagnostic",
    "workspace/diagnostic",
    "workspace/executeCommand",
    "workspace/didChangeWatchedFiles",
    "workspace/didChangeConfiguration",
    "workspace/didChangeWorkspaceFolders",
    "workspace/symbol",
    "textDocument/semanticTokens/full",
    "textDocument/semanticTokens/full/delta",
    "textDocument/semanticTokens/range",
    "textDocument/inlayHint",
    "textDocument/foldingRange",
    "textDocument/selectionRange",
    "textDocument/documentLink",
    "documentLink/resolve",
    "workspaceSymbol/resolve",
    "$/cancelRequest",
    "$/what",
    "initialize",
    "",
];

/// Texts that mean something to a server.
const TEXTS: &[&str] = &[
    "",
    "file:///",
    "file:///nowhere/a.md",
    "untitled:1",
    "%ff",
    "[[a",
    "# A\n",
    "vaultls.stats",
    "vaultls.reindex",
    "vaultls.applyAction",
    "vaultls.createNote",
    "vaultls.dailyNote",
    "vaultls.fixAll",
    "vaultls.backlinks",
    "vaultls.graph",
    "vaultls.addBlockId",
    "vaultls.mentions",
    "vaultls.linkMentions",
    "😀",
];

/// Anything that JSON can hold, built from the keys and values that messages are made of.
fn wild_params() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(TEXTS);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop::sample::select(vec![-1_i64, 0, 1, 2, 7, i64::from(i32::MAX), i64::MAX]).prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "textDocument",
        "uri",
        "position",
        "line",
        "character",
        "version",
        "text",
        "languageId",
        "contentChanges",
        "range",
        "start",
        "end",
        "command",
        "arguments",
        "changes",
        "type",
        "id",
        "settings",
        "vaultls",
        "event",
        "added",
        "removed",
        "previousResultIds",
        "data",
        "label",
        "context",
        "item",
        "query",
        "previousResultId",
        "positions",
        "name",
        "kind",
        "location",
    ]);
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            5 => prop::collection::hash_map(key.clone(), inner, 0..6)
                .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Law 4 for messages: each request gets one answer, whatever it says, and the server lives on.
    #[test]
    fn any_message_gets_its_answer(
        messages in prop::collection::vec((prop::sample::select(METHODS), wild_params(), any::<bool>()), 1..24),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let vault = Vault::new("//- kept.md\n# Kept\n");
            let mut client = Setup::folders(&[&vault]).start().await;
            let mut asked = Vec::new();
            for (method, params, is_request) in messages {
                if is_request {
                    asked.push(client.ask(method, params).await);
                } else {
                    client.notify(method, params).await;
                }
            }
            for id in asked {
                // `answer` fails on silence, and the client on a second answer.
                let _ = client.answer(id).await;
            }
            assert_eq!(client.headings(&vault.uri("kept.md")).await, ["Kept"]);
        });
    }
}
