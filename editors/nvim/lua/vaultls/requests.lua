--- `:Vault new`, `:Vault daily`, `:Vault timestamp` and `:Vault fix`: what the server does when it is told to. It sends the edits and says
--- what to show, and Neovim's client carries that out.
local M = {}

--- Has the server of the current buffer execute a command.
---@param command string
---@param argument table What the command takes; the address of the buffer comes with it.
---@param done? fun(answer: any)
local function execute(command, argument, done)
  local bufnr = vim.api.nvim_get_current_buf()
  local client = vim.lsp.get_clients({ bufnr = bufnr, name = 'vaultls' })[1]
  if not client then
    vim.notify('vaultls does not serve this buffer. See :checkhealth vaultls', vim.log.levels.WARN)
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

--- Opens a note, and makes it if there is none.
---@param name string A name, or a path from the root of the vault.
function M.create(name)
  execute('vaultls.createNote', { name = name })
end

--- Opens the note of a day, and makes it if there is none.
---@param date? string `2026-03-01`; today without it.
function M.daily(date)
  execute('vaultls.dailyNote', { date = date })
end

--- The clock or the address of a moment that a text is: YouTube's player copies `https://youtu.be/ID?t=115`.
---@param text string
---@return string?
local function moment_in(text)
  local words = vim.trim(text)
  local is_clock = words:match('^%d+:%d%d$') or words:match('^%d+:%d%d:%d%d$')
  local is_address = words:match('^%S*youtu%S*[?&#]t=%w+%S*$') or words:match('^%S*youtu%S*[?&#]start=%w+%S*$')
  return (is_clock or is_address) and words or nil
end

--- Writes a timestamp at the cursor.
---@param moment? string A clock, seconds or an address; without it the one in the clipboard, else the next one that
--- other notes cite of the video.
function M.timestamp(moment)
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'vaultls' })[1]
  local encoding = client and client.offset_encoding or 'utf-16'
  execute('vaultls.insertTimestamp', {
    position = vim.lsp.util.make_position_params(0, encoding).position,
    moment = moment or vim.fn.has('clipboard') == 1 and moment_in(vim.fn.getreg('+')) or nil,
  })
end

--- Mends what has one sure answer in the current note.
function M.fix()
  execute('vaultls.fixAll', {}, function(count)
    local mended = count == 0 and 'nothing in this note has one sure answer'
      or ('%d finding%s mended'):format(count, count == 1 and '' or 's')
    vim.notify('vaultls: ' .. mended)
  end)
end

return M
