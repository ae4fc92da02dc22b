//! vaultls: a language server for vaults of linked Markdown notes and video timestamps.
//!
//! The layers, lowest first: [`text`], [`syntax`], [`config`], [`vault`], [`ide`], [`disk`], [`lsp`],
//! [`server`] and [`cli`]. A layer uses those below it and never one above; `ARCHITECTURE.md` says what
//! each of them must not know.

pub mod cli;
pub mod config;
pub mod disk;
pub mod ide;
pub mod lsp;
pub mod server;
pub mod syntax;
pub mod text;
pub mod vault;
