local crashes = require('vaultls.crashes')
local lenses = require('vaultls.lenses')
local roots = require('vaultls.roots')
local status = require('vaultls.status')

---@type vim.lsp.Config
return {
  cmd = { 'vaultls', '--stdio' },
  filetypes = { 'markdown' },
  -- Read by `root_dir`, so that a user who sets them gets what they say.
  root_markers = { '.vaultls.toml', '.obsidian', '.git' },
  root_dir = roots.root_dir,
  workspace_required = false,
  capabilities = {
    experimental = { serverStatusNotification = true, commands = { commands = { lenses.COMMAND } } },
  },
  commands = { [lenses.COMMAND] = lenses.show },
  handlers = { ['experimental/serverStatus'] = status.on_status },
  on_exit = crashes.on_exit,
}
