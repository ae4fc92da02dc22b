//! Resolution: which file a link leads to.
//!
//! Computed from a few candidates on each call and stored nowhere, so that it is never stale: a new note
//! resolves the links that name it without any update.

use std::borrow::Cow;
use std::cell::OnceCell;

use smallvec::SmallVec;

use crate::config::Profile;
use crate::syntax::{Link, LinkKind, decode_link_part};
use crate::vault::model::{File, NoteRef, Snapshot};
use crate::vault::names::{
    FileId, Key, PathError, VaultPath, address_name, dated_name, fold, folder_distance, is_anchored,
    is_relative, journal_title, last_component, loose, note_number, page_of, without_note_extension,
    without_query,
};

/// The result of resolving a link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Resolution {
    /// An address outside of any vault (`https:`, `mailto:`).
    External,
    /// A file of the vault.
    Found(Found),
    /// A folder of the vault, by a Markdown link (`[notes](notes/)`), that has no note of its own.
    Folder,
    /// Nothing has that name.
    Missing,
    /// The path leads out of the vault.
    OutsideVault,
}

impl Resolution {
    /// Returns the files that the link matches, if it leads to one.
    pub fn found(self) -> Option<Found> {
        match self {
            Resolution::Found(found) => Some(found),
            _ => None,
        }
    }

    /// Returns whether nothing is there.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self, Resolution::Missing | Resolution::OutsideVault)
    }
}

/// The files that a link matches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The file that the link leads to.
    pub best: FileId,
    /// All files that match at this tier, `best` first, then by distance, length of path and path.
    pub all: SmallVec<[FileId; 1]>,
    /// How the name matches.
    pub tier: Tier,
    /// Whether several files match and only length or order of the path chose `best`, as no folder is
    /// nearest.
    pub is_ambiguous: bool,
}

/// How a target matches a file, best first. The first tier with a match wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Tier {
    /// The note itself: `[[#Heading]]`.
    Own,
    /// By its exact path: `a/b`, `./b`, `/b`.
    Path,
    /// By its exact name.
    Name,
    /// By its folded path or name.
    Folded,
    /// By the number that its name begins with.
    Number,
    /// By an address that its front matter gives its page.
    Address,
    /// By the address of its page in the site of a generator.
    Site,
    /// By an alias of its front matter.
    Alias,
    /// By the title of its front matter.
    Title,
    /// By its loose name.
    Loose,
}

impl Tier {
    /// Returns whether other tools do not find the file by this name.
    pub fn is_inexact(self) -> bool {
        self >= Tier::Alias
    }

    /// Returns the name of the tier, for hover and the data of diagnostics.
    pub fn as_str(self) -> &'static str {
        match self {
            Tier::Own => "own",
            Tier::Path => "path",
            Tier::Name => "name",
            Tier::Folded => "folded",
            Tier::Number => "number",
            Tier::Address => "address",
            Tier::Site => "site",
            Tier::Alias => "alias",
            Tier::Title => "title",
            Tier::Loose => "loose",
        }
    }
}

/// The file by which a vault of Dendron is recognised.
const DENDRON: &str = "dendron.yml";

impl Snapshot {
    /// Resolves a link of `source`. The cost grows with the files that share its name, not with the vault.
    pub fn resolve(&self, source: &NoteRef<'_>, link: &Link) -> Resolution {
        if link.is_external {
            return Resolution::External;
        }
        if link.target.is_empty() {
            return self.found(Tier::Own, SmallVec::from([source.id]), source.path.folder());
        }
        // Dendron writes the display text first, `[[display|note]]`.
        if link.kind.is_wiki() && link.display.is_some() && self.find(DENDRON).is_some() {
            return Resolution::External;
        }
        let written = source.note.text.slice(link.target);
        self.resolve_at((source.id, source.path), link.kind, &decode_link_part(link, &written))
    }

