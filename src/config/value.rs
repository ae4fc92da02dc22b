//! Values of settings: as files and editors write them, and as the types of the settings take them.

use std::collections::BTreeMap;

use super::layer::{Part, Refusal};
use super::misspelling::nearest;
use super::{DiagnosticCode, Severity};

/// A value as JSON and TOML can hold it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SettingValue {
    /// `true`
    Bool(bool),
    /// `12`
    Integer(i64),
    /// `"text"`
    Text(String),
    /// `["a", "b"]`
    List(Vec<SettingValue>),
    /// `{ "key" = "value" }`, in the order of the source.
    Table(Vec<(String, SettingValue)>),
    /// A value of a kind that no setting takes, with the name of that kind: `a date`.
    Other(&'static str),
}

/// Which values a setting takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// An integer.
    Integer {
        /// The minimum.
        min: usize,
        /// The maximum.
        max: usize,
    },
    /// `true` or `false`.
    Switch,
    /// One of a few words; the first is the default.
    Choice(&'static [Choice]),
    /// A string.
    Text,
    /// An array of strings.
    Texts,
    /// A table from codes of diagnostics and groups of them to severities or `off`.
    Severities,
}

/// A word that a setting can be.
#[derive(Debug)]
pub struct Choice {
    /// The word.
    pub name: &'static str,
    /// Its documentation in lines that begin with a space.
    pub(super) lines: &'static str,
}

impl Choice {
    /// Returns what it means, in Markdown on one line.
    pub fn doc(&self) -> String {
        one_line(self.lines)
    }
}

/// The word that turns a diagnostic off.
pub const OFF: &str = "off";

