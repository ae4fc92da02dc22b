--- Completion that opens by itself and stays right while the link is typed.
---
--- Neovim's client converts, shows and accepts; what this adds is when to ask and what to do with the text behind the
--- cursor. The client's own `autotrigger` waits 25 ms after a trigger character, asks again only while its menu is
--- open, which a space or a backspace closes, and leaves what an edit replaces behind the cursor in place.
local M = {}

local api = vim.api
local TriggerKind = vim.lsp.protocol.CompletionTriggerKind
local ItemKind = vim.lsp.protocol.CompletionItemKind

--- What the kinds of vaultls mean, in the words of a note taker. Notes are what a list is expected to have.
local kinds = {
  [ItemKind.Reference] = 'File',
  [ItemKind.Text] = 'Heading',
  [ItemKind.Snippet] = 'Block',
  [ItemKind.Folder] = 'Folder',
  [ItemKind.Keyword] = 'Tag',
  [ItemKind.EnumMember] = 'Callout',
  [ItemKind.Variable] = 'Label',
  [ItemKind.Property] = 'Key',
  [ItemKind.Constant] = 'Text',
  [ItemKind.Event] = 'Moment',
}

---@class vaultls.completion.State
---@field typed? string The character typed since the last look at the text.
---@field accepted_tick? integer `changedtick` after an item was accepted.
---@field line? string The line that the items on show were made for.
---@field question integer Counts the questions to the server; an answer to an earlier one comes too late.

---@type table<integer, vaultls.completion.State>
local states = {}

--- Engines that show the server's items themselves. With Neovim's menu as well there would be two.
---@return string? name The one that is loaded.
function M.other_engine()
  if package.loaded['blink.cmp'] then
    return 'blink.cmp'
  elseif package.loaded['cmp'] then
    return 'nvim-cmp'
  elseif rawget(_G, 'MiniCompletion') then
    return 'mini.completion'
  elseif vim.g.coc_service_initialized == 1 then
    return 'coc.nvim'
  end
end

---@return boolean # Whether the menu is ours to open.
local function is_ours()
  local wanted = require('vaultls.options').get().completion
  if wanted == nil then
    return M.other_engine() == nil
  end
  return wanted
end

--- Whether the cursor stands in a wikilink that is not closed before it. What is code or a comment, the server knows.
---@param before string The line up to the cursor.
---@return boolean
local function in_link(before)
  local inside = before:match('.*%[%[(.*)')
  return inside ~= nil and not inside:find(']]', 1, true)
end

--- The characters that open a list as they are typed, by the servers of a buffer.
---@param bufnr integer
---@return string[]
local function triggers(bufnr)
  local found = {}
  for _, client in ipairs(vim.lsp.get_clients({ bufnr = bufnr, name = 'vaultls' })) do
    local provider = client.server_capabilities.completionProvider or {}
    vim.list_extend(found, provider.triggerCharacters or {})
  end
  return found
end

--- Whether something that a trigger character began may go on at the cursor: a word, or the address of a Markdown link,
--- which may have spaces while it is looked for. An answer that came too late for the character itself is not missed so.
---@param bufnr integer
---@param before string The line up to the cursor.
---@return boolean
local function is_begun(bufnr, before)
  local address = before:match('.*%]%((.*)')
  if address and not address:find(')', 1, true) then
    return true
  end
  local word = before:match('%S*$')
  return vim.iter(triggers(bufnr)):any(function(character)
    return word:find(character, 1, true) ~= nil
  end)
end

--- Up to the cursor, the current line.
---@return string
local function line_to_cursor()
  return api.nvim_get_current_line():sub(1, api.nvim_win_get_cursor(0)[2])
end

--- Closes the menu of 'autocomplete' while a link is written, as only one menu can be open.
---@param bufnr integer
local function yield_autocomplete(bufnr)
  if vim.go.autocomplete then
    vim.bo[bufnr].autocomplete = not (is_ours() and in_link(line_to_cursor()))
  end
end

--- Has Neovim ask its servers, and keeps an answer of ours from it that comes too late: after the text has changed or
--- an item was chosen, it would close the menu, or open it anew with nothing chosen. To cancel the request is not
--- enough, for the answer may be on its way.
---@param bufnr integer
---@param context lsp.CompletionContext
local function ask(bufnr, context)
  local state = states[bufnr]
  state.question = state.question + 1
  local question, tick = state.question, vim.b[bufnr].changedtick
  local clients = vim.lsp.get_clients({ bufnr = bufnr, name = 'vaultls' })
  local own = {} ---@type table<vim.lsp.Client, function?> In Neovim 0.11 methods are fields of the client.
  for _, client in ipairs(clients) do
    local request = client.request
    own[client] = rawget(client, 'request')
    client.request = function(_, method, parameters, handler, ...)
      return request(client, method, parameters, function(...)
        if states[bufnr] == state and state.question == question and vim.b[bufnr].changedtick == tick then
          handler(...)
        end
      end, ...)
    end
  end
  local ok, fault = pcall(vim.lsp.completion.get, { ctx = context })
  for _, client in ipairs(clients) do
    client.request = own[client]
  end
  if not ok then
    error(fault, 0)
  end
end

--- Whether the text before the cursor is an item that was chosen in the menu, and not what was typed.
---@param before string The line up to the cursor.
---@return boolean
local function is_chosen(before)
  local selected = vim.fn.complete_info({ 'selected' }).selected
  if selected < 0 then
    return false
  end
  local item = vim.fn.complete_info({ 'items' }).items[selected + 1]
  return item ~= nil and vim.endswith(before, item.word)