    /// Resolves a decoded target, in a link of this kind in the note at this path. In a site, it may be an
    /// address.
    pub(crate) fn resolve_at(
        &self,
        (source, path): (FileId, &VaultPath),
        kind: LinkKind,
        target: &str,
    ) -> Resolution {
        let own = || self.found(Tier::Own, SmallVec::from([source]), path.folder());
        if matches!(target, "." | "./") && !kind.is_wiki() && self.is_page_a_folder(path) {
            return own();
        }
        if !kind.is_wiki()
            && let Some(found) = self.resolve_before_path(path, target)
        {
            return found;
        }
        let found = self.resolve_target(path.folder(), kind, target);
        let is_clear = matches!(&found, Resolution::Found(found) if !found.is_ambiguous);
        if kind.is_wiki() || is_clear || found == Resolution::Folder {
            return found;
        }
        if target.starts_with('?') {
            return own();
        }
        self.resolve_in_site(path, target, found)
    }

    /// Resolves a decoded target, in a link of this kind in a note of `folder`.
    pub fn resolve_target(&self, folder: &str, kind: LinkKind, target: &str) -> Resolution {
        let search = |target: &str| Search::new(self, folder, target).markdown_link();
        if kind.is_wiki() {
            return Search::new(self, folder, target).wikilink();
        }
        let found = search(target);
        if !found.is_lost() {
            return found;
        }
        let others = other_readings(kind, target).into_iter().map(|path| search(&path));
        let other = others.into_iter().find(|found| !found.is_lost());
        other.or_else(|| self.by_address(folder, page_of(target))).unwrap_or(found)
    }

    /// Resolves a path by the addresses that notes give their pages in their front matter.
    pub(super) fn by_address(&self, folder: &str, path: &str) -> Option<Resolution> {
        let wanted = path.trim_start_matches(['.', '/']).trim_end_matches('/');
        let name = Some(address_name(wanted)).filter(|name| !name.is_empty())?;
        self.need_whole();
        let is_meant = |id: &FileId| {
            let front_matter = self.file(*id)?.note()?.parsed.front_matter.as_deref()?;
            let mut addresses =
                front_matter.addresses().map(|address| page_of(address.trim_end_matches('/')));
            addresses.find(|address| match address.strip_prefix('/') {
                // The root of the site may be part of either.
                Some(rooted) => {
                    same_components(rooted, wanted, folded, Whole::No)
                        || same_components(wanted, rooted, folded, Whole::No)
                }
                None => folded(last_component(address), name),
            })
        };
        let candidates = self.defined_by_path(Key::name(name)).iter().copied();
        let hits: Files = candidates.filter(|id| is_meant(id).is_some()).collect();
        (!hits.is_empty()).then(|| self.found(Tier::Address, hits, folder))
    }

    fn found(&self, tier: Tier, hits: Files, folder: &str) -> Resolution {
        if let [only] = *hits {
            return Resolution::Found(Found { best: only, all: hits, tier, is_ambiguous: false });
        }
        let ranked = hits.into_iter().filter_map(|id| Some((rank(self.file(id)?, folder), id)));
        let mut ranked: Vec<_> = ranked.collect();
        ranked.sort_unstable();
        ranked.dedup();
        let Some((_, best)) = ranked.first().copied() else { return Resolution::Missing };
        let distance = |at: usize| ranked.get(at).map(|((distance, ..), _)| *distance);
        let is_ambiguous = ranked.len() > 1 && distance(0) == distance(1);
        let all = ranked.into_iter().map(|(_, id)| id).collect();
        Resolution::Found(Found { best, all, tier, is_ambiguous })
    }
}

