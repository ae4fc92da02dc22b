//! The one place that writes the targets of links: it tries the texts that a style allows on the state after
//! a change and takes the first one that leads to what is wanted.

use std::borrow::Cow;
use std::iter::once_with;

use crate::config::LinkPaths;
use crate::syntax::{Link, LinkKind, decode_destination, decode_link_part};
use crate::text::Span;
use crate::vault::{
    FileId, Found, Key, LinkStyle, NoteRef, Resolution, Snapshot, Tier, VaultPath, dotted_relative_path,
    fold, is_relative, last_component, loose, page_folder, relative_path, without_note_extension,
    without_query,
};

use crate::ide::change::Edit;
use crate::ide::links::escape::Position;
use crate::ide::links::pipe::Pipe;

/// What a target must lead to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wanted<'a> {
    File {
        file: FileId,
        /// The least exact tier that will do.
        worst: Tier,
        /// Which other files may have the name too.
        others: Others,
    },
    /// A folder without a note of its own, by a Markdown link.
    Folder(&'a VaultPath),
}

/// Which files may have the name that a target names a file by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Others {
    /// No other file: the target leads there from any note, in any program.
    None,
    /// Files that are farther from the note.
    Farther,
    /// Any others.
    Any,
}

impl Wanted<'_> {
    /// A file by its path or name, to the letter.
    pub(crate) fn exactly(file: FileId, others: Others) -> Wanted<'static> {
        Wanted::File { file, worst: Tier::Name, others }
    }

    /// A file by any name.
    pub(crate) fn by_any_name(file: FileId) -> Wanted<'static> {
        Wanted::File { file, worst: Tier::Loose, others: Others::Any }
    }

    /// A file as clearly as a link led to its file before.
    pub(crate) fn as_before(file: FileId, was: &Found) -> Wanted<'static> {
        let others = if was.is_ambiguous { Others::Any } else { Others::Farther };
        Wanted::File { file, worst: was.tier.max(Tier::Name), others }
    }

    fn path<'a>(&'a self, after: &'a Snapshot) -> Option<&'a VaultPath> {
        match self {
            Wanted::File { file, .. } => after.file(*file).map(|file| &file.path),
            Wanted::Folder(path) => Some(path),
        }
    }

    /// Returns whether a target leads there in a link of `kind` that stands in a note of `folder`.
    pub(crate) fn is_met(&self, after: &Snapshot, folder: &str, kind: LinkKind, target: &str) -> bool {
        match (self, after.resolve_target(folder, kind, target)) {
            (Wanted::File { file, worst, others }, Resolution::Found(found)) => {
                let is_clear = match others {
                    Others::None => found.all.len() == 1,
                    Others::Farther => !found.is_ambiguous,
                    Others::Any => true,
                };
                found.best == *file && found.tier <= *worst && is_clear
            }
            (Wanted::Folder(path), Resolution::Folder) => resolved(folder, target).as_ref() == Some(*path),
            _ => false,
        }
    }
}

/// Where the path of a target begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Start {
    /// At the folder of the note: `../b`, `./b`, and `b` unless it `has_dot`.
    Note { has_dot: bool },
    /// At the root, and says so: `/a/b`.
    Slash,
    /// At the root: `a/b`.
    Root,
    /// Anywhere: the last components of the path, at least so many.
    Anywhere(usize),
}

/// How a target names its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TargetStyle {
    start: Start,
    /// `b.md` and not `b`.
    has_extension: bool,
    /// `b/` and not `b`.
    ends_with_slash: bool,
    /// `sub` for `sub/index.md`.
    names_folder: bool,
}

impl TargetStyle {
    /// The style of new links of a vault.
    pub(crate) fn of_vault(style: &LinkStyle, kind: LinkKind) -> TargetStyle {
        if !kind.is_wiki() {
            return TargetStyle::markdown(style.is_markdown_rooted);
        }
        let start = match style.paths {
            LinkPaths::Relative => Start::Note { has_dot: false },
            LinkPaths::Root if style.is_rooted_with_slash => Start::Slash,
            LinkPaths::Root => Start::Root,
            LinkPaths::Auto | LinkPaths::Shortest => Start::Anywhere(1),
        };
        TargetStyle { start, has_extension: false, ends_with_slash: false, names_folder: false }
    }

