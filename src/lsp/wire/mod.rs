//! The base protocol, for servers and clients alike: bytes into frames, and a client's messages into bytes.

mod frames;
mod messages;
pub mod uri;

pub use frames::{Frame, FrameDecoder, encode_frame};
pub use messages::{Message, notification, request, response, unattended_result};
