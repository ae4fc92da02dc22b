//! Paths of files in a vault: components joined by `/`, relative to the root, on every platform.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// The path of a file in its vault: `folder/note.md`. Never empty or absolute, without `.` and `..`
/// components.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VaultPath(Arc<str>);

/// Why a text is not the path of a file in the vault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PathError {
    /// It leads out of the vault.
    OutsideVault,
    /// It names the root itself, or nothing.
    Empty,
}

impl VaultPath {
    /// Returns the path that `path` names when read in `folder`, both with `/`. Drops `.` and empty
    /// components and resolves `..`.
    ///
    /// # Errors
    ///
    /// Fails if the path leads out of the vault or names no file.
    pub fn resolve(folder: &str, path: &str) -> Result<VaultPath, PathError> {
        let mut components: Vec<&str> = Vec::new();
        for component in folder.split('/').chain(path.split('/')) {
            match component {
                "" | "." => {}
                ".." => {
                    components.pop().ok_or(PathError::OutsideVault)?;
                }
                name => components.push(name),
            }
        }
        if components.is_empty() {
            return Err(PathError::Empty);
        }
        Ok(VaultPath(components.join("/").into()))
    }

    /// Returns the path as text: `folder/note.md`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the folder: `a/b` of `a/b/c.md`, empty for a file in the root.
    pub fn folder(&self) -> &str {
        let slash = memchr::memrchr(b'/', self.0.as_bytes());
        slash.and_then(|slash| self.0.get(..slash)).unwrap_or_default()
    }

    /// Returns the last component: `c.md` of `a/b/c.md`.
    pub fn file_name(&self) -> &str {
        last_component(&self.0)
    }

    /// Returns the file name without the extension of a note: `c` of `a/b/c.md`. The whole file name for an
    /// attachment.
    pub fn stem(&self) -> &str {
        without_note_extension(self.file_name())
    }

    /// Returns the path without the extension of a note: `a/b/c` of `a/b/c.md`.
    pub fn without_extension(&self) -> &str {
        without_note_extension(&self.0)
    }

    /// Returns whether the file is a note by its name: `.md` or `.markdown`, in any case.
    pub fn is_note(&self) -> bool {
        self.stem().len() < self.file_name().len()
    }

    /// Returns whether the stem is that of the note of any folder: `index`, `README`, and `_index` of a
    /// section in Hugo.
    pub(crate) fn is_index(&self) -> bool {
        is_index_name(self.stem())
    }

    /// Returns whether another path parts from this one in folders of two languages.
    pub(crate) fn is_translated(&self, other: &VaultPath) -> bool {
        let pairs = self.folder().split('/').zip(other.folder().split('/'));
        let mut differing = pairs.skip_while(|(one, other)| one == other);
        differing.next().is_some_and(|(one, other)| is_language(one) && is_language(other))
    }

    /// Returns the folder whose note this is: `a/b` for `a/b/index.md`, `a/b/README.md`, `a/b/_index.md` and
    /// `a/b/b.md`. A link to the folder leads to such a note. `None` for other files and in the vault's root.
    pub fn stands_for_folder(&self) -> Option<&str> {
        let folder = self.folder();
        let is_meant = self.is_index() || self.stem() == last_component(folder);
        (is_meant && self.is_note() && !folder.is_empty()).then_some(folder)
    }

    /// Returns the path of the page that a generator makes of an attachment: `a/b` for `a/b.mdx` and
    /// `a/b/index.html`. `None` for notes, whose extension is optional anyway, and for all other files.
    pub(crate) fn as_page(&self) -> Option<&str> {
        let (page, extension) = self.0.rsplit_once('.')?;
        let is_page = PAGE_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
            || PROGRAM_EXTENSIONS.contains(&extension) && page.split('/').any(|name| name == "pages");
        let page = Some(page).filter(|_| is_page && !self.is_note())?;
        let folder = page.rsplit_once('/').filter(|(_, name)| is_index_name(name)).map(|(folder, _)| folder);
        Some(folder.unwrap_or(page)).filter(|page| !last_component(page).is_empty())
    }

