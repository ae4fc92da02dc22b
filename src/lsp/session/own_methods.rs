//! Methods of our own.

/// Where the links of a text lead.
pub const RESOLVE_LINKS: &str = "vaultls/resolveLinks";
/// Changes of documents, with parameters of any kind.
pub const CHANGE: &str = "vaultls/didChange";
/// Completion lists with `itemDefaults`.
pub const COMPLETION: &str = "vaultls/completion";
/// Completion items with `textEditText`.
pub const RESOLVE_COMPLETION: &str = "vaultls/resolveCompletion";

/// The protocol's methods that are served under names of our own, because the library's types do not fit.
pub const OWN_METHODS: [(&str, &str); 3] = [
    // Parameters that are invalid must be noticed, not only refused.
    ("textDocument/didChange", CHANGE),
    // The library's list lacks `itemDefaults`,
    ("textDocument/completion", COMPLETION),
    // and its item `textEditText`, which would be lost on the way.
    ("completionItem/resolve", RESOLVE_COMPLETION),
];
