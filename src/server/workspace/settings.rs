//! The settings of each vault: what its files say, overridden by what the editor says.

use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tower_lsp::ls_types::Uri;

use crate::config::{Layer, SettingProblem, Settings};
use crate::disk::{self, FileProblem, SETTINGS_CODE, SETTINGS_FILE, VaultSettings};
use crate::ide;
use crate::lsp::{file_warning, result_id, settings_layer, to_lsp_range, uri};
use crate::server::client::Client;
use crate::server::lock::lock;
use crate::vault::Change;

use super::vault::{Origin, ServedVault};
use super::{OnEvent, VaultEvent};

/// What the files of a vault say about settings.
#[derive(Debug, Default)]
pub(crate) struct VaultLayers {
    /// Obsidian's, then `.vaultls.toml`.
    layers: Vec<Layer>,
    /// The settings file in which problems are shown, and the identity of what is shown.
    shown: Option<(Uri, String)>,
}

/// Where an editor states settings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EditorSource {
    /// `initializationOptions`.
    Initialization,
    /// `workspace/configuration` or `didChangeConfiguration`.
    Configuration,
}

/// What the editor says about settings, and what becomes of it in each vault.
pub(crate) struct SettingsLayers {
    client: Arc<Client>,
    on_event: OnEvent,
    editor: Mutex<EditorLayers>,
}

#[derive(Debug, Default)]
struct EditorLayers {
    initialization: Layer,
    configuration: Layer,
    /// The problems that were shown last, so that they are not shown again with every change.
    shown: Vec<SettingProblem>,
}

impl EditorLayers {
    /// The settings of a vault whose files say `layers`.
    fn over(&self, layers: &[Layer]) -> Settings {
        let mut layers = layers.to_vec();
        layers.extend([self.initialization.clone(), self.configuration.clone()]);
        Settings::layered(&layers, ide::DIAGNOSTIC_CODES).0
    }
}

impl SettingsLayers {
    /// Nothing is set by the editor yet.
    pub(crate) fn new(client: Arc<Client>, on_event: OnEvent) -> SettingsLayers {
        SettingsLayers { client, on_event, editor: Mutex::default() }
    }

    /// Takes what the editor says, and shows what is new among its problems.
    pub(crate) fn set(&self, source: EditorSource, value: Option<&Value>) {
        let editor = &mut *lock(&self.editor);
        let (name, layer) = match source {
            EditorSource::Initialization => ("initialization options", &mut editor.initialization),
            EditorSource::Configuration => ("editor settings", &mut editor.configuration),
        };
        let problem;
        (*layer, problem) = settings_layer(name, value);
        let mut problems = disk::layer_problems(&editor.initialization, ide::DIAGNOSTIC_CODES);
        problems.extend(disk::layer_problems(&editor.configuration, ide::DIAGNOSTIC_CODES));
        problems.extend(problem);
        let new = problems.iter().filter(|problem| !editor.shown.contains(problem));
        let lines: Vec<String> = new.map(ToString::to_string).collect();
        editor.shown = problems;
        if !lines.is_empty() {
            self.client.warn(format!("vaultls: {}", lines.join("; ")));
        }
    }

    /// The settings of a vault whose files have not been read.
    pub(super) fn initial(&self) -> Settings {
        lock(&self.editor).over(&[])
    }

    /// Reads the settings files of a vault. Returns whether other files belong to it now.
    pub(super) fn read(&self, vault: &Arc<ServedVault>) -> bool {
        let Some(root) = vault.root.as_deref().filter(|_| vault.origin != Origin::Standalone) else {
            return false;
        };
        let read = disk::read_vault_settings(root, ide::DIAGNOSTIC_CODES);
        self.show_problems(vault, root, &read);
        lock(&vault.layers).layers = read.layers;
        self.update(vault)
    }

    /// Applies to a vault what all layers say together. Returns whether other files belong to it now.
    pub(super) fn update(&self, vault: &Arc<ServedVault>) -> bool {
        // Held until the settings are applied, or older ones could follow newer ones.
        let editor = lock(&self.editor);
        let settings = editor.over(&lock(&vault.layers).layers);
        let before = vault.snapshot();
        if **before.settings() == settings {
            return false;
        }
        let has_other_files = before.settings().ignored_files != settings.ignored_files;
        let applied = vault.apply(Change::Settings(Arc::new(settings)));
        drop(editor);
        (self.on_event)(VaultEvent { vault, applied: &applied, document: None });
        has_other_files
    }

    fn show_problems(&self, vault: &ServedVault, root: &Path, read: &VaultSettings) {
        for problem in &read.elsewhere {
            self.client.log(problem.clone());
        }
        let Some(uri) = uri::from_path(&root.join(SETTINGS_FILE)) else { return };
        let encoding = self.client.features().encoding;
        let diagnostic = |problem: &FileProblem| {
            let range = to_lsp_range(&read.text, problem.span, encoding);
            file_warning(range, SETTINGS_CODE, problem.message.clone())
        };
        let diagnostics: Vec<_> = read.in_file.iter().map(diagnostic).collect();
        let shown = (!diagnostics.is_empty()).then(|| (uri.clone(), result_id(&diagnostics)));
        let mut layers = lock(&vault.layers);
        if vault.is_stopped() || layers.shown == shown {
            return;
        }
        layers.shown = shown;
        self.client.publish(uri, diagnostics, None);
    }

    /// Takes back the problems shown of a vault that is not served any more. It must have been stopped
    /// before.
    pub(super) fn clear_problems(&self, vault: &ServedVault) {
        if let Some((uri, _)) = lock(&vault.layers).shown.take() {
            self.client.publish(uri, Vec::new(), None);
        }
    }
}