/// Returns the lines of a doc comment as one line.
pub(super) fn one_line(lines: &str) -> String {
    lines.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

/// A type that a setting can have.
pub(super) trait Setting {
    /// Returns the value as a file or an editor writes it.
    fn to_value(&self) -> SettingValue;

    /// Takes a value of a kind over. What is refused leaves it as it was.
    fn set(
        &mut self,
        value: &SettingValue,
        kind: &Kind,
        codes: &[DiagnosticCode],
        refuse: &mut dyn FnMut(Refusal),
    );
}

/// A type whose values are taken over as a whole or not at all.
pub(super) trait WholeSetting: Sized {
    fn to_value(&self) -> SettingValue;

    /// Reads a value. `None` if it is not of the kind; an error says what is wrong with one that is.
    fn read(value: &SettingValue, kind: &Kind) -> Option<Result<Self, String>>;
}

impl<T: WholeSetting> Setting for T {
    fn to_value(&self) -> SettingValue {
        WholeSetting::to_value(self)
    }

    fn set(
        &mut self,
        value: &SettingValue,
        kind: &Kind,
        _codes: &[DiagnosticCode],
        refuse: &mut dyn FnMut(Refusal),
    ) {
        match T::read(value, kind).unwrap_or_else(|| Err(kind.mismatch(value))) {
            Ok(read) => *self = read,
            Err(message) => refuse(Refusal { entry: None, part: Part::Value, message }),
        }
    }
}

impl WholeSetting for usize {
    fn to_value(&self) -> SettingValue {
        SettingValue::Integer(i64::try_from(*self).unwrap_or(i64::MAX))
    }

    fn read(value: &SettingValue, kind: &Kind) -> Option<Result<usize, String>> {
        let (SettingValue::Integer(number), Kind::Integer { min, max }) = (value, kind) else { return None };
        let in_range = usize::try_from(*number).ok().filter(|number| (min..=max).contains(&number));
        Some(in_range.ok_or_else(|| format!("must be between {min} and {max}, not {number}")))
    }
}

impl WholeSetting for bool {
    fn to_value(&self) -> SettingValue {
        SettingValue::Bool(*self)
    }

    fn read(value: &SettingValue, _kind: &Kind) -> Option<Result<bool, String>> {
        if let SettingValue::Bool(value) = value { Some(Ok(*value)) } else { None }
    }
}

impl WholeSetting for String {
    fn to_value(&self) -> SettingValue {
        SettingValue::Text(self.clone())
    }

    fn read(value: &SettingValue, _kind: &Kind) -> Option<Result<String, String>> {
        if let SettingValue::Text(text) = value { Some(Ok(text.clone())) } else { None }
    }
}

impl WholeSetting for Vec<String> {
    fn to_value(&self) -> SettingValue {
        SettingValue::List(self.iter().cloned().map(SettingValue::Text).collect())
    }

    fn read(value: &SettingValue, _kind: &Kind) -> Option<Result<Vec<String>, String>> {
        let SettingValue::List(list) = value else { return None };
        let text = |value: &SettingValue| match value {
            SettingValue::Text(text) => Ok(text.clone()),
            other => Err(format!("must be an array of strings, but contains {}", other.kind())),
        };
        Some(list.iter().map(text).collect())
    }
}

/// Declares enums that settings can be, each with its words and their documentation; the first is the
/// default.
macro_rules! choices {
    ($($(#[doc = $doc:literal])+ $name:ident {
        $($(#[doc = $about:literal])+ $variant:ident = $word:literal,)+
    })+) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name {
            $($(#[doc = $about])+ $variant,)+
        }

        impl $name {
            const CHOICES: &'static [crate::config::value::Choice] = &[
                $(crate::config::value::Choice { name: $word, lines: concat!($($about, "\n"),+) }),+
            ];
        }

        impl crate::config::value::WholeSetting for $name {
            fn to_value(&self) -> crate::config::value::SettingValue {
                let word = match self { $($name::$variant => $word),+ };
                crate::config::value::SettingValue::Text(word.to_owned())
            }

            fn read(
                value: &crate::config::value::SettingValue,
                _kind: &crate::config::value::Kind,
            ) -> Option<Result<$name, String>> {
                let crate::config::value::SettingValue::Text(text) = value else { return None };
                Some(match text.as_str() {
                    $($word => Ok($name::$variant),)+
                    _ => Err(crate::config::value::not_one_of(text, [$($word),+].into_iter())),
                })
            }
        }
    )+ };
}
pub(super) use choices;

impl Setting for BTreeMap<DiagnosticCode, Option<Severity>> {
    fn to_value(&self) -> SettingValue {
        let name = |severity: &Option<Severity>| severity.map_or(OFF, Severity::as_str).to_owned();
        let entries = self
            .iter()
            .map(|(code, severity)| (code.as_str().to_owned(), SettingValue::Text(name(severity))));
        SettingValue::Table(entries.collect())
    }

    /// Groups come first, so that a code takes precedence over its group in any order.
    fn set(
        &mut self,
        value: &SettingValue,
        kind: &Kind,
        codes: &[DiagnosticCode],
        refuse: &mut dyn FnMut(Refusal),
    ) {
        let SettingValue::Table(entries) = value else {
            return refuse(Refusal { entry: None, part: Part::Value, message: kind.mismatch(value) });
        };
        let mut of_codes = Vec::new();
        for (name, value) in entries {
            let mut refuse = |part, message| refuse(Refusal { entry: Some(name.clone()), part, message });
            let code = DiagnosticCode::parse(name, codes);
            let group = codes.iter().copied().filter(|code| code.group() == name);
            let severity = severity(value);
            match severity {
                _ if code.is_none() && group.clone().next().is_none() => {
                    refuse(Part::Key, unknown_code(name, codes));
                }
                Err(message) => refuse(Part::Value, message),
                Ok(severity) => {
                    of_codes.extend(code.map(|code| (code, severity)));
                    let is_set =
                        |code: &DiagnosticCode| severity.is_none() || code.default_severity().is_some();
                    self.extend(group.filter(is_set).map(|code| (code, severity)));
                }
            }
        }
        self.extend(of_codes);
    }
}

fn severity(value: &SettingValue) -> Result<Option<Severity>, String> {
    match value {
        SettingValue::Text(name) if name == OFF => Ok(None),
        SettingValue::Text(name) => Severity::parse(name)
            .map(Some)
            .ok_or_else(|| not_one_of(name, Severity::ALL.into_iter().map(Severity::as_str).chain([OFF]))),
        other => Err(format!("must be a string, not {}", other.kind())),
    }
}

fn unknown_code(name: &str, codes: &[DiagnosticCode]) -> String {
    let names = codes.iter().flat_map(|code| [code.as_str(), code.group()]);
    match nearest(name, names) {
        Some(near) => format!("unknown diagnostic code or group; did you mean `{near}`?"),
        None => "unknown diagnostic code or group".to_owned(),
    }
}

pub(super) fn not_one_of(name: &str, allowed: impl Iterator<Item = &'static str> + Clone) -> String {
    let quoted: Vec<String> = allowed.clone().map(|name| format!("`{name}`")).collect();
    let message = format!("must be one of {}, not `{name}`", quoted.join(", "));
    match nearest(name, allowed) {
        Some(near) => format!("{message}; did you mean `{near}`?"),
        None => message,
    }
}

impl Kind {
    fn mismatch(&self, value: &SettingValue) -> String {
        let expected = match self {
            Kind::Integer { .. } => "an integer",
            Kind::Switch => "true or false",
            Kind::Choice(_) | Kind::Text => "a string",
            Kind::Texts => "an array of strings",
            Kind::Severities => "a table of severities",
        };
        format!("must be {expected}, not {}", value.kind())
    }
}

impl SettingValue {
    fn kind(&self) -> &'static str {
        match self {
            SettingValue::Bool(_) => "true or false",
            SettingValue::Integer(_) => "an integer",
            SettingValue::Text(_) => "a string",
            SettingValue::List(_) => "an array",
            SettingValue::Table(_) => "a table",
            SettingValue::Other(kind) => kind,
        }
    }
}
