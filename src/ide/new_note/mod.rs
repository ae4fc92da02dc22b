//! Notes that are not there yet: where they go, what they are called and what they say at first.

mod dates;
pub(crate) mod file_name;
pub(crate) mod missing_file;

use jiff::civil::DateTime;

use crate::config::{Settings, TitleStyle};
use crate::vault::{FileId, Note, Snapshot, VaultPath, fold, last_component, without_note_extension};

use crate::ide::change::{ChangeError, NewNote, VaultChange};
use crate::ide::new_note::dates::format_date;
use crate::ide::new_note::file_name::check_name;

pub use file_name::new_place;

/// How the text of a template is found: the given note of the snapshot, or a file in a folder that is left
/// out of the vault; `None` if it lies outside of the vault.
pub type ReadTemplate<'a> = &'a (dyn Fn(&VaultPath, Option<&Note>) -> Option<Note> + Sync);

/// What new notes are made with.
#[derive(Clone, Copy)]
pub struct NoteMaker<'a> {
    /// The vault that they go to.
    pub vault: &'a Snapshot,
    /// Now, where the person is.
    pub now: DateTime,
    /// Asked for templates.
    pub read_template: ReadTemplate<'a>,
}

/// A note that is wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WantedNote {
    /// Where it lies, or will.
    pub path: VaultPath,
    /// What has to be done for it; nothing if it is there already.
    pub change: VaultChange,
}

impl NoteMaker<'_> {
    /// The note of that name, for `vaultls.createNote`: a name, which goes where new notes go, or a path from
    /// the root of the vault. `beside` is the note that it is asked for in.
    ///
    /// # Errors
    ///
    /// If no note can have that name.
    pub fn note(
        &self,
        name: &str,
        beside: Option<FileId>,
        template: Option<&str>,
    ) -> Result<WantedNote, ChangeError> {
        let name = name.trim();
        let folder = if name.contains('/') { String::new() } else { self.folder(beside) };
        let path = note_path(&folder, name)?;
        let template = template.unwrap_or(&self.settings().new_note_template);
        self.wanted(path, template, self.now)
    }

    /// The daily note of a day, whose time counts in its template.
    ///
    /// # Errors
    ///
    /// If the format of daily notes makes no name of a note.
    pub fn daily_note(&self, day: DateTime) -> Result<WantedNote, ChangeError> {
        let settings = self.settings();
        let name = format_date(&settings.daily_note_format, day);
        let path = note_path(&settings.daily_note_folder, &name)?;
        self.wanted(path, &settings.daily_note_template, day)
    }

    fn settings(&self) -> &Settings {
        self.vault.settings()
    }

    fn wanted(&self, path: VaultPath, template: &str, day: DateTime) -> Result<WantedNote, ChangeError> {
        if self.vault.find(path.as_str()).is_some() {
            return Ok(WantedNote { path, change: VaultChange::default() });
        }
        let title = path.stem().to_owned();
        let change = self.create(path.clone(), &title, template, day)?;
        Ok(WantedNote { path, change })
    }

    /// Creates a note with the template that is set.
    pub(crate) fn create_titled(&self, path: VaultPath, title: &str) -> Result<VaultChange, ChangeError> {
        self.create(path, title, &self.settings().new_note_template, self.now)
    }

    fn create(
        &self,
        path: VaultPath,
        title: &str,
        template: &str,
        day: DateTime,
    ) -> Result<VaultChange, ChangeError> {
        let wanted = fold(path.as_str());
        if let Some((_, taken)) = self.vault.files().find(|(_, file)| fold(file.path.as_str()) == wanted) {
            return Err(ChangeError::Taken(taken.path.to_string()));
        }
        let mut change = VaultChange::default();
        let template = self.template(template).unwrap_or_else(|remark| {
            change.remarks.push(remark);
            None
        });
        let text = match template {
            Some(template) => filled(&template, title, day),
            None => titled(title, self.settings().new_note_title),
        };
        change.created.push(NewNote { path, text });
        Ok(change)
    }

    /// The folder of notes that are named without a path.
    pub(crate) fn folder(&self, beside: Option<FileId>) -> String {
        let beside = beside.and_then(|id| self.vault.note(id)).map_or("", |note| note.path.folder());
        match self.settings().new_note_folder.trim() {
            "." | "./" => beside.to_owned(),
            folder => folder.to_owned(),
        }
    }

    /// The text of a template; `None` if none is wanted.
    fn template(&self, name: &str) -> Result<Option<String>, String> {
        let name = name.trim();
        if name.is_empty() {
            return Ok(None);
        }
        let file = |folder: &str| note_path(folder, name).ok();
        let places = [file(&self.settings().template_folder), file("")];
        let read = |path: &VaultPath| {
            let known = self.vault.find(path.as_str()).and_then(|id| self.vault.note(id));
            (self.read_template)(path, known.map(|known| &**known.note))
        };
        match places.iter().flatten().find_map(read) {
            Some(note) if note.invalid_utf8.is_some() => {
                Err(format!("the template `{name}` is not UTF-8, so the new note was made without it"))
            }
            Some(note) => Ok(Some(note.text.to_text())),
            None => Err(format!("there is no template `{name}`, so the new note was made without it")),
        }
    }
}