end

--- Whether the menu that is open has items of ours.
---@return boolean
local function is_our_menu()
  local first = vim.fn.complete_info({ 'items' }).items[1]
  local id = first and vim.tbl_get(first, 'user_data', 'nvim', 'lsp', 'client_id')
  local client = id and vim.lsp.get_client_by_id(id)
  return client ~= nil and client.name == 'vaultls'
end

--- The text has changed in Insert mode: asks at once if something of ours may belong here.
---@param bufnr integer
local function on_text_changed(bufnr)
  local state = states[bufnr]
  local typed = state.typed
  state.typed = nil
  if state.accepted_tick == vim.b[bufnr].changedtick or not is_ours() then
    return
  end
  local before = line_to_cursor()
  local is_open = vim.fn.pumvisible() == 1
  if is_open and is_chosen(before) then
    state.question = state.question + 1
  elseif typed and vim.list_contains(triggers(bufnr), typed) then
    local context = { triggerKind = TriggerKind.TriggerCharacter, triggerCharacter = typed }
    ask(bufnr, context)
  elseif in_link(before) or (is_open and is_our_menu()) or (not is_open and is_begun(bufnr, before)) then
    ask(bufnr, { triggerKind = TriggerKind.TriggerForIncompleteCompletions })
  end
end

--- Another item is highlighted in the menu, by a key and not by typing.
---@param bufnr integer
local function on_complete_changed(bufnr)
  local state = states[bufnr]
  if not state.typed and not vim.tbl_isempty(vim.v.event.completed_item) then
    state.question = state.question + 1
  end
end

--- An item was accepted. Neovim has put its text before the cursor; this removes what the edit replaces behind the
--- cursor and steps over the `]]` that was there already.
---@param bufnr integer
local function on_accepted(bufnr)
  local state = states[bufnr]
  local accepted = vim.tbl_get(vim.v.completed_item or {}, 'user_data', 'nvim', 'lsp') or {}
  local client = accepted.client_id and vim.lsp.get_client_by_id(accepted.client_id)
  local edit = vim.tbl_get(accepted, 'completion_item', 'textEdit')
  if not client or client.name ~= 'vaultls' or not edit or not edit.range or not state.line then
    return
  end
  local row, column = unpack(api.nvim_win_get_cursor(0))
  local behind = api.nvim_get_current_line():sub(column + 1)
  local stop = vim.str_byteindex(state.line, client.offset_encoding, edit.range['end'].character, false)
  local kept = state.line:sub(stop + 1)
  local replaced = #behind - #kept
  if replaced > 0 and vim.endswith(behind, kept) then
    api.nvim_buf_set_text(bufnr, row - 1, column, row - 1, column + replaced, { '' })
  end
  if vim.startswith(kept, ']]') then
    api.nvim_win_set_cursor(0, { row, column + 2 })
  end
  state.accepted_tick = vim.b[bufnr].changedtick
end

--- An item of the server as Neovim shows it. Every answer fits exactly what is typed, so Neovim neither filters nor
--- sorts it: what it would drop with the next letter, the next answer decides.
---@param item lsp.CompletionItem
---@return table
local function convert(item)
  local state = states[api.nvim_get_current_buf()]
  if state then
    state.line = api.nvim_get_current_line()
  end
  return { equal = 1, kind = kinds[item.kind] or '', menu = item.detail or '' }
end

--- `completeopt` for a buffer: never inserts by itself and keeps the order of the server.
---@param wanted string What the user has set.
---@return string
local function without_insertion(wanted)
  local set = vim.split(wanted, ',', { trimempty = true })
  local first = vim.list_contains(set, 'noinsert') and not vim.list_contains(set, 'noselect')
  return first and 'menuone,noinsert,popup' or 'menuone,noselect,popup'
end

---@param client vim.lsp.Client
---@param bufnr integer
---@param group integer The autocommands of this buffer.
function M.attach(client, bufnr, group)
  states[bufnr] = states[bufnr] or { question = 0 }
  local own = vim.bo[bufnr].completeopt
  vim.bo[bufnr].completeopt = without_insertion(own ~= '' and own or vim.go.completeopt)

  local function on(event, callback)
    api.nvim_create_autocmd(event, { group = group, buffer = bufnr, callback = callback })
  end
  on('InsertCharPre', function()
    states[bufnr].typed = vim.v.char
  end)
  if vim.fn.exists('+autocomplete') == 1 then
    on({ 'InsertEnter', 'CursorMovedI' }, function()
      yield_autocomplete(bufnr)
    end)
  end
  on({ 'TextChangedI', 'TextChangedP' }, function()
    on_text_changed(bufnr)
  end)
  on('CompleteChanged', function()
    on_complete_changed(bufnr)
  end)
  -- Before Neovim's own, which looks whether the text has changed since.
  on('CompleteDone', function()
    if vim.v.event.reason == 'accept' then
      on_accepted(bufnr)
    end
  end)

  -- First off, for the conversion counts that was given first, perhaps by a user who enables it for all clients.
  vim.lsp.completion.enable(false, client.id, bufnr)
  vim.lsp.completion.enable(true, client.id, bufnr, { autotrigger = false, convert = convert })
end

---@param bufnr integer
function M.detach(bufnr)
  if not states[bufnr] then
    return
  end
  states[bufnr] = nil
  if api.nvim_buf_is_loaded(bufnr) then
    vim.bo[bufnr].completeopt = nil
    if vim.fn.exists('+autocomplete') == 1 then
      vim.bo[bufnr].autocomplete = nil
    end
  end
end

return M
