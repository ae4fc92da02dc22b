//! What can be set: key, kind, default and meaning of each setting, in one table that reading, checking and
//! documenting settings all use.

use super::misspelling::nearest;
use crate::config::settings::{
    DiagnosticScope, DisplayTexts, LinkPaths, Part, Profile, SettingValue, Settings, TitleStyle,
};
use crate::config::{DiagnosticCode, Severity};

/// One setting.
#[derive(Debug)]
pub struct SettingSpec {
    /// Its name, with dots: `hover.previewLines`.
    pub key: &'static str,
    /// What it is for, in Markdown, one or more sentences.
    pub doc: &'static str,
    /// Which values it takes.
    pub kind: Kind,
}

/// Which values a setting takes, and where they go.
#[derive(Debug)]
pub enum Kind {
    /// A whole number.
    Integer {
        /// The least that it may be.
        min: usize,
        /// The most that it may be.
        max: usize,
        /// What it is when nobody says anything.
        default: usize,
        /// Takes a number in that range.
        set: fn(&mut Settings, usize),
    },
    /// `true` or `false`.
    Switch {
        /// What it is when nobody says anything.
        default: bool,
        /// Takes the value.
        set: fn(&mut Settings, bool),
    },
    /// One of a few words; the first is the default.
    Choice(&'static [Choice]),
    /// Any text.
    Text {
        /// What it is when nobody says anything.
        default: &'static str,
        /// Takes the text.
        set: fn(&mut Settings, String),
    },
    /// A list of texts; empty by default.
    Texts {
        /// Takes the list.
        set: fn(&mut Settings, Vec<String>),
    },
    /// A table from diagnostic codes and groups of them to severities or `off`; empty by default.
    Severities,
}

/// A word that a setting can be.
#[derive(Debug)]
pub struct Choice {
    /// The word.
    pub name: &'static str,
    /// What it means, in one sentence of Markdown.
    pub doc: &'static str,
    set: fn(&mut Settings),
}

/// Why a value, or one entry of a table, is not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The entry, if it is not the whole value.
    pub entry: Option<String>,
    /// Whether it is the key of the entry or the value.
    pub part: Part,
    /// What is wrong.
    pub message: String,
}

