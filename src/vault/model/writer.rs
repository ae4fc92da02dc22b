//! The writer of a vault: the only code that changes it.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::Settings;
use crate::text::Text;
use crate::vault::model::{
    Change, Content, Coverage, DiskFile, File, Files, InboundLinkCounts, LinkConventions, Note, Snapshot,
};
use crate::vault::names::{FileId, Index, Key, Role, VaultPath, path_keys, sorted};

/// Owns a vault and applies its changes in order.
///
/// After any sequence of changes the vault equals one built from scratch from the same files, buffers and
/// settings.
#[derive(Clone, Debug)]
pub struct VaultWriter {
    pub(super) current: Snapshot,
    /// What the disk holds under open notes: a note, read or not; `None` if there is no such file.
    pub(super) on_disk: FxHashMap<FileId, Option<Content>>,
    pub(super) free_ids: Vec<FileId>,
}

/// The effect of a change.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Applied {
    /// Files that were added, removed or have another text. The id of a removed file may be unassigned.
    pub changed: Vec<FileId>,
    /// Other notes whose links, names or moments may have changed their meaning. Sorted.
    pub affected: Vec<FileId>,
    /// Whether links of some note were added or removed or lead elsewhere, be it to another place of the same
    /// note.
    pub links_changed: bool,
    /// Whether every note is affected, as by new settings; the lists are empty then.
    pub is_everything: bool,
}

impl Applied {
    /// Returns the effect of a change that affects every note.
    pub fn everything() -> Applied {
        Applied { is_everything: true, ..Applied::default() }
    }

    /// Returns whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.affected.is_empty() && !self.is_everything
    }
}

impl VaultWriter {
    /// Creates an empty vault.
    pub fn new(settings: Arc<Settings>) -> VaultWriter {
        let (files, conventions) = (Files::default(), LinkConventions::default());
        let (index, name_matcher, inbound_links) =
            (Index::new(), Arc::default(), InboundLinkCounts::default());
        let coverage = Coverage::Whole;
        let current = Snapshot {
            revision: 0,
            files,
            index,
            inbound_links,
            conventions,
            name_matcher,
            excluded: Arc::default(),
            settings,
            coverage,
            account: None,
        };
        VaultWriter { current, on_disk: FxHashMap::default(), free_ids: Vec::new() }
    }

    /// Creates a writer that continues from a snapshot and takes every note as it is there.
    pub(crate) fn starting_from(snapshot: Snapshot) -> VaultWriter {
        VaultWriter { current: snapshot, on_disk: FxHashMap::default(), free_ids: Vec::new() }
    }

    /// Returns the current state.
    pub fn snapshot(&self) -> Snapshot {
        self.current.clone()
    }

    /// Applies one change. Its cost grows with what changed, not with the vault.
    pub fn apply(&mut self, change: Change) -> Applied {
        let mut effect = Effect::default();
        match change {
            Change::Disk(files) if self.is_bulk(files.len()) => self.take_bulk(files, &mut effect),
            Change::Disk(files) => {
                for (path, file) in files {
                    self.take_disk_file(path, file, &mut effect);
                }
            }
            Change::Opened { path, text } => self.open(&path, &text, &mut effect),
            Change::Edited { path, text } => self.edit(&path, &text, &mut effect),
            Change::Saved { path } => self.save(&path),
            Change::Closed { path } => self.close(&path, &mut effect),
            Change::Settings(settings) => {
                effect.is_everything = self.current.settings != settings;
                self.current.settings = settings;
                self.current.excluded = Arc::default();
            }
            Change::Coverage(coverage) => {
                effect.is_everything = self.current.coverage != coverage;
                self.current.coverage = coverage;
            }
        }
        let applied = self.applied(effect);
        if !applied.is_empty() {
            self.current.revision += 1;
        }
        applied
    }

    /// Makes the revision later than another one: that of the writer whose place this one takes.
    pub(crate) fn follow(&mut self, revision: u64) {
        self.current.revision = self.current.revision.max(revision + 1);
    }

    /// Replaces a file, whether or not it is open.
    pub(crate) fn replace(&mut self, id: FileId, file: File) {
        self.put(id, Some(file), &mut Effect::default());
    }

