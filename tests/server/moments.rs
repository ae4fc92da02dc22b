//! Moments of videos over the wire.

use serde_json::json;

use crate::support::{Setup, Vault, range};

#[tokio::test]
async fn a_hovered_timestamp_tells_of_its_moment() {
    let vault = Vault::new(
        "//- a.md\n---\ntitle: Talk\nvideoId: Rxmv7rT9leo\n---\n😀 [1:01:55] and [1:02:30]\n\
         //- b c.md\n---\nvideoId: Rxmv7rT9leo\n---\n# Bee [one](x)\nThey sleep <a class=\"yt-timestamp\" data-t=\"01:02:00\">[01:02:00]</a> at night.\n",
    );
    let setup = Setup::folders(&[&vault]).able("/textDocument/hover/contentFormat", json!(["markdown"]));
    let mut client = setup.pulling().start().await;
    let uri = vault.uri("a.md");
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 4, "character": 6 } });
    let found = client.request("textDocument/hover", at).await.unwrap();
    assert_eq!(range(&found["range"]), "4:3-4:12");
    assert_eq!(found["contents"]["kind"], "markdown");
    let said = found["contents"]["value"].as_str().unwrap();
    let other = vault.uri("b%20c.md");
    for part in [
        "**Talk**",
        "[1:01:55](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=3715s) · 3715 s",
        "In this note: behind it [1:02:30](https://www.youtube.com/watch?v=Rxmv7rT9leo&t=3750s)",
        &format!("[Bee one]({other}) [1:02:00]"),
        "They sleep at night.",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    client.finish().await;
}
