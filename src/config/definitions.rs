//! The settings: key, type, default and documentation of each in one place, from which everything else is
//! made.

use std::collections::BTreeMap;

use super::layer::Refusal;
use super::value::{Kind, Setting, SettingValue, choices};
use super::{DiagnosticCode, Severity};

/// Declares [`Settings`] and the table of their specifications. Keys have to be sorted.
macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $key:literal, $field:ident: $type:ty = $default:expr, $kind:expr;)+) => {
        /// All settings of one vault at one moment.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct Settings {
            $($(#[doc = $doc])+ pub $field: $type,)+
        }

        impl Default for Settings {
            fn default() -> Settings {
                Settings { $($field: $default,)+ }
            }
        }

        /// The specifications of all settings, sorted by key.
        pub const SETTING_SPECS: &[SettingSpec] = &[$(SettingSpec {
            key: $key,
            lines: concat!($($doc, "\n"),+),
            kind: $kind,
            default: || { let default: $type = $default; default.to_value() },
            set: |settings, value, codes, refuse| settings.$field.set(value, &$kind, codes, refuse),
        }),+];
    };
}

/// Sets a setting to a value, given the codes of all diagnostics and what to call for each refused part.
type SetValue = fn(&mut Settings, &SettingValue, &[DiagnosticCode], &mut dyn FnMut(Refusal));

/// What is known of one setting.
#[derive(Debug)]
pub struct SettingSpec {
    /// Its name, with dots: `hover.previewLines`.
    pub key: &'static str,
    /// Which values it takes.
    pub kind: Kind,
    /// Its documentation in lines that begin with a space.
    lines: &'static str,
    default: fn() -> SettingValue,
    set: SetValue,
}

impl SettingSpec {
    /// Returns the setting of that name.
    pub fn of(key: &str) -> Option<&'static SettingSpec> {
        SETTING_SPECS.iter().find(|spec| spec.key == key)
    }

    /// Returns what it is for, in Markdown, one or more sentences on one line.
    pub fn doc(&self) -> String {
        super::value::one_line(self.lines)
    }

    /// Returns its default.
    pub fn default(&self) -> SettingValue {
        (self.default)()
    }

    /// Whether its value is a table, whose keys are not settings.
    pub(super) fn takes_table(&self) -> bool {
        matches!(self.kind, Kind::Severities)
    }

    /// Sets it to a value. What is refused leaves the setting as it was.
    pub(super) fn apply(
        &self,
        settings: &mut Settings,
        value: &SettingValue,
        codes: &[DiagnosticCode],
        refuse: &mut dyn FnMut(Refusal),
    ) {
        (self.set)(settings, value, codes, refuse);
    }
}

choices! {
    /// How strictly links are matched with notes.
    Profile {
        /// Paths, names, aliases, titles, and names that differ only in case, spaces or punctuation.
        Lenient = "lenient",
        /// Paths and names in any case, as Obsidian follows them.
        Obsidian = "obsidian",
        /// Exact names if they are unique, else paths from the root, as Quartz follows its shortest links.
        Quartz = "quartz",
    }

    /// Which generator makes a site of the notes.
    SiteGenerator {
        /// By the configuration files in the vault: `mkdocs.yml`, `book.toml` and the like.
        Auto = "auto",
        /// None: links lead to files.
        None = "none",
        /// Hugo.
        Hugo = "hugo",
        /// Jekyll.
        Jekyll = "jekyll",
        /// MkDocs.
        MkDocs = "mkdocs",
        /// mdBook.
        MdBook = "mdbook",
        /// Docusaurus.
        Docusaurus = "docusaurus",
        /// VitePress.
        VitePress = "vitepress",
        /// Astro, and Starlight.
        Astro = "astro",
    }

    /// Which notes the editor shows diagnostics for.
    DiagnosticScope {
        /// Open notes only.
        OpenNotes = "openNotes",
        /// All notes of the vault.
        Vault = "vault",
    }

    /// How a completed link names its file.
    LinkPaths {
        /// As most links of the vault do.
        Auto = "auto",
        /// By its name, with as many folders as make it unique. Markdown links by the path from the note.
        Shortest = "shortest",
        /// By its path from the note with the link.
        Relative = "relative",
        /// By its path from the root of the vault.
        Root = "root",
    }

    /// What a completion behind `[[` writes.
    LinkFormat {
        /// A wikilink.
        Wikilink = "wikilink",
        /// A Markdown link in its place: `[name](path.md)`.
        Markdown = "markdown",
    }

    /// Whether a completed wikilink shows the title of the note.
    DisplayTexts {
        /// If most wikilinks of the vault have display text. A note found by an alias is always shown by it.
        Auto = "auto",
        /// Always, or the alias that the note was found by.
        Always = "always",
        /// Never.
        Never = "never",
    }

    /// Where a new note without a template has its title.
    TitleStyle {
        /// In a heading of level 1.
        Heading = "heading",
        /// As `title` in its front matter.
        FrontMatter = "frontMatter",
        /// Only in its file name.
        None = "none",
    }
}

