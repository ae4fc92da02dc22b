//! Obsidian's settings of a vault as the lowest layers of its settings, with warnings about those that have
//! no equivalent.

use std::path::Path;

use serde_json::Value;

use crate::config::{Layer, SettingValue};

use super::root::{OBSIDIAN_APP_SETTINGS, OBSIDIAN_DAILY_NOTES, OBSIDIAN_TEMPLATES};
use super::settings_file::read_small_file;

/// Reads the settings of Obsidian. Excluded files (`userIgnoreFilters`) become `files.ignore`, the format of
/// new links (`newLinkFormat`) becomes `completion.path`, and the folders and templates of new and daily
/// notes become the settings of the same meaning.
pub(super) fn obsidian_layers(root: &Path) -> (Vec<Layer>, Vec<String>) {
    let mut warnings = Vec::new();
    let files: [(&str, Read); 3] =
        [(OBSIDIAN_APP_SETTINGS, app), (OBSIDIAN_TEMPLATES, templates), (OBSIDIAN_DAILY_NOTES, daily_notes)];
    let mut layer = |(file, read): (&str, Read)| {
        let entries = match read_json(&root.join(file)) {
            Ok(Some(settings)) => read(&settings, &mut warnings),
            Ok(None) => Vec::new(),
            Err(why) => {
                warnings.push(format!("{file}{why}"));
                Vec::new()
            }
        };
        Layer::new(file, entries)
    };
    let layers = files.map(&mut layer).to_vec();
    (layers, warnings)
}

type Entries = Vec<(String, SettingValue)>;
type Read = fn(&Value, &mut Vec<String>) -> Entries;

fn read_json(path: &Path) -> Result<Option<Value>, String> {
    let Some(text) = read_small_file(path).map_err(|why| format!(": {why}"))? else { return Ok(None) };
    let value = serde_json::from_str(text.trim_start_matches('\u{FEFF}'));
    value.map(Some).map_err(|error| format!(" is not JSON: {error}"))
}

fn text(key: &str, value: &str) -> (String, SettingValue) {
    (key.to_owned(), SettingValue::Text(value.to_owned()))
}

/// Returns the text settings with these names as settings of vaultls.
fn texts(settings: &Value, names: &[(&str, &str)]) -> Entries {
    let entry = |(theirs, ours): &(&str, &str)| Some(text(ours, settings.get(*theirs)?.as_str()?));
    names.iter().filter_map(entry).filter(|(_, value)| *value != SettingValue::Text(String::new())).collect()
}

fn app(settings: &Value, warnings: &mut Vec<String>) -> Entries {
    let mut entries = ignored_files(settings, warnings);
    entries.extend(match settings.get("newLinkFormat").and_then(Value::as_str) {
        Some(format @ ("shortest" | "relative")) => Some(text("completion.path", format)),
        Some("absolute") => Some(text("completion.path", "root")),
        _ => None,
    });
    let folder = settings.get("newFileFolderPath").and_then(Value::as_str).unwrap_or("/");
    entries.extend(match settings.get("newFileLocation").and_then(Value::as_str) {
        Some("root") => Some(text("newNotes.folder", "/")),
        Some("current") => Some(text("newNotes.folder", ".")),
        Some("folder") => Some(text("newNotes.folder", folder)),
        _ => None,
    });
    entries
}

fn templates(settings: &Value, _: &mut Vec<String>) -> Entries {
    texts(settings, &[("folder", "newNotes.templateFolder")])
}

fn daily_notes(settings: &Value, _: &mut Vec<String>) -> Entries {
    let names = [
        ("folder", "dailyNotes.folder"),
        ("format", "dailyNotes.format"),
        ("template", "dailyNotes.template"),
    ];
    texts(settings, &names)
}

fn ignored_files(settings: &Value, warnings: &mut Vec<String>) -> Entries {
    let filters = settings.get("userIgnoreFilters").and_then(Value::as_array);
    let filters = filters.into_iter().flatten().filter_map(Value::as_str);
    let mut globs = Vec::new();
    for filter in filters.filter(|filter| !filter.is_empty()) {
        match glob_of_filter(filter) {
            Some(glob) => globs.push(SettingValue::Text(glob)),
            None => warnings.push(format!(
                "{OBSIDIAN_APP_SETTINGS}: the excluded files `{filter}` are a regular expression, which is not \
                 understood; `files.ignore` can say it as a glob"
            )),
        }
    }
    if globs.is_empty() { Vec::new() } else { vec![("files.ignore".to_owned(), SettingValue::List(globs))] }
}

