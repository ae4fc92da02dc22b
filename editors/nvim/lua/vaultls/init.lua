--- The public functions. None has to be called for the plugin to work.
local M = {}

--- The status of the vault of the current buffer, for the status line: its name and counts. Empty in other buffers.
---@return string
function M.status()
  return require('vaultls.status').text(vim.api.nvim_get_current_buf())
end

--- Changes settings of the running servers, and of those that are started later.
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
