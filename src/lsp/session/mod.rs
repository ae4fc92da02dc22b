//! What a session is set up with and reports of itself: the client's features, settings, methods beyond the
//! protocol, status.

pub(super) mod client;
pub(super) mod own_methods;
pub(super) mod settings;
#[cfg(test)]
mod settings_page;
#[cfg(test)]
mod settings_schema;
pub(super) mod status;
