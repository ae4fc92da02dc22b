--- Applies the edits of a rename, all or none.
---
--- Open notes are changed in their buffers and not saved; all other notes are changed on disk, where files are renamed as
--- well. Neovim's own `apply_workspace_edit` loads each changed note, which takes seconds for a note with hundreds of
--- backlinks and leaves as many unsaved buffers; it continues after a buffer that it cannot change; and it saves unsaved
--- changes of a note that is renamed.
local M = {}

local api = vim.api
local files = require('vaultls.files')
local text_edits = require('vaultls.text_edits')

---@class vaultls.rename.Plan Changes that have been checked.
---@field buffers { bufnr: integer, edits: lsp.TextEdit[] }[]
---@field notes { path: string, before: string, after: string }[] Notes that are not open.
---@field moves { from: string, to: string }[]
---@field places integer The number of edits.
---@field encoding string

---@param bufnr integer
---@param version? integer The version that the edits are for.
---@param client vim.lsp.Client
---@return string? reason Why it cannot be edited.
local function why_not_edit(bufnr, version, client)
  local name = api.nvim_buf_get_name(bufnr)
  local is_known = client.attached_buffers[bufnr] and type(version) == 'number'
  if is_known and vim.lsp.util.buf_versions[bufnr] ~= version or not is_known and vim.bo[bufnr].modified then
    return ('%s has changed since the server read it; try again'):format(name)
  elseif not vim.bo[bufnr].modifiable then
    return ('%s is not modifiable'):format(name)
  end
end

---@param plan vaultls.rename.Plan
---@param change lsp.TextDocumentEdit
---@param bufnr integer? The buffer of the note.
---@param client vim.lsp.Client
---@return string? reason
local function plan_edit(plan, change, bufnr, client)
  local path = vim.uri_to_fname(change.textDocument.uri)
  plan.places = plan.places + #change.edits
  if bufnr and api.nvim_buf_is_loaded(bufnr) then
    table.insert(plan.buffers, { bufnr = bufnr, edits = change.edits })
    return why_not_edit(bufnr, change.textDocument.version, client)
  end
  local before, reason = files.read(path)
  local after = before and text_edits.apply(before, change.edits, client.offset_encoding)
  if before and not after then
    reason = ('%s has changed since the server read it; try again'):format(path)
  elseif not vim.uv.fs_access(path, 'W') then
    reason = ('%s is not writable'):format(path)
  end
  table.insert(plan.notes, { path = path, before = before, after = after })
  return reason
end

---@param edit lsp.WorkspaceEdit
---@param client vim.lsp.Client
---@return vaultls.rename.Plan? plan
---@return string? reason
local function make_plan(edit, client)
  local plan = { buffers = {}, notes = {}, moves = {}, places = 0, encoding = client.offset_encoding }
  local buffer_of = files.buffers()
  for _, change in ipairs(edit.documentChanges or {}) do
    local reason ---@type string?
    if not change.kind then
      reason = plan_edit(plan, change, buffer_of(vim.uri_to_fname(change.textDocument.uri)), client)
    elseif change.kind == 'rename' then
      local from, to = vim.uri_to_fname(change.oldUri), vim.uri_to_fname(change.newUri)
      table.insert(plan.moves, { from = from, to = to })
      reason = files.why_not_move(from, to)
    else
      reason = ('unsupported file operation: %s'):format(change.kind)
    end
    if reason then
      return nil, reason
    end
  end
  return plan
end

--- Changes the files. After a failure all of them are restored.
---@param plan vaultls.rename.Plan
---@return string? reason
local function change_disk(plan)
  local steps = {} ---@type { go: (fun(): string?), back: fun() }[]
  for _, note in ipairs(plan.notes) do
    table.insert(steps, {
      go = function()
        return files.write(note.path, note.after)
      end,
      back = function()
        files.write(note.path, note.before)
      end,
    })
  end
  for _, move in ipairs(plan.moves) do
    table.insert(steps, {
      go = function()
        return files.move(move.from, move.to)
      end,
      back = function()
        if not vim.uv.fs_stat(move.from) then
          files.move(move.to, move.from)
        end
      end,
    })
  end
  for at, step in ipairs(steps) do
    local reason = step.go()
    if reason then
      -- With the failed step, which may have written a part of a note.
      for done = at, 1, -1 do
        steps[done].back()
      end
      return reason
    end
  end
