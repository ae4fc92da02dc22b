--- What other configuration may call. Nothing here needs to be called for the plugin to work.
local M = {}

--- A few words on the vault of the current buffer, for the status line: its name and counts. Empty elsewhere.
---@return string
function M.status()
  return require('vaultls.status').text(vim.api.nvim_get_current_buf())
end

--- Changes settings of the server (`vaultls.*` without the prefix, as nested tables) in the running session and for
--- servers that are started later.
---@param settings table
function M.configure(settings)
  vim.validate('settings', settings, 'table')
  vim.lsp.config('vaultls', { settings = { vaultls = settings } })
  for _, client in ipairs(vim.lsp.get_clients({ name = 'vaultls' })) do
    client.settings = vim.tbl_deep_extend('force', client.settings or {}, { vaultls = settings })
    client:notify('workspace/didChangeConfiguration', { settings = client.settings })
  end
end

return M
