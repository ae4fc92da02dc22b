//! What the server sends to the client by itself.

pub(crate) mod progress;
pub(crate) mod refresh;
