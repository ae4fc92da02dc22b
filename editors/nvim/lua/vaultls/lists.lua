--- Places in notes as a list to walk through.
local M = {}

---@class vaultls.lists.Options
---@field loclist? boolean The location list of the current window, not the quickfix list.

--- Fills a list with places, each with its line as text, and opens it.
---@param title string
---@param locations lsp.Location[] At least one.
---@param client vim.lsp.Client Whose columns they have.
---@param options? vaultls.lists.Options
function M.show(title, locations, client, options)
  local items = vim.lsp.util.locations_to_items(locations, client.offset_encoding)
  for _, item in ipairs(items) do
    -- Neovim reads notes that are not open as if all of them had the line ends of Unix.
    item.text = item.text:gsub('\r$', '')
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
