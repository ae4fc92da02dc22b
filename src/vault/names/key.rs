//! The keys of the index, and those that a note defines and uses.
//!
//! A key is a hash. Names with equal keys are only *candidates* for the same thing: a lookup compares the
//! names themselves, so a collision costs a comparison and never changes a result.

use std::hash::{Hash, Hasher};
use std::num::NonZeroU64;

use rustc_hash::FxHasher;
use smallvec::SmallVec;

use crate::syntax::{Link, Parsed, TimestampForm, decode_link_part};
use crate::text::Span;
use crate::vault::names::normal_forms::loose_ascii;
use crate::vault::names::{
    VaultPath, address_name, dated_name, fold, journal_title, last_component, loose, note_number, page_of,
    site_marker, without_note_extension,
};

/// A hash of the kind of a name and of its normal form, see [`crate::vault::names`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key(NonZeroU64);

#[derive(Clone, Copy, Hash)]
enum Kind {
    Path,
    Folder,
    Name,
    Tag,
    Video,
    Word,
    SiteMarker,
}

impl Key {
    /// Returns the key of a file by its exact path.
    pub fn path(path: &str) -> Key {
        Key::new(Kind::Path, path)
    }

    /// Returns the key of all names that are loosely equal to `name`.
    pub fn name(name: &str) -> Key {
        if name.is_ascii() {
            // The way of nearly all names, without an allocation.
            let loose: SmallVec<[u8; 64]> = loose_ascii(name).collect();
            return match std::str::from_utf8(&loose) {
                Ok(loose) if !loose.is_empty() => Key::new(Kind::Name, loose),
                _ => Key::new(Kind::Name, &fold(name)),
            };
        }
        let loose = loose(name);
        if loose.is_empty() { Key::new(Kind::Name, &fold(name)) } else { Key::new(Kind::Name, &loose) }
    }

    /// Returns the key of all folders whose last components are loosely equal.
    pub fn folder(path: &str) -> Key {
        Key::new(Kind::Folder, &loose(last_component(path)))
    }

    /// Returns the key of a tag, given without its `#`.
    pub fn tag(name: &str) -> Key {
        Key::new(Kind::Tag, &fold(name))
    }

    /// Returns the key of a video, by its id.
    pub fn video(id: &str) -> Key {
        Key::new(Kind::Video, id)
    }

    /// Returns the keys of a link to this target: that of its last component and, as an alias may hold a
    /// slash, that of the whole target. They are equal for a target without a slash.
    pub fn of_target(target: &str) -> [Key; 2] {
        let name = without_note_extension(target);
        let whole = Key::name(name);
        let last = name.trim_end_matches('/').rsplit_once('/').map(|(_, last)| Key::name(last));
        [last.unwrap_or(whole), whole]
    }

    /// Returns the keys of a link with this target, decoded. A Markdown link names a path, or a page that is
    /// made of the file at a path; no alias has one.
    fn of_link(link: &Link, target: &str) -> [Key; 2] {
        let [last, whole] = Key::of_target(target);
        if link.kind.is_wiki() {
            return [last, whole];
        }
        let page = page_of(target);
        match dated_name(page) {
            Some(name) => [Key::of_target(page)[0], Key::name(&name)],
            None if page.len() == target.len() => [last, whole],
            None => [Key::of_target(page)[0], last],
        }
    }

    /// Returns the key of the folder that a link with this target, as written, may name; `None` if its kind
    /// never names one.
    pub(crate) fn folder_of(link: &Link, target: &str) -> Option<Key> {
        let may_name_folder = !link.is_external && !link.kind.is_wiki() && !link.target.is_empty();
        may_name_folder.then(|| Key::folder(decode_link_part(link, target).trim_end_matches('/')))
    }

    /// Returns the key of all files with this word in a name; the word is as [`key_words`](super::key_words)
    /// makes it.
    pub(crate) fn word(word: &str) -> Key {
        Key::new(Kind::Word, word)
    }

    /// Returns the key of all files that mark the site of a generator.
    pub(crate) fn site_marker() -> Key {
        Key::new(Kind::SiteMarker, "")
    }

    /// Returns the number that the highest `bits` of the key make.
    pub(crate) fn shard(self, bits: u32) -> usize {
        usize::try_from(self.0.get().unbounded_shr(u64::BITS - bits)).unwrap_or(0)
    }

    /// Returns a part of the key, which rules out nearly all others.
    pub(crate) fn short(self) -> u16 {
        u16::try_from(self.0.get() >> 48).unwrap_or_default()
    }

    fn new(kind: Kind, name: &str) -> Key {
        let mut hasher = FxHasher::default();
        kind.hash(&mut hasher);
        name.hash(&mut hasher);
        Key(NonZeroU64::new(hasher.finish()).unwrap_or(NonZeroU64::MIN))
    }
}

/// The keys that a note defines and uses by its text, each list sorted and without duplicates. Those of its
/// path are [`path_keys`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NoteKeys {
    /// Title, aliases, video.
    pub defines: Box<[Key]>,
    /// Targets of links, tags and those above them, videos of timestamps.
    pub uses: Box<[Key]>,
    /// Folders that its Markdown links may name.
    pub folders: Box<[Key]>,
    /// Where the keys of each link are in `uses`, in the order of `Parsed::links`. A link with two keys has
    /// two places, the first of them marked.
    links: Box<[u32]>,
}

/// The place of a link that names no file.
const NO_FILE: u32 = u32::MAX;
/// The mark of a place that is followed by another of the same link.
const HAS_SECOND: u32 = 1 << 31;

