--- `:Vault backlinks` and `:Vault mentions`: the links to a note and its unlinked mentions as a list, each with the
--- sentence around it.
local M = {}

---@class vaultls.Sentence
---@field before string
---@field text string
---@field after string

--- The call hierarchy item of a note, for which the server returns the sentences around the links. It reads nothing but
--- the URI and the data.
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
    data = { sentences = true },
  }
end

---@param uri string
---@param range lsp.Range
---@param sentence vaultls.Sentence
---@return vaultls.lists.Place
local function place(uri, range, sentence)
  return { uri = uri, range = range, text = sentence.before .. sentence.text .. sentence.after }
end

---@param calls lsp.CallHierarchyIncomingCall[]
---@return vaultls.lists.Place[]
local function links(calls)
  local found = {}
  for _, call in ipairs(calls) do
    for index, range in ipairs(call.fromRanges) do
      table.insert(found, place(call.from.uri, range, call.from.data.sentences[index]))
    end
  end
  return found
end

---@param notes table[]
---@return vaultls.lists.Place[]
local function mentions(notes)
  local found = {}
  for _, note in ipairs(notes) do
    for _, mention in ipairs(note.mentions) do
      table.insert(found, place(note.uri, mention.range, mention.sentence))
    end
  end
  return found
end

---@class vaultls.backlinks.Request
---@field method string
---@field params fun(bufnr: integer): table
---@field places fun(answer: any): vaultls.lists.Place[]
---@field title string With the name of the note.
---@field none string The message if there are none, with the name of the note.

--- Lists what the server finds for the note of the current buffer, wherever the cursor is in it.
---@param request vaultls.backlinks.Request
---@param options vaultls.lists.Options
local function list(request, options)
  local bufnr, window = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  local client = vim.lsp.get_clients({ bufnr = bufnr, name = 'vaultls' })[1]
  if not client then
    vim.notify('vaultls is not attached to this buffer. See :checkhealth vaultls', vim.log.levels.WARN)
    return
  end
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(bufnr), ':t')
  client:request(request.method, request.params(bufnr), function(failure, answer)
    if failure then
      vim.notify('vaultls: ' .. failure.message, vim.log.levels.ERROR)
      return
    end
    local found = request.places(answer or {})
    if #found == 0 then
      vim.notify('vaultls: ' .. request.none:format(name))
    elseif vim.api.nvim_win_is_valid(window) then
      vim.api.nvim_set_current_win(window)
      require('vaultls.lists').show(request.title:format(name), found, client, options)
    end
  end, bufnr)
end

--- Lists the links to the note of the current buffer.
---@param options vaultls.lists.Options
function M.show(options)
  list({
    method = 'callHierarchy/incomingCalls',
    params = function(bufnr)
      return { item = hierarchy_item(bufnr) }
    end,
    places = links,
    title = 'Backlinks of %s',
    none = 'no backlinks of %s',
  }, options)
end

--- Lists the unlinked mentions of the note of the current buffer.
---@param options vaultls.lists.Options
function M.mentions(options)
  list({
    method = 'workspace/executeCommand',
    params = function(bufnr)
      return { command = 'vaultls.mentions', arguments = { { uri = vim.uri_from_bufnr(bufnr) } } }
    end,
    places = mentions,
    title = 'Unlinked mentions of %s',
    none = 'no unlinked mentions of %s',
  }, options)
end

return M
