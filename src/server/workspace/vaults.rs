//! All vaults that are served, and which of them owns a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustc_hash::FxHashMap;
use tower_lsp::ls_types::Uri;

use crate::disk;
use crate::lsp::uri;
use crate::server::client::Client;
use crate::server::lock::lock;
use crate::vault::{VaultPath, VaultWriter};

use super::OnEvent;
use super::disk_sync::DiskSync;
use super::settings::SettingsLayers;
use super::vault::{Origin, ServedVault, VaultTask};

/// The pauses after each look at the disk, in seconds, once a client has said that it watches files. Some say
/// so seconds before they do (VS Code starts its watcher when the window is drawn), and do not report what
/// happened before.
const LOOK_PAUSES: [u64; 7] = [1, 2, 4, 8, 16, 32, 0];

/// The vaults of a session.
pub(crate) struct Vaults {
    /// What the settings of every vault are made of.
    pub(crate) settings: Arc<SettingsLayers>,
    client: Arc<Client>,
    on_event: OnEvent,
    served: Mutex<Served>,
    /// What every vault is before anything is known of it, so that thousands of documents that are vaults of
    /// their own share its memory.
    empty: Mutex<Option<VaultWriter>>,
    /// Whether the client works in folders, so that a file outside of them belongs to no vault.
    has_folders: AtomicBool,
}

/// The vaults, those apart that may be many: each standalone one is found without looking at the others.
#[derive(Default)]
struct Served {
    /// In the order in which they came.
    folders: Vec<Arc<ServedVault>>,
    standalone: BTreeMap<u64, Arc<ServedVault>>,
    /// The numbers of the standalone ones with a folder.
    by_folder: FxHashMap<PathBuf, u64>,
}

impl Served {
    fn all(&self) -> impl Iterator<Item = &Arc<ServedVault>> {
        self.folders.iter().chain(self.standalone.values())
    }

    fn add(&mut self, vault: &Arc<ServedVault>) {
        if vault.origin != Origin::Standalone {
            self.folders.push(Arc::clone(vault));
            return;
        }
        self.standalone.insert(vault.number, Arc::clone(vault));
        if let Some(root) = &vault.root {
            self.by_folder.insert(root.clone(), vault.number);
        }
    }

    fn remove_standalone(&mut self, number: u64) -> Option<Arc<ServedVault>> {
        let vault = self.standalone.remove(&number)?;
        if let Some(root) = &vault.root {
            self.by_folder.remove(root);
        }
        Some(vault)
    }
}

impl Vaults {
    /// No vault yet.
    pub(crate) fn new(client: Arc<Client>, on_event: OnEvent) -> Vaults {
        let settings = Arc::new(SettingsLayers::new(Arc::clone(&client), Arc::clone(&on_event)));
        let (served, has_folders) = (Mutex::default(), AtomicBool::new(false));
        Vaults { settings, client, on_event, served, empty: Mutex::default(), has_folders }
    }

    /// All vaults, standalone ones included.
    pub(crate) fn all(&self) -> Vec<Arc<ServedVault>> {
        lock(&self.served).all().cloned().collect()
    }

    /// The vaults that are folders.
    pub(crate) fn folders(&self) -> Vec<Arc<ServedVault>> {
        lock(&self.served).folders.clone()
    }

    /// Serves a folder of the workspace.
    pub(crate) fn add_folder(&self, folder: PathBuf) {
        self.has_folders.store(true, Ordering::Relaxed);
        if !lock(&self.served).folders.iter().any(|vault| is_workspace_folder(vault, &folder)) {
            self.add(Origin::Workspace, Some(folder));
        }
    }

    /// Stops serving a folder of the workspace. Returns what was served there.
    pub(crate) fn remove_folder(&self, folder: &Path) -> Vec<Arc<ServedVault>> {
        let mut served = lock(&self.served);
        let removed: Vec<_> =
            served.folders.extract_if(.., |vault| is_workspace_folder(vault, folder)).collect();
        drop(served);
        self.stopped(&removed);
        removed
    }

