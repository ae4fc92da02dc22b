--- The server's life: enabled, checked, restarted.
local M = {}

--- The oldest server that this plugin works with.
M.MINIMUM_VERSION = '0.1.0'
--- How long a server may take to shut down.
local STOP_MILLISECONDS = 2000

---@return boolean
function M.is_enabled()
  if vim.lsp.is_enabled then
    return vim.lsp.is_enabled('vaultls')
  end
  -- Not public in Neovim 0.11.
  return vim.tbl_get(vim.lsp, '_enabled_configs', 'vaultls') ~= nil
end

--- The program that is started. `nil` if the user gave a function instead.
---@return string?
function M.program()
  local cmd = (vim.lsp.config.vaultls or {}).cmd
  return type(cmd) == 'table' and cmd[1] or nil
end

--- The error if the server executable is missing, which Neovim only logs.
---@return string?
function M.missing_program()
  local program = M.program()
  if program and vim.fn.executable(program) == 0 then
    return ("vaultls: server executable not found: %s. See :checkhealth vaultls"):format(program)
  end
end

--- Whether this plugin supports a version of the server.
---@param version string? As in `serverInfo` or `vaultls --version`.
---@return boolean
function M.is_supported(version)
  local parsed = version and vim.version.parse(version)
  return parsed ~= nil and vim.version.ge(parsed, M.MINIMUM_VERSION)
end

---@param client vim.lsp.Client
function M.check_version(client)
  local version = (client.server_info or {}).version
  if version and not M.is_supported(version) then
    vim.notify_once(
      ('vaultls %s is too old, %s or newer is required. See :checkhealth vaultls'):format(version, M.MINIMUM_VERSION),
      vim.log.levels.WARN
    )
  end
end

--- Whether a buffer is a note.
---@param bufnr integer
---@return boolean
local function is_note(bufnr)
  local filetypes = (vim.lsp.config.vaultls or {}).filetypes or {}
  return vim.bo[bufnr].buftype == '' and vim.list_contains(filetypes, vim.bo[bufnr].filetype)
end

--- Starts a server for a buffer as if it had just been opened, by the autocommand that `vim.lsp.enable` made.
---@param bufnr integer
local function serve(bufnr)
  local is_served = vim.iter(vim.lsp.get_clients({ bufnr = bufnr, name = 'vaultls' })):any(function(client)
    return not client:is_stopped()
  end)
  if not is_served and M.is_enabled() and is_note(bufnr) then
    vim.api.nvim_exec_autocmds('FileType', { group = 'nvim.lsp.enable', buffer = bufnr })
  end
end

--- Starts servers for all open notes without one. `vim.lsp.enable` does so too, but not in the first releases of Neovim
--- 0.11.
function M.serve_open_notes()
  if not M.is_enabled() then
    vim.lsp.enable('vaultls')
    return
  end
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(bufnr) then
      serve(bufnr)
    end
  end
end

--- Adds what Neovim lacks for an enabled server: an error for a missing executable, and support for renamed buffers.
---@param group integer
function M.watch(group)
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    desc = 'vaultls: report a missing server',
    callback = function(event)
      local missing = M.is_enabled() and is_note(event.buf) and M.missing_program()
      if missing then
        -- Not during the start, where messages must be confirmed.
        vim.schedule(function()
          vim.notify_once(missing, vim.log.levels.ERROR)
        end)
      end
    end,
  })
  -- A renamed buffer is another note. Neovim does not notify servers.
  vim.api.nvim_create_autocmd('BufFilePre', {
    group = group,
    desc = 'vaultls: close the note under its old name',
    callback = function(event)
      for _, client in ipairs(vim.lsp.get_clients({ bufnr = event.buf, name = 'vaultls' })) do
        vim.lsp.buf_detach_client(event.buf, client.id)
      end
    end,
  })
  -- Writing a buffer without a name names it, without BufFilePost.
  vim.api.nvim_create_autocmd({ 'BufFilePost', 'BufWritePost' }, {
    group = group,
    desc = 'vaultls: open the note under its new name',
    callback = function(event)
      serve(event.buf)
    end,
  })
end

--- Restarts the servers for all open notes.
function M.restart()
  require('vaultls.crashes').forget()
  local missing = M.missing_program()
  if missing then
    vim.notify(missing, vim.log.levels.ERROR)
    return
  end
  -- Including servers that have not answered `initialize`.
  local clients = vim.lsp.get_clients({ name = 'vaultls', _uninitialized = true })
  for _, client in ipairs(clients) do
    client:stop()
  end
  local deadline = vim.uv.now() + STOP_MILLISECONDS
  local function start_when_stopped()
    local running = vim.tbl_filter(function(client)
      return vim.lsp.get_client_by_id(client.id) ~= nil
    end, clients)
    if #running > 0 and vim.uv.now() < deadline then
      vim.defer_fn(start_when_stopped, 20)
      return
    end
    -- A server that hangs is killed; Neovim attaches its notes to the new one.
    for _, client in ipairs(running) do
      client:stop(true)
    end
    M.serve_open_notes()
  end
  start_when_stopped()
end

return M
