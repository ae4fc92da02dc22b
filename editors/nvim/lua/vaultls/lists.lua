--- Places in notes as a quickfix list or location list.
local M = {}

---@class vaultls.lists.Options
---@field loclist? boolean Fill the location list of the current window, not the quickfix list.

---@class vaultls.lists.Place: lsp.Location
---@field text? string Shown instead of the line.

--- Fills a list with places and opens it.
---@param title string
---@param places vaultls.lists.Place[] At least one.
---@param client vim.lsp.Client
---@param options? vaultls.lists.Options
function M.show(title, places, client, options)
  local items = vim.lsp.util.locations_to_items(places, client.offset_encoding)
  for _, item in ipairs(items) do
    -- Neovim splits notes that are not open at `\n` only.
    item.text = vim.tbl_get(item, 'user_data', 'text') or item.text:gsub('\r$', '')
  end
  if options and options.loclist then
    vim.fn.setloclist(0, {}, ' ', { title = title, items = items })
    vim.cmd('lopen')
  else
    vim.fn.setqflist({}, ' ', { title = title, items = items })
    vim.cmd('botright copen')
  end
end

return M
