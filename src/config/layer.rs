//! Layers of settings, one a source, and how they become one: what is invalid in a layer leaves what an
//! earlier one set.

use std::fmt;

use super::definitions::{SETTING_SPECS, SettingSpec, Settings};
use super::misspelling::nearest;
use super::{DiagnosticCode, SettingValue};

/// Settings from one source: a file, the editor.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Layer {
    /// The source, as the user knows it: `.vaultls.toml`.
    pub name: String,
    entries: Vec<(String, SettingValue)>,
}

/// Something invalid in a layer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettingProblem {
    /// The name of the layer.
    pub layer: String,
    /// The place in it, with dots: `diagnostics.severity.link/empty`. Empty if it is the layer as a whole.
    pub key: String,
    /// Whether the key itself is unknown, or its value is invalid.
    pub part: Part,
    /// What is wrong, for the person who wrote it.
    pub message: String,
}

/// The parts of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The name.
    Key,
    /// What it is set to.
    Value,
}

/// Why a value, or one entry of a table, is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Refusal {
    /// The entry, if it is not the whole value.
    pub(super) entry: Option<String>,
    /// Whether it is the key of the entry or the value.
    pub(super) part: Part,
    /// What is wrong.
    pub(super) message: String,
}

impl fmt::Display for SettingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => write!(f, "{}: {}", self.layer, self.message),
            key => write!(f, "{}: {key}: {}", self.layer, self.message),
        }
    }
}

impl Layer {
    /// The settings of a source, nested (`{ hover = { previewLines = 3 } }`), dotted (`hover.previewLines`)
    /// or mixed.
    pub fn new(name: impl Into<String>, table: Vec<(String, SettingValue)>) -> Layer {
        let mut layer = Layer { name: name.into(), entries: Vec::new() };
        for (key, value) in table {
            layer.add(key, value);
        }
        layer
    }

    /// A layer without settings.
    pub fn empty(name: impl Into<String>) -> Layer {
        Layer::new(name, Vec::new())
    }

    /// Whether the layer sets nothing.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn add(&mut self, key: String, value: SettingValue) {
        if SettingSpec::of(&key).is_some() {
            self.entries.push((key, value));
            return;
        }
        let within = |spec: &SettingSpec| {
            let entry = key.strip_prefix(spec.key)?.strip_prefix('.')?;
            spec.takes_table().then(|| (spec.key.to_owned(), entry.to_owned()))
        };
        if let Some((key, entry)) = SETTING_SPECS.iter().find_map(within) {
            self.entries.push((key, SettingValue::Table(vec![(entry, value)])));
            return;
        }
        match value {
            SettingValue::Table(table) if is_start_of_a_key(&key) => {
                for (name, value) in table {
                    self.add(format!("{key}.{name}"), value);
                }
            }
            value => self.entries.push((key, value)),
        }
    }
}

