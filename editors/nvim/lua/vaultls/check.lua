--- `:Vault check`: runs `vaultls check` in the background and lists its findings in the quickfix list.
local M = {}

local TYPES = { error = 'E', warning = 'W', information = 'I', hint = 'N' }
--- The number of entries that are added at once.
local BATCH = 100

---@class vaultls.Position
---@field line integer Counted from 1.
---@field column integer In characters, counted from 1.

---@class vaultls.Finding
---@field path string Relative to the root of the vault.
---@field code string
---@field severity 'error'|'warning'|'information'|'hint'
---@field message string
---@field range { start: vaultls.Position, ['end']: vaultls.Position }

--- The lines of a file; none if it cannot be read.
---@param path string
---@return string[]
local function read_lines(path)
  local ok, lines = pcall(vim.fn.readfile, path)
  return ok and lines or {}
end

--- A column in bytes, as in the quickfix list.
---@param line string?
---@param column integer In characters.
---@return integer
local function byte_column(line, column)
  if not line or not line:find('[\128-\255]') then
    return column
  end
  return vim.str_byteindex(line, 'utf-32', column - 1, false) + 1
end

---@param finding vaultls.Finding
---@param path string
---@param lines string[]
---@return vim.quickfix.entry
local function entry(finding, path, lines)
  local start, stop = finding.range.start, finding.range['end']
  return {
    filename = path,
    lnum = start.line,
    col = byte_column(lines[start.line], start.column),
    end_lnum = stop.line,
    end_col = byte_column(lines[stop.line], stop.column),
    text = ('%s [%s]'):format(finding.message, finding.code),
    type = TYPES[finding.severity],
  }
end

--- All findings as entries. They are sorted by path, so each file is read once.
---@param vaults { root: string, findings: vaultls.Finding[] }[]
---@return fun(): vim.quickfix.entry?
local function entries(vaults)
  return coroutine.wrap(function()
    for _, vault in ipairs(vaults) do
      local path, lines ---@type string, string[]
      for _, finding in ipairs(vault.findings) do
        local full = vim.fs.joinpath(vault.root, finding.path)
        if full ~= path then
          path, lines = full, read_lines(full)
        end
        coroutine.yield(entry(finding, path, lines))
      end
    end
  end)
end

--- Appends to a quickfix list in batches: Neovim creates a buffer for each file, which takes half a minute for 20,000
--- files. Stops if the list no longer exists.
---@param list integer The id of the list.
---@param next_entry fun(): vim.quickfix.entry?
local function fill(list, next_entry)
  local start = vim.uv.hrtime()
  local batch = {}
  while #batch < BATCH do
    local item = next_entry()
    if not item then
      break
    end
    table.insert(batch, item)
  end
  if #batch == 0 or vim.fn.getqflist({ id = list }).id ~= list then
    return
  end
  vim.fn.setqflist({}, 'a', { id = list, items = batch })
  if #batch == BATCH then
    -- The pause is as long as the work, so that half of the time is left for typing.
    vim.defer_fn(function()
      fill(list, next_entry)
    end, math.ceil((vim.uv.hrtime() - start) / 1e6))
  end
end

--- Opens the quickfix window if there is something to list, and closes it if not. The cursor stays where it is.
local function show_window()
  local window = vim.api.nvim_get_current_win()
  vim.cmd('botright cwindow')
  if vim.api.nvim_win_is_valid(window) then
    vim.api.nvim_set_current_win(window)
  end
end

---@param result vim.SystemCompleted
---@param target string
local function show(result, target)
  if result.code ~= 0 and result.code ~= 1 then
    local reason = vim.trim(result.stderr or '')
    vim.notify(('vaultls check failed (%d): %s'):format(result.code, reason), vim.log.levels.ERROR)
    return
  end
  local ok, report = pcall(vim.json.decode, result.stdout)
  if not ok then
    vim.notify('vaultls check: invalid JSON: ' .. report, vim.log.levels.ERROR)
    return
  end
  local short = vim.fn.fnamemodify(target, ':~')
  vim.fn.setqflist({}, ' ', { title = 'vaultls check ' .. short, items = {} })
  fill(vim.fn.getqflist({ id = 0 }).id, entries(report.vaults))
  if vim.trim(result.stderr or '') ~= '' then
    vim.notify('vaultls check: ' .. vim.trim(result.stderr), vim.log.levels.WARN)
  end
  if result.code == 0 then
    vim.notify('vaultls check: no findings in ' .. short)
  end
  show_window()
end

--- The vault of the current buffer, else the current folder.
---@return string
local function vault_here()
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'vaultls' })[1]
  local path = vim.api.nvim_buf_get_name(0)
  return client and client.root_dir
    or vim.bo.buftype == '' and path ~= '' and require('vaultls.roots').of(path)
    or vim.fn.getcwd()
end

--- The command for `check`, from the command of the server.
---@return string[]?
local function check_command()
  local cmd = (vim.lsp.config.vaultls or {}).cmd
  if type(cmd) ~= 'table' then
    return nil
  end
  local words = vim.tbl_filter(function(word)
    return word ~= '--stdio'
  end, cmd)
  return vim.list_extend(words, { 'check', '--format', 'json', '--' })
end

--- Checks the files on disk, without unsaved changes.
---@param path? string A vault, or a file or folder of one.
function M.run(path)
  local command = check_command()
  if not command then
    vim.notify('vaultls check: server executable unknown: `cmd` is a function', vim.log.levels.ERROR)
    return
  end
  local target = path and vim.fs.normalize(path) or vault_here()
  local ok, reason = pcall(
    vim.system,
    vim.list_extend(command, { target }),
    { text = true },
    vim.schedule_wrap(function(result)
      show(result, target)
    end)
  )
  if not ok then
    vim.notify('vaultls check: ' .. reason, vim.log.levels.ERROR)
  end
end

return M
