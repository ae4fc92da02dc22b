//! The settings of a vault, and how layers of them become one. What can be set is said in
//! [`SETTING_SPECS`], once; a value that cannot be leaves what an earlier layer said.

use std::collections::BTreeMap;
use std::fmt;

use super::misspelling::nearest;
use crate::config::spec::{Refusal, SETTING_SPECS, SettingSpec};
use crate::config::{DiagnosticCode, Severity};

/// How strictly link targets are resolved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Profile {
    /// Every tier, down to aliases, titles and loosely written names.
    #[default]
    Lenient,
    /// Paths and names as Obsidian resolves them: exact, or equal by case folding.
    Obsidian,
    /// As Quartz' "shortest" links: the exact stem if it is unique, else the path from the root.
    Quartz,
}

/// Which notes of a vault the editor shows diagnostics for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DiagnosticScope {
    /// Those that are open.
    #[default]
    OpenNotes,
    /// All.
    Vault,
}

/// How a link that is completed names its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LinkPaths {
    /// As most links of the vault do.
    #[default]
    Auto,
    /// By its name, with as many of its folders as it takes.
    Shortest,
    /// By its path from the note.
    Relative,
    /// By its path from the root.
    Root,
}

/// Whether a wikilink that is completed shows a text of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DisplayTexts {
    /// As most links of the vault do.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where a new note says its title.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TitleStyle {
    /// `# Title`
    #[default]
    Heading,
    /// `title: Title`
    FrontMatter,
    /// Nowhere.
    None,
}

/// All settings of one vault at one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// `resolution.profile`
    pub profile: Profile,
    /// `completion.display`
    pub completion_displays: DisplayTexts,
    /// `completion.maxItems`
    pub completion_max_items: usize,
    /// `completion.path`
    pub completion_paths: LinkPaths,
    /// `diagnostics.scope`
    pub diagnostic_scope: DiagnosticScope,
    /// `diagnostics.severity`: what differs from the defaults; `None` is off. Ask [`Settings::severity`].
    pub severities: BTreeMap<DiagnosticCode, Option<Severity>>,
    /// `hover.previewLines`
    pub hover_preview_lines: usize,
    /// `inlayHints.titles`
    pub title_hints: bool,
    /// `newNotes.folder`: a folder, `/` or `.`.
    pub new_note_folder: String,
    /// `newNotes.template`
    pub new_note_template: String,
    /// `newNotes.title`
    pub new_note_title: TitleStyle,
    /// `newNotes.templateFolder`
    pub template_folder: String,
    /// `dailyNotes.folder`
    pub daily_note_folder: String,
    /// `dailyNotes.format`
    pub daily_note_format: String,
    /// `dailyNotes.template`
    pub daily_note_template: String,
    /// `files.ignore`: globs in the manner of `.gitignore`.
    pub ignored_files: Vec<String>,
    /// `mentions.ignore`: names that mention no note.
    pub ignored_mentions: Vec<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            profile: Profile::default(),
            completion_displays: DisplayTexts::default(),
            completion_max_items: 100,
            completion_paths: LinkPaths::default(),
            diagnostic_scope: DiagnosticScope::default(),
            severities: BTreeMap::new(),
            hover_preview_lines: 12,
            title_hints: false,
            new_note_folder: "/".to_owned(),
            new_note_template: String::new(),
            new_note_title: TitleStyle::default(),
            template_folder: "templates".to_owned(),
            daily_note_folder: "/".to_owned(),
            daily_note_format: "YYYY-MM-DD".to_owned(),
            daily_note_template: String::new(),
            ignored_files: Vec::new(),
            ignored_mentions: Vec::new(),
        }
    }
}

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

/// Settings from one source: a file, the editor.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Layer {
    /// The source, as the user knows it: `.vaultls.toml`.
    pub name: String,
    entries: Vec<(String, SettingValue)>,
}

/// Something in a layer that means nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettingProblem {
    /// The name of the layer.
    pub layer: String,
    /// The place in it, with dots: `diagnostics.severity.link/empty`. Empty if it is the layer as a whole.
    pub key: String,
    /// Whether it is the key itself that means nothing, or its value.
    pub part: Part,
    /// What is wrong, for the person who wrote it.
    pub message: String,
}

