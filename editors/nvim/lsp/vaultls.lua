local crashes = require('vaultls.crashes')
local lenses = require('vaultls.lenses')
local rename = require('vaultls.rename')
local roots = require('vaultls.roots')
local status = require('vaultls.status')

---@type vim.lsp.Config
return {
  cmd = { 'vaultls', '--stdio' },
  filetypes = { 'markdown' },
  -- Read by `root_dir`, so that users can set them.
  root_markers = { '.vaultls.toml', '.obsidian', '.git' },
  root_dir = roots.root_dir,
  workspace_required = false,
  capabilities = {
    workspace = {
      workspaceEdit = {
        -- Neovim supports it and does not announce it.
        documentChanges = true,
        -- With it Neovim shows a message for each changed note.
        changeAnnotationSupport = vim.NIL,
      },
    },
    experimental = { serverStatusNotification = true, commands = { commands = { lenses.COMMAND } } },
  },
  commands = { [lenses.COMMAND] = lenses.show },
  handlers = {
    ['experimental/serverStatus'] = status.on_status,
    ['textDocument/rename'] = rename.on_rename,
  },
  on_exit = crashes.on_exit,
}