end

--- `1 note`, `2 notes`.
---@param number integer
---@param noun string
---@return string
local function counted(number, noun)
  return ('%d %s%s'):format(number, noun, number == 1 and '' or 's')
end

---@param plan vaultls.rename.Plan
local function report(plan)
  local notes = #plan.buffers + #plan.notes
  if notes == 0 then
    return
  end
  local unsaved = #plan.buffers > 0 and (', %d not saved yet (:wall)'):format(#plan.buffers) or ''
  vim.notify(('vaultls: %s changed in %s%s'):format(counted(plan.places, 'place'), counted(notes, 'note'), unsaved))
end

--- Applies an edit.
---@param edit lsp.WorkspaceEdit
---@param client vim.lsp.Client
---@return boolean # Whether it was applied. If not, nothing has changed, and an error was shown.
function M.apply(edit, client)
  local plan, reason = make_plan(edit, client)
  reason = plan and change_disk(plan) or reason
  if not plan or reason then
    vim.notify(('vaultls: cannot rename: %s'):format(reason), vim.log.levels.ERROR)
    return false
  end
  for _, buffer in ipairs(plan.buffers) do
    vim.lsp.util.apply_text_edits(buffer.edits, buffer.bufnr, plan.encoding)
  end
  for _, move in ipairs(plan.moves) do
    files.follow(move.from, move.to)
  end
  report(plan)
  return true
end

--- The new path of a note: a path as for `:saveas`, or a folder for the same file name.
---@param from string
---@param path string
---@return string
local function destination(from, path)
  local to = vim.fn.fnamemodify(path, ':p')
  if vim.endswith(to, '/') or vim.fn.isdirectory(to) == 1 then
    to = vim.fs.joinpath(to, vim.fs.basename(from))
  elseif not to:lower():find('%.md$') and not to:lower():find('%.markdown$') then
    to = ('%s.%s'):format(to, vim.fn.fnamemodify(from, ':e'))
  end
  return vim.fs.normalize(to, { expand_env = false })
end

--- Moves the note of the current buffer and updates the links to it and in it.
---@param path string
function M.move(path)
  local bufnr = api.nvim_get_current_buf()
  local client = vim.lsp.get_clients({ bufnr = bufnr, name = 'vaultls' })[1]
  if not client then
    vim.notify('vaultls is not attached to this buffer. See :checkhealth vaultls', vim.log.levels.WARN)
    return
  end
  local from = api.nvim_buf_get_name(bufnr)
  local to = destination(from, path)
  if client.root_dir and not vim.fs.relpath(client.root_dir, to) then
    vim.notify(('vaultls: %s is outside the vault'):format(to), vim.log.levels.ERROR)
    return
  end
  local renamed = { files = { { oldUri = vim.uri_from_fname(from), newUri = vim.uri_from_fname(to) } } }
  client:request('workspace/willRenameFiles', renamed, function(failure, edit)
    if failure then
      vim.notify('vaultls: ' .. failure.message, vim.log.levels.ERROR)
      return
    end
    local changes = vim.list_extend({}, edit and edit.documentChanges or {})
    table.insert(changes, vim.tbl_extend('error', { kind = 'rename' }, renamed.files[1]))
    if M.apply({ documentChanges = changes }, client) then
      client:notify('workspace/didRenameFiles', renamed)
    end
  end, bufnr)
end

--- Handler of `textDocument/rename`.
---@param failure lsp.ResponseError?
---@param edit lsp.WorkspaceEdit?
---@param context lsp.HandlerContext
function M.on_rename(failure, edit, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  if failure then
    vim.notify('vaultls: ' .. failure.message, vim.log.levels.ERROR)
  elseif edit and client then
    M.apply(edit, client)
  end
end

return M