    /// Ends the threads of all vaults.
    pub(crate) fn stop(&self) {
        self.all().iter().for_each(|vault| vault.stop());
    }

    /// After folders came or went: no vault keeps the files of a vault inside it.
    pub(crate) fn update_nesting(&self) {
        let folders = self.folders();
        for vault in self.all() {
            let others = folders.iter().filter(|other| other.number != vault.number);
            let mut nested: Vec<VaultPath> =
                others.filter_map(|other| vault.path_of(other.root.as_deref()?)).collect();
            nested.sort();
            if vault.set_nested(&nested) && vault.origin != Origin::Standalone {
                vault.rescan();
            }
        }
    }

    fn add(&self, origin: Origin, root: Option<PathBuf>) -> Arc<ServedVault> {
        let (vault, tasks) = ServedVault::new(origin, root, self.empty());
        lock(&self.served).add(&vault);
        if origin != Origin::Standalone {
            vault.send(VaultTask::Scan);
            let (client, settings) = (Arc::clone(&self.client), Arc::clone(&self.settings));
            DiskSync::new(Arc::clone(&vault), client, settings, Arc::clone(&self.on_event)).start(tasks);
        }
        vault
    }

    /// A vault without files, with the settings of the editor.
    fn empty(&self) -> VaultWriter {
        let settings = self.settings.initial();
        let mut empty = lock(&self.empty);
        match &*empty {
            Some(empty) if **empty.snapshot().settings() == settings => empty.clone(),
            _ => empty.insert(VaultWriter::new(Arc::new(settings))).clone(),
        }
    }

    /// The vault that owns a file, and the file's path in it. A file outside of all vaults gets one of its
    /// own; one that has not been saved yet belongs to the only vault that there is, if there is one.
    pub(super) fn owner_or_new(&self, uri: &Uri) -> Option<(Arc<ServedVault>, VaultPath)> {
        if let Some(owner) = self.owner(uri) {
            return Some(owner);
        }
        let Some(path) = uri::to_path(uri) else {
            let name =
                VaultPath::resolve("", uri.path().as_str()).or_else(|_| VaultPath::resolve("", "note.md"));
            let name = name.ok()?;
            return Some(match (is_unsaved(uri), &*self.folders()) {
                (true, [only]) => (Arc::clone(only), unused_path(only, &name)?),
                _ => (self.add(Origin::Standalone, None), name),
            });
        };
        let folder = path.parent()?;
        let found = if self.has_folders.load(Ordering::Relaxed) { None } else { disk::find_root(folder) };
        let vault = match found {
            Some(root) => self.add(Origin::Found, Some(root)),
            None => self.add(Origin::Standalone, Some(folder.to_path_buf())),
        };
        let place = vault.path_of(&path)?;
        Some((vault, place))
    }

    /// The vault that owns a file: the innermost folder, and a standalone one only where there is no other.
    pub(crate) fn owner(&self, uri: &Uri) -> Option<(Arc<ServedVault>, VaultPath)> {
        let path = uri::to_path(uri)?;
        let served = lock(&self.served);
        let holding = served.folders.iter().filter_map(|vault| Some((vault, vault.path_of(&path)?)));
        let depth = |vault: &ServedVault| vault.root.as_ref().map_or(0, |root| root.components().count());
        let innermost = holding.max_by_key(|(vault, _)| depth(vault));
        // A standalone vault holds the documents of its own folder only.
        let standalone = || {
            let vault = served.standalone.get(served.by_folder.get(path.parent()?)?)?;
            Some((vault, vault.path_of(&path)?))
        };
        let (vault, place) = innermost.or_else(standalone)?;
        Some((Arc::clone(vault), place))
    }

    /// The vault that a file or folder belongs to, or whose root it is, and the path of a file in it.
    pub(crate) fn at(&self, uri: &Uri) -> Option<(Arc<ServedVault>, Option<VaultPath>)> {
        if let Some((vault, path)) = self.owner(uri) {
            return Some((vault, Some(path)));
        }
        let path = uri::to_path(uri)?;
        let is_root = |vault: &Arc<ServedVault>| vault.root.as_deref() == Some(&path);
        self.all().into_iter().find(is_root).map(|vault| (vault, None))
    }

