//! Obsidian's settings of a vault as the lowest layers of its settings, with warnings about those that have
//! no equivalent.

use std::path::Path;

use serde_json::Value;

use crate::config::{Layer, SettingValue};

use crate::disk::open::read_small_file;
use crate::disk::root::{OBSIDIAN_APP_SETTINGS, OBSIDIAN_DAILY_NOTES, OBSIDIAN_TEMPLATES};

use super::file::MAX_SETTINGS_BYTES;

/// Reads the settings of Obsidian. The format of new links (`newLinkFormat`, `useMarkdownLinks`) becomes
/// `completion.path` and `completion.linkFormat`, and
/// the folders and templates of new and daily notes become the settings of the same meaning. Excluded files
/// (`userIgnoreFilters`) become `files.excluded`.
pub(super) fn obsidian_layers(root: &Path) -> (Vec<Layer>, Vec<String>) {
    let mut warnings = Vec::new();
    let files: [(&str, Read); 3] =
        [(OBSIDIAN_APP_SETTINGS, app), (OBSIDIAN_TEMPLATES, templates), (OBSIDIAN_DAILY_NOTES, daily_notes)];
    let mut layer = |(file, read): (&str, Read)| {
        let entries = match read_json(&root.join(file)) {
            Ok(Some(settings)) => read(&settings),
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
type Read = fn(&Value) -> Entries;

fn read_json(path: &Path) -> Result<Option<Value>, String> {
    let Some(text) = read_small_file(path, MAX_SETTINGS_BYTES).map_err(|why| format!(": {why}"))? else {
        return Ok(None);
    };
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

fn app(settings: &Value) -> Entries {
    let mut entries = Entries::new();
    entries.extend(match settings.get("newLinkFormat").and_then(Value::as_str) {
        Some(format @ ("shortest" | "relative")) => Some(text("completion.path", format)),
        Some("absolute") => Some(text("completion.path", "root")),
        _ => None,
    });
    if settings.get("useMarkdownLinks").and_then(Value::as_bool) == Some(true) {
        entries.push(text("completion.linkFormat", "markdown"));
    }
    if let Some(filters) = settings.get("userIgnoreFilters").and_then(Value::as_array) {
        let filters = filters.iter().filter_map(Value::as_str);
        let filters = filters.map(|filter| SettingValue::Text(filter.to_owned())).collect();
        entries.push(("files.excluded".to_owned(), SettingValue::List(filters)));
    }
    let folder = settings.get("newFileFolderPath").and_then(Value::as_str).unwrap_or("/");
    entries.extend(match settings.get("newFileLocation").and_then(Value::as_str) {
        Some("root") => Some(text("newNotes.folder", "/")),
        Some("current") => Some(text("newNotes.folder", ".")),
        Some("folder") => Some(text("newNotes.folder", folder)),
        _ => None,
    });
    entries
}

fn templates(settings: &Value) -> Entries {
    texts(settings, &[("folder", "newNotes.templateFolder")])
}

fn daily_notes(settings: &Value) -> Entries {
    let names = [
        ("folder", "dailyNotes.folder"),
        ("format", "dailyNotes.format"),
        ("template", "dailyNotes.template"),
    ];
    texts(settings, &names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{LinkFormat, LinkPaths, Settings};
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
    fn excluded_files_stay_in_the_vault() {
        let filters = r#"{"userIgnoreFilters": ["Archive/", "/\\.tmp$/"]}"#;
        let folder = Folder::new(&[(OBSIDIAN_APP_SETTINGS, filters), ("Archive/old.md", "")]);
        let (layers, warnings) = obsidian_layers(&folder.root());
        assert_eq!(warnings, Vec::<String>::new());
        let settings = Settings::layered(&layers, &[]).0;
        assert_eq!(settings.excluded_files, ["Archive/", "/\\.tmp$/"]);
        let options = crate::disk::ScanOptions::from(&settings);
        let listing = crate::disk::list(&folder.root(), &options, &crate::vault::Cancel::new(), &|_| ());
        let found: Vec<String> = listing.unwrap().notes.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["Archive/old.md"]);
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
    fn obsidian_says_whether_links_are_those_of_markdown() {
        for (value, expected) in
            [("true", LinkFormat::Markdown), ("false", LinkFormat::Wikilink), ("1", LinkFormat::Wikilink)]
        {
            let settings = format!("{{\"useMarkdownLinks\": {value}}}");
            let folder = Folder::new(&[(OBSIDIAN_APP_SETTINGS, &settings)]);
            let settings = Settings::layered(&obsidian_layers(&folder.root()).0, &[]).0;
            assert_eq!(settings.completion_link_format, expected, "{value}");
        }
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