/// The path of a note in a folder of the vault, by a name that may hold folders and an extension.
pub(crate) fn note_path(folder: &str, name: &str) -> Result<VaultPath, ChangeError> {
    let stem = without_note_extension(name);
    check_name(last_component(stem))?;
    let extension = if stem.len() < name.len() { "" } else { ".md" };
    let path =
        VaultPath::resolve(folder, &format!("{name}{extension}")).map_err(|_| ChangeError::OutsideVault)?;
    new_place(&path)?;
    Ok(path)
}

/// What a note says that says nothing but its title.
fn titled(title: &str, style: TitleStyle) -> String {
    match style {
        TitleStyle::Heading => format!("# {title}\n"),
        TitleStyle::FrontMatter => format!("---\ntitle: {}\n---\n", yaml_text(title)),
        TitleStyle::None => String::new(),
    }
}

/// A text as a value of YAML: plain where it can be, else in double quotes (YAML 1.2, "Plain Style").
pub(crate) fn yaml_text(text: &str) -> String {
    let is_plain = text.starts_with(|first: char| first.is_alphanumeric())
        && !text.ends_with(char::is_whitespace)
        && text.chars().all(|char| char.is_alphanumeric() || " _-./()'+".contains(char))
        && !matches!(&*text.to_ascii_lowercase(), "true" | "false" | "null" | "yes" | "no" | "on" | "off")
        // What looks like a number or a date is one.
        && text.contains(char::is_alphabetic)
        && !text.starts_with(|first: char| first.is_ascii_digit());
    if is_plain {
        return text.to_owned();
    }
    let mut quoted = "\"".to_owned();
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            control if control.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A template with `{{title}}`, `{{date}}`, `{{time}}`, `{{date:YYYY}}` filled in (Obsidian help,
/// "Templates"). Other words in braces stay as they are.
fn filled(template: &str, title: &str, now: DateTime) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let filled = after.split_once("}}").and_then(|(name, after)| Some((fill(name, title, now)?, after)));
        let (value, after) = filled.unwrap_or_else(|| ("{{".to_owned(), after));
        text.push_str(&value);
        rest = after;
    }
    text.push_str(rest);
    text
}

