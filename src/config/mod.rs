//! Every setting once: its type, default and documentation, and how layers of settings become one.

mod code;
mod misspelling;
mod page;
mod settings;
mod spec;

pub use code::{DiagnosticCode, Severity};
pub use page::settings_page;
pub use settings::{
    DiagnosticScope, DisplayTexts, Layer, LinkPaths, Part, Profile, SettingProblem, SettingValue, Settings,
    TitleStyle,
};
pub use spec::{Choice, Kind, OFF, Refusal, SETTING_SPECS, SettingSpec};