/// Returns what else the target of a Markdown link may mean, if there is no file at its path: a page by its
/// path before the query and without `.html`, that of a folder, and below any folder that a generator makes a
/// site of, as a path from its root. What HTML names is often relative to the page that is made of the note.
fn other_readings(kind: LinkKind, target: &str) -> SmallVec<[Cow<'_, str>; 4]> {
    let mut readings: SmallVec<[Cow<'_, str>; 4]> = SmallVec::new();
    let (path, page) = (without_query(target).unwrap_or(target), page_of(target));
    if page.len() < target.len() {
        readings.push(page.into());
    }
    if let Some(folder) =
        page.strip_suffix("index").filter(|folder| folder.is_empty() || folder.ends_with('/'))
    {
        readings.push(if folder.is_empty() { "./".into() } else { folder.into() });
    }
    let start: &[char] = if kind == LinkKind::Html { &['.', '/'] } else { &['/'] };
    for path in [page, path] {
        let rest = path.trim_start_matches(start);
        if rest.len() < path.len() && !rest.is_empty() {
            readings.push(rest.into());
        }
    }
    readings.extend(dated_name(page).map(Cow::Owned));
    readings
}

/// Orders by the nearest folder, then the shortest path, `.md` before `.MD`, then by path.
fn rank<'a>(file: &'a File, folder: &str) -> (usize, usize, bool, &'a str) {
    let path = file.path.as_str();
    (folder_distance(folder, file.path.folder()), path.len(), !path.ends_with(".md"), path)
}

/// Mostly one file.
type Files = SmallVec<[FileId; 1]>;

pub(super) struct Search<'a> {
    vault: &'a Snapshot,
    /// The folder of the note that holds the link.
    folder: &'a str,
    /// The whole target, decoded.
    target: &'a str,
    /// The target without the extension of a note.
    name: &'a str,
    /// The files with a name that is loosely `name`, once asked for.
    named: OnceCell<&'a [FileId]>,
}

impl<'a> Search<'a> {
    pub(super) fn new(vault: &'a Snapshot, folder: &'a str, target: &'a str) -> Search<'a> {
        let name = without_note_extension(target);
        Search { vault, folder, target, name, named: OnceCell::new() }
    }

    fn wikilink(&self) -> Resolution {
        if self.vault.settings().profile == Profile::Quartz {
            return self.quartz();
        }
        let is_path = self.name.contains('/');
        let places = if is_path { self.places() } else { Ok(Vec::new()) };
        let Ok(places) = places else { return Resolution::OutsideVault };
        let exactly = if is_path { Tier::Path } else { Tier::Name };
        let candidates = self.at(&places);
        for (tier, same) in [(exactly, exact as Same), (Tier::Folded, folded as Same)] {
            let hits = if is_path { self.by_path(&places, candidates, same) } else { self.by_name(same) };
            if !hits.is_empty() {
                return self.found(tier, hits);
            }
        }
        if self.vault.settings().profile == Profile::Obsidian || is_anchored(self.name) {
            return Resolution::Missing;
        }
        let named = self.filter(self.named(self.name), |file| is_namespaced(file.path.stem(), self.name));
        if !named.is_empty() {
            return self.found(Tier::Name, named);
        }
        self.by_number().unwrap_or_else(|| self.inexact())
    }

    /// Returns the file that lies first at exactly one of these paths, all of them with one file name.
    pub(super) fn first_at(
        vault: &'a Snapshot,
        folder: &'a str,
        paths: Vec<VaultPath>,
    ) -> Option<Resolution> {
        let places: Vec<Place> = paths.into_iter().map(Place::Exactly).collect();
        let name = places.first()?.last();
        let search = Search::new(vault, folder, name);
        let candidates = search.named(search.name);
        let hits = [exact as Same, folded].map(|same| search.by_path(&places, candidates, same));
        hits.into_iter().find(|hits| !hits.is_empty()).map(|hits| search.found(Tier::Site, hits))
    }

    /// Resolves by path only: from the note's folder, from the root, then as the end of a path.
    pub(super) fn markdown_link(&self) -> Resolution {
        let relative =
            VaultPath::resolve(if self.name.starts_with('/') { "" } else { self.folder }, self.name);
        let relative = match relative {
            Err(PathError::OutsideVault) => return Resolution::OutsideVault,
            Err(PathError::Empty) => return Resolution::Folder,
            Ok(path) => path,
        };
        let mut places = vec![Place::Exactly(relative.clone())];
        if !is_anchored(self.name) {
            places.extend(VaultPath::resolve("", self.name).map(Place::Exactly));
            places.extend(VaultPath::resolve("", self.name).map(Place::EndOfPath));
        }
        let candidates = self.at(&places);
        for (tier, same) in [(Tier::Path, exact as Same), (Tier::Folded, folded as Same)] {
            let hits = self.by_path(&places, candidates, same);
            if !hits.is_empty() {
                return self.found(tier, hits);
            }
        }
        if self.vault.has_folder(relative.as_str()) { Resolution::Folder } else { Resolution::Missing }
    }

    /// Resolves by Quartz' "shortest" rule: the exact stem if only one note has it, else the path from the
    /// root.
    fn quartz(&self) -> Resolution {
        let stems = if self.name.contains('/') { Files::new() } else { self.by_name(exact) };
        if stems.len() == 1 {
            return self.found(Tier::Name, stems);
        }
        match VaultPath::resolve(if self.name.starts_with('.') { self.folder } else { "" }, self.name) {
            Err(PathError::OutsideVault) => Resolution::OutsideVault,
            Err(PathError::Empty) => Resolution::Missing,
            Ok(path) => {
                let places = [Place::Exactly(path)];
                self.found(Tier::Path, self.by_path(&places, self.at(&places), exact))
            }
        }
    }

    /// Returns the places of a wikilink's path, in order: relative if it starts with a dot, else from the
    /// root, else anywhere.
    fn places(&self) -> Result<Vec<Place>, PathError> {
        let is_relative = is_relative(self.name);
        match VaultPath::resolve(if is_relative { self.folder } else { "" }, self.name) {
            Err(PathError::Empty) => Ok(Vec::new()),
            Err(PathError::OutsideVault) if !is_relative => Ok(Vec::new()),
            Err(error) => Err(error),
            Ok(path) if is_relative || self.name.starts_with('/') => Ok(vec![Place::Exactly(path)]),
            Ok(path) => Ok(vec![Place::Exactly(path.clone()), Place::EndOfPath(path)]),
        }
    }

    /// Returns the files that have a loosely equal name.
    fn named(&self, name: &str) -> &'a [FileId] {
        let look_up = || self.vault.defined_by_path(Key::name(name));
        if name == self.name { self.named.get_or_init(look_up) } else { look_up() }
    }

