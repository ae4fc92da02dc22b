//! Every setting once: its type, default and documentation, and how layers of settings become one.

mod code;
mod misspelling;
mod settings;
mod spec;

#[cfg(test)]
pub(crate) use code::testing;
pub use code::{DiagnosticCode, RuleSpec, Severity};
pub use settings::{
    DiagnosticScope, DisplayTexts, Layer, LinkPaths, Part, Profile, SettingProblem, SettingValue, Settings,
    TitleStyle,
};
pub use spec::{Choice, Kind, OFF, Refusal, SETTING_SPECS, SettingSpec};