/// All settings, sorted by key.
pub const SETTING_SPECS: &[SettingSpec] = &[
    SettingSpec {
        key: "completion.display",
        doc: "Whether a completed wikilink to a note shows the title of the note: `[[name|Title]]`. With spaces round the \
              bar where most links of the vault have them.",
        kind: Kind::Choice(&[
            Choice {
                name: "auto",
                doc: "If most wikilinks of the vault show a text. A note that is found by an alias is shown by it in any \
                      case.",
                set: |settings| settings.completion_displays = DisplayTexts::Auto,
            },
            Choice {
                name: "always",
                doc: "Always, or the alias that the note was found by.",
                set: |settings| settings.completion_displays = DisplayTexts::Always,
            },
            Choice {
                name: "never",
                doc: "Never.",
                set: |settings| settings.completion_displays = DisplayTexts::Never,
            },
        ]),
    },
    SettingSpec {
        key: "completion.maxItems",
        doc: "How many completions are offered at most. The list is made again with every letter, so what is cut off \
              appears as soon as it fits better.",
        kind: Kind::Integer {
            min: 1,
            max: 1000,
            default: 100,
            set: |settings, items| settings.completion_max_items = items,
        },
    },
    SettingSpec {
        key: "completion.path",
        doc: "How a completed link names its file. By default as `newLinkFormat` of Obsidian's settings says.",
        kind: Kind::Choice(&[
            Choice {
                name: "auto",
                doc: "As most links of the vault do.",
                set: |settings| settings.completion_paths = LinkPaths::Auto,
            },
            Choice {
                name: "shortest",
                doc: "By its name, with as many of its folders as tell it from others. Markdown links by their path from \
                      the note.",
                set: |settings| settings.completion_paths = LinkPaths::Shortest,
            },
            Choice {
                name: "relative",
                doc: "By its path from the note that the link is in.",
                set: |settings| settings.completion_paths = LinkPaths::Relative,
            },
            Choice {
                name: "root",
                doc: "By its path from the root of the vault.",
                set: |settings| settings.completion_paths = LinkPaths::Root,
            },
        ]),
    },
    SettingSpec {
        key: "dailyNotes.folder",
        doc: "Where daily notes lie: a folder of the vault, `/` for its root. By default, Obsidian's.",
        kind: Kind::Text { default: "/", set: |settings, folder| settings.daily_note_folder = folder },
    },
    SettingSpec {
        key: "dailyNotes.format",
        doc: "How daily notes are named, by [Moment.js' letters](https://momentjs.com/docs/#/displaying/format/); `/` \
              makes folders, and what stands in `[ ]` is taken as it is. By default, Obsidian's.",
        kind: Kind::Text {
            default: "YYYY-MM-DD",
            set: |settings, format| settings.daily_note_format = format,
        },
    },
    SettingSpec {
        key: "dailyNotes.template",
        doc: "The template of daily notes: a name in the folder of templates, or a path from the root of the vault. \
              Empty for none. By default, Obsidian's.",
        kind: Kind::Text { default: "", set: |settings, template| settings.daily_note_template = template },
    },
    SettingSpec {
        key: "diagnostics.scope",
        doc: "Which notes the editor shows diagnostics for.",
        kind: Kind::Choice(&[
            Choice {
                name: "openNotes",
                doc: "Those that are open.",
                set: |settings| settings.diagnostic_scope = DiagnosticScope::OpenNotes,
            },
            Choice {
                name: "vault",
                doc: "All notes of the vault.",
                set: |settings| settings.diagnostic_scope = DiagnosticScope::Vault,
            },
        ]),
    },
    SettingSpec {
        key: "diagnostics.severity",
        doc: "How bad each diagnostic is. A group (`link`) stands for all its codes, but turns on none that is off by \
              default; a code (`link/inexact`) counts before its group.",
        kind: Kind::Severities,
    },
    SettingSpec {
        key: "files.ignore",
        doc: "Globs as in a `.gitignore` at the root of the vault. Files that they match are no part of the vault, \
              whatever `.gitignore` and `.ignore` files say. By default, the excluded files of Obsidian's settings.",
        kind: Kind::Texts { set: |settings, globs| settings.ignored_files = globs },
    },
    SettingSpec {
        key: "hover.previewLines",
        doc: "How many lines of a note a preview shows.",
        kind: Kind::Integer {
            min: 0,
            max: 200,
            default: 12,
            set: |settings, lines| settings.hover_preview_lines = lines,
        },
    },
    SettingSpec {
        key: "inlayHints.titles",
        doc: "Whether the title of a note is shown behind a wikilink that shows only the name of its file.",
        kind: Kind::Switch { default: false, set: |settings, is_on| settings.title_hints = is_on },
    },
    SettingSpec {
        key: "mentions.ignore",
        doc: "Names of notes that are ordinary words, so that text does not mention the note by them. Case, spaces, `_` and \
              `-` do not count.",
        kind: Kind::Texts { set: |settings, names| settings.ignored_mentions = names },
    },
    SettingSpec {
        key: "newNotes.folder",
        doc: "Where a note is created that a link names without a path: a folder of the vault, `/` for its root, `.` for \
              the folder of the note with the link. By default, Obsidian's.",
        kind: Kind::Text { default: "/", set: |settings, folder| settings.new_note_folder = folder },
    },
    SettingSpec {
        key: "newNotes.template",
        doc: "The template of new notes: a name in the folder of templates, or a path from the root of the vault. Empty \
              for none.",
        kind: Kind::Text { default: "", set: |settings, template| settings.new_note_template = template },
    },
    SettingSpec {
        key: "newNotes.templateFolder",
        doc: "The folder of templates. By default, Obsidian's.",
        kind: Kind::Text { default: "templates", set: |settings, folder| settings.template_folder = folder },
    },
    SettingSpec {
        key: "newNotes.title",
        doc: "Where a new note without a template says its title.",
        kind: Kind::Choice(&[
            Choice {
                name: "heading",
                doc: "In a heading of level 1.",
                set: |settings| settings.new_note_title = TitleStyle::Heading,
            },
            Choice {
                name: "frontMatter",
                doc: "As `title` in its front matter.",
                set: |settings| settings.new_note_title = TitleStyle::FrontMatter,
            },
            Choice {
                name: "none",
                doc: "Nowhere but in its file name.",
                set: |settings| settings.new_note_title = TitleStyle::None,
            },
        ]),
    },
    SettingSpec {
        key: "resolution.profile",
        doc: "How strictly links are matched with notes.",
        kind: Kind::Choice(&[
            Choice {
                name: "lenient",
                doc: "Paths, names, aliases, titles, and names that differ only in case, spaces or punctuation.",
                set: |settings| settings.profile = Profile::Lenient,
            },
            Choice {
                name: "obsidian",
                doc: "Paths and names in any case, as Obsidian follows them.",
                set: |settings| settings.profile = Profile::Obsidian,
            },
            Choice {
                name: "quartz",
                doc: "Exact names if they are unique, else paths from the root, as Quartz follows its shortest links.",
                set: |settings| settings.profile = Profile::Quartz,
            },
        ]),
    },
];

