--- `:Vault new`, `:Vault daily`, `:Vault timestamp` and `:Vault fix`: commands of the server. It sends the edits and the
--- note to show, and Neovim's client applies them.
local M = {}

--- Executes a command of the server of the current buffer.
---@param command string
---@param argument table The argument of the command; the URI of the buffer is added.
---@param done? fun(answer: any)
local function execute(command, argument, done)
  local bufnr = vim.api.nvim_get_current_buf()
  local client = vim.lsp.get_clients({ bufnr = bufnr, name = 'vaultls' })[1]
  if not client then
    vim.notify('vaultls is not attached to this buffer. See :checkhealth vaultls', vim.log.levels.WARN)
    return
  end
  argument.uri = vim.uri_from_bufnr(bufnr)
  local params = { command = command, arguments = { argument } }
  client:request('workspace/executeCommand', params, function(failure, answer)
    if failure then
      vim.notify('vaultls: ' .. failure.message, vim.log.levels.ERROR)
    elseif done then
      done(answer)
    end
  end, bufnr)
end

--- Opens a note, and creates it if it does not exist.
---@param name string A name, or a path from the root of the vault.
function M.create(name)
  execute('vaultls.createNote', { name = name })
end

--- Opens a daily note, and creates it if it does not exist.
---@param date? string As `2026-03-01`. Default: today.
function M.daily(date)
  execute('vaultls.dailyNote', { date = date })
end

--- How many bytes of the clipboard are sent: more than any address of a video has.
local MAX_CLIPBOARD = 1000

--- Inserts a timestamp at the cursor.
---@param moment? string A clock, seconds or an address. Without it the server takes the one in the clipboard, else the
--- next moment of the video that other notes cite.
function M.timestamp(moment)
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'vaultls' })[1]
  local encoding = client and client.offset_encoding or 'utf-16'
  local clipboard = not moment and vim.fn.has('clipboard') == 1 and vim.fn.getreg('+') or ''
  execute('vaultls.insertTimestamp', {
    position = vim.lsp.util.make_position_params(0, encoding).position,
    moment = moment,
    clipboard = #clipboard <= MAX_CLIPBOARD and clipboard or nil,
  })
end

--- Applies all safe fixes in the current note.
function M.fix()
  execute('vaultls.fixAll', {}, function(count)
    local fixed = count == 0 and 'no auto-fixable problems in this note'
      or ('%d problem%s fixed'):format(count, count == 1 and '' or 's')
    vim.notify('vaultls: ' .. fixed)
  end)
end

return M
