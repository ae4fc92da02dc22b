--- Files of notes: read, write, move; and buffers that are renamed with their file.
local M = {}

local api, uv = vim.api, vim.uv

---@param path string
---@return string? bytes
---@return string? reason The error.
function M.read(path)
  local file, reason = io.open(path, 'rb')
  if not file then
    return nil, reason
  end
  local bytes = file:read('*a')
  file:close()
  return bytes
end

--- Writes in place, so that owner, permissions and links of the file are kept.
---@param path string
---@param bytes string
---@return string? reason The error.
function M.write(path, bytes)
  local file, reason = io.open(path, 'wb')
  if not file then
    return reason
  end
  local ok, fault = file:write(bytes)
  local closed, late_fault = file:close()
  return not ok and fault or not closed and late_fault or nil
end

--- Whether two paths are one file, as `a.md` and `A.md` on a case-insensitive file system.
---@param one uv.fs_stat.result?
---@param other uv.fs_stat.result
---@return boolean
local function is_same(one, other)
  return one ~= nil and one.ino == other.ino and one.dev == other.dev
end

--- Returns why a file cannot be renamed; `nil` if no reason is known beforehand.
---@param from string
---@param to string
---@return string? reason
function M.why_not_move(from, to)
  local own, there = uv.fs_stat(from), uv.fs_stat(to)
  if not own then
    return ('%s does not exist'):format(from)
  elseif there and not is_same(there, own) then
    return ('%s already exists'):format(to)
  end
  local bufnr = M.buffers()(to)
  if bufnr and vim.bo[bufnr].modified and not is_same(there, own) then
    return ('%s already exists as an unsaved buffer'):format(to)
  end
end

--- Moves a file. Missing folders are created.
---@param from string
---@param to string
---@return string? reason
function M.move(from, to)
  local made, fault = pcall(vim.fn.mkdir, vim.fs.dirname(to), 'p')
  if not made then
    return tostring(fault)
  end
  local ok, reason = uv.fs_rename(from, to)
  return not ok and reason or nil
end

---@param path string
---@return string
local function normalized(path)
  return vim.fs.normalize(path, { expand_env = false })
end

--- All buffers of files, loaded or not, by path.
---@return fun(path: string): integer? # Finds the buffer of a file.
function M.buffers()
  local found = {}
  for _, bufnr in ipairs(api.nvim_list_bufs()) do
    if vim.bo[bufnr].buftype == '' then
      found[normalized(api.nvim_buf_get_name(bufnr))] = bufnr
    end
  end
  return function(path)
    return found[normalized(path)]
  end
end

--- Reloads a buffer. After `:file`, Neovim refuses to write it to the existing file (E13) until it is reloaded. Unsaved
--- changes and the cursor of each window are kept.
---@param bufnr integer
local function reload(bufnr)
  local unsaved = vim.bo[bufnr].modified and api.nvim_buf_get_lines(bufnr, 0, -1, true) or nil
  local views = {}
  for _, window in ipairs(vim.fn.win_findbuf(bufnr)) do
    views[window] = api.nvim_win_call(window, vim.fn.winsaveview)
  end
  api.nvim_buf_call(bufnr, function()
    vim.cmd('silent keepalt keepjumps edit!')
  end)
  if unsaved then
    api.nvim_buf_set_lines(bufnr, 0, -1, true, unsaved)
  end
  for window, view in pairs(views) do
    api.nvim_win_call(window, function()
      vim.fn.winrestview(view)
    end)
  end
end

--- Renames the buffer of a moved file, with its undo file. The buffer keeps its number, windows and unsaved changes.
---@param from string
---@param to string
function M.follow(from, to)
  local old_undo = vim.fn.undofile(from)
  if uv.fs_stat(old_undo) then
    uv.fs_rename(old_undo, vim.fn.undofile(to))
  end
  local buffer_of = M.buffers()
  local bufnr, unused = buffer_of(from), buffer_of(to)
  if not bufnr then
    return
  end
  if unused and unused ~= bufnr then
    api.nvim_buf_delete(unused, { force = true })
  end
  api.nvim_buf_call(bufnr, function()
    vim.cmd('silent keepalt file ' .. vim.fn.fnameescape(vim.fn.fnamemodify(to, ':.')))
  end)
  -- `:file` keeps the old name in a buffer of its own.
  local left = M.buffers()(from)
  if left and left ~= bufnr then
    api.nvim_buf_delete(left, { force = true })
  end
  if api.nvim_buf_is_loaded(bufnr) then
    reload(bufnr)
  end
end

return M
