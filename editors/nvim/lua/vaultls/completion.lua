--- Opens completion automatically and keeps it up to date while a link is typed.
---
--- Neovim's client converts, shows and accepts items; this decides when to request them, and handles the text after the
--- cursor. The client's own `autotrigger` waits 25 ms after a trigger character, requests again only while its menu is
--- open, which a space or a backspace closes, and does not replace text after the cursor.
local M = {}

local api = vim.api
local TriggerKind = vim.lsp.protocol.CompletionTriggerKind
local ItemKind = vim.lsp.protocol.CompletionItemKind

--- The labels of the kinds of items. Notes have none.
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
---@field line? string The line that the shown items are for.
---@field request integer The number of the latest request; answers to earlier ones are dropped.

---@type table<integer, vaultls.completion.State>
local states = {}

--- Completion engines that show the server's items themselves.
---@return string? name The loaded one.
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

--- Whether this plugin opens the menu.
---@return boolean
local function is_enabled()
  local wanted = require('vaultls.options').get().completion
  if wanted == nil then
    return M.other_engine() == nil
  end
  return wanted
end

--- Whether the cursor is in a wikilink. This only decides whether to request completions; the server knows code and
--- comments.
---@param before string The line up to the cursor.
---@return boolean
local function in_link(before)
  local inside = before:match('.*%[%[(.*)')
  return inside ~= nil and not inside:find(']]', 1, true)
end

--- The trigger characters of the servers of a buffer.
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

--- Whether the cursor is in a word with a trigger character, or in the address of a Markdown link, which may have spaces.
--- So completion opens even if the answer to the trigger character itself was dropped.
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

--- The current line up to the cursor.
---@return string
local function line_to_cursor()
  return api.nvim_get_current_line():sub(1, api.nvim_win_get_cursor(0)[2])
end

--- Turns 'autocomplete' off in links, as only one menu can be open.
---@param bufnr integer
local function yield_autocomplete(bufnr)
  if vim.go.autocomplete then
    vim.bo[bufnr].autocomplete = not (is_enabled() and in_link(line_to_cursor()))
  end
end

--- Makes Neovim request completions, and drops an answer that comes after the text has changed or an item was selected:
--- it would close or reopen the menu. Cancelling the request is not enough, as the answer may be on its way.
---@param bufnr integer
---@param context lsp.CompletionContext
local function request_items(bufnr, context)
  local state = states[bufnr]
  state.request = state.request + 1
  local request_number, tick = state.request, vim.b[bufnr].changedtick
  local clients = vim.lsp.get_clients({ bufnr = bufnr, name = 'vaultls' })
  local own = {} ---@type table<vim.lsp.Client, function?> In Neovim 0.11 methods are fields of the client.
  for _, client in ipairs(clients) do
    local request = client.request
    own[client] = rawget(client, 'request')
    client.request = function(_, method, parameters, handler, ...)
      return request(client, method, parameters, function(...)
        if states[bufnr] == state and state.request == request_number and vim.b[bufnr].changedtick == tick then
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

--- Whether the text before the cursor is the selected item and not typed text.
---@param before string The line up to the cursor.
---@return boolean
local function is_selected(before)
  local selected = vim.fn.complete_info({ 'selected' }).selected
  if selected < 0 then
    return false
  end
  local item = vim.fn.complete_info({ 'items' }).items[selected + 1]
  return item ~= nil and vim.endswith(before, item.word)
end

--- Whether the open menu has items of vaultls.
---@return boolean
local function has_own_items()
  local first = vim.fn.complete_info({ 'items' }).items[1]
  local id = first and vim.tbl_get(first, 'user_data', 'nvim', 'lsp', 'client_id')
  local client = id and vim.lsp.get_client_by_id(id)
  return client ~= nil and client.name == 'vaultls'
end

--- Called when the text has changed in Insert mode: requests completions if they may be possible here.
---@param bufnr integer
local function on_text_changed(bufnr)
  local state = states[bufnr]
  local typed = state.typed
  state.typed = nil
  if state.accepted_tick == vim.b[bufnr].changedtick or not is_enabled() then
    return
  end
  local before = line_to_cursor()
  local is_open = vim.fn.pumvisible() == 1
  if is_open and is_selected(before) then
    state.request = state.request + 1
  elseif typed and vim.list_contains(triggers(bufnr), typed) then
    local context = { triggerKind = TriggerKind.TriggerCharacter, triggerCharacter = typed }
    request_items(bufnr, context)
  elseif in_link(before) or (is_open and has_own_items()) or (not is_open and is_begun(bufnr, before)) then
    request_items(bufnr, { triggerKind = TriggerKind.TriggerForIncompleteCompletions })
  end
end

--- Called when another item is selected by a key.
---@param bufnr integer
local function on_complete_changed(bufnr)
  local state = states[bufnr]
  if not state.typed and not vim.tbl_isempty(vim.v.event.completed_item) then
    state.request = state.request + 1
  end
end

--- Called when an item was accepted. Neovim has inserted its text before the cursor; this removes the replaced text after
--- the cursor and moves the cursor after an existing `]]`.
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
  local after = api.nvim_get_current_line():sub(column + 1)
  local stop = vim.str_byteindex(state.line, client.offset_encoding, edit.range['end'].character, false)
  local kept = state.line:sub(stop + 1)
  local replaced = #after - #kept
  if replaced > 0 and vim.endswith(after, kept) then
    api.nvim_buf_set_text(bufnr, row - 1, column, row - 1, column + replaced, { '' })
  end
  if vim.startswith(kept, ']]') then
    api.nvim_win_set_cursor(0, { row, column + 2 })
  end
  state.accepted_tick = vim.b[bufnr].changedtick
end

--- Converts an item of the server. Every answer is for the typed text, so Neovim neither filters nor sorts it.
---@param item lsp.CompletionItem
---@return table
local function convert(item)
  local state = states[api.nvim_get_current_buf()]
  if state then
    state.line = api.nvim_get_current_line()
  end
  return { equal = 1, kind = kinds[item.kind] or '', menu = item.detail or '' }
end

--- `completeopt` for a buffer: no automatic insertion, and the order of the server.
---@param wanted string The user's value.
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
  states[bufnr] = states[bufnr] or { request = 0 }
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
  -- Before Neovim's own autocommand, which checks whether the text has changed.
  on('CompleteDone', function()
    if vim.v.event.reason == 'accept' then
      on_accepted(bufnr)
    end
  end)

  -- Disabled first, as Neovim keeps the first `convert`, perhaps that of a user who enables it for all clients.
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