impl NoteKeys {
    /// Returns the keys of a note with this text.
    pub fn new(text: &str, parsed: &Parsed) -> NoteKeys {
        let mut defines = Vec::new();
        if let Some(front_matter) = &parsed.front_matter {
            defines.extend(front_matter.title.iter().map(|title| Key::name(&title.value)));
            defines.extend(front_matter.aliases.iter().map(|alias| Key::name(&alias.value)));
            let addresses = front_matter.addresses().map(|address| Key::name(address_name(address)));
            defines.extend(addresses);
            defines.extend(front_matter.video.iter().map(|video| Key::video(&video.value)));
        }
        let slice = |span: Span| text.get(span.range()).unwrap_or_default();
        let mut uses = Vec::with_capacity(parsed.links.len() + parsed.tags.len());
        let of_link = |link: &Link| {
            let names_file = !link.is_external && !link.target.is_empty();
            names_file.then(|| Key::of_link(link, &decode_link_part(link, slice(link.target))))
        };
        let links: Vec<Option<[Key; 2]>> = parsed.links.iter().map(of_link).collect();
        uses.extend(links.iter().flatten().flatten());
        let folders =
            parsed.links.iter().filter_map(|link| Key::folder_of(link, slice(link.target))).collect();
        uses.extend(parsed.tags.iter().flat_map(|tag| tags_from(slice(tag.name))).map(Key::tag));
        let video_links = parsed.timestamps.iter().filter(|stamp| stamp.form() == TimestampForm::VideoLink);
        for timestamp in video_links {
            let parts = timestamp.parts(slice(timestamp.span));
            uses.extend(parts.video.map(|video| Key::video(slice(video))));
        }
        let uses = sorted(uses);
        let links = places_of(&links, &uses);
        NoteKeys { defines: sorted(defines), uses, folders: sorted(folders), links }
    }

    /// Returns the keys of each link, in the order of `Parsed::links`; `None` for a link that names no file.
    pub fn links(&self) -> impl Iterator<Item = Option<[Key; 2]>> {
        let key = |place: u32| self.uses.get(place as usize).copied();
        let mut places = self.links.iter().copied();
        std::iter::from_fn(move || {
            let first = places.next()?;
            if first == NO_FILE {
                return Some(None);
            }
            let last = key(first & !HAS_SECOND)?;
            let whole = if first & HAS_SECOND == 0 { last } else { key(places.next()?)? };
            Some(Some([last, whole]))
        })
    }
}

/// Returns a tag and those that it is below: `a/b` and `a`.
fn tags_from(name: &str) -> impl Iterator<Item = &str> {
    let above = name.match_indices('/').filter_map(|(slash, _)| name.get(..slash));
    above.chain([name])
}

/// Returns where the keys of each link are in `uses`, which holds them all.
fn places_of(links: &[Option<[Key; 2]>], uses: &[Key]) -> Box<[u32]> {
    let place = |key| uses.binary_search(key).ok().and_then(|place| u32::try_from(place).ok());
    let mut places = Vec::with_capacity(links.len());
    for link in links {
        match link {
            None => places.push(NO_FILE),
            Some([last, whole]) if last == whole => places.extend(place(last)),
            Some([last, whole]) => {
                places.extend(place(last).map(|place| place | HAS_SECOND));
                places.extend(place(whole));
            }
        }
    }
    places.into()
}

/// Returns the keys that a file defines by its path: its path, its stem, the name of its folder or page if it
/// stands for one, the number that its name begins with, its title as a journal, and that of a site which it
/// marks.
pub(crate) fn path_keys(path: &VaultPath) -> impl Iterator<Item = Key> + use<> {
    let stem = path.stem();
    let (folder, other) = if path.is_note() {
        // The page of a folder is `index.html`, whatever the note is called.
        let index = path.is_index().then(|| Key::name("index"));
        let journal = || journal_title(path).map(|title| Key::name(&title));
        (path.stands_for_folder(), index.or_else(|| note_number(stem).map(Key::name)).or_else(journal))
    } else {
        (path.as_page(), site_marker(path).map(|_| Key::site_marker()))
    };
    let folder = folder.map(|folder| Key::name(last_component(folder)));
    [Some(Key::path(path.as_str())), Some(Key::name(stem)), folder, other].into_iter().flatten()
}

/// Returns the items sorted and without repeats.
pub(crate) fn sorted<T: Ord>(mut items: Vec<T>) -> Box<[T]> {
    items.sort_unstable();
    items.dedup();
    items.into_boxed_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_link_has_the_keys_of_its_target() {
        let text = "[[b]] [[#own]] [[x/b#h]] <https://a.example> [[c]] [t](../x/b.md) ![[b]] #b [[x/c]]";
        let parsed = crate::syntax::parse(text);
        let keys = NoteKeys::new(text, &parsed);
        let of = |target| Some(Key::of_target(target));
        let expected = [of("b"), None, of("x/b"), None, of("c"), of("../x/b.md"), of("b"), of("x/c")];
        assert_eq!(keys.links().collect::<Vec<_>>(), expected);
        assert!(expected.iter().flatten().flatten().all(|key| keys.uses.contains(key)));
    }

    #[test]
    fn a_tag_is_used_with_those_above_it() {
        let text = "#a/B/c #d";
        let keys = NoteKeys::new(text, &crate::syntax::parse(text));
        assert_eq!(keys.uses, sorted(["a", "A/b", "a/b/c", "d"].map(Key::tag).to_vec()));
    }
}
