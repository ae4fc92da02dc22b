//! What the tests over the wire are made of: vaults on disk, and a client that is strict about what it gets.

mod client;
mod vault;

pub(crate) use client::{Client, PATIENCE, Setup, code_of, range};
pub(crate) use vault::Vault;
