--- Sets up a note when the server attaches, and reverts that when it detaches.
local M = {}

local api = vim.api

---@param bufnr integer
---@return integer group
local function augroup(bufnr)
  return api.nvim_create_augroup(('vaultls.buffer.%d'):format(bufnr), {})
end

local definition_key = 'gd'
local definition_description = 'vaultls: go to definition'

---@param bufnr integer
local function map_keys(bufnr)
  api.nvim_buf_call(bufnr, function()
    if vim.fn.maparg(definition_key, 'n') == '' then
      vim.keymap.set('n', definition_key, function()
        vim.lsp.buf.definition()
      end, { buffer = bufnr, desc = definition_description })
    end
  end)
end

---@param bufnr integer
local function unmap_keys(bufnr)
  for _, mapping in ipairs(api.nvim_buf_get_keymap(bufnr, 'n')) do
    if mapping.lhs == definition_key and mapping.desc == definition_description then
      vim.keymap.del('n', definition_key, { buffer = bufnr })
    end
  end
end

---@param client vim.lsp.Client
---@param bufnr integer
function M.attach(client, bufnr)
  local options = require('vaultls.options').get()
  local group = augroup(bufnr)
  require('vaultls.server').check_version(client)
  if options.completion ~= false and client:supports_method('textDocument/completion') then
    require('vaultls.completion').attach(client, bufnr, group)
  end
  if options.lenses then
    require('vaultls.lenses').attach(client, bufnr)
  end
  if options.keys and client:supports_method('textDocument/definition') then
    map_keys(bufnr)
  end
end

---@param client vim.lsp.Client The detached server. A new one may be attached already.
---@param bufnr integer
function M.detach(client, bufnr)
  for _, other in ipairs(vim.lsp.get_clients({ bufnr = bufnr, name = 'vaultls' })) do
    if other.id ~= client.id then
      return
    end
  end
  api.nvim_del_augroup_by_id(augroup(bufnr))
  require('vaultls.completion').detach(bufnr)
  if api.nvim_buf_is_loaded(bufnr) then
    unmap_keys(bufnr)
  end
end

return M