    /// Returns every folder that the file lies in, the innermost first: `a/b`, `a` for `a/b/c.md`.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(Some(self.folder()).filter(|folder| !folder.is_empty()), |folder| {
            folder.rsplit_once('/').map(|(outer, _)| outer)
        })
    }

    /// Returns whether the file lies somewhere below `folder`.
    pub fn lies_below(&self, folder: &str) -> bool {
        self.0.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// The extensions of other files that generators make pages of: those of MDX, Astro and Jupyter, and what
/// Hugo and Jekyll take besides Markdown.
const PAGE_EXTENSIONS: [&str; 6] = ["mdx", "html", "astro", "adoc", "rst", "ipynb"];

/// The extensions of programs that generators make pages of, in folders called `pages` (Docusaurus, Astro).
const PROGRAM_EXTENSIONS: [&str; 5] = ["js", "jsx", "ts", "tsx", "vue"];

/// Returns whether a folder may be that of a language: `de`, `zh-hant`, `pt_BR`.
pub(crate) fn is_language(name: &str) -> bool {
    let (language, region) = name.split_once(['-', '_']).unwrap_or((name, "XX"));
    let is_letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    language.len() == 2 && (2..=4).contains(&region.len()) && is_letters(language) && is_letters(region)
}

fn is_index_name(name: &str) -> bool {
    ["index", "readme", "_index"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Returns what follows the last `/`: `b` of `a/b`, all of a path without one.
pub fn last_component(path: &str) -> &str {
    let slash = memchr::memrchr(b'/', path.as_bytes());
    slash.and_then(|slash| path.get(slash + 1..)).unwrap_or(path)
}

/// Returns whether a path begins at the folder that it is read in, and says so: `./b`, `../b`.
pub fn is_relative(path: &str) -> bool {
    path.starts_with("./") || path.starts_with("../")
}

/// Returns whether a path says where it begins: `./b`, `../b`, and `/b` at the root.
pub(crate) fn is_anchored(path: &str) -> bool {
    is_relative(path) || path.starts_with('/')
}

/// The extensions of notes, in lower case, without the dot.
const NOTE_EXTENSIONS: [&str; 2] = ["md", "markdown"];
/// The length of the longest of them, in bytes.
const LONGEST_EXTENSION: usize = 8;

/// Returns a name or path without the extension of a note; unchanged if it has none or consists of it.
pub fn without_note_extension(name: &str) -> &str {
    // None is longer, and most names have none.
    let tail = name.len().saturating_sub(LONGEST_EXTENSION + 1);
    let dot = memchr::memrchr(b'.', name.as_bytes().get(tail..).unwrap_or_default());
    let parts = dot.and_then(|dot| Some((name.get(..tail + dot)?, name.get(tail + dot + 1..)?)));
    match parts {
        Some((stem, extension))
            if !stem.is_empty()
                && !stem.ends_with('/')
                && NOTE_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)) =>
        {
            stem
        }
        _ => name,
    }
}

/// Returns the number of steps from one folder to another, up to the common folder and down: 2 from `a/b` to
/// `a/c`.
pub fn folder_distance(from: &str, to: &str) -> usize {
    let mut from = from.split('/').filter(|part| !part.is_empty()).peekable();
    let mut to = to.split('/').filter(|part| !part.is_empty()).peekable();
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    from.count() + to.count()
}

/// Returns the relative path from a folder to a path, both from the root: `../c/d` from `a/b` to `a/c/d`.
/// Without `./` where it leads only down.
pub fn relative_path(folder: &str, path: &str) -> String {
    let components = |path: &'_ str| path.split('/').filter(|component| !component.is_empty()).count();
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    let pairs = folder.split('/').zip(above.split('/'));
    let common = pairs.take_while(|(one, other)| one == other && !one.is_empty()).count();
    let mut way = "../".repeat(components(folder).saturating_sub(common));
    for component in above.split('/').filter(|component| !component.is_empty()).skip(common) {
        way.push_str(component);
        way.push('/');
    }
    way.push_str(name);
    way
}

/// Returns the [`relative_path`] with a `./` where it leads down only: `./c` from `a` to `a/c`.
pub fn dotted_relative_path(folder: &str, path: &str) -> String {
    let way = relative_path(folder, path);
    if is_relative(&way) { way } else { format!("./{way}") }
}

impl Borrow<str> for VaultPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VaultPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for VaultPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_climb_but_never_leave() {
        let path = |folder, path| VaultPath::resolve(folder, path).map(|path| path.to_string());
        assert_eq!(path("a/b", "../c.md"), Ok("a/c.md".into()));
        assert_eq!(path("a", "./b//c.md"), Ok("a/b/c.md".into()));
        assert_eq!(path("a", "../../c.md"), Err(PathError::OutsideVault));
        assert_eq!(path("a", ".."), Err(PathError::Empty));
    }

    #[test]
    fn translations_part_in_folders_of_languages() {
        for (one, other, is_translated) in [
            ("de/a.md", "pt-BR/x/a.md", true),
            ("docs/de/a.md", "docs/en/a.md", true),
            ("docs/de/x/a.md", "docs/de/y/a.md", false),
            ("de/a.md", "a.md", false),
            ("de/a.md", "docs/a.md", false),
        ] {
            let [one, other] = [one, other].map(|path| VaultPath::resolve("", path).unwrap());
            assert_eq!(one.is_translated(&other), is_translated, "{one} {other}");
        }
    }

    #[test]
    fn parts_of_a_path() {
        let path = VaultPath::resolve("", "a/v1.2.MD").unwrap();
        assert_eq!((path.folder(), path.stem(), path.is_note()), ("a", "v1.2", true));
        let hidden = VaultPath::resolve("a", ".md").unwrap();
        assert_eq!((hidden.stem(), hidden.is_note()), (".md", false));
        assert_eq!(VaultPath::resolve("a/b", "README.md").unwrap().stands_for_folder(), Some("a/b"));
        assert_eq!(VaultPath::resolve("", "README.md").unwrap().stands_for_folder(), None);
        assert_eq!(VaultPath::resolve("a/b", "b.md").unwrap().stands_for_folder(), Some("a/b"));
        assert_eq!(VaultPath::resolve("a/b", "c.md").unwrap().folders().collect::<Vec<_>>(), ["a/b", "a"]);
        assert_eq!(VaultPath::resolve("a/b", "_index.md").unwrap().stands_for_folder(), Some("a/b"));
        for (path, page) in [
            ("a/b.mdx", Some("a/b")),
            ("a/b/index.HTML", Some("a/b")),
            ("index.mdx", Some("index")),
            ("a/b.md", None),
            ("a/b.png", None),
            ("src/pages/b.tsx", Some("src/pages/b")),
            ("src/b.tsx", None),
            ("a/.mdx", None),
        ] {
            assert_eq!(VaultPath::resolve("", path).unwrap().as_page(), page, "{path}");
        }
        assert!(VaultPath::resolve("a/b", "c.md").unwrap().lies_below("a"));
        assert!(!VaultPath::resolve("ab", "c.md").unwrap().lies_below("a"));
    }

    #[test]
    fn ways_lead_up_and_down() {
        assert_eq!(relative_path("a/b", "a/c/d.md"), "../c/d.md");
        assert_eq!(relative_path("", "a/d.md"), "a/d.md");
        assert_eq!(relative_path("a/b", "d.md"), "../../d.md");
        assert_eq!(relative_path("a/b", "a/b/d.md"), "d.md");
        assert_eq!(relative_path("ab", "a/d.md"), "../a/d.md");
    }

    #[test]
    fn distance_counts_steps() {
        assert_eq!(folder_distance("a/b", "a/c/d"), 3);
        assert_eq!(folder_distance("", "a"), 1);
        assert_eq!(folder_distance("a/b", "a/b"), 0);
        assert_eq!(folder_distance("ab", "a"), 2);
    }
}