    /// Returns the files that may lie at some of these places, whose last components are equal.
    fn at(&self, places: &[Place]) -> &'a [FileId] {
        places.first().map_or(&[], |place| self.named(place.last()))
    }

    /// Returns the candidates at the first place that holds any. At one place, a file precedes the note of a
    /// folder, and its index a note with its name.
    fn by_path(&self, places: &[Place], candidates: &[FileId], same: Same) -> Files {
        let at = |place: &Place, what| self.filter(candidates, |file| place.holds(file, what, same));
        let mut hits = places.iter().flat_map(|place| Named::IN_ORDER.map(|what| at(place, what)));
        hits.find(|hits| !hits.is_empty()).unwrap_or_default()
    }

    fn by_name(&self, same: Same) -> Files {
        let candidates = self.named(self.name);
        let by_stem = self.filter(candidates, |file| same(file.path.stem(), self.name));
        if !by_stem.is_empty() {
            return by_stem;
        }
        let is_folder = |folder: &str| same(last_component(folder), self.name);
        self.filter(candidates, |file| file.path.stands_for_folder().is_some_and(is_folder))
    }

    /// Resolves the number of a note in a Zettelkasten, if only one has it.
    fn by_number(&self) -> Option<Resolution> {
        let is_number =
            matches!(self.name.len(), 12 | 14) && self.name.bytes().all(|byte| byte.is_ascii_digit());
        let bears = |file: &File| note_number(file.path.stem()) == Some(self.name);
        let hits = is_number.then(|| self.filter(self.named(self.name), bears))?;
        (hits.len() == 1).then(|| self.found(Tier::Number, hits))
    }

    /// Resolves by alias, title and loose name. The only step that depends on what notes hold.
    fn inexact(&self) -> Resolution {
        self.vault.need_whole();
        let target = self.target;
        let has_alias = |file: &File, same: Same| {
            let front_matter = file.note().and_then(|note| note.parsed.front_matter.as_ref());
            front_matter.is_some_and(|front| front.aliases.iter().any(|alias| same(&alias.value, target)))
        };
        let has_title = |file: &File, same: Same| {
            let title = file.note().and_then(|note| note.parsed.title());
            let journal = || journal_title(&file.path).is_some_and(|title| same(&title, target));
            title.is_some_and(|title| same(&title.value, target)) || journal()
        };
        type Bears<'a> = &'a dyn Fn(&File, Same) -> bool;
        let candidates = self.named(target);
        for (tier, bears) in [(Tier::Alias, &has_alias as Bears<'_>), (Tier::Title, &has_title)] {
            for same in [exact as Same, folded as Same] {
                let hits = self.filter(candidates, |file| bears(file, same));
                if !hits.is_empty() {
                    return self.found(tier, hits);
                }
            }
        }
        self.loose()
    }

    fn loose(&self) -> Resolution {
        let wanted = loose(self.name);
        if wanted.is_empty() {
            return Resolution::Missing;
        }
        let whole = self.filter(self.named(self.name), |file| loose(file.path.stem()) == wanted);
        if !whole.is_empty() || !self.name.contains('/') {
            return self.found(Tier::Loose, whole);
        }
        let Ok(path) = VaultPath::resolve("", self.name) else { return Resolution::Missing };
        let places = [Place::EndOfPath(path)];
        self.found(Tier::Loose, self.by_path(&places, self.at(&places), loosely))
    }

    fn filter(&self, candidates: &[FileId], keep: impl Fn(&File) -> bool) -> Files {
        let is_kept = |id: &FileId| self.vault.file(*id).is_some_and(&keep);
        candidates.iter().copied().filter(is_kept).collect()
    }

    /// Ranks files that are named equally well. If the target says an extension, those that have it come
    /// before the other notes of that name.
    fn found(&self, tier: Tier, mut hits: Files) -> Resolution {
        let extension = self.target.get(self.name.len()..).unwrap_or_default();
        if hits.len() > 1 && !extension.is_empty() {
            let has_it = self.filter(&hits, |file| file.path.as_str().ends_with(extension));
            hits = if has_it.is_empty() { hits } else { has_it };
        }
        self.vault.found(tier, hits, self.folder)
    }
}

