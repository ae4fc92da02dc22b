//! Starts `vaultls` for Markdown in Zed: the program of the setting `lsp.vaultls.binary.path`, else the one on `PATH`.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{Command, Extension, LanguageServerId, Result, Worktree, register_extension, serde_json};

struct Vaultls;

impl Extension for Vaultls {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, id: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let binary = LspSettings::for_worktree(id.as_ref(), worktree)?.binary;
        let (path, arguments) = binary.map_or((None, None), |binary| (binary.path, binary.arguments));
        let command = path
            .or_else(|| worktree.which("vaultls"))
            .ok_or("vaultls is not on PATH; install it or set lsp.vaultls.binary.path")?;
        let args = arguments.unwrap_or_else(|| vec!["--stdio".to_owned()]);
        Ok(Command { command, args, env: worktree.shell_env() })
    }

    /// The server asks for its section `vaultls`; in Zed, `lsp.vaultls.settings` is its content.
    fn language_server_workspace_configuration(
        &mut self,
        id: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<serde_json::Value>> {
        let settings = LspSettings::for_worktree(id.as_ref(), worktree)?.settings;
        Ok(settings.map(|settings| serde_json::json!({ "vaultls": settings })))
    }
}

register_extension!(Vaultls);