settings! {
    /// Whether a completed wikilink to a note shows the title of the note: `[[name|Title]]`. With spaces
    /// around the `|` where most links of the vault have them.
    "completion.display", completion_displays: DisplayTexts = DisplayTexts::Auto, Kind::Choice(DisplayTexts::CHOICES);

    /// What a completion of a file or heading behind `[[` writes. By default, as `useMarkdownLinks` of
    /// Obsidian's settings.
    "completion.linkFormat", completion_link_format: LinkFormat = LinkFormat::Wikilink, Kind::Choice(LinkFormat::CHOICES);

    /// Maximum number of completions. The list is recomputed with every letter, so what is cut off appears as
    /// soon as it fits better.
    "completion.maxItems", completion_max_items: usize = 100, Kind::Integer { min: 1, max: 1000 };

    /// How a completed link names its file. By default, as `newLinkFormat` of Obsidian's settings.
    "completion.path", completion_paths: LinkPaths = LinkPaths::Auto, Kind::Choice(LinkPaths::CHOICES);

    /// Folder for daily notes: a folder of the vault, or `/` for its root. By default, Obsidian's.
    "dailyNotes.folder", daily_note_folder: String = "/".to_owned(), Kind::Text;

    /// Format of the names of daily notes, in [Moment.js format
    /// tokens](https://momentjs.com/docs/#/displaying/format/); `/` creates folders, and text in `[ ]` is
    /// taken literally. By default, Obsidian's.
    "dailyNotes.format", daily_note_format: String = "YYYY-MM-DD".to_owned(), Kind::Text;

    /// Template for daily notes: a name in the folder of templates, or a path from the root of the vault.
    /// Empty for none. By default, Obsidian's.
    "dailyNotes.template", daily_note_template: String = String::new(), Kind::Text;

    /// Diagnostics scope: which notes the editor shows diagnostics for.
    "diagnostics.scope", diagnostic_scope: DiagnosticScope = DiagnosticScope::OpenNotes,
        Kind::Choice(DiagnosticScope::CHOICES);

    /// Severity of each diagnostic. A group (`link`) stands for all its codes, but turns on none that is off
    /// by default; a code (`link/inexact`) takes precedence over its group.
    "diagnostics.severity", severities: BTreeMap<DiagnosticCode, Option<Severity>> = BTreeMap::new(), Kind::Severities;

    /// Files that stay in the vault but come last behind `[[` and in the search for symbols, and are left out
    /// of mentions and orphans: the start of a path (`Archive/`), or a regular expression in slashes
    /// (`/\.tmp$/`). By default, Obsidian's excluded files.
    "files.excluded", excluded_files: Vec<String> = Vec::new(), Kind::Texts;

    /// Files to ignore: globs as in a `.gitignore` at the root of the vault, whatever `.gitignore` and
    /// `.ignore` files say.
    "files.ignore", ignored_files: Vec<String> = Vec::new(), Kind::Texts;

    /// Maximum number of lines of a note in a preview.
    "hover.previewLines", hover_preview_lines: usize = 12, Kind::Integer { min: 0, max: 200 };

    /// Show images of the web in previews, which asks the servers that they lie on for them. Without it, a
    /// preview links to them.
    "hover.remoteImages", hover_remote_images: bool = false, Kind::Switch;

    /// Show the title of the note after a wikilink that shows only the name of its file.
    "inlayHints.titles", title_hints: bool = false, Kind::Switch;

    /// Targets of links that are never reported, as they are written without their fragment, with `*` for any
    /// characters: `TODO*`, `/api/*`. Case is ignored.
    "links.ignore", ignored_links: Vec<String> = Vec::new(), Kind::Texts;

    /// Names of notes that are ordinary words and do not count as mentions of the note. Case, spaces, `_` and
    /// `-` are ignored.
    "mentions.ignore", ignored_mentions: Vec<String> = Vec::new(), Kind::Texts;

    /// Folder for new notes that a link names without a path: a folder of the vault, `/` for its root, `.`
    /// for the folder of the note with the link. By default, Obsidian's.
    "newNotes.folder", new_note_folder: String = "/".to_owned(), Kind::Text;

    /// Template for new notes: a name in the folder of templates, or a path from the root of the vault. Empty
    /// for none.
    "newNotes.template", new_note_template: String = String::new(), Kind::Text;

    /// Folder with templates. By default, Obsidian's.
    "newNotes.templateFolder", template_folder: String = "templates".to_owned(), Kind::Text;

    /// Where a new note without a template has its title.
    "newNotes.title", new_note_title: TitleStyle = TitleStyle::Heading, Kind::Choice(TitleStyle::CHOICES);

    /// List the definitions of links, `[label]: destination`, among the headings of a note.
    "outline.definitions", outline_definitions: bool = false, Kind::Switch;

    /// List the tags of a note among its headings.
    "outline.tags", outline_tags: bool = false, Kind::Switch;

    /// How strictly links are matched with notes.
    "resolution.profile", profile: Profile = Profile::Lenient, Kind::Choice(Profile::CHOICES);

    /// Addresses from the root of a site that its host leads elsewhere, with `*` for any characters. Links to
    /// them are not reported. By default, those of the site's `_redirects`.
    "resolution.redirects", redirects: Vec<String> = Vec::new(), Kind::Texts;

    /// Which generator makes a site of the notes. Links may be addresses of its pages then, with the IDs that
    /// it gives headings.
    "resolution.site", site: SiteGenerator = SiteGenerator::Auto, Kind::Choice(SiteGenerator::CHOICES);
}

