//! What comes in: frames, and the messages in them. Nothing that a client writes stops the reading.
//!
//! `tower-lsp` stops at the first message that it cannot decode, so messages are decoded here, and what it
//! reads is a wakeup for each: a message of our own that makes it call the service, which takes the real
//! message from the queue. Each message is parsed once, and their order is that of the wire.

use serde_json::{Map, Value};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::UnboundedSender;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};

use crate::lsp::wire::{Frame, FrameDecoder, encode_frame};
use crate::lsp::{OWN_METHODS, uri};

/// How much is read at once.
const CHUNK_BYTES: usize = 1 << 14;

/// A message for the service.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// A request or a notification.
    Request(Request),
    /// Something that is neither; it is answered with this.
    Malformed(Response),
}

/// Why the reading ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum InputEnd {
    /// The client said `exit`.
    Exit,
    /// There is nothing more to read.
    Closed,
}

const WAKEUP: &str = r#"{"jsonrpc":"2.0","method":"vaultls/next"}"#;
const EXIT_WAKEUP: &str = r#"{"jsonrpc":"2.0","method":"exit"}"#;

/// Reads messages until the client is done; requests go to the queue, with a wakeup each, and replies
/// go through.
pub(crate) async fn read_messages(
    mut input: impl AsyncRead + Unpin,
    mut wakeups: impl AsyncWrite + Unpin,
    queue: UnboundedSender<Incoming>,
) -> InputEnd {
    let mut decoder = FrameDecoder::default();
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let message = match decoder.next_frame() {
            Some(Frame::Body(body)) => decode(&body),
            Some(Frame::Bad(why)) => malformed(Id::Null, Error::parse_error(), why),
            None => match input.read(&mut chunk).await {
                Ok(0) => return InputEnd::Closed,
                Ok(count) => {
                    decoder.push(chunk.get(..count).unwrap_or_default());
                    continue;
                }
                Err(error) => {
                    tracing::warn!("cannot read from the client: {error}");
                    return InputEnd::Closed;
                }
            },
        };
        let mut is_exit = false;
        let wakeup = match message {
            Message::Nothing => continue,
            Message::Reply(reply) => serde_json::to_string(&reply).unwrap_or_default(),
            Message::Incoming(incoming) => {
                is_exit = matches!(&incoming, Incoming::Request(request) if request.method() == "exit");
                let _ = queue.send(incoming);
                if is_exit { EXIT_WAKEUP.to_owned() } else { WAKEUP.to_owned() }
            }
        };
        if wakeups.write_all(&encode_frame(&wakeup)).await.is_err() {
            return InputEnd::Closed;
        }
        if is_exit {
            return InputEnd::Exit;
        }
    }
}

enum Message {
    Incoming(Incoming),
    Reply(Response),
    /// An empty frame, which some clients send to keep the pipe open.
    Nothing,
}

fn decode(body: &[u8]) -> Message {
    if body.trim_ascii().is_empty() {
        return Message::Nothing;
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(object)) => decode_object(object),
        Ok(_) => malformed(Id::Null, Error::invalid_request(), "a message that is not an object"),
        Err(error) => {
            tracing::warn!("{error}");
            malformed(Id::Null, Error::parse_error(), "a message that is not JSON")
        }
    }
}

fn decode_object(mut object: Map<String, Value>) -> Message {
    let id = match object.remove("id") {
        None => None,
        Some(Value::Null) => Some(Id::Null),
        Some(Value::String(id)) => Some(Id::String(id)),
        Some(Value::Number(number)) if number.is_i64() => {
            Some(Id::Number(number.as_i64().unwrap_or_default()))
        }
        Some(_) => {
            let error = Error::invalid_request();
            return malformed(Id::Null, error, "an id that is neither an integer nor a string");
        }
    };
    if object.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        let id = id.unwrap_or_default();
        return malformed(id, Error::invalid_request(), "a message that is not JSON-RPC 2.0");
    }
    match (object.remove("method"), object.remove("params")) {
        (Some(Value::String(method)), params) => {
            let own = OWN_METHODS.iter().find(|(of_protocol, _)| *of_protocol == method);
            let mut request = Request::build(own.map_or(method, |(_, own)| (*own).to_owned()));
            if let Some(mut params) = params {
                repair_uris(&mut params);
                request = request.params(params);
            }
            if let Some(id) = id {
                request = request.id(id);
            }
            Message::Incoming(Incoming::Request(request.finish()))
        }
        (None, _) if object.contains_key("result") || object.contains_key("error") => {
            Message::Reply(reply(id.unwrap_or_default(), object))
        }
        _ => {
            let id = id.unwrap_or_default();
            malformed(id, Error::invalid_request(), "a message without a method")
        }
    }
}

