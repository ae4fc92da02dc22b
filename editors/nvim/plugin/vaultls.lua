if vim.g.loaded_vaultls then
  return
end
vim.g.loaded_vaultls = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify('vaultls requires Neovim 0.11 or newer', vim.log.levels.WARN)
  return
end

vim.api.nvim_create_user_command('Vault', function(command)
  require('vaultls.commands').run(command)
end, {
  nargs = '*',
  complete = function(...)
    return require('vaultls.commands').complete(...)
  end,
  desc = 'vaultls: backlinks, move, check, stats, restart, log',
})

local group = vim.api.nvim_create_augroup('vaultls', {})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  desc = 'vaultls: completion and keys of a note',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'vaultls' then
      require('vaultls.buffer').attach(client, event.buf)
    end
  end,
})

vim.api.nvim_create_autocmd('LspDetach', {
  group = group,
  desc = 'vaultls: restore keys and options of a note',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'vaultls' then
      require('vaultls.buffer').detach(client, event.buf)
    end
  end,
})

-- Token types of the server without a group in Neovim: links, and unresolved links.
vim.api.nvim_set_hl(0, '@lsp.type.link.markdown', { default = true, link = '@markup.link' })
vim.api.nvim_set_hl(0, '@lsp.mod.broken.markdown', { default = true, link = 'DiagnosticUnnecessary' })

require('vaultls.server').watch(group)
if require('vaultls.options').get().enabled then
  vim.lsp.enable('vaultls')
end
