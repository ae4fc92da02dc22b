--- The server's log. Neovim writes the standard error of all servers to one log.
local M = {}

--- The path of the log, with `~` for the home directory.
---@return string
function M.path()
  return vim.fn.fnamemodify(vim.lsp.log.get_filename(), ':~')
end

--- Opens the log at its end. The window is updated when it is entered again.
function M.open()
  local path = vim.lsp.log.get_filename()
  vim.cmd.split({ args = { path }, magic = { file = false } })
  vim.bo.readonly, vim.bo.modifiable, vim.bo.autoread = true, false, true
  vim.bo.swapfile = false
  vim.cmd.normal({ args = { 'G' }, bang = true })
end

return M
