--- The status of the servers, from `experimental/serverStatus`.
local M = {}

---@class vaultls.VaultStatus
---@field uri string
---@field name string
---@field notes integer
---@field attachments integer
---@field links integer
---@field unresolvedLinks? integer

---@class vaultls.ServerStatus
---@field health 'ok'|'warning'|'error'
---@field quiescent boolean `false` while a vault is loading.
---@field message? string
---@field vaults vaultls.VaultStatus[]

---@type table<integer, vaultls.ServerStatus>
local statuses = {}

--- Handler of `experimental/serverStatus`.
---@param _ lsp.ResponseError?
---@param status vaultls.ServerStatus
---@param context lsp.HandlerContext
function M.on_status(_, status, context)
  statuses[context.client_id] = status
  vim.api.nvim_exec_autocmds('User', { pattern = 'VaultlsStatus', modeline = false, data = status })
  vim.cmd.redrawstatus({ bang = true })
end

--- Called when a server has ended.
---@param client_id integer
function M.forget(client_id)
  statuses[client_id] = nil
end

---@param client_id integer
---@return vaultls.ServerStatus? # `nil` before the first notification.
function M.of_client(client_id)
  return statuses[client_id]
end

--- The vault of a file among those of a server: the innermost one.
---@param status vaultls.ServerStatus
---@param path string
---@return vaultls.VaultStatus?
local function vault_of(status, path)
  local found, longest = nil, 0 ---@type vaultls.VaultStatus?, integer
  for _, vault in ipairs(status.vaults or {}) do
    local folder = vim.fs.normalize(vim.uri_to_fname(vault.uri))
    if #folder > longest and vim.fs.relpath(folder, path) then
      found, longest = vault, #folder
    end
  end
  return found
end

--- `1 note`, `2 notes`.
---@param number integer
---@param noun string
---@return string
local function counted(number, noun)
  return ('%d %s%s'):format(number, noun, number == 1 and '' or 's')
end

--- The status of the vault of a buffer, for the status line. Empty if vaultls is not attached.
---@param bufnr integer
---@return string
function M.text(bufnr)
  local client = vim.lsp.get_clients({ bufnr = bufnr, name = 'vaultls' })[1]
  if not client then
    return ''
  end
  local status = statuses[client.id]
  local vault = status and vault_of(status, vim.api.nvim_buf_get_name(bufnr))
  if not status or not vault then
    return 'vaultls'
  end
  local words = { ('%s: %s'):format(vault.name, counted(vault.notes, 'note')) }
  if not status.quiescent then
    table.insert(words, 'loading')
  elseif (vault.unresolvedLinks or 0) > 0 then
    table.insert(words, counted(vault.unresolvedLinks, 'unresolved link'))
  end
  if status.health ~= 'ok' and status.message then
    table.insert(words, status.message)
  end
  return table.concat(words, ', ')
end

return M
