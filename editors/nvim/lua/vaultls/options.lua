--- What the user says in `vim.g.vaultls`. Read anew each time, so a change counts from the next note on.
local M = {}

---@class vaultls.Options
---@field enabled boolean Whether the plugin starts the server by itself.
---@field completion? boolean Whether Neovim's own completion opens by itself. `nil`: unless another engine is loaded.
---@field keys boolean Whether `gd` is mapped in notes.
---@field lenses boolean Whether the counts of links are shown above titles and headings.

---@type vaultls.Options
local defaults = { enabled = true, completion = nil, keys = true, lenses = false }

---@return vaultls.Options options What is set wrongly keeps its default; said once.
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
      fault = ('vim.g.vaultls: there is no option %q'):format(name)
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
