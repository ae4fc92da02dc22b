--- `:Vault backlinks` and `:Vault mentions`: the links to a note, and the words that name it without one, as a list.
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

---@class vaultls.backlinks.Question
---@field method string
---@field params fun(bufnr: integer): table
---@field places fun(answer: any): lsp.Location[]
---@field title string With the name of the note.
---@field none string If there is nothing, with the name of the note.

--- Lists what the server finds for the note of the current buffer, wherever the cursor is in it.
---@param question vaultls.backlinks.Question
---@param options vaultls.lists.Options
local function list(question, options)
  local bufnr, window = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  local client = vim.lsp.get_clients({ bufnr = bufnr, name = 'vaultls' })[1]
  if not client then
    vim.notify('vaultls does not serve this buffer. See :checkhealth vaultls', vim.log.levels.WARN)
    return
  end
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(bufnr), ':t')
  client:request(question.method, question.params(bufnr), function(failure, answer)
    if failure then
      vim.notify('vaultls: ' .. failure.message, vim.log.levels.ERROR)
      return
    end
    local found = question.places(answer or {})
    if #found == 0 then
      vim.notify('vaultls: ' .. question.none:format(name))
    elseif vim.api.nvim_win_is_valid(window) then
      vim.api.nvim_set_current_win(window)
      require('vaultls.lists').show(question.title:format(name), found, client, options)
    end
  end, bufnr)
end

--- Lists the links that lead to the note of the current buffer.
---@param options vaultls.lists.Options
function M.show(options)
  list({
    method = 'callHierarchy/incomingCalls',
    params = function(bufnr)
      return { item = hierarchy_item(bufnr) }
    end,
    places = places,
    title = 'Backlinks of %s',
    none = 'nothing links to %s',
  }, options)
end

--- Lists the words that name the note of the current buffer and are no links.
---@param options vaultls.lists.Options
function M.mentions(options)
  list({
    method = 'workspace/executeCommand',
    params = function(bufnr)
      return { command = 'vaultls.mentions', arguments = { { uri = vim.uri_from_bufnr(bufnr) } } }
    end,
    places = function(notes)
      local found = {}
      for _, note in ipairs(notes) do
        for _, mention in ipairs(note.mentions) do
          table.insert(found, { uri = note.uri, range = mention.range })
        end
      end
      return found
    end,
    title = 'Unlinked mentions of %s',
    none = 'no other note mentions %s without a link',
  }, options)
end

return M