/// Returns the glob of an excluded path. Obsidian excludes the paths that start with the filter, or that
/// match it if it is a regular expression between slashes; then `None`.
fn glob_of_filter(filter: &str) -> Option<String> {
    if filter.len() > 1 && filter.starts_with('/') && filter.ends_with('/') {
        return None;
    }
    let mut glob = "/".to_owned();
    for char in filter.trim_start_matches('/').chars() {
        if r"*?[]{}\!#".contains(char) {
            glob.push('\\');
        }
        glob.push(char);
    }
    if !glob.ends_with('/') {
        glob.push('*');
    }
    Some(glob)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{LinkPaths, Settings};
    use crate::disk::testing::Folder;

    #[test]
    fn new_and_daily_notes_go_where_obsidian_puts_them() {
        let folder = Folder::new(&[
            (OBSIDIAN_APP_SETTINGS, r#"{"newFileLocation": "folder", "newFileFolderPath": "Inbox"}"#),
            (OBSIDIAN_TEMPLATES, r#"{"folder": "Meta/Templates", "dateFormat": ""}"#),
            (
                OBSIDIAN_DAILY_NOTES,
                r#"{"folder": "", "format": "YYYY/MM", "template": "Meta/Templates/Day", "autorun": true}"#,
            ),
        ]);
        let (layers, warnings) = obsidian_layers(&folder.root());
        let (settings, problems) = Settings::layered(&layers, &[]);
        assert_eq!((warnings, problems), (vec![], vec![]));
        assert_eq!(settings.new_note_folder, "Inbox");
        assert_eq!(settings.template_folder, "Meta/Templates");
        let daily =
            (&*settings.daily_note_folder, &*settings.daily_note_format, &*settings.daily_note_template);
        assert_eq!(daily, ("/", "YYYY/MM", "Meta/Templates/Day"));
        for (location, expected) in [("root", "/"), ("current", "."), ("elsewhere", "/")] {
            let text = format!(r#"{{"newFileLocation": "{location}", "newFileFolderPath": "Inbox"}}"#);
            let folder = Folder::new(&[(OBSIDIAN_APP_SETTINGS, &text)]);
            assert_eq!(
                Settings::layered(&obsidian_layers(&folder.root()).0, &[]).0.new_note_folder,
                expected
            );
        }
    }

    #[test]
    fn obsidian_excludes_files_by_how_they_begin() {
        let filters = r#"{"userIgnoreFilters": ["Templates/", "a*b [x]/", "draft", "/\\.tmp$/", "", 3]}"#;
        let folder = Folder::new(&[
            (OBSIDIAN_APP_SETTINGS, filters),
            ("Templates/t.md", ""),
            ("x/Templates/t.md", ""),
            ("a*b [x]/n.md", ""),
            ("aab x/n.md", ""),
            ("drafts/n.md", ""),
            ("draft one.md", ""),
        ]);
        let (layers, warnings) = obsidian_layers(&folder.root());
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].contains("regular expression"));
        let (settings, problems) = Settings::layered(&layers, &[]);
        assert_eq!(problems, []);
        let options = crate::disk::ScanOptions::from(&settings);
        let listing =
            crate::disk::list(&folder.root(), &options, &crate::vault::Cancel::new(), &|_| ()).unwrap();
        let mut found: Vec<String> = listing.notes.iter().map(ToString::to_string).collect();
        found.sort();
        assert_eq!(found, ["aab x/n.md", "x/Templates/t.md"]);
        assert_eq!(crate::disk::rules::invalid_globs(&settings.ignored_files), []);
    }

    #[test]
    fn obsidian_says_how_links_name_their_files() {
        let paths = |format: &str| {
            let settings = format!("{{\"newLinkFormat\": {format}}}");
            let folder = Folder::new(&[(OBSIDIAN_APP_SETTINGS, &settings)]);
            Settings::layered(&obsidian_layers(&folder.root()).0, &[]).0.completion_paths
        };
        assert_eq!(paths("\"absolute\""), LinkPaths::Root);
        assert_eq!(paths("\"relative\""), LinkPaths::Relative);
        assert_eq!(paths("\"shortest\""), LinkPaths::Shortest);
        assert_eq!((paths("\"new\""), paths("1")), (LinkPaths::Auto, LinkPaths::Auto));
    }

    #[test]
    fn obsidian_settings_that_say_nothing() {
        for (text, warnings) in [("{}", 0), ("{\"userIgnoreFilters\": null}", 0), ("[]", 0), ("{", 1)] {
            let folder = Folder::new(&[(OBSIDIAN_APP_SETTINGS, text)]);
            let (layers, warned) = obsidian_layers(&folder.root());
            assert!(layers.iter().all(Layer::is_empty));
            assert_eq!(warned.len(), warnings, "{text}");
        }
        assert!(obsidian_layers(&Folder::new(&[]).root()).0.iter().all(Layer::is_empty));
    }
}