    /// Remembers what the disk holds under a note, if the note is open. Returns whether it is.
    pub(super) fn keep_under_open_note(&mut self, known: Option<FileId>, file: &DiskFile) -> bool {
        let Some(open) = known.filter(|id| self.current.file(*id).is_some_and(File::is_open)) else {
            return false;
        };
        let on_disk = self.on_disk.entry(open).or_default();
        match file {
            DiskFile::Note(note) => *on_disk = Some(Content::Note(Arc::clone(note))),
            DiskFile::Unread => {
                on_disk.get_or_insert(Content::Unread);
            }
            DiskFile::Attachment | DiskFile::Gone => *on_disk = None,
        }
        true
    }

    pub(super) fn is_note(&self, id: FileId) -> bool {
        self.current.files.get(id).is_some_and(File::is_note)
    }

    fn take_disk_file(&mut self, path: VaultPath, file: DiskFile, effect: &mut Effect) {
        let known = self.current.find(path.as_str());
        if self.keep_under_open_note(known, &file) {
            return;
        }
        match (file, known) {
            (DiskFile::Gone, Some(id)) => self.put(id, None, effect),
            (DiskFile::Gone, None) => {}
            (DiskFile::Unread, Some(id)) if self.is_note(id) => {}
            (DiskFile::Unread, _) => self.put_at(path, Content::Unread, effect),
            (DiskFile::Attachment, _) => self.put_at(path, Content::Attachment, effect),
            (DiskFile::Note(note), _) => self.put_at(path, Content::Note(note), effect),
        }
    }

    fn open(&mut self, path: &VaultPath, text: &Text, effect: &mut Effect) {
        let known = self.current.find(path.as_str());
        let before = known.and_then(|id| self.current.file(id)).filter(|file| file.is_note());
        let before = before.map(|file| file.content.clone());
        let note = match before.as_ref().and_then(Content::note) {
            Some(before) if before.text == *text => Arc::clone(before),
            _ => Arc::new(Note::new(&text.to_text())),
        };
        let was_open = known.is_some_and(|id| self.on_disk.contains_key(&id));
        self.put_at(path.clone(), Content::OpenNote(note), effect);
        if let Some(id) = self.current.find(path.as_str()).filter(|_| !was_open) {
            self.on_disk.insert(id, before);
        }
    }

    fn edit(&mut self, path: &VaultPath, text: &Text, effect: &mut Effect) {
        let Some(id) = self.current.find(path.as_str()) else { return };
        // The edited rope shares its pages with the one before; a rope built from the text would not.
        let note = Note::on_rope(text.clone());
        self.put(id, Some(File::new(path.clone(), Content::OpenNote(Arc::new(note)))), effect);
    }

    fn save(&mut self, path: &VaultPath) {
        let open = self.current.find(path.as_str()).and_then(|id| self.current.note(id));
        if let Some(open) = open
            && let Some(on_disk) = self.on_disk.get_mut(&open.id)
        {
            *on_disk = Some(Content::Note(Arc::clone(open.note)));
        }
    }

    fn close(&mut self, path: &VaultPath, effect: &mut Effect) {
        let Some(id) = self.current.find(path.as_str()) else { return };
        let Some(on_disk) = self.on_disk.remove(&id) else { return };
        let file = on_disk.map(|content| File::new(path.clone(), content));
        self.put(id, file, effect);
    }

    fn put_at(&mut self, path: VaultPath, content: Content, effect: &mut Effect) {
        let known = self.current.find(path.as_str());
        let id = known.or_else(|| self.free_ids.pop()).unwrap_or_else(|| self.current.files.next_id());
        self.put(id, Some(File::new(path, content)), effect);
    }