/// The word that turns a diagnostic off.
pub const OFF: &str = "off";

impl SettingSpec {
    /// The setting of that name.
    pub fn of(key: &str) -> Option<&'static SettingSpec> {
        SETTING_SPECS.iter().find(|definition| definition.key == key)
    }

    /// Whether its value is a table, whose keys are no settings.
    pub fn takes_table(&self) -> bool {
        matches!(self.kind, Kind::Severities)
    }

    /// What it is when nobody says anything.
    pub fn default(&self) -> SettingValue {
        match self.kind {
            Kind::Integer { default, .. } => {
                SettingValue::Integer(i64::try_from(default).unwrap_or(i64::MAX))
            }
            Kind::Switch { default, .. } => SettingValue::Bool(default),
            Kind::Choice(choices) => {
                SettingValue::Text(choices.first().map_or("", |choice| choice.name).to_owned())
            }
            Kind::Text { default, .. } => SettingValue::Text(default.to_owned()),
            Kind::Texts { .. } => SettingValue::List(Vec::new()),
            Kind::Severities => SettingValue::Table(Vec::new()),
        }
    }

    /// Takes a value over into the settings. What is refused leaves them as they were.
    pub(crate) fn apply(
        &self,
        settings: &mut Settings,
        value: &SettingValue,
        codes: &[DiagnosticCode],
        refuse: &mut dyn FnMut(Refusal),
    ) {
        let outcome = match (&self.kind, value) {
            (Kind::Integer { min, max, set, .. }, SettingValue::Integer(number)) => {
                match usize::try_from(*number).ok().filter(|number| (min..=max).contains(&number)) {
                    Some(number) => {
                        set(settings, number);
                        Ok(())
                    }
                    None => Err(format!("must be between {min} and {max}, not {number}")),
                }
            }
            (Kind::Switch { set, .. }, SettingValue::Bool(is_on)) => {
                set(settings, *is_on);
                Ok(())
            }
            (Kind::Choice(choices), SettingValue::Text(name)) => {
                match choices.iter().find(|choice| choice.name == name) {
                    Some(choice) => {
                        (choice.set)(settings);
                        Ok(())
                    }
                    None => Err(not_one_of(name, choices.iter().map(|choice| choice.name))),
                }
            }
            (Kind::Text { set, .. }, SettingValue::Text(text)) => {
                set(settings, text.clone());
                Ok(())
            }
            (Kind::Texts { set }, SettingValue::List(list)) => texts(list).map(|texts| set(settings, texts)),
            (Kind::Severities, SettingValue::Table(entries)) => {
                set_severities(settings, entries, codes, refuse);
                Ok(())
            }
            (kind, value) => Err(format!("must be {}, not {}", kind.expected(), kind_of(value))),
        };
        if let Err(message) = outcome {
            refuse(Refusal { entry: None, part: Part::Value, message });
        }
    }
}