    /// Stops serving what was only served for a document that has been closed: its vault, if that has no
    /// other and is standalone; and vaults that were found for documents before. The last one that was found
    /// stays, as the next document is often another note of it. Returns what is not served any more.
    pub(super) fn drop_unused(&self, closed: &ServedVault) -> Vec<Arc<ServedVault>> {
        let mut served = lock(&self.served);
        let mut dropped = Vec::new();
        if !is_used(closed) {
            dropped.extend(served.remove_standalone(closed.number));
        }
        if closed.origin == Origin::Found {
            let is_over = |vault: &Arc<ServedVault>| {
                vault.origin == Origin::Found && vault.number != closed.number && !is_used(vault)
            };
            dropped.extend(served.folders.extract_if(.., |vault| is_over(vault)));
        }
        drop(served);
        self.stopped(&dropped);
        dropped
    }

    /// Stops serving all that is served for single documents and has none.
    pub(super) fn drop_all_unused(&self) -> Vec<Arc<ServedVault>> {
        let mut served = lock(&self.served);
        let unused: Vec<u64> =
            served.standalone.values().filter(|vault| !is_used(vault)).map(|vault| vault.number).collect();
        let mut dropped: Vec<_> =
            unused.into_iter().filter_map(|number| served.remove_standalone(number)).collect();
        let is_over = |vault: &Arc<ServedVault>| vault.origin == Origin::Found && !is_used(vault);
        dropped.extend(served.folders.extract_if(.., |vault| is_over(vault)));
        drop(served);
        self.stopped(&dropped);
        dropped
    }

    fn stopped(&self, vaults: &[Arc<ServedVault>]) {
        for vault in vaults {
            vault.stop();
            self.settings.clear_problems(vault);
        }
    }

    /// Looks at all vaults on disk, now and some more times, after the client has said that it watches them.
    pub(crate) async fn keep_looking(&self) {
        for pause in LOOK_PAUSES {
            for vault in self.all() {
                vault.send(VaultTask::CatchUp(None));
            }
            tokio::time::sleep(Duration::from_secs(pause)).await;
        }
    }

    /// Has each vault read what may have changed in it on disk.
    pub(crate) fn disk_changed(&self, paths: &[PathBuf]) {
        for vault in self.folders() {
            let Some(root) = &vault.root else { continue };
            let is_own = |path: &&PathBuf| path.starts_with(root) || root.starts_with(path);
            let own: Vec<PathBuf> = paths.iter().filter(is_own).cloned().collect();
            if !own.is_empty() {
                vault.send(VaultTask::Paths(own));
            }
        }
    }

    /// Applies changed settings of the editor to all vaults.
    pub(crate) fn settings_changed(&self) {
        for vault in self.all() {
            if self.settings.update(&vault) {
                vault.rescan();
            }
        }
    }

    /// Reads the settings and files of all vaults again.
    pub(crate) fn reload(&self) {
        for vault in self.all() {
            vault.send(VaultTask::Settings);
            vault.rescan();
        }
    }
}

/// Whether a document of the vault is open.
fn is_used(vault: &ServedVault) -> bool {
    vault.uris().open().next().is_some()
}

fn is_workspace_folder(vault: &ServedVault, folder: &Path) -> bool {
    vault.origin == Origin::Workspace && vault.root.as_deref() == Some(folder)
}

/// Whether a document has never been saved (VS Code's `untitled:`).
fn is_unsaved(uri: &Uri) -> bool {
    uri.scheme().as_str().eq_ignore_ascii_case("untitled")
}

/// A path for a note in the root of a vault that no file of it has.
fn unused_path(vault: &ServedVault, name: &VaultPath) -> Option<VaultPath> {
    let snapshot = vault.snapshot();
    let numbers = std::iter::once(String::new()).chain((2..).map(|number| format!(" {number}")));
    let mut paths = numbers.map(|number| format!("{}{number}.md", name.stem()));
    let unused = paths.find(|path| snapshot.find(path).is_none())?;
    VaultPath::resolve("", &unused).ok()
}
