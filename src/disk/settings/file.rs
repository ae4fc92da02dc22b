//! Settings that lie in the vault: `.vaultls.toml`, with the place of every key and value so that what is
//! wrong can be shown there. A broken file loses nothing but what is broken in it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::config::{Layer, Part, SettingProblem, SettingValue};
use crate::text::{Span, Text};

use crate::disk::open::read_small_file;
use crate::disk::root::SETTINGS_FILE;

/// The size up to which a settings file is read, in bytes. No file written by hand is that large.
pub(super) const MAX_SETTINGS_BYTES: u64 = 256 << 10;

/// The settings of a `.vaultls.toml`, and where each of them stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SettingsFile {
    /// What it says.
    pub layer: Layer,
    /// Its text, for the places in it.
    pub text: Text,
    /// What is not TOML in it, or why it cannot be read.
    pub problems: Vec<FileProblem>,
    /// By their names with dots, from the top: `diagnostics.severity.link/empty`.
    places: Places,
}

type Places = BTreeMap<String, Place>;

/// Something wrong in a settings file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileProblem {
    /// Where: a stretch of the file's text; empty at its start if it is the file as a whole.
    pub span: Span,
    /// What, for the person who wrote it.
    pub message: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Place {
    key: Span,
    value: Span,
}

/// Reads the `.vaultls.toml` of a vault; one that is not there says nothing.
pub(super) fn read_settings(root: &Path) -> SettingsFile {
    match read_small_file(&root.join(SETTINGS_FILE), MAX_SETTINGS_BYTES) {
        Ok(Some(text)) => parse_settings(&text),
        Ok(None) => SettingsFile { layer: Layer::empty(SETTINGS_FILE), ..SettingsFile::default() },
        Err(message) => SettingsFile {
            layer: Layer::empty(SETTINGS_FILE),
            problems: vec![FileProblem { span: Span::default(), message }],
            ..SettingsFile::default()
        },
    }
}

/// Reads the text of a `.vaultls.toml`.
pub fn parse_settings(text: &str) -> SettingsFile {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut places = Places::new();
    let entries = table_entries(table.get_ref(), "", &mut places);
    let problems = errors.iter().map(|error| FileProblem {
        span: error.span().map(span).unwrap_or_default(),
        message: error.message().to_owned(),
    });
    SettingsFile {
        layer: Layer::new(SETTINGS_FILE, entries),
        text: Text::from(text),
        problems: problems.collect(),
        places,
    }
}

impl SettingsFile {
    /// Where in the file a problem of its layer is: the key or the value. `None` for a problem of another
    /// layer.
    pub fn locate(&self, problem: &SettingProblem) -> Option<Span> {
        if problem.layer != self.layer.name {
            return None;
        }
        let place = self.places.get(&problem.key)?;
        Some(match problem.part {
            Part::Key => place.key,
            Part::Value => place.value,
        })
    }
}

fn span(range: Range<usize>) -> Span {
    Span::new(range.start, range.end)
}

fn table_entries(table: &DeTable<'_>, above: &str, places: &mut Places) -> Vec<(String, SettingValue)> {
    // The parser sorts by name; people read from top to bottom.
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let entry = |(key, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
        let name = key.get_ref();
        let path = if above.is_empty() { name.to_string() } else { format!("{above}.{name}") };
        let (key, place) = (span(key.span()), span(value.span()));
        let setting = setting_value(value.get_ref(), &path, places);
        places.entry(path).or_insert(Place { key, value: place });
        (name.to_string(), setting)
    };
    entries.into_iter().map(entry).collect()
}

