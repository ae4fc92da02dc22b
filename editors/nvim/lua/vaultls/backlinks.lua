--- `:Vault backlinks`: the links to a note as a list.
local M = {}

--- The note as the call hierarchy has it. The server needs its address and nothing else.
---@param bufnr integer
---@return lsp.CallHierarchyItem
local function hierarchy_item(bufnr)
  local start = { line = 0, character = 0 }
  return {
    name = '',
    kind = vim.lsp.protocol.SymbolKind.File,
    uri = vim.uri_from_bufnr(bufnr),
    range = { start = start, ['end'] = start },
    selectionRange = { start = start, ['end'] = start },
  }
end

---@param calls lsp.CallHierarchyIncomingCall[]
---@return lsp.Location[]
local function places(calls)
  local found = {}
  for _, call in ipairs(calls) do
    for _, range in ipairs(call.fromRanges) do
      table.insert(found, { uri = call.from.uri, range = range })
    end
  end
  return found
end

--- Lists the links that lead to the note of the current buffer, wherever the cursor is in it.
---@param options vaultls.lists.Options
function M.show(options)
  local bufnr, window = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  local client = vim.lsp.get_clients({ bufnr = bufnr, name = 'vaultls' })[1]
  if not client then
    vim.notify('vaultls does not serve this buffer. See :checkhealth vaultls', vim.log.levels.WARN)
    return
  end
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(bufnr), ':t')
  client:request('callHierarchy/incomingCalls', { item = hierarchy_item(bufnr) }, function(failure, calls)
    if failure then
      vim.notify('vaultls: ' .. failure.message, vim.log.levels.ERROR)
      return
    end
    local found = places(calls or {})
    if #found == 0 then
      vim.notify(('vaultls: nothing links to %s'):format(name))
    elseif vim.api.nvim_win_is_valid(window) then
      vim.api.nvim_set_current_win(window)
      require('vaultls.lists').show('Backlinks of ' .. name, found, client, options)
    end
  end, bufnr)
end

return M