    /// The style of a Markdown link with a path from the root or from its note.
    pub(crate) fn markdown(is_rooted: bool) -> TargetStyle {
        let start = if is_rooted { Start::Slash } else { Start::Note { has_dot: false } };
        TargetStyle { start, has_extension: true, ends_with_slash: false, names_folder: false }
    }

    /// The style of the author of a `target`, decoded, that leads from a note of `folder` to `file`.
    fn of_author(folder: &str, kind: LinkKind, target: &str, file: &VaultPath) -> TargetStyle {
        let name = without_note_extension(target);
        let components = name.split('/').filter(|component| !component.is_empty()).count();
        let is_from_root = || resolved("", name).is_some_and(|path| is_path_of(&path, file));
        let start = if name.starts_with('/') {
            Start::Slash
        } else if is_relative(name) || matches!(name, "." | "..") {
            Start::Note { has_dot: kind.is_wiki() || name.starts_with("./") }
        } else if !kind.is_wiki() && names(folder, name, file) {
            Start::Note { has_dot: false }
        } else if components > 1 && is_from_root() {
            Start::Root
        } else {
            Start::Anywhere(components)
        };
        let last = loose(last_component(name.trim_end_matches('/')));
        let is_last = |folder: &str| last == loose(last_component(folder));
        TargetStyle {
            start,
            has_extension: name.len() < target.len(),
            ends_with_slash: name.ends_with('/'),
            names_folder: last != loose(file.stem()) && file.stands_for_folder().is_some_and(is_last),
        }
    }

    /// The texts that could name a file, in a note of `folder`: first those of the style, then those that
    /// name the file by its whole path, and so no other if a link of this kind can at all.
    fn candidates<'a>(
        self,
        kind: LinkKind,
        folder: &'a str,
        file: &'a VaultPath,
    ) -> impl Iterator<Item = Cow<'a, str>> {
        let end = if self.ends_with_slash { "/" } else { "" };
        let (whole, stem) = (file.as_str(), file.without_extension());
        let stands_for = file.stands_for_folder().filter(|_| self.names_folder);
        let own = if self.has_extension { (whole, "") } else { (stem, end) };
        let styled = stands_for.map(|folder| (folder, end)).into_iter().chain([own]);
        let styled = styled.flat_map(move |(base, end)| {
            let with_end = move |name: Cow<'a, str>| if end.is_empty() { name } else { name + end };
            self.forms(folder, base).map(with_end)
        });
        let is_wiki = kind.is_wiki();
        let rooted = is_wiki.then(|| once_with(move || format!("/{whole}").into()));
        let whole =
            once_with(move || if is_wiki { whole.into() } else { relative_path(folder, whole).into() });
        let components = if is_wiki { stem.split('/').count() } else { 0 };
        let ends = (1..=components).map(move |count| last_components(stem, count).into());
        styled.chain(whole).chain(ends).chain(rooted.into_iter().flatten())
    }

    /// What the style allows for the path `base`, and then its path from the root.
    fn forms<'a>(self, folder: &'a str, base: &'a str) -> impl Iterator<Item = Cow<'a, str>> {
        let components = base.split('/').count();
        let least = match self.start {
            Start::Anywhere(count) => count.clamp(1, components),
            Start::Root => components,
            Start::Note { .. } | Start::Slash => components + 1,
        };
        let ends = (least..=components).map(move |count| last_components(base, count).into());
        let is_plain = self.start == Start::Note { has_dot: false };
        let plain = is_plain.then(|| once_with(move || relative_path(folder, base).into()));
        let is_dotted = matches!(self.start, Start::Note { .. });
        let dotted = is_dotted.then(|| once_with(move || dotted_relative_path(folder, base).into()));
        let from_root = once_with(move || format!("/{base}").into());
        plain.into_iter().flatten().chain(dotted.into_iter().flatten()).chain(ends).chain(from_root)
    }

    /// Returns whether a Markdown target that is to begin at its note does, as every other tool reads it.
    fn begins_right(self, kind: LinkKind, folder: &str, target: &str, file: &VaultPath) -> bool {
        let begins_at_note = !kind.is_wiki() && matches!(self.start, Start::Note { .. });
        !begins_at_note || names(folder, without_note_extension(target), file)
    }
}

