//! Which names a file can get so that links can lead to it.

use crate::ide::change::ChangeError;
use crate::ide::links::escape::Position;
use crate::vault::VaultPath;

/// What separates the parts of a path, and what links of other tools give a meaning to (Obsidian's help,
/// "Supported characters for note names").
const RESERVED: [char; 3] = ['/', '\\', '^'];

/// Names that are devices in Windows in every folder, with any extension ("Naming Files, Paths, and
/// Namespaces").
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Checks that a file may be created at a path, or moved there, on every system that the vault may be opened
/// on: in no hidden folder, and with names that mean the same everywhere.
///
/// # Errors
///
/// Says what is wrong with one of its names.
pub fn new_place(path: &VaultPath) -> Result<(), ChangeError> {
    path.as_str().split('/').try_for_each(|name| {
        if let Some(reserved) = name.chars().find(|char| *char == '\\' || char.is_control()) {
            return Err(ChangeError::reserved(reserved));
        }
        if cfg!(windows) && name.contains(':') {
            return Err(ChangeError::reserved(':'));
        }
        if name.starts_with('.') || name.ends_with('.') {
            return Err(ChangeError::Unfit("one that neither begins nor ends with a dot"));
        }
        if name.ends_with(' ') || is_device(name) {
            return Err(ChangeError::Unfit("one that Windows can store, too"));
        }
        Ok(())
    })
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = |prefix: &str| {
        let number = stem.strip_prefix(prefix).and_then(|number| number.parse::<u8>().ok());
        number.is_some_and(|number| (1..=9).contains(&number))
    };
    DEVICES.contains(&&*stem) || numbered("com") || numbered("lpt")
}

/// Refuses a name that links could not lead to.
pub(crate) fn check_name(name: &str) -> Result<(), ChangeError> {
    if name.trim().is_empty() {
        return Err(ChangeError::Empty);
    }
    let is_reserved = |char: &char| RESERVED.contains(char) || Position::Target.rejects(*char);
    if let Some(reserved) = name.chars().find(is_reserved) {
        return Err(ChangeError::reserved(reserved));
    }
    if name.starts_with('.') || name.ends_with('.') {
        return Err(ChangeError::Unfit("one that neither begins nor ends with a dot"));
    }
    Ok(())
}

#[cfg(test)]
mod place_tests {
    use super::*;

    #[test]
    fn new_files_get_names_that_are_safe_everywhere() {
        let table = [
            ("a/b c.md", true),
            ("a/é: b.md", !cfg!(windows)),
            ("com.md", true),
            ("com10.md", true),
            ("console.md", true),
            (".git/hooks/x.md", false),
            ("a/.obsidian/x.md", false),
            ("..\\x.md", false),
            ("a\\b/x.md", false),
            ("a\u{7}.md", false),
            ("con.md", false),
            ("a/NUL", false),
            ("Com1.tar.md", false),
            ("lpt9/x.md", false),
            ("aux .md", false),
            ("a./x.md", false),
            ("a /x.md", false),
        ];
        for (path, is_fine) in table {
            let outcome = new_place(&VaultPath::resolve("", path).unwrap());
            assert_eq!(outcome.is_ok(), is_fine, "{path}: {outcome:?}");
        }
    }
}