/// A reply of the client, whatever it says besides what the protocol knows.
fn reply(id: Id, mut object: Map<String, Value>) -> Response {
    match (object.remove("result"), object.remove("error")) {
        (Some(result), None | Some(Value::Null)) => Response::from_ok(id, result),
        (_, error) => {
            let error = error.unwrap_or_default();
            let text = error.get("message").and_then(Value::as_str).unwrap_or("an error without a message");
            let code = error.get("code").and_then(Value::as_i64).unwrap_or(-32603);
            Response::from_error(id, Error { code: code.into(), message: text.to_owned().into(), data: None })
        }
    }
}

fn malformed(id: Id, error: Error, what: &'static str) -> Message {
    tracing::warn!("the client sent {what}");
    let error = Error { message: format!("{}: {what}", error.message).into(), ..error };
    Message::Incoming(Incoming::Malformed(Response::from_error(id, error)))
}

/// The keys that hold a URI in what we read.
const URI_KEYS: [&str; 5] = ["uri", "rootUri", "oldUri", "newUri", "scopeUri"];

/// Encodes what clients leave bare in URIs, so that a message with a space in a URI can be read. An empty
/// root is none.
fn repair_uris(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(repair_uris),
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                match value {
                    Value::String(text) if key == "rootUri" && text.is_empty() => *value = Value::Null,
                    Value::String(text) if URI_KEYS.contains(&key.as_str()) => {
                        if let Some(repaired) = uri::lenient(text) {
                            repaired.as_str().clone_into(text);
                        }
                    }
                    _ => repair_uris(value),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(input: &str) -> Vec<String> {
        let (queue, mut incoming) = tokio::sync::mpsc::unbounded_channel();
        let end = read_messages(input.as_bytes(), tokio::io::sink(), queue).await;
        let mut lines = Vec::new();
        while let Ok(message) = incoming.try_recv() {
            lines.push(match message {
                Incoming::Request(request) => format!("{request}"),
                Incoming::Malformed(response) => serde_json::to_string(&response).unwrap(),
            });
        }
        lines.push(format!("{end:?}"));
        lines
    }

    fn frame(body: &str) -> String {
        String::from_utf8(encode_frame(body)).unwrap()
    }

    #[tokio::test]
    async fn reading_goes_on_after_every_kind_of_invalid_message() {
        let good = |id| frame(&format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"m"}}"#));
        let input = [
            frame("{nonsense"),
            good(1),
            frame("[]"),
            good(2),
            frame(r#"{"jsonrpc":"2.0","id":7}"#),
            "Content-Length: many\r\n\r\n".to_owned(),
            good(3),
            "Content-Type: text\r\n\r\n".to_owned(),
            good(4),
            frame(r#"{"jsonrpc":"2.0","id":1.5,"method":"m"}"#),
            frame(r#"{"jsonrpc":"2.0","id":8,"method":"\ud800"}"#),
            frame(&format!("{}{}", "[".repeat(200_000), "]".repeat(200_000))),
            "content-length:41\r\nContent-Type: application/json\r\n\r\n".to_owned(),
            r#"{"jsonrpc":"2.0","id":"five","method":3} "#.to_owned(),
            format!("{}and more", frame("{}")),
            good(5),
        ];
        let lines = read(&input.concat()).await;
        let ids: Vec<&str> =
            lines.iter().filter(|line| line.contains(r#""method""#)).map(String::as_str).collect();
        assert_eq!(ids.len(), 5, "{lines:#?}");
        let errors = lines.iter().filter(|line| line.contains(r#""error""#)).count();
        assert_eq!(errors, 10, "{lines:#?}");
        assert_eq!(lines.last().map(String::as_str), Some("Closed"));
    }

    #[tokio::test]
    async fn bare_uris_are_repaired() {
        let open = r#"{"jsonrpc":"2.0","method":"m","params":{"rootUri":"","textDocument":{"uri":"file:///a b/ü.md","text":"uri: a b"}}}"#;
        let lines = read(&frame(open)).await;
        assert!(lines[0].contains(r#""uri":"file:///a%20b/%C3%BC.md""#), "{lines:?}");
        assert!(lines[0].contains(r#""rootUri":null"#) && lines[0].contains(r#""uri: a b""#), "{lines:?}");
    }

    #[tokio::test]
    async fn nothing_is_read_after_exit() {
        let exit = frame(r#"{"jsonrpc":"2.0","method":"exit"}"#);
        let lines = read(&format!("{exit}{exit}")).await;
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[1], "Exit");
    }
}