/// Whether some key lies below `path`, as `hover.previewLines` does below `hover`.
fn is_start_of_a_key(path: &str) -> bool {
    SETTING_SPECS.iter().any(|spec| spec.key.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

impl Settings {
    /// Returns the settings that several layers make together, later ones overriding earlier ones, and what
    /// is invalid in them. The entries of a table override each other one by one; a list replaces the earlier
    /// one. `codes` are those whose severity can be set.
    pub fn layered(layers: &[Layer], codes: &[DiagnosticCode]) -> (Settings, Vec<SettingProblem>) {
        let mut settings = Settings::default();
        let mut problems = Vec::new();
        for layer in layers {
            for (key, value) in &layer.entries {
                let mut problem = |refusal: Refusal| {
                    let key = match refusal.entry {
                        Some(entry) => format!("{key}.{entry}"),
                        None => key.clone(),
                    };
                    let Refusal { part, message, .. } = refusal;
                    problems.push(SettingProblem { layer: layer.name.clone(), key, part, message });
                };
                match SettingSpec::of(key) {
                    Some(spec) => spec.apply(&mut settings, value, codes, &mut problem),
                    None => problem(unknown_key(key)),
                }
            }
        }
        (settings, problems)
    }
}

fn unknown_key(key: &str) -> Refusal {
    let refusal = |part, message| Refusal { entry: None, part, message };
    if is_start_of_a_key(key) {
        return refusal(Part::Value, "must be a table of settings".to_owned());
    }
    let mut keys: Vec<&str> = SETTING_SPECS.iter().map(|spec| spec.key).collect();
    // A misspelled table holds no known key, so its own name has to be compared.
    keys.extend(SETTING_SPECS.iter().filter_map(|spec| Some(spec.key.split_once('.')?.0)));
    let message = match nearest(key, keys) {
        Some(near) => format!("unknown setting; did you mean `{near}`?"),
        None => "unknown setting".to_owned(),
    };
    refusal(Part::Key, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::{code, codes};
    use crate::config::{DiagnosticScope, DisplayTexts, LinkPaths, Profile, Severity};

    fn layered(layers: &[Layer]) -> (Settings, Vec<SettingProblem>) {
        Settings::layered(layers, &codes())
    }

    fn text(text: &str) -> SettingValue {
        SettingValue::Text(text.to_owned())
    }

    fn table(entries: &[(&str, SettingValue)]) -> SettingValue {
        SettingValue::Table(owned(entries))
    }

    fn owned(entries: &[(&str, SettingValue)]) -> Vec<(String, SettingValue)> {
        entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
    }

    fn layer(name: &str, entries: &[(&str, SettingValue)]) -> Layer {
        Layer::new(name, owned(entries))
    }

    fn problems(entries: &[(&str, SettingValue)]) -> String {
        let (_, problems) = layered(&[layer("file", entries)]);
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn later_layers_override_earlier_ones() {
        let (settings, problems) = layered(&[
            layer(
                "file",
                &[
                    ("resolution", table(&[("profile", text("obsidian"))])),
                    ("completion.maxItems", SettingValue::Integer(20)),
                    ("completion", table(&[("path", text("root")), ("display", text("always"))])),
                    ("files", table(&[("ignore", SettingValue::List(vec![text("a/"), text("b/")]))])),
                ],
            ),
            layer(
                "editor",
                &[
                    ("resolution.profile", text("quartz")),
                    ("files.ignore", SettingValue::List(vec![text("c/")])),
                    ("diagnostics.scope", text("vault")),
                    ("hover.previewLines", SettingValue::Integer(0)),
                    ("inlayHints.titles", SettingValue::Bool(true)),
                    ("mentions.ignore", SettingValue::List(vec![text("note")])),
                ],
            ),
        ]);
        assert_eq!(problems, []);
        let expected = Settings {
            title_hints: true,
            profile: Profile::Quartz,
            completion_displays: DisplayTexts::Always,
            completion_max_items: 20,
            completion_paths: LinkPaths::Root,
            diagnostic_scope: DiagnosticScope::Vault,
            hover_preview_lines: 0,
            ignored_files: vec!["c/".to_owned()],
            ignored_mentions: vec!["note".to_owned()],
            ..Settings::default()
        };
        assert_eq!(settings, expected);
    }

    #[test]
    fn a_bad_value_leaves_the_earlier_one() {
        let (settings, problems) = layered(&[
            layer("file", &[("completion.maxItems", SettingValue::Integer(20))]),
            layer("editor", &[("completion.maxItems", SettingValue::Integer(0))]),
        ]);
        assert_eq!(settings.completion_max_items, 20);
        assert_eq!(problems[0].to_string(), "editor: completion.maxItems: must be between 1 and 1000, not 0");
    }

    #[test]
    fn severities_by_code_and_group() {
        let severity = |entries: &[(&str, SettingValue)]| table(entries);
        let (settings, problems) = layered(&[
            layer(
                "file",
                &[(
                    "diagnostics.severity",
                    severity(&[
                        ("link/inexact", text("error")),
                        ("link", text("off")),
                        ("note", text("hint")),
                    ]),
                )],
            ),
            layer(
                "editor",
                &[
                    ("diagnostics.severity.video/bad-id", text("off")),
                    ("diagnostics", table(&[("severity.note/orphan", text("information"))])),
                ],
            ),
        ]);
        assert_eq!(problems, []);
        assert_eq!(settings.severity(code("link/inexact")), Some(Severity::Error));
        assert_eq!(settings.severity(code("link/missing-note")), None);
        assert_eq!(settings.severity(code("note/not-utf8")), Some(Severity::Hint));
        assert_eq!(settings.severity(code("note/orphan")), Some(Severity::Information));
        assert_eq!(settings.severity(code("video/bad-id")), None);
        assert_eq!(settings.severity(code("timestamp/no-video")), Some(Severity::Warning));
        let again = layer("editor", &[("diagnostics.severity", table(&[("link", text("hint"))]))]);
        let first = layer("file", &[("diagnostics.severity.link/inexact", text("error"))]);
        let (settings, _) = layered(&[first, again]);
        assert_eq!(settings.severity(code("link/inexact")), Some(Severity::Hint));
    }

    #[test]
    fn a_group_does_not_turn_on_what_is_off_by_default() {
        let (settings, _) = layered(&[layer("", &[("diagnostics.severity.note", text("error"))])]);
        assert_eq!(settings.severity(code("note/orphan")), None);
        assert_eq!(settings.severity(code("note/duplicate-name")), Some(Severity::Error));
        let (settings, _) = layered(&[
            layer("", &[("diagnostics.severity.note/orphan", text("error"))]),
            layer("", &[("diagnostics.severity.note", text("off"))]),
        ]);
        assert_eq!(settings.severity(code("note/orphan")), None);
    }

    #[test]
    fn problems_name_the_place_and_what_was_meant() {
        expect_test::expect![[r#"
            file: completion.maxitems: unknown setting; did you mean `completion.maxItems`?
            file: completions: unknown setting; did you mean `completion`?
            file: colour: unknown setting
            file: hover: must be a table of settings
            file: resolution.profile: must be one of `lenient`, `obsidian`, `quartz`, not `lenent`; did you mean `lenient`?
            file: resolution.profile: must be a string, not an integer
            file: completion.maxItems: must be an integer, not a string
            file: hover.previewLines: must be between 0 and 200, not 201
            file: files.ignore: must be an array of strings, not a string
            file: files.ignore: must be an array of strings, but contains true or false
            file: diagnostics.severity: must be a table of severities, not a date
            file: diagnostics.severity.link/missing: unknown diagnostic code or group; did you mean `link/missing-note`?
            file: diagnostics.severity.notes: unknown diagnostic code or group; did you mean `note`?
            file: diagnostics.severity.link/empty: must be one of `error`, `warning`, `information`, `hint`, `off`, not `warn`
            file: diagnostics.severity.video: must be a string, not a table"#]]
        .assert_eq(&problems(&[
            ("completion", table(&[("maxitems", SettingValue::Integer(3))])),
            ("completions", table(&[("maxItems", SettingValue::Integer(3))])),
            ("colour", text("red")),
            ("hover", SettingValue::Bool(false)),
            ("resolution.profile", text("lenent")),
            ("resolution.profile", SettingValue::Integer(1)),
            ("completion.maxItems", text("3")),
            ("hover.previewLines", SettingValue::Integer(201)),
            ("files.ignore", text("a/")),
            ("files.ignore", SettingValue::List(vec![text("a/"), SettingValue::Bool(true)])),
            ("diagnostics.severity", SettingValue::Other("a date")),
            (
                "diagnostics.severity",
                table(&[
                    ("link/missing", text("off")),
                    ("notes", text("off")),
                    ("link/empty", text("warn")),
                    ("video", table(&[])),
                ]),
            ),
        ]));
    }

    #[test]
    fn one_bad_entry_of_a_table_leaves_the_others() {
        let entries = table(&[("link/empty", text("loud")), ("link/unclosed", text("error"))]);
        let (settings, problems) = layered(&[layer("file", &[("diagnostics.severity", entries)])]);
        assert_eq!(problems.len(), 1);
        assert_eq!(settings.severity(code("link/unclosed")), Some(Severity::Error));
    }
}