impl Kind {
    fn expected(&self) -> &'static str {
        match self {
            Kind::Integer { .. } => "a whole number",
            Kind::Switch { .. } => "true or false",
            Kind::Choice(_) | Kind::Text { .. } => "text",
            Kind::Texts { .. } => "a list of texts",
            Kind::Severities => "a table of severities",
        }
    }
}

fn kind_of(value: &SettingValue) -> &'static str {
    match value {
        SettingValue::Bool(_) => "true or false",
        SettingValue::Integer(_) => "a whole number",
        SettingValue::Text(_) => "text",
        SettingValue::List(_) => "a list",
        SettingValue::Table(_) => "a table",
        SettingValue::Other(kind) => kind,
    }
}

fn texts(list: &[SettingValue]) -> Result<Vec<String>, String> {
    let text = |value: &SettingValue| match value {
        SettingValue::Text(text) => Ok(text.clone()),
        other => Err(format!("must be a list of texts, not a list with {} in it", kind_of(other))),
    };
    list.iter().map(text).collect()
}

fn not_one_of(name: &str, allowed: impl Iterator<Item = &'static str> + Clone) -> String {
    let quoted: Vec<String> = allowed.clone().map(|name| format!("`{name}`")).collect();
    let message = format!("must be one of {}, not `{name}`", quoted.join(", "));
    match nearest(name, allowed) {
        Some(near) => format!("{message}; did you mean `{near}`?"),
        None => message,
    }
}

/// Groups come first, so that a code counts before its group whatever the order.
fn set_severities(
    settings: &mut Settings,
    entries: &[(String, SettingValue)],
    codes: &[DiagnosticCode],
    refuse: &mut dyn FnMut(Refusal),
) {
    let mut of_codes = Vec::new();
    for (name, value) in entries {
        let code = DiagnosticCode::parse(name, codes);
        let group: Vec<DiagnosticCode> = codes.iter().copied().filter(|code| code.group() == name).collect();
        let severity = severity(value);
        match severity {
            _ if code.is_none() && group.is_empty() => {
                let message = unknown_code(name, codes);
                refuse(Refusal { entry: Some(name.clone()), part: Part::Key, message });
            }
            Err(message) => refuse(Refusal { entry: Some(name.clone()), part: Part::Value, message }),
            Ok(severity) => {
                of_codes.extend(code.map(|code| (code, severity)));
                let takes = |code: &DiagnosticCode| severity.is_none() || code.default_severity().is_some();
                let taken = group.into_iter().filter(takes);
                settings.severities.extend(taken.map(|code| (code, severity)));
            }
        }
    }
    settings.severities.extend(of_codes);
}

fn severity(value: &SettingValue) -> Result<Option<Severity>, String> {
    match value {
        SettingValue::Text(name) if name == OFF => Ok(None),
        SettingValue::Text(name) => Severity::parse(name)
            .map(Some)
            .ok_or_else(|| not_one_of(name, Severity::ALL.into_iter().map(Severity::as_str).chain([OFF]))),
        other => Err(format!("must be text, not {}", kind_of(other))),
    }
}

fn unknown_code(name: &str, codes: &[DiagnosticCode]) -> String {
    let names = codes.iter().flat_map(|code| [code.as_str(), code.group()]);
    match nearest(name, names) {
        Some(near) => format!("there is no such diagnostic or group; did you mean `{near}`?"),
        None => "there is no such diagnostic or group".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_unique_and_documented() {
        assert!(SETTING_SPECS.is_sorted_by(|left, right| left.key < right.key));
        for definition in SETTING_SPECS {
            assert!(definition.doc.ends_with('.'), "{}", definition.key);
            if let Kind::Choice(choices) = definition.kind {
                assert!(choices.len() > 1 && choices.iter().all(|choice| choice.doc.ends_with('.')));
            }
        }
    }

    #[test]
    fn no_key_is_the_start_of_another() {
        for definition in SETTING_SPECS {
            let below = format!("{}.", definition.key);
            assert!(SETTING_SPECS.iter().all(|other| !other.key.starts_with(&below)));
        }
    }
}
