--- The vault of a note. The client decides, since it starts a server for each vault.
local M = {}

--- The current directory, if it contains the file; the open folder of other editors. Not the home directory or the root
--- of the file system.
---@param path string
---@return string?
local function working_folder(path)
  local folder = vim.fs.normalize(vim.fn.getcwd())
  local is_too_wide = folder == vim.fs.normalize('~') or vim.fs.dirname(folder) == folder
  return not is_too_wide and vim.fs.relpath(folder, path) and folder or nil
end

--- The vault of a file: the nearest folder with a marker, those of vaults before `.git`, as in `vaultls check`; else the
--- current directory. `nil` if there is none: then the server serves the note alone.
---@param path string
---@return string? folder
function M.of(path)
  local config = vim.lsp.config.vaultls or {}
  local vault, other = {}, {} ---@type string[], string[]
  for _, marker in ipairs(vim.iter(config.root_markers or {}):flatten(math.huge):totable()) do
    table.insert(marker == '.git' and other or vault, marker)
  end
  -- In two steps, as Neovim 0.11 does not rank markers.
  return vim.fs.root(path, function(name)
    return vim.list_contains(vault, name)
  end) or vim.fs.root(path, function(name)
    return vim.list_contains(other, name)
  end) or (not config.workspace_required and working_folder(path) or nil)
end

--- `root_dir` of the server's configuration. A buffer without a file has no vault until it is named.
---@param bufnr integer
---@param on_dir fun(folder: string?)
function M.root_dir(bufnr, on_dir)
  local path = vim.api.nvim_buf_get_name(bufnr)
  if path == '' or path:find('^%a[%w+.-]+://') then
    return
  end
  local root = M.of(path)
  if require('vaultls.crashes').has_given_up(root) then
    return
  end
  on_dir(root)
end

return M