/// Writes a target, not encoded yet, for a link of `kind` in a note of `folder`: the first text of the style
/// that can stand in such a link and leads to what is wanted on the state `after` the change. `None` if none
/// does. Resolves one text after the other; the first one does as a rule.
pub(crate) fn write_target(
    after: &Snapshot,
    (folder, kind): (&str, LinkKind),
    wanted: Wanted<'_>,
    style: TargetStyle,
) -> Option<String> {
    let path = wanted.path(after)?;
    let can_stand = |name: &str| !kind.is_wiki() || Position::Target.can_hold(name);
    let leads_there = |name: &Cow<'_, str>| {
        can_stand(name)
            && style.begins_right(kind, folder, name, path)
            && wanted.is_met(after, folder, kind, name)
    };
    style.candidates(kind, folder, path).find(leads_there).map(Cow::into_owned)
}

/// The target of a link that is there.
pub(crate) struct WrittenTarget<'a> {
    link: &'a Link,
    /// As it is written.
    raw: Cow<'a, str>,
    /// What that says.
    pub(crate) decoded: String,
    position: Position,
    style: TargetStyle,
    /// The file that it leads to, or is to lead to.
    file: &'a VaultPath,
}

impl<'a> WrittenTarget<'a> {
    /// The target of a link of `source` that leads to a file or folder, or is to lead there in the form that
    /// it has.
    pub(crate) fn new(source: &NoteRef<'a>, link: &'a Link, file: &'a VaultPath) -> WrittenTarget<'a> {
        let raw = source.note.slice(link.target);
        let decoded = decode_link_part(link, &raw);
        let has_query = !link.kind.is_wiki() && !file.file_name().contains('?');
        let decoded = without_query(&decoded).filter(|_| has_query).unwrap_or(&decoded).to_owned();
        let position = Position::target_of(source, link, &raw);
        let style = TargetStyle::of_author(source.path.folder(), link.kind, &decoded, file);
        WrittenTarget { link, raw, decoded, position, style, file }
    }

    /// The same, to be written in the style of new links.
    pub(crate) fn with_style_of_vault(self, style: &LinkStyle) -> WrittenTarget<'a> {
        WrittenTarget { style: TargetStyle::of_vault(style, self.link.kind), ..self }
    }

    /// Returns whether the target as it is leads to what is wanted from a note of `folder`.
    pub(crate) fn may_stay(&self, after: &Snapshot, folder: &str, wanted: Wanted<'_>) -> bool {
        let path = wanted.path(after).unwrap_or(self.file);
        self.style.begins_right(self.link.kind, folder, &self.decoded, path)
            && self.site_of(path) == self.site_of(self.file)
            && self.says_extension_of(path) == self.says_extension_of(self.file)
            && wanted.is_met(after, folder, self.link.kind, &self.decoded)
    }

    /// Returns whether the target says no other extension of a note than that of this file.
    fn says_extension_of(&self, path: &VaultPath) -> bool {
        let name = without_note_extension(&self.decoded);
        path.as_str().ends_with(self.decoded.get(name.len()..).unwrap_or_default())
    }