impl Snapshot {
    /// Returns whether any file lies below this folder.
    pub(super) fn has_folder(&self, folder: &str) -> bool {
        let inside = self.defined_by_path(Key::folder(folder)).iter().filter_map(|id| self.file(*id));
        inside.into_iter().any(|file| file.path.lies_below(folder))
    }
}

/// A place that a path may name.
enum Place {
    /// At this path from the root.
    Exactly(VaultPath),
    /// At any path that ends with these components.
    EndOfPath(VaultPath),
}

impl Place {
    fn last(&self) -> &str {
        match self {
            Place::Exactly(path) | Place::EndOfPath(path) => path.file_name(),
        }
    }

    fn holds(&self, file: &File, what: Named, same: Same) -> bool {
        let name = match what {
            Named::File => Some(file.path.without_extension()),
            Named::Index => file.path.stands_for_folder().filter(|_| file.path.is_index()),
            Named::Folder => file.path.stands_for_folder(),
            Named::Page => file.path.as_page(),
        };
        let is_same = |path: &VaultPath, whole| {
            name.is_some_and(|name| same_components(name, path.as_str(), same, whole))
        };
        match self {
            Place::Exactly(path) => is_same(path, Whole::Yes),
            Place::EndOfPath(path) => is_same(path, Whole::No),
        }
    }
}

/// What a path names.
#[derive(Clone, Copy)]
enum Named {
    /// A file.
    File,
    /// The folder whose index a note is.
    Index,
    /// The folder that a note has the name of.
    Folder,
    /// The page that is made of another file than a note.
    Page,
}

impl Named {
    const IN_ORDER: [Named; 4] = [Named::File, Named::Index, Named::Folder, Named::Page];
}

/// Whether two paths must have equally many components.
#[derive(Clone, Copy, PartialEq)]
enum Whole {
    Yes,
    No,
}

