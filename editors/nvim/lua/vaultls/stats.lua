--- `:Vault stats`: the counts of all vaults.
local M = {}

--- The counts of a vault, in this order.
local COUNTS = { 'notes', 'attachments', 'headings', 'links', 'unresolvedLinks', 'timestamps' }
local WORDS = { unresolvedLinks = 'unresolved' }
--- The timeout.
local LIMIT_MILLISECONDS = 2000

--- 21000 as `21,000`.
---@param number integer
---@return string
local function grouped(number)
  local text = tostring(number):reverse():gsub('(%d%d%d)', '%1,'):reverse()
  return (text:gsub('^,', ''))
end

---@param vaults table[] What `vaultls.stats` answers.
---@return string[] lines
function M.lines(vaults)
  local lines = {}
  for _, vault in ipairs(vaults) do
    if #lines > 0 then
      table.insert(lines, '')
    end
    table.insert(lines, vim.fn.fnamemodify(vault.root, ':~') .. (vault.isLoading and ' (loading)' or ''))
    for _, name in ipairs(COUNTS) do
      if type(vault[name]) == 'number' then
        table.insert(lines, ('  %-14s%10s'):format(WORDS[name] or name, grouped(vault[name])))
      end
    end
  end
  return lines
end

---@param vaults table[]
---@param silent integer The number of servers without an answer.
local function show(vaults, silent)
  if silent > 0 then
    vim.notify(('vaultls: no answer from %d of its servers. Try :Vault restart'):format(silent), vim.log.levels.WARN)
  end
  if #vaults > 0 then
    table.sort(vaults, function(a, b)
      return a.root < b.root
    end)
    vim.lsp.util.open_floating_preview(M.lines(vaults), '', { border = 'rounded', title = ' vaultls ' })
  end
end

--- Shows the counts of all vaults of this session in a floating window.
function M.show()
  local clients = vim.lsp.get_clients({ name = 'vaultls' })
  if #clients == 0 then
    vim.notify('vaultls: no server running; open a note first. See :checkhealth vaultls', vim.log.levels.WARN)
    return
  end
  local vaults = {}
  local silent, is_shown = #clients, false
  local function show_once()
    if not is_shown then
      is_shown = true
      show(vaults, silent)
    end
  end
  for _, client in ipairs(clients) do
    client:request('workspace/executeCommand', { command = 'vaultls.stats' }, function(err, result)
      if err then
        vim.notify('vaultls: ' .. err.message, vim.log.levels.ERROR)
      end
      vim.list_extend(vaults, type(result) == 'table' and result or {})
      silent = silent - 1
      if silent == 0 then
        show_once()
      end
    end)
  end
  vim.defer_fn(show_once, LIMIT_MILLISECONDS)
end

return M