    /// Returns the folder from which the target is a path, if it begins with a slash and leads to `path`.
    fn site_of<'p>(&self, path: &'p VaultPath) -> Option<&'p str> {
        let written = without_note_extension(self.decoded.strip_prefix('/')?.trim_end_matches('/'));
        without_note_extension(path.as_str()).strip_suffix(written)
    }

    /// Returns a target from the root without the folder that a generator makes the site of, if the target
    /// that the author wrote lacks it, and leads to what is wanted also without.
    fn below_site_root(
        &self,
        target: &str,
        after: &Snapshot,
        folder: &str,
        wanted: Wanted<'_>,
    ) -> Option<String> {
        let site = self.site_of(self.file)?;
        let below = target.strip_prefix('/')?.strip_prefix(site).filter(|_| site.ends_with('/'))?;
        let target = format!("/{below}");
        wanted.is_met(after, folder, self.link.kind, &target).then_some(target)
    }

    /// Writes the target anew so that it leads to what is wanted from a note of `folder`: in the style that
    /// it has, and to the letter as far as old and new have components in common.
    pub(crate) fn rewrite(&self, after: &Snapshot, folder: &str, wanted: Wanted<'_>) -> Option<Edit> {
        let target = write_target(after, (folder, self.link.kind), wanted, self.style)?;
        self.edit_to(self.below_site_root(&target, after, folder, wanted).unwrap_or(target))
    }

    /// Returns the address of the page of a file in its site, for a link in the note at `home`, in the form
    /// that the target has: relative to a page, or from the root with what it has before the folders.
    pub(crate) fn site_address(&self, home: &VaultPath, file: &VaultPath) -> Option<String> {
        let (before, after) = (page_address(self.file), page_address(file));
        let (name, end) = ["/", ".html"]
            .iter()
            .find_map(|end| Some((self.decoded.strip_suffix(end)?, *end)))
            .unwrap_or((&self.decoded, ""));
        let Some(rooted) = name.strip_prefix('/') else {
            return Some(relative_path(page_folder(home), after) + end);
        };
        let pairs = rooted.rsplit('/').zip(before.rsplit('/'));
        let common = pairs.take_while(|(one, other)| one == other).count();
        let rest = after.strip_prefix(before.strip_suffix(last_components(before, common))?)?;
        let base = rooted.strip_suffix(last_components(rooted, common))?;
        (common > 0).then(|| format!("/{base}{rest}{end}"))
    }

    /// Returns the edit that writes another target, to the letter as far as old and new have components in
    /// common.
    pub(crate) fn edit_to(&self, target: String) -> Option<Edit> {
        if self.link.kind.is_wiki() {
            return Some(Edit::replace(self.link.target, target));
        }
        let is_kept = |_: &(&str, &str)| !self.decoded.contains('?');
        let (raw, query) = match self.raw.split_once('?').filter(is_kept) {
            Some((path, _)) => (path, self.raw.get(path.len()..).unwrap_or_default()),
            None => (&*self.raw, ""),
        };
        let known: Vec<_> = raw.split('/').map(|raw| (decode_destination(raw), raw)).collect();
        let component = |component: &str| match known.iter().find(|(decoded, _)| decoded == component) {
            Some((_, raw)) => Some((*raw).to_owned()),
            None => self.position.write(component).map(Cow::into_owned),
        };
        let components = target.split('/').map(component).collect::<Option<Vec<String>>>()?;
        Some(Edit::replace(self.link.target, components.join("/") + query))
    }
}

/// Returns the path of the page of a file: that of its folder for an index, else without the extension.
fn page_address(path: &VaultPath) -> &str {
    let folder = path.stands_for_folder().filter(|_| path.is_index());
    folder.or_else(|| path.as_page()).unwrap_or(path.without_extension())
}

/// Writes the target of a link of `source` so that it leads to `file` by its path or name to the letter. A
/// note that shares its name with another one is named by its path. A wikilink without display text shows the
/// new target.
pub(crate) fn edit_to_name(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    link: &Link,
    file: FileId,
) -> Option<Edit> {
    let path = &vault.file(file)?.path;
    let worst = if shares_name(vault, file) { Tier::Path } else { Tier::Name };
    let wanted = Wanted::File { file, worst, others: Others::Farther };
    let edit = WrittenTarget::new(source, link, path).rewrite(vault, source.path.folder(), wanted)?;
    fits_where_it_stands(source, link, &edit.new_text).then_some(edit)
}

/// The same with the edit after which the link shows what it shows now.
pub(crate) fn edits_to_name(
    vault: &Snapshot,
    source: &NoteRef<'_>,
    link: &Link,
    file: FileId,
) -> Option<Vec<Edit>> {
    let mut edits = vec![edit_to_name(vault, source, link, file)?];
    edits.extend(shown_as_before(source, link));
    Some(edits)
}

/// Returns whether another note has the name of this one, in any case.
pub(crate) fn shares_name(vault: &Snapshot, file: FileId) -> bool {
    let Some(note) = vault.note(file) else { return false };
    let stem = fold(note.path.stem());
    let others = vault.definers(Key::name(note.path.stem())).iter().filter(|other| **other != file);
    others.into_iter().filter_map(|other| vault.note(*other)).any(|other| fold(other.path.stem()) == stem)
}