    /// Stores a file at `id` and updates the index for the keys that were added or removed.
    fn put(&mut self, id: FileId, file: Option<File>, effect: &mut Effect) {
        let before = self.current.files.get(id);
        if before == file.as_ref() {
            return;
        }
        let (old, new) = (FileKeys::of(before), FileKeys::of(file.as_ref()));
        let conventions = |file: Option<&File>| {
            file.and_then(File::note).map_or_else(LinkConventions::default, |note| note.conventions)
        };
        let conventions =
            self.current.conventions.without(conventions(before)).and(conventions(file.as_ref()));
        let same_text = before.and_then(File::note).zip(file.as_ref().and_then(File::note));
        if !same_text.is_some_and(|(before, after)| Arc::ptr_eq(before, after)) {
            effect.changed.insert(id);
        }
        if outline_differs(before, file.as_ref()) {
            effect.redefined.extend(new.defines.iter().copied());
        }
        effect.redefined.extend(changed_video(before, file.as_ref()));
        if links_differ(before, file.as_ref(), Note::has_links_of) {
            effect.used.extend(old.uses.iter().chain(&new.uses).copied());
        }
        effect.links_changed |= links_differ(before, file.as_ref(), Note::has_references_of);
        if before.map(|file| &file.path) != file.as_ref().map(|file| &file.path) {
            self.current.excluded = Arc::default();
        }
        if mention_names_differ(before, file.as_ref()) {
            self.current.name_matcher = Arc::default();
            effect.is_everything |= self.current.settings.reads_all_names();
        }
        if file.is_none() {
            self.free_ids.push(id);
            self.on_disk.remove(&id);
        }
        if before.is_some() != file.is_some()
            && let Some(file) = before.or(file.as_ref())
        {
            effect.folders.extend(self.folders_only_of(id, &file.path));
        }
        self.file_under(id, Role::Definer, (&old.defines, &new.defines), &mut effect.redefined);
        self.file_under(id, Role::User, (&old.uses, &new.uses), &mut effect.used);
        // Other files in a folder do not matter as long as there are any, and words affect no diagnostic.
        let mut ignored = FxHashSet::default();
        self.file_under(id, Role::Definer, (&old.inside, &new.inside), &mut ignored);
        self.file_under(id, Role::Definer, (&old.words, &new.words), &mut ignored);
        self.file_under(id, Role::User, (&old.folders, &new.folders), &mut ignored);
        self.current.conventions = conventions;
        self.current.files.set(id, file);
        self.count_users(id, &old.uses, &new.uses);
    }

    /// Updates the inbound link counts of the file at `id` and of the files whose users changed with it.
    fn count_users(&mut self, id: FileId, old: &[Key], new: &[Key]) {
        let Snapshot { files, index, inbound_links, .. } = &mut self.current;
        let users = |key| index.get(key).users.len();
        inbound_links.set(id, files.get(id).map_or(0, |file| users(file.names.stem_key())));
        let gone = old.iter().filter(|key| new.binary_search(key).is_err());
        let come = new.iter().filter(|key| old.binary_search(key).is_err());
        for key in gone.chain(come) {
            let entry = index.get(*key);
            let is_stem = |id: &&FileId| files.get(**id).is_some_and(|file| file.names.stem_key() == *key);
            entry.definers.iter().filter(is_stem).for_each(|id| inbound_links.set(*id, entry.users.len()));
        }
    }

    /// Returns the keys of the folders that hold no other file.
    fn folders_only_of(&self, id: FileId, path: &VaultPath) -> Vec<Key> {
        let holds_another = |folder: &str| {
            let inside = self.current.definers(Key::folder(folder)).iter().filter(|other| **other != id);
            inside.filter_map(|other| self.current.file(*other)).any(|file| file.path.lies_below(folder))
        };
        path.folders().filter(|folder| !holds_another(folder)).map(Key::folder).collect()
    }

    fn file_under(
        &mut self,
        id: FileId,
        role: Role,
        (old, new): (&[Key], &[Key]),
        changed: &mut FxHashSet<Key>,
    ) {
        for key in old.iter().filter(|key| new.binary_search(key).is_err()) {
            if self.current.index.remove(*key, role, id) {
                changed.insert(*key);
            }
        }
        for key in new.iter().filter(|key| old.binary_search(key).is_err()) {
            if self.current.index.insert(*key, role, id) {
                changed.insert(*key);
            }
        }
    }