impl Settings {
    /// Returns the severity of a diagnostic by these settings; `None` if its rule is off.
    pub fn severity(&self, code: DiagnosticCode) -> Option<Severity> {
        self.severities.get(&code).copied().unwrap_or_else(|| code.default_severity())
    }

    /// Whether some rule is on whose findings in one note depend on the names of all notes.
    pub fn reads_all_names(&self) -> bool {
        self.severities.iter().any(|(code, severity)| severity.is_some() && code.reads_all_names())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_unique_and_documented() {
        assert!(SETTING_SPECS.is_sorted_by(|left, right| left.key < right.key));
        for spec in SETTING_SPECS {
            assert!(spec.doc().ends_with('.'), "{}", spec.key);
            if let Kind::Choice(choices) = spec.kind {
                assert!(choices.len() > 1 && choices.iter().all(|choice| choice.doc().ends_with('.')));
            }
        }
    }

    #[test]
    fn no_key_is_the_start_of_another() {
        for spec in SETTING_SPECS {
            let below = format!("{}.", spec.key);
            assert!(SETTING_SPECS.iter().all(|other| !other.key.starts_with(&below)));
        }
    }

    #[test]
    fn each_default_can_be_set() {
        for spec in SETTING_SPECS {
            let mut settings = Settings::default();
            spec.apply(&mut settings, &spec.default(), &[], &mut |refusal| panic!("{refusal:?}"));
            assert_eq!(settings, Settings::default(), "{}", spec.key);
        }
    }
}
