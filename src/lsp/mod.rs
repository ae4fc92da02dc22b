//! Between the wire and the floors below: conversions only, no state.

mod settings;

pub use settings::settings_layer;
