//! Every setting once: its key, type, default and documentation, and how layers of settings become one.

mod code;
mod definitions;
mod layer;
mod misspelling;
mod value;

#[cfg(test)]
pub(crate) use code::testing;
pub use code::{DiagnosticCode, RuleSpec, Severity};
pub use definitions::{
    DiagnosticScope, DisplayTexts, LinkFormat, LinkPaths, Profile, SETTING_SPECS, SettingSpec, Settings,
    SiteGenerator, TitleStyle,
};
pub use layer::{Layer, Part, SettingProblem};
pub use value::{Choice, Kind, OFF, SettingValue};