/// Returns whether a text can be written in a link: in the front matter it must not end the string of YAML
/// that it stands in.
pub(crate) fn fits_where_it_stands(source: &NoteRef<'_>, link: &Link, text: &str) -> bool {
    let front_matter = source.note.parsed.front_matter.as_ref();
    let is_in_yaml = front_matter.is_some_and(|front_matter| front_matter.span.covers(link.span));
    !is_in_yaml || !text.contains(['"', '\'', '\\'])
}

/// A wikilink without display text shows its target. Returns the edit after which it shows that with another
/// target.
pub(crate) fn shown_as_before(source: &NoteRef<'_>, link: &Link) -> Option<Edit> {
    let is_plain = link.kind == LinkKind::Wikilink && link.display.is_none();
    let end = link.fragment.unwrap_or(link.target).end;
    is_plain.then(|| {
        let bar = Pipe::at(source.note, link.span.start).as_str();
        Edit::replace(Span::empty(end), format!("{bar}{}", source.note.slice(link.target)))
    })
}

/// Returns whether a name that is read in a folder is the path of a file, in any case.
fn names(folder: &str, name: &str, file: &VaultPath) -> bool {
    resolved(folder, name).is_some_and(|path| is_path_of(&path, file))
}

/// The path that a target means which begins at its note or says that it begins at the root.
pub(crate) fn resolved(folder: &str, target: &str) -> Option<VaultPath> {
    VaultPath::resolve(if target.starts_with('/') { "" } else { folder }, target).ok()
}

fn is_path_of(path: &VaultPath, file: &VaultPath) -> bool {
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
    use crate::ide::fixture;

    #[test]
    fn components_are_counted_from_the_end() {
        assert_eq!([1, 2, 3, 4].map(|count| last_components("a/b/c", count)), ["c", "b/c", "a/b/c", "a/b/c"]);
    }

    #[test]
    fn candidates_follow_the_style() {
        let path = VaultPath::resolve("", "a/b/c.md").unwrap();
        let candidates = |kind: LinkKind, target: &str| {
            let style = TargetStyle::of_author("a", kind, target, &path);
            style.candidates(kind, "x", &path).map(Cow::into_owned).take(3).collect::<Vec<_>>().join(" ")
        };
        for (target, expected) in [
            ("c", "c b/c a/b/c"),
            ("b/c", "b/c a/b/c /a/b/c"),
            ("a/b/c", "a/b/c /a/b/c a/b/c.md"),
            ("/a/b/c.md", "/a/b/c.md a/b/c.md c"),
            ("./b/c", "../a/b/c /a/b/c a/b/c.md"),
        ] {
            assert_eq!(candidates(LinkKind::Wikilink, target), expected, "{target}");
        }
        for (target, expected) in [
            ("b/c.md", "../a/b/c.md ../a/b/c.md /a/b/c.md"),
            ("/a/b/c.md", "/a/b/c.md ../a/b/c.md"),
            ("a/b/c.md", "a/b/c.md /a/b/c.md ../a/b/c.md"),
        ] {
            assert_eq!(candidates(LinkKind::Inline, target), expected, "{target}");
        }
    }

    #[test]
    fn what_cannot_stand_in_a_link_is_left_out_of_the_path() {
        let (vault, _) = fixture::vault("//- a.md\n//- x#y/b.md\n//- x#y/z/c.md\n//- c.md\n//- d#e.md\n");
        for (path, expected) in
            [("x#y/b.md", Some("b")), ("x#y/z/c.md", Some("z/c")), ("c.md", Some("/c")), ("d#e.md", None)]
        {
            let file = vault.find(path).unwrap();
            let style = TargetStyle::of_author("", LinkKind::Wikilink, "/c", &vault.file(file).unwrap().path);
            let written =
                write_target(&vault, ("", LinkKind::Wikilink), Wanted::exactly(file, Others::None), style);
            assert_eq!(written.as_deref(), expected, "{path}");
        }
    }
}
