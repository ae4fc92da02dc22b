//! All settings that lie in a vault: those of other programs, and over them its own file. What is wrong in
//! them is found here, once for the editor and the command line.

mod file;
mod obsidian;
mod redirects;

use std::path::Path;

use crate::config::{DiagnosticCode, Layer, Part, SettingProblem, Settings};
use crate::text::{Span, Text};
use crate::vault::invalid_filters;

use crate::disk::root::SETTINGS_FILE;
use crate::disk::rules::invalid_globs;

use file::read_settings;
use obsidian::obsidian_layers;
use redirects::redirects_layer;

pub use file::{FileProblem, SettingsFile, parse_settings};

/// The code of everything that is wrong in a `.vaultls.toml`. It cannot be set to another severity, for
/// where?
pub const SETTINGS_CODE: &str = "settings/invalid";

/// So many problems of one file are listed; the others are counted.
const LISTED_PROBLEMS: usize = 100;

/// The settings that lie in a vault.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VaultSettings {
    /// What they say, the lowest layer first: Obsidian's, redirects, then `.vaultls.toml`.
    pub layers: Vec<Layer>,
    /// The text of `.vaultls.toml`; empty if there is none.
    pub text: Text,
    /// What is wrong in `.vaultls.toml`, from top to bottom.
    pub in_file: Vec<FileProblem>,
    /// What is wrong in the settings of other programs.
    pub elsewhere: Vec<String>,
}

/// Reads the settings that lie in the vault at `root`. `codes` are those whose severity can be set.
pub fn read_vault_settings(root: &Path, codes: &[DiagnosticCode]) -> VaultSettings {
    let (mut layers, mut elsewhere) = obsidian_layers(root);
    match redirects_layer(root) {
        Ok(layer) => layers.extend(layer),
        Err(why) => elsewhere.push(why),
    }
    let file = read_settings(root);
    let mut in_file = file.problems.clone();
    layers.push(file.layer.clone());
    for layer in &layers {
        for problem in layer_problems(layer, codes) {
            if problem.layer == SETTINGS_FILE {
                in_file.push(in_place(&file, &problem));
            } else {
                elsewhere.push(problem.to_string());
            }
        }
    }
    in_file.sort_by_key(|problem| problem.span);
    if let Some(more) = in_file.len().checked_sub(LISTED_PROBLEMS).filter(|more| *more > 0) {
        in_file.truncate(LISTED_PROBLEMS);
        in_file.push(FileProblem { span: Span::default(), message: format!("{more} more problems") });
    }
    VaultSettings { text: file.text, layers, in_file, elsewhere }
}

/// Returns what is invalid in a layer of settings, even if another one overrides it.
pub fn layer_problems(layer: &Layer, codes: &[DiagnosticCode]) -> Vec<SettingProblem> {
    let (settings, mut problems) = Settings::layered(std::slice::from_ref(layer), codes);
    let parts = [
        ("files.ignore", "glob", invalid_globs(&settings.ignored_files)),
        ("files.excluded", "regular expression", invalid_filters(&settings.excluded_files)),
    ];
    for (key, what, invalid) in parts {
        problems.extend(invalid.into_iter().map(|(value, why)| SettingProblem {
            layer: layer.name.clone(),
            key: key.to_owned(),
            part: Part::Value,
            message: format!("invalid {what} `{value}`: {why}"),
        }));
    }
    problems
}

fn in_place(file: &SettingsFile, problem: &SettingProblem) -> FileProblem {
    let span = file.locate(problem).unwrap_or_default();
    FileProblem { span, message: format!("{}: {}", problem.key, problem.message) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::testing::Folder;

    #[test]
    fn everything_wrong_in_the_file_has_its_place() {
        let text = "files.ignore = ['a/', 'x[z-a]']\ncolour = 1\n";
        let folder = Folder::new(&[(SETTINGS_FILE, text), (".obsidian/app.json", "{")]);
        let read = read_vault_settings(&folder.root(), &[]);
        let shown = |problem: &FileProblem| {
            let span = problem.span.start.to_usize()..problem.span.end.to_usize();
            format!("{}: {}", text.get(span).unwrap(), problem.message)
        };
        let shown: Vec<String> = read.in_file.iter().map(shown).collect();
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert!(shown[0].starts_with("['a/', 'x[z-a]']: files.ignore: invalid glob `x[z-a]`"));
        assert!(shown[1].starts_with("colour: colour: unknown setting"), "{shown:?}");
        assert_eq!(read.elsewhere.len(), 1);
        assert_eq!(Settings::layered(&read.layers, &[]).0.ignored_files, ["a/", "x[z-a]"]);
    }

    #[test]
    fn thousands_of_problems_are_counted() {
        let text: String = (0..5000).map(|number| format!("key{number} = 1\n")).collect();
        let read = read_vault_settings(&Folder::new(&[(SETTINGS_FILE, &text)]).root(), &[]);
        assert_eq!(read.in_file.len(), LISTED_PROBLEMS + 1);
        assert_eq!(read.in_file.last().unwrap().message, "4900 more problems");
    }

    #[test]
    fn a_vault_without_settings() {
        let read = read_vault_settings(&Folder::new(&[]).root(), &[]);
        assert_eq!((read.in_file, read.elsewhere), (vec![], vec![]));
        assert_eq!(Settings::layered(&read.layers, &[]).0, Settings::default());
    }
}
