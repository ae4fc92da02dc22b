//! The settings of each vault: what its files say, overridden by what the editor says.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use tower_lsp::ls_types::{ConfigurationItem, DidChangeConfigurationParams};

use crate::config::{Layer, SettingProblem, Settings};
use crate::disk::{self, FileProblem, SETTINGS_CODE, SETTINGS_FILE, VaultSettings};
use crate::ide;
use crate::lsp::{file_warning, settings_layer, to_lsp_range, uri};
use crate::vault::Change;

use crate::server::lock;
use crate::server::session::Session;
use crate::server::workspace::vault::{Errand, Origin, ServedVault};

/// What the editor says about settings.
#[derive(Debug, Default)]
pub(crate) struct EditorSettings {
    /// From `initializationOptions`.
    initial: Layer,
    /// From `workspace/configuration` or `didChangeConfiguration`.
    current: Layer,
    /// What was last shown to the person, so that it is not shown again with every change.
    shown: Vec<SettingProblem>,
}

impl EditorSettings {
    /// Takes the initialization options; answers what means nothing in them.
    pub(crate) fn set_initial(&mut self, value: Option<&Value>) -> Vec<SettingProblem> {
        let (layer, problem) = settings_layer("initialization options", value);
        self.initial = layer;
        self.problems(problem)
    }

    fn set_current(&mut self, value: Option<&Value>) -> Vec<SettingProblem> {
        let (layer, problem) = settings_layer("settings of the editor", value);
        self.current = layer;
        self.problems(problem)
    }

    /// What means nothing in both layers and was not shown before.
    fn problems(&mut self, problem: Option<SettingProblem>) -> Vec<SettingProblem> {
        let mut problems = disk::layer_problems(&self.initial, ide::DIAGNOSTIC_CODES);
        problems.extend(disk::layer_problems(&self.current, ide::DIAGNOSTIC_CODES));
        problems.extend(problem);
        let news = problems.iter().filter(|problem| !self.shown.contains(problem)).cloned().collect();
        self.shown = problems;
        news
    }

    /// The settings of a vault whose files say `layers`, and what means nothing in any of them.
    pub(crate) fn layered(&self, layers: &[Layer]) -> (Settings, Vec<SettingProblem>) {
        let mut layers = layers.to_vec();
        layers.extend([self.initial.clone(), self.current.clone()]);
        Settings::layered(&layers, ide::DIAGNOSTIC_CODES)
    }
}

impl Session {
    /// Shows what means nothing in the editor's settings, in one message.
    pub(crate) fn report_editor_problems(&self, problems: &[SettingProblem]) {
        if !problems.is_empty() {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            self.outbox.warn(format!("vaultls: {}", lines.join("; ")));
        }
    }

    /// `didChangeConfiguration`: asks for the settings where the client can be asked, else takes what it sent.
    pub(crate) fn configuration_changed(self: &Arc<Session>, params: &DidChangeConfigurationParams) {
        if self.features().configuration {
            self.ask_for_configuration();
        } else {
            self.take_configuration(&params.settings);
        }
    }

    /// Asks the client for the settings; does nothing if it cannot be asked.
    pub(crate) fn ask_for_configuration(self: &Arc<Session>) {
        if !self.features().configuration {
            return;
        }
        let session = Arc::clone(self);
        self.spawn(async move {
            let item = ConfigurationItem { scope_uri: None, section: Some("vaultls".to_owned()) };
            match session.client.configuration(vec![item]).await {
                Ok(values) => session.take_configuration(values.first().unwrap_or(&Value::Null)),
                Err(error) => session.outbox.log(format!("the editor gave no settings: {error}")),
            }
        });
    }

    fn take_configuration(self: &Arc<Session>, value: &Value) {
        let problems = lock(&self.editor).set_current(Some(value));
        self.report_editor_problems(&problems);
        for vault in self.vaults() {
            if self.settle_settings(&vault) {
                vault.rescan();
            }
        }
    }

    /// Reads the settings that lie in a vault. Answers whether other files belong to it now.
    pub(crate) fn read_vault_settings(self: &Arc<Session>, vault: &ServedVault) -> bool {
        let Some(root) = vault.root.as_deref().filter(|_| vault.origin != Origin::Lone) else { return false };
        let read = disk::read_vault_settings(root, ide::DIAGNOSTIC_CODES);
        self.show_settings_problems(vault, root, &read);
        *lock(&vault.file_layers) = read.layers;
        self.settle_settings(vault)
    }

    fn show_settings_problems(&self, vault: &ServedVault, root: &Path, read: &VaultSettings) {
        for problem in &read.elsewhere {
            self.outbox.log(problem.clone());
        }
        let Some(uri) = uri::from_path(&root.join(SETTINGS_FILE)) else { return };
        let encoding = self.features().encoding;
        let diagnostic = |problem: &FileProblem| {
            let range = to_lsp_range(&read.text, problem.span, encoding);
            file_warning(range, SETTINGS_CODE, problem.message.clone())
        };
        self.publish_settings(vault, uri, read.in_file.iter().map(diagnostic).collect());
    }

    /// Applies the settings that all layers make together. Answers whether other files belong to the vault now.
    fn settle_settings(self: &Arc<Session>, vault: &ServedVault) -> bool {
        // Held until they are applied, or older ones could follow newer ones.
        let editor = lock(&self.editor);
        let layers = lock(&vault.file_layers).clone();
        let (settings, _) = editor.layered(&layers);
        let before = vault.snapshot();
        if **before.settings() == settings {
            return false;
        }
        let other_files = before.settings().ignored_files != settings.ignored_files;
        let applied = vault.apply(Change::Settings(Arc::new(settings)));
        drop(editor);
        self.after_disk(vault, &applied);
        other_files
    }

    /// Reads everything again.
    pub(crate) fn reindex(&self) {
        for vault in self.vaults() {
            vault.send(Errand::Settings);
            vault.rescan();
        }
    }
}
