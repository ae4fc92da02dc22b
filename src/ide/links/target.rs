//! The target of a link, written anew for a file that lies elsewhere now, in the style of its author.

use std::borrow::Cow;

use crate::syntax::{Link, decode_destination};
use crate::vault::{VaultPath, fold, last_component, loose, relative_path, without_note_extension};

use crate::ide::links::escape::{Part, encode, encode_in_brackets};

/// What a link says about the file that it leads to, and how.
#[derive(Clone, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) link: &'a Link,
    /// As it is written.
    pub(crate) raw: &'a str,
    /// What that says.
    pub(crate) decoded: &'a str,
    /// Whether it stands between `<` and `>`.
    pub(crate) is_bracketed: bool,
    /// The folder of the note that holds the link.
    pub(crate) folder: &'a str,
    /// The file that it leads to.
    pub(crate) file: &'a VaultPath,
}

/// Where the path of a target begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Start {
    /// At the folder of the note: `../b`, and `b` in a Markdown link.
    Note,
    /// At the root, and says so: `/a/b`.
    Slash,
    /// At the root: `a/b`.
    Root,
    /// Anywhere: the last components of the path, as many as are written.
    Anywhere(usize),
}

impl Target<'_> {
    /// What the target could say, the likest to what it says now first, when its file lies at `file` and its note in
    /// `folder`. The last ones name the file by its whole path, and so no other, if a link of this kind can at all.
    pub(crate) fn candidates(&self, folder: &str, file: &VaultPath) -> Vec<String> {
        let mut candidates = Vec::new();
        let slash = if self.name().ends_with('/') { "/" } else { "" };
        if let Some(stands_for) = file.stands_for_folder().filter(|_| self.names_folder()) {
            self.add_candidates(folder, stands_for, slash, &mut candidates);
        }
        let (stem, whole) = (file.without_extension(), file.as_str());
        let has_extension = self.decoded.len() > self.name().len();
        let (base, behind) = if has_extension { (whole, "") } else { (stem, slash) };
        self.add_candidates(folder, base, behind, &mut candidates);
        candidates.push(whole.to_owned());
        candidates
    }

    fn add_candidates(&self, folder: &str, base: &str, behind: &str, candidates: &mut Vec<String>) {
        let components = base.split('/').count();
        let mut add = |candidate: &str| candidates.push(format!("{candidate}{behind}"));
        match self.start() {
            Start::Note => add(&self.relative(folder, base)),
            Start::Slash => {}
            Start::Root => add(base),
            Start::Anywhere(count) => {
                (count.min(components)..=components).for_each(|count| add(last_components(base, count)));
            }
        }
        add(&format!("/{base}"));
    }

    /// Whether the target, as it is, begins at its note and leads to `file` from `folder`. One that does not begin there
    /// may always stay.
    pub(crate) fn still_begins_right(&self, folder: &str, file: &VaultPath) -> bool {
        self.start() != Start::Note || names(folder, self.name(), file)
    }

    /// A candidate as its author would write it: what both have in common to the letter, and the rest encoded where the
    /// link needs it.
    pub(crate) fn write(&self, candidate: &str) -> String {
        if self.link.kind.is_wiki() {
            return candidate.to_owned();
        }
        let known: Vec<(Cow<'_, str>, &str)> =
            self.raw.split('/').map(|raw| (decode_destination(raw), raw)).collect();
        let component = |component: &str| {
            let same = known.iter().find(|(decoded, _)| decoded == component);
            same.map_or_else(|| self.encode(component), |(_, raw)| (*raw).to_owned())
        };
        candidate.split('/').map(component).collect::<Vec<String>>().join("/")
    }

    fn encode(&self, component: &str) -> String {
        if self.is_bracketed && !self.raw.contains("%20") {
            return encode_in_brackets(component);
        }
        encode(component, Part::Component, self.raw)
    }

    /// The target without the extension of a note.
    fn name(&self) -> &str {
        without_note_extension(self.decoded)
    }

    fn start(&self) -> Start {
        let name = self.name();
        let is_relative = name.starts_with("./") || name.starts_with("../") || matches!(name, "." | "..");
        let components = name.split('/').filter(|component| !component.is_empty()).count();
        let from_root = || VaultPath::resolve("", name).is_ok_and(|path| leads_to(&path, self.file));
        if name.starts_with('/') {
            Start::Slash
        } else if is_relative || !self.link.kind.is_wiki() && names(self.folder, name, self.file) {
            Start::Note
        } else if components > 1 && from_root() {
            Start::Root
        } else {
            Start::Anywhere(components)
        }
    }

    /// Whether the target names the folder that its file stands for: `sub` for `sub/index.md`.
    fn names_folder(&self) -> bool {
        let last = loose(last_component(self.name().trim_end_matches('/')));
        let is_it = |folder: &str| last == loose(last_component(folder));
        last != loose(self.file.stem()) && self.file.stands_for_folder().is_some_and(is_it)
    }

    /// From the folder of the note, down without `./` unless the author writes it.
    fn relative(&self, folder: &str, base: &str) -> String {
        let path = relative_path(folder, base);
        let needs_dot = self.decoded.starts_with("./") || self.link.kind.is_wiki();
        if needs_dot && !path.starts_with("../") { format!("./{path}") } else { path }
    }
}

/// Whether a name that is read in a folder is the path of a file, in any case.
pub(in crate::ide) fn names(folder: &str, name: &str, file: &VaultPath) -> bool {
    let folder = if name.starts_with('/') { "" } else { folder };
    VaultPath::resolve(folder, name).is_ok_and(|path| leads_to(&path, file))
}

fn leads_to(path: &VaultPath, file: &VaultPath) -> bool {
    let path = fold(path.as_str());
    fold(file.without_extension()) == path
        || fold(file.as_str()) == path
        || file.stands_for_folder().is_some_and(|folder| fold(folder) == path)
}

/// `b/c` for 2 of `a/b/c`.
fn last_components(path: &str, count: usize) -> &str {
    let start = path.rmatch_indices('/').nth(count.saturating_sub(1)).map_or(0, |(at, _)| at + 1);
    path.get(start..).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_counted_from_the_end() {
        assert_eq!([1, 2, 3, 4].map(|count| last_components("a/b/c", count)), ["c", "b/c", "a/b/c", "a/b/c"]);
    }
}