fn same_components(path: &str, end: &str, same: Same, whole: Whole) -> bool {
    let mut path = path.rsplit('/');
    let matches = end.rsplit('/').all(|wanted| path.next().is_some_and(|component| same(component, wanted)));
    matches && (whole == Whole::No || path.next().is_none())
}

/// Returns whether a file name is that of a page with `/` in its name, as Logseq writes it: `a___b`.
fn is_namespaced(stem: &str, name: &str) -> bool {
    name.contains('/') && stem.contains("___") && stem.replace("___", "/") == name
}

type Same = fn(&str, &str) -> bool;

fn exact(a: &str, b: &str) -> bool {
    a == b
}

fn folded(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

fn loosely(a: &str, b: &str) -> bool {
    loose(a) == loose(b)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::Settings;
    use crate::vault::{Change, Coverage, DiskFile, Note, VaultWriter};

    /// Returns what a target in a note of folder `x` leads to, as `path tier`, with `?` if it is ambiguous.
    fn meaning(kind: LinkKind, target: &str, profile: Profile) -> String {
        let files = [
            ("x/source.md", ""),
            ("x/near.md", ""),
            ("y/near.md", ""),
            ("y/far.md", ""),
            ("z/far.md", ""),
            ("large_language_models.md", "---\ntitle: The Big Ones\naliases: [LLM, .NET, a/b alias]\n---\n"),
            ("deep/er/leaf.md", ""),
            ("deep/index.md", ""),
            ("twin/twin.md", ""),
            ("x/pic.png", ""),
            ("deep/er/page.mdx", ""),
            ("sect/_index.md", ""),
            ("sect/sect.md", ""),
            ("y/Café au lait.md", ""),
            ("v1.2.md", ""),
            ("x/kind.md", ""),
            ("x/kind.markdown", ""),
            ("z/case.MD", ""),
            ("z/case.md", ""),
        ];
        let files = files.map(|(path, text)| {
            let path = VaultPath::resolve("", path).unwrap();
            let note = DiskFile::Note(Arc::new(Note::new(text)));
            (path.clone(), if path.is_note() { note } else { DiskFile::Attachment })
        });
        let settings = Settings { profile, ..Settings::default() };
        let mut writer = VaultWriter::new(Arc::new(settings));
        writer.apply(Change::Disk(files.into()));
        let vault = writer.snapshot();
        match vault.resolve_target("x", kind, target) {
            Resolution::Found(found) => {
                let path = &vault.file(found.best).unwrap().path;
                format!("{path} {}{}", found.tier.as_str(), if found.is_ambiguous { "?" } else { "" })
            }
            other => format!("{other:?}"),
        }
    }

    /// So it resolves from the moment on at which all paths are known.
    #[test]
    fn a_link_by_path_or_name_needs_the_text_of_no_note() {
        let mut writer = VaultWriter::new(Arc::new(Settings::default()));
        let path = VaultPath::resolve("", "x/near.md").unwrap();
        writer.apply(Change::Disk(vec![(path, DiskFile::Note(Arc::new(Note::new(""))))]));
        writer.apply(Change::Coverage(Coverage::Names));
        for (target, needs_whole) in [("near", false), ("x/near", false), ("NEAR", false), ("a title", true)]
        {
            let vault = writer.snapshot().accounting();
            vault.resolve_target("", LinkKind::Wikilink, target);
            assert_eq!(vault.needs().whole, needs_whole, "{target}");
        }
    }

    #[test]
    fn wikilinks_try_one_tier_after_the_other() {
        for (target, expected) in [
            ("kind", "x/kind.md name?"),
            ("kind.md", "x/kind.md name"),
            ("kind.markdown", "x/kind.markdown name"),
            ("z/case", "z/case.md path?"),
            ("z/case.MD", "z/case.MD path"),
            ("case.md", "z/case.md name"),
            ("near", "x/near.md name"),
            ("near.md", "x/near.md name"),
            ("far", "y/far.md name?"),
            ("z/far", "z/far.md path"),
            ("/z/far", "z/far.md path"),
            ("er/leaf", "deep/er/leaf.md path"),
            ("./near", "x/near.md path"),
            ("../y/near", "y/near.md path"),
            ("../../near", "OutsideVault"),
            ("./far", "Missing"),
            ("NEAR", "x/near.md folded"),
            ("Z/Far", "z/far.md folded"),
            ("cafe\u{301} AU lait", "y/Café au lait.md folded"),
            ("LLM", "large_language_models.md alias"),
            ("llm", "large_language_models.md alias"),
            (".NET", "large_language_models.md alias"),
            ("a/b alias", "large_language_models.md alias"),
            ("the big ones", "large_language_models.md title"),
            ("Large Language-Models!", "large_language_models.md loose"),
            ("deep", "deep/index.md name"),
            ("twin", "twin/twin.md name"),
            ("deep/er", "Missing"),
            ("pic.png", "x/pic.png name"),
            ("pic", "Missing"),
            ("v1.2", "v1.2.md name"),
            ("nothing", "Missing"),
            ("!!!", "Missing"),
        ] {
            assert_eq!(meaning(LinkKind::Wikilink, target, Profile::Lenient), expected, "{target}");
        }
    }

    /// Returns what the links of a note in the root lead to, in a vault with these notes.
    fn meanings(notes: &[(&str, &str)], text: &str) -> String {
        let file = |(path, text): &(&str, &str)| {
            let path = VaultPath::resolve("", path).unwrap();
            let note = DiskFile::Note(Arc::new(Note::new(text)));
            (path.clone(), if path.is_note() { note } else { DiskFile::Attachment })
        };
        let mut writer = VaultWriter::new(Arc::new(Settings::default()));
        writer.apply(Change::Disk(notes.iter().chain([&("source.md", text)]).map(file).collect()));
        writer.apply(Change::Coverage(Coverage::Whole));
        let vault = writer.snapshot();
        let source = vault.note(vault.find("source.md").unwrap()).unwrap();
        let shown = source.note.parsed.links.iter().map(|link| match vault.resolve(&source, link) {
            Resolution::Found(found) => {
                format!("{} {}", vault.file(found.best).unwrap().path, found.tier.as_str())
            }
            other => format!("{other:?}"),
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn pages_of_logseq_have_other_names_in_properties() {
        let notes = [
            ("pages/a.md", "alias:: [[The One]], two\ntitle:: First page\n\n- text\n"),
            ("pages/b.md", "- alias:: three\n"),
            ("pages/c.md", "text\nalias:: four\n"),
            ("journals/2022_10_03.md", "- x"),
        ];
        assert_eq!(
            meanings(
                &notes,
                "[[the one]] [[two]] [[first page]] [[three]] [[four]] [[Oct 3rd, 2022]] [[oct 3rd, 2022]]"
            ),
            "pages/a.md alias, pages/a.md alias, pages/a.md title, Missing, Missing, journals/2022_10_03.md title, \
             journals/2022_10_03.md title"
        );
    }

    #[test]
    fn other_tools_name_notes_in_other_ways() {
        let notes = [("202110031652 Title.md", ""), ("x/a___b.md", ""), ("202110031653 A.md", "")];
        assert_eq!(
            meanings(&notes, "[[202110031652]] [[a/b]] [[2021100316]] [x](202110031652)"),
            "202110031652 Title.md number, x/a___b.md name, Missing, Missing"
        );
        let twice = [("202110031652 A.md", ""), ("202110031652 B.md", "")];
        assert_eq!(meanings(&twice, "[[202110031652]]"), "Missing");
        let text = "[[label|202110031652]] [[a/b]]";
        assert_eq!(meanings(&notes, text), "Missing, x/a___b.md name");
        let dendron: Vec<_> = notes.into_iter().chain([("dendron.yml", "")]).collect();
        assert_eq!(meanings(&dendron, text), "External, x/a___b.md name");
    }

    #[test]
    fn front_matter_gives_addresses() {
        let notes = [
            ("a.md", "---\npermalink: /docs/history/\nredirect_from: [/old.html]\n---\n"),
            ("b.md", "---\nslug: short\n---\n"),
            ("c.md", "+++\nurl = \"/x/y\"\n+++\n"),
            ("d.md", "---\naliases: [/gone/there, name]\nurl: https://x.y/z\n---\n"),
            ("_posts/2020-01-02-post.md", ""),
        ];
        for (target, expected) in [
            ("/docs/history/", "a.md address"),
            ("/base/docs/history/", "a.md address"),
            ("/history/#x", "a.md address"),
            ("/old", "a.md address"),
            ("/blog/short", "b.md address"),
            ("/x/y.html?q=1", "c.md address"),
            ("/y/z", "Missing"),
            ("/gone/there/", "d.md address"),
            ("/name", "Missing"),
            ("/blog/2020/01/02/post.html", "_posts/2020-01-02-post.md path"),
            ("/blog/2020/01/03/post.html", "Missing"),
        ] {
            assert_eq!(meanings(&notes, &format!("[x]({target})")), expected, "{target}");
        }
    }

    #[test]
    fn a_path_to_a_folder_means_its_note() {
        assert_eq!(meaning(LinkKind::Wikilink, "/deep", Profile::Lenient), "deep/index.md path");
        assert_eq!(meaning(LinkKind::Wikilink, "/twin", Profile::Lenient), "twin/twin.md path");
        assert_eq!(meaning(LinkKind::Inline, "../twin/", Profile::Lenient), "twin/twin.md path");
    }

    #[test]
    fn addresses_of_pages_mean_the_files_that_they_are_made_of() {
        for (target, expected) in [
            ("pic.png?raw=true", "x/pic.png path"),
            ("near.md?plain=1", "x/near.md path"),
            ("near.html", "x/near.md path"),
            ("../deep/er/leaf.html?x=1", "deep/er/leaf.md path"),
            ("/er/leaf.md", "deep/er/leaf.md path"),
            ("/er/leaf/", "deep/er/leaf.md path"),
            ("/er/leaf.html", "deep/er/leaf.md path"),
            ("/er/gone", "Missing"),
            ("near.md?", "Missing"),
            ("../deep/er/page", "deep/er/page.mdx path"),
            ("../deep/index.html", "deep/index.md path"),
            ("../sect/", "sect/_index.md path"),
            ("../../../deep/er/leaf.md", "OutsideVault"),
        ] {
            assert_eq!(meaning(LinkKind::Inline, target, Profile::Lenient), expected, "{target}");
        }
        assert_eq!(meaning(LinkKind::Wikilink, "near.html", Profile::Lenient), "Missing");
        let html = meaning(LinkKind::Html, "../../../deep/er/leaf/", Profile::Lenient);
        assert_eq!(html, "deep/er/leaf.md path");
    }

    #[test]
    fn markdown_links_know_paths_only() {
        for (target, expected) in [
            ("near.md", "x/near.md path"),
            ("../y/near.md", "y/near.md path"),
            ("/y/near.md", "y/near.md path"),
            ("y/near.md", "y/near.md path"),
            ("er/leaf.md", "deep/er/leaf.md path"),
            ("NEAR.md", "x/near.md folded"),
            ("LLM", "Missing"),
            ("../deep/er/", "Folder"),
            ("../../up.md", "OutsideVault"),
        ] {
            assert_eq!(meaning(LinkKind::Inline, target, Profile::Lenient), expected, "{target}");
        }
    }

    #[test]
    fn profiles_stop_earlier() {
        for (target, obsidian, quartz) in [
            ("near", "x/near.md name", "Missing"),
            ("LLM", "Missing", "Missing"),
            ("Large Language Models", "Missing", "Missing"),
            ("NEAR", "x/near.md folded", "Missing"),
            ("leaf", "deep/er/leaf.md name", "deep/er/leaf.md name"),
            ("y/near", "y/near.md path", "y/near.md path"),
            ("er/leaf", "deep/er/leaf.md path", "Missing"),
        ] {
            assert_eq!(meaning(LinkKind::Wikilink, target, Profile::Obsidian), obsidian, "{target}");
            assert_eq!(meaning(LinkKind::Wikilink, target, Profile::Quartz), quartz, "{target}");
        }
    }
}
