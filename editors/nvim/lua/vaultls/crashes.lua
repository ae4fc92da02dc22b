--- Restarts a crashed server, a few times and after a delay. Neovim does not restart servers.
local M = {}

--- After this many crashes within `WINDOW_SECONDS` the server is not restarted.
local MAX_CRASHES = 4
local WINDOW_SECONDS = 180
--- Doubled with each crash.
local FIRST_PAUSE_MILLISECONDS = 500
--- Sent by `kill` and by a forced stop, which are not crashes.
local SIGTERM = 15

--- The times of the crashes by vault, in seconds.
---@type table<string, number[]>
local times = {}
---@type table<string, true>
local given_up = {}

--- Notes without a vault share a key.
---@param root string?
---@return string
local function key(root)
  return root or ''
end

---@param root string?
---@return boolean
function M.has_given_up(root)
  return given_up[key(root)] == true
end

--- The number of recent crashes, and the vaults whose servers are not restarted.
---@return integer crashes
---@return string[] given_up
function M.summary()
  local count = 0
  for _, list in pairs(times) do
    count = count + #list
  end
  return count, vim.tbl_keys(given_up)
end

--- Forgets all crashes.
function M.forget()
  times, given_up = {}, {}
end

---@param root string?
local function on_crash(root)
  local now = vim.uv.hrtime() / 1e9
  local recent = vim.tbl_filter(function(time)
    return now - time < WINDOW_SECONDS
  end, times[key(root)] or {})
  table.insert(recent, now)
  times[key(root)] = recent

  local where = root and (' for ' .. vim.fn.fnamemodify(root, ':~')) or ''
  if #recent >= MAX_CRASHES then
    given_up[key(root)] = true
    vim.notify(
      ('vaultls crashed %d times%s and was not restarted. Use :Vault restart. Log: %s'):format(
        #recent,
        where,
        require('vaultls.log').path()
      ),
      vim.log.levels.ERROR
    )
    return
  end
  local pause = FIRST_PAUSE_MILLISECONDS * 2 ^ (#recent - 1)
  vim.defer_fn(function()
    local server = require('vaultls.server')
    if server.is_enabled() then
      server.serve_open_notes()
    end
  end, pause)
end

--- `on_exit` of the server's configuration.
---@param code integer
---@param signal integer
---@param client_id integer
function M.on_exit(code, signal, client_id)
  require('vaultls.status').forget(client_id)
  if code == 0 and (signal == 0 or signal == SIGTERM) then
    return
  end
  local client = vim.lsp.get_client_by_id(client_id)
  vim.schedule(function()
    if vim.v.exiting == vim.NIL then
      on_crash(client and client.root_dir)
    end
  end)
end

return M