fn setting_value(value: &DeValue<'_>, path: &str, places: &mut Places) -> SettingValue {
    match value {
        DeValue::Boolean(value) => SettingValue::Bool(*value),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => SettingValue::Integer(number),
            Err(_) => SettingValue::Other("a number that is far too large"),
        },
        DeValue::Float(_) => SettingValue::Other("a number with decimals"),
        DeValue::String(text) => SettingValue::Text(text.to_string()),
        DeValue::Datetime(_) => SettingValue::Other("a date"),
        DeValue::Array(list) => SettingValue::List(
            list.iter().map(|value| setting_value(value.get_ref(), path, places)).collect(),
        ),
        DeValue::Table(table) => SettingValue::Table(table_entries(table, path, places)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::{code, codes};
    use crate::config::{Settings, Severity};
    use crate::disk::testing::Folder;
    use std::fs;

    /// What is wrong with a settings file, a line each: `the text there: what`.
    fn problems(text: &str) -> String {
        let file = parse_settings(text);
        let (_, problems) = Settings::layered(std::slice::from_ref(&file.layer), &codes());
        let shown = |span: Span| text.get(span.start.to_usize()..span.end.to_usize()).unwrap();
        let mut lines: Vec<String> = file
            .problems
            .iter()
            .map(|problem| format!("{}: {}", shown(problem.span), problem.message))
            .collect();
        for problem in problems {
            lines.push(format!("{}: {}", shown(file.locate(&problem).unwrap()), problem.message));
        }
        lines.join("\n")
    }

    #[test]
    fn a_file_with_everything() {
        let file = parse_settings(
            r#"
                files.ignore = ["templates/"]
                completion = { maxItems = 0x20 }
                "hover.previewLines" = 1_0
                [resolution]
                profile = 'quartz'
                [diagnostics]
                scope = "vault"
                [diagnostics.severity]
                "link/inexact" = "off"
                timestamp = "hint"
            "#,
        );
        assert_eq!(file.problems, []);
        let (settings, problems) = Settings::layered(&[file.layer], &codes());
        assert_eq!(problems, []);
        assert_eq!(settings.ignored_files, ["templates/"]);
        assert_eq!((settings.completion_max_items, settings.hover_preview_lines), (32, 10));
        assert_eq!(settings.severity(code("link/inexact")), None);
        assert_eq!(settings.severity(code("timestamp/no-video")), Some(Severity::Hint));
    }

    #[test]
    fn problems_stand_at_the_key_or_the_value() {
        expect_test::expect![[r#"
            maxitems: unknown setting; did you mean `completion.maxItems`?
            [1, 2]: must be an array of strings, but contains an integer
            1.5: must be an integer, not a number with decimals
            resolutions: unknown setting; did you mean `resolution`?
            "link/emty": unknown diagnostic code or group; did you mean `link/empty`?
            "loud": must be one of `error`, `warning`, `information`, `hint`, `off`, not `loud`"#]]
        .assert_eq(&problems(
            "completion.maxitems = 3\n\
             files.ignore = [1, 2]\n\
             hover.previewLines = 1.5\n\
             [resolutions]\nprofile = 'quartz'\n\
             [diagnostics.severity]\n\"link/emty\" = \"off\"\nlink = \"loud\"\n",
        ));
    }

    #[test]
    fn what_is_not_toml_loses_no_other_line() {
        let text = "hover.previewLines = \nfiles.ignore = ['a/']\n";
        let file = parse_settings(text);
        assert_eq!(file.problems.len(), 1);
        assert_eq!(file.problems[0].span.start.to_usize(), text.find('=').unwrap() + 2);
        let (settings, _) = Settings::layered(&[file.layer], &codes());
        assert_eq!(settings.ignored_files, ["a/"]);
    }

    #[test]
    fn any_text_is_read() {
        for text in [
            "",
            "\u{FEFF}",
            "=",
            "[",
            "[[a]]\n[[a]]",
            "a.b = 1\na = 2",
            "\0",
            "a = '''",
            "\"\\u{1}\" = 1",
            "😀",
        ] {
            let _ = problems(text);
        }
        let deep = format!("a = {}", "[".repeat(100_000));
        assert!(!parse_settings(&deep).problems.is_empty());
    }

    #[test]
    fn a_problem_of_another_layer_has_no_place_here() {
        let file = parse_settings("hover.previewLines = 3");
        let problem = SettingProblem {
            layer: "editor".to_owned(),
            key: "hover.previewLines".to_owned(),
            part: Part::Value,
            message: String::new(),
        };
        assert_eq!(file.locate(&problem), None);
        assert!(file.locate(&SettingProblem { layer: SETTINGS_FILE.to_owned(), ..problem }).is_some());
    }

    #[test]
    fn files_that_are_missing_or_no_text() {
        let folder = Folder::new(&[]);
        assert_eq!(read_settings(&folder.root()).problems, []);
        fs::write(folder.path(SETTINGS_FILE), b"\xFF").unwrap();
        assert_eq!(read_settings(&folder.root()).problems.len(), 1);
        fs::write(folder.path(SETTINGS_FILE), vec![b' '; 1 + (256 << 10)]).unwrap();
        assert!(read_settings(&folder.root()).problems[0].message.contains("bytes"));
        fs::write(folder.path(SETTINGS_FILE), "hover.previewLines = 3").unwrap();
        assert!(!read_settings(&folder.root()).layer.is_empty());
        fs::remove_file(folder.path(SETTINGS_FILE)).unwrap();
        fs::create_dir(folder.path(SETTINGS_FILE)).unwrap();
        assert_eq!(read_settings(&folder.root()).problems.len(), 1);
    }
}