/// The parts of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The name.
    Key,
    /// What is said of it.
    Value,
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
    /// The settings of a source, nested (`{ hover = { previewLines = 3 } }`), dotted (`hover.previewLines`) or mixed.
    pub fn new(name: impl Into<String>, table: Vec<(String, SettingValue)>) -> Layer {
        let mut layer = Layer { name: name.into(), entries: Vec::new() };
        for (key, value) in table {
            layer.add(key, value);
        }
        layer
    }

    /// A layer that says nothing.
    pub fn empty(name: impl Into<String>) -> Layer {
        Layer::new(name, Vec::new())
    }

    /// Whether the layer says nothing.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn add(&mut self, key: String, value: SettingValue) {
        if SettingSpec::of(&key).is_some() {
            self.entries.push((key, value));
            return;
        }
        let within = |definition: &SettingSpec| {
            let entry = key.strip_prefix(definition.key)?.strip_prefix('.')?;
            definition.takes_table().then(|| (definition.key.to_owned(), entry.to_owned()))
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
    SETTING_SPECS
        .iter()
        .any(|definition| definition.key.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

impl Settings {
    /// The settings that several layers make together, later ones overriding earlier ones, and what in them means
    /// nothing. The entries of a table override each other one by one; a list replaces the earlier one.
    /// `codes` are those whose severity can be set.
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
                    Some(definition) => definition.apply(&mut settings, value, codes, &mut problem),
                    None => problem(unknown_key(key)),
                }
            }
        }
        (settings, problems)
    }

    /// How bad a finding is by these settings; `None` if it is not looked for.
    pub fn severity(&self, code: DiagnosticCode) -> Option<Severity> {
        self.severities.get(&code).copied().unwrap_or_else(|| code.default_severity())
    }

    /// Whether some rule is on whose findings in one note depend on the names of all notes.
    pub fn reads_all_names(&self) -> bool {
        self.severities.iter().any(|(code, severity)| severity.is_some() && code.reads_all_names())
    }
}

fn unknown_key(key: &str) -> Refusal {
    let refusal = |part, message| Refusal { entry: None, part, message };
    if is_start_of_a_key(key) {
        return refusal(Part::Value, "must be a table of settings".to_owned());
    }
    let mut keys: Vec<&str> = SETTING_SPECS.iter().map(|definition| definition.key).collect();
    // A misspelled table holds no known key, so its own name has to be compared.
    keys.extend(SETTING_SPECS.iter().filter_map(|definition| Some(definition.key.split_once('.')?.0)));
    let message = match nearest(key, keys) {
        Some(near) => format!("there is no such setting; did you mean `{near}`?"),
        None => "there is no such setting".to_owned(),
    };
    refusal(Part::Key, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::{code, codes};

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
    fn the_default_of_each_definition_is_that_of_the_settings() {
        for definition in SETTING_SPECS {
            let mut settings = Settings::default();
            definition
                .apply(&mut settings, &definition.default(), &codes(), &mut |refusal| panic!("{refusal:?}"));
            assert_eq!(settings, Settings::default(), "{}", definition.key);
        }
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
            file: completion.maxitems: there is no such setting; did you mean `completion.maxItems`?
            file: completions: there is no such setting; did you mean `completion`?
            file: colour: there is no such setting
            file: hover: must be a table of settings
            file: resolution.profile: must be one of `lenient`, `obsidian`, `quartz`, not `lenent`; did you mean `lenient`?
            file: resolution.profile: must be text, not a whole number
            file: completion.maxItems: must be a whole number, not text
            file: hover.previewLines: must be between 0 and 200, not 201
            file: files.ignore: must be a list of texts, not text
            file: files.ignore: must be a list of texts, not a list with true or false in it
            file: diagnostics.severity: must be a table of severities, not a date
            file: diagnostics.severity.link/missing: there is no such diagnostic or group; did you mean `link/missing-note`?
            file: diagnostics.severity.notes: there is no such diagnostic or group; did you mean `note`?
            file: diagnostics.severity.link/empty: must be one of `error`, `warning`, `information`, `hint`, `off`, not `warn`
            file: diagnostics.severity.video: must be text, not a table"#]]
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
