//! JSON-RPC messages as a client writes and reads them.

use serde_json::{Value, json};

use super::frames::encode_frame;

/// A message of a server.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// The answer to a request of the client: a result or an error.
    Response {
        /// That of the request; `None` if the server could not read it.
        id: Option<u64>,
        /// The `result`, or the `error`.
        outcome: Result<Value, Value>,
    },
    /// A request of the server.
    Request {
        /// Goes back with the answer.
        id: Value,
        /// What is asked.
        method: String,
        /// `null` if there are none.
        params: Value,
    },
    /// A notification of the server.
    Notification {
        /// What it is about.
        method: String,
        /// `null` if there are none.
        params: Value,
    },
}

impl Message {
    /// Reads the body of a frame.
    ///
    /// # Errors
    ///
    /// If it is no JSON, or neither request, notification nor response; the message says why.
    pub fn read(body: &[u8]) -> Result<Message, String> {
        let mut content: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let mut take = |field: &str| content.get_mut(field).map(Value::take);
        match (take("method"), take("id")) {
            (Some(Value::String(method)), id) => {
                let params = take("params").unwrap_or_default();
                Ok(match id {
                    Some(id) => Message::Request { id, method, params },
                    None => Message::Notification { method, params },
                })
            }
            (None, Some(id)) => {
                let outcome = take("error").map_or_else(|| Ok(take("result").unwrap_or_default()), Err);
                Ok(Message::Response { id: id.as_u64(), outcome })
            }
            _ => Err(format!("neither request, notification nor response: {content}")),
        }
    }
}

/// The frame of a request.
pub fn request(id: u64, method: &str, params: Value) -> Vec<u8> {
    with_params(json!({"jsonrpc": "2.0", "id": id, "method": method}), params)
}

/// The frame of a notification.
pub fn notification(method: &str, params: Value) -> Vec<u8> {
    with_params(json!({"jsonrpc": "2.0", "method": method}), params)
}

/// The frame of the answer to a request of the server.
pub fn response(id: &Value, result: &Value) -> Vec<u8> {
    encode_frame(&json!({"jsonrpc": "2.0", "id": id, "result": result}).to_string())
}

/// The answer of a client without settings of its own, which otherwise only acknowledges.
pub fn unattended_result(method: &str, params: &Value) -> Value {
    match method {
        "workspace/configuration" => {
            let items = params.get("items").and_then(Value::as_array).map_or(0, Vec::len);
            json!(vec![Value::Null; items])
        }
        _ => Value::Null,
    }
}

/// JSON-RPC knows no `"params": null`.
fn with_params(mut message: Value, params: Value) -> Vec<u8> {
    if let Some(fields) = message.as_object_mut().filter(|_| !params.is_null()) {
        fields.insert("params".to_owned(), params);
    }
    encode_frame(&message.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart() {
        let read = |text: &str| Message::read(text.as_bytes());
        let outcome = Err(json!({"code": 1}));
        let failed = Message::Response { id: Some(7), outcome };
        assert_eq!(read(r#"{"id":7,"error":{"code":1}}"#), Ok(failed));
        assert_eq!(
            read(r#"{"id":null,"result":3}"#),
            Ok(Message::Response { id: None, outcome: Ok(json!(3)) })
        );
        let (method, params) = ("m".to_owned(), Value::Null);
        assert_eq!(
            read(r#"{"method":"m"}"#),
            Ok(Message::Notification { method: method.clone(), params: params.clone() })
        );
        assert_eq!(
            read(r#"{"method":"m","id":"a"}"#),
            Ok(Message::Request { id: json!("a"), method, params })
        );
        assert!(read("[]").is_err() && read("{").is_err() && read("{}").is_err());
    }

    #[test]
    fn parameters_that_are_null_are_left_out() {
        let body = r#"{"id":1,"jsonrpc":"2.0","method":"shutdown"}"#;
        assert_eq!(request(1, "shutdown", Value::Null), encode_frame(body));
    }
}
