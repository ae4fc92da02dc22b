--- The options in `vim.g.vaultls`. They are read for each note, so changes apply to the next one.
local M = {}

---@class vaultls.Options
---@field enabled boolean Whether the plugin starts the server automatically.
---@field completion? boolean Whether Neovim's own completion opens automatically. `nil`: unless another engine is loaded.
---@field keys boolean Whether `gd` is mapped in notes.
---@field lenses boolean Whether the counts of links are shown above titles and headings.

---@type vaultls.Options
local defaults = { enabled = true, completion = nil, keys = true, lenses = false }

---@return vaultls.Options options Invalid options have their default; a warning is shown once.
function M.get()
  local set = vim.g.vaultls
  local options = vim.deepcopy(defaults)
  local fault ---@type string?
  if set ~= nil and type(set) ~= 'table' then
    fault = 'vim.g.vaultls: expected a table, got ' .. type(set)
    set = nil
  end
  for name, value in pairs(set or {}) do
    if defaults[name] == nil and name ~= 'completion' then
      fault = ('vim.g.vaultls: unknown option %q'):format(name)
    elseif type(value) ~= 'boolean' then
      fault = ('vim.g.vaultls.%s: expected a boolean, got %s'):format(name, type(value))
    else
      options[name] = value
    end
  end
  if fault then
    vim.notify_once(fault .. '. See :help vaultls-options', vim.log.levels.WARN)
  end
  return options
end

return M