fn fill(name: &str, title: &str, now: DateTime) -> Option<String> {
    let (name, format) = match name.split_once(':') {
        Some((name, format)) => (name, Some(format)),
        None => (name, None),
    };
    match (&*name.trim().to_ascii_lowercase(), format) {
        ("title", None) => Some(title.to_owned()),
        ("date", format) => Some(format_date(format.unwrap_or("YYYY-MM-DD"), now)),
        ("time", format) => Some(format_date(format.unwrap_or("HH:mm"), now)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use jiff::civil::date;

    use super::*;
    use crate::ide::fixture;

    fn noon() -> DateTime {
        date(2026, 3, 1).at(12, 30, 0, 0)
    }

    fn check(text: &str, settings: Settings, make: impl Fn(&NoteMaker<'_>) -> String, expected: &Expect) {
        let (vault, _) = fixture::with_settings(text, settings);
        let maker = NoteMaker { vault: &vault, now: noon(), read_template: &|_, known| known.cloned() };
        expected.assert_eq(&make(&maker));
    }

    fn drawn(maker: &NoteMaker<'_>, wanted: Result<WantedNote, ChangeError>) -> String {
        match wanted {
            Ok(wanted) if wanted.change.is_empty() => format!("{} is there\n", wanted.path),
            Ok(wanted) => fixture::drawn(maker.vault, &wanted.change),
            Err(error) => format!("{error}\n"),
        }
    }

    #[test]
    fn notes_go_where_they_are_set_to_and_say_their_title() {
        let settings = Settings { new_note_folder: ".".to_owned(), ..Settings::default() };
        let make = |maker: &NoteMaker<'_>| {
            let beside = maker.vault.find("x/a.md");
            let names = ["new", "y/new", "a", "../../up", "", "b#c", "B.MD"];
            names.map(|name| drawn(maker, maker.note(name, beside, None))).concat()
        };
        check(
            "//- x/a.md\n//- x/b.md\n",
            settings,
            make,
            &expect![[r#"
                //- x/new.md (new)
                # new
                //- y/new.md (new)
                # new
                x/a.md is there
                this path leads out of the vault
                the new name is empty
                the new name cannot hold `#`
                there is `x/b.md` already
            "#]],
        );
    }

    #[test]
    fn templates_are_filled_in_and_a_missing_one_is_told() {
        let make = |maker: &NoteMaker<'_>| {
            let make = |template| drawn(maker, maker.note("Rose's", None, Some(template)));
            [make("plant"), make("gone"), make("templates/plant.md")].concat()
        };
        check(
            "//- templates/plant.md\n---\nmade: {{date}}\n---\n# {{title}} {{ TIME }} {{date:[in] YYYY}} {{other}} {{\n",
            Settings { new_note_title: TitleStyle::FrontMatter, ..Settings::default() },
            make,
            &expect![[r#"
                //- Rose's.md (new)
                ---
                made: 2026-03-01
                ---
                # Rose's 12:30 in 2026 {{other}} {{
                ! there is no template `gone`, so the new note was made without it
                //- Rose's.md (new)
                ---
                title: Rose's
                ---
                //- Rose's.md (new)
                ---
                made: 2026-03-01
                ---
                # Rose's 12:30 in 2026 {{other}} {{
            "#]],
        );
    }

    #[test]
    fn a_daily_note_is_named_by_its_day() {
        let settings = Settings {
            daily_note_folder: "days".to_owned(),
            daily_note_format: "YYYY/MM-DD".to_owned(),
            daily_note_template: "day".to_owned(),
            ..Settings::default()
        };
        let make = |maker: &NoteMaker<'_>| {
            let days = [noon(), date(2026, 2, 28).at(0, 0, 0, 0)];
            days.map(|day| drawn(maker, maker.daily_note(day))).concat()
        };
        check(
            "//- templates/day.md\nIt is {{date:dddd}}.\n//- days/2026/02-28.md\n",
            settings,
            make,
            &expect![[r#"
                //- days/2026/03-01.md (new)
                It is Sunday.
                days/2026/02-28.md is there
            "#]],
        );
    }

    #[test]
    fn texts_in_yaml_stay_texts() {
        for (text, expected) in [
            ("Large models", "Large models"),
            ("a: b", "\"a: b\""),
            ("say \"x\" \\", "\"say \\\"x\\\" \\\\\""),
            ("2026-01-01", "\"2026-01-01\""),
            ("No", "\"No\""),
            ("- x", "\"- x\""),
            ("# x", "\"# x\""),
            ("tab\t", "\"tab\\u0009\""),
        ] {
            assert_eq!(yaml_text(text), expected);
            let note = Note::new(&format!("---\ntitle: {expected}\n---\n"));
            assert_eq!(note.parsed.title().map(|title| &*title.value), Some(text));
        }
    }
}