    /// Returns the notes to check again: those that use or share a name whose definitions changed, and those
    /// whose names have other users than before.
    fn applied(&self, effect: Effect) -> Applied {
        if effect.is_everything {
            return Applied { is_everything: true, ..Applied::default() };
        }
        let vault = &self.current;
        let by_definition =
            effect.redefined.iter().flat_map(|key| vault.users(*key).iter().chain(vault.definers(*key)));
        let by_folder = effect.folders.iter().flat_map(|key| vault.users(*key));
        let by_use = effect.used.iter().flat_map(|key| vault.definers(*key));
        let mut affected: Vec<FileId> = by_definition.chain(by_folder).chain(by_use).copied().collect();
        affected.sort_unstable();
        affected.dedup();
        affected.retain(|id| !effect.changed.contains(id));
        let mut changed: Vec<FileId> = effect.changed.into_iter().collect();
        changed.sort_unstable();
        Applied { changed, affected, links_changed: effect.links_changed, is_everything: false }
    }
}

#[derive(Default)]
pub(super) struct Effect {
    changed: FxHashSet<FileId>,
    /// Keys whose definitions changed.
    redefined: FxHashSet<Key>,
    /// Keys of folders that were created or removed.
    folders: FxHashSet<Key>,
    /// Keys whose uses changed. `[[a]]` and `[[x/a]]` share a key.
    used: FxHashSet<Key>,
    links_changed: bool,
    pub(super) is_everything: bool,
}

#[derive(Default)]
pub(super) struct FileKeys {
    defines: Box<[Key]>,
    uses: Box<[Key]>,
    /// The folders that the file lies in.
    inside: Box<[Key]>,
    /// The words of its names.
    words: Box<[Key]>,
    /// The folders that its links may name.
    folders: Box<[Key]>,
}

impl FileKeys {
    pub(super) fn of(file: Option<&File>) -> FileKeys {
        let Some(file) = file else { return FileKeys::default() };
        let mut defines: Vec<Key> = path_keys(&file.path).collect();
        let note = file.note();
        defines.extend(note.iter().flat_map(|note| note.keys.defines.iter().copied()));
        let keys = note.map(|note| &note.keys);
        FileKeys {
            defines: sorted(defines),
            uses: keys.map(|keys| keys.uses.clone()).unwrap_or_default(),
            words: file.names.words(),
            inside: sorted(file.path.folders().map(Key::folder).collect()),
            folders: keys.map(|keys| keys.folders.clone()).unwrap_or_default(),
        }
    }

    /// Hands on all keys with the role of the file.
    pub(super) fn each(&self, mut take: impl FnMut(Key, Role)) {
        let defined = [&self.defines, &self.inside, &self.words];
        defined.into_iter().flatten().for_each(|key| take(*key, Role::Definer));
        [&self.uses, &self.folders].into_iter().flatten().for_each(|key| take(*key, Role::User));
    }
}

/// Returns whether the names differ by which running text can mention the note.
fn mention_names_differ(before: Option<&File>, after: Option<&File>) -> bool {
    fn names(file: &File) -> Option<(&VaultPath, &str)> {
        file.is_note().then(|| (&file.path, file.names.lines()))
    }
    before.and_then(names) != after.and_then(names)
}

/// Returns whether links into the note may lead to other places: its headings, blocks, anchors, names or
/// duration changed, or the kind of file did.
fn outline_differs(before: Option<&File>, after: Option<&File>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return true };
    let (Some(old), Some(new)) = (before.note(), after.note()) else { return true };
    if Arc::ptr_eq(old, new) {
        return false;
    }
    !old.has_outline_of(new)
}

/// Returns the key of the video of a note whose last cited moment changed. If the video itself changed, the
/// notes of both videos are affected anyway.
fn changed_video(before: Option<&File>, after: Option<&File>) -> Option<Key> {
    let (old, new) = (before?.note()?, after?.note()?);
    let video = new.parsed.video()?;
    (!Arc::ptr_eq(old, new) && old.cited_extent() != new.cited_extent()).then(|| Key::video(&video.value))
}

/// Returns whether the links differ by `same`.
fn links_differ(before: Option<&File>, after: Option<&File>, same: impl Fn(&Note, &Note) -> bool) -> bool {
    let (before, after) = (before.and_then(File::note), after.and_then(File::note));
    match (before, after) {
        (Some(before), Some(after)) => !Arc::ptr_eq(before, after) && !same(before, after),
        (before, after) => before.is_some() || after.is_some(),
    }
}
