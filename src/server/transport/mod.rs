//! The bytes of the connection: messages in, in their order, and messages out.

pub(crate) mod dispatch;
pub(crate) mod reader;
pub(crate) mod writer;
