--- The server's log. Neovim writes what a server says on standard error into the log of all language servers.
local M = {}

--- The file, as short as it can be said.
---@return string
function M.path()
  return vim.fn.fnamemodify(vim.lsp.log.get_filename(), ':~')
end

--- Opens the log at its end, in a window that follows it when it is looked at again.
function M.open()
  local path = vim.lsp.log.get_filename()
  vim.cmd.split({ args = { path }, magic = { file = false } })
  vim.bo.readonly, vim.bo.modifiable, vim.bo.autoread = true, false, true
  vim.bo.swapfile = false
  vim.cmd.normal({ args = { 'G' }, bang = true })
end

return M
