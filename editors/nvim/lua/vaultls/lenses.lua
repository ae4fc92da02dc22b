--- The command of a code lens: lists the references that it counts in the quickfix list.
local M = {}

--- The command of the server's lenses, which it sends to clients that announce it.
M.COMMAND = 'vaultls.showReferences'

---@param title string
---@param locations lsp.Location[]
---@param client vim.lsp.Client
local function list(title, locations, client)
  if #locations > 0 then
    require('vaultls.lists').show(title, locations, client)
  else
    vim.notify('vaultls: no references')
  end
end

--- Shows the lenses of a note. Before 0.12, Neovim shows them only after `vim.lsp.codelens.refresh()`.
---@param client vim.lsp.Client
---@param bufnr integer
function M.attach(client, bufnr)
  if vim.lsp.codelens.enable and client:supports_method('textDocument/codeLens') then
    vim.lsp.codelens.enable(true, { bufnr = bufnr })
  end
end

--- Called by |vim.lsp.codelens.run()|. The arguments are the URI, the position, and the locations where a request at
--- the position would find others.
---@param command lsp.Command
---@param context { client_id: integer, bufnr: integer }
function M.show(command, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  if not client then
    return
  end
  local uri, position, locations = unpack(command.arguments)
  if locations then
    list(command.title, locations, client)
    return
  end
  local params = { textDocument = { uri = uri }, position = position, context = { includeDeclaration = false } }
  client:request('textDocument/references', params, function(failure, found)
    if failure then
      vim.notify('vaultls: ' .. failure.message, vim.log.levels.ERROR)
    else
      list(command.title, found or {}, client)
    end
  end, context.bufnr)
end

return M
