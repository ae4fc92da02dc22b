--- Applies text edits to a string.
local M = {}

--- Where each line of a text begins, as the protocol counts lines: after `\n`, `\r\n` or a lone `\r`.
---@param text string
---@return integer[] # In bytes, counted from 1.
local function line_starts(text)
  local starts = { 1 }
  local at = 1
  while true do
    local stop = text:find('[\r\n]', at)
    if not stop then
      return starts
    end
    at = text:sub(stop, stop + 1) == '\r\n' and stop + 2 or stop + 1
    table.insert(starts, at)
  end
end

--- Returns the text with the edits; all other bytes are unchanged.
---@param text string
---@param edits lsp.TextEdit[] Without overlaps.
---@param encoding 'utf-8'|'utf-16'|'utf-32'
---@return string? # `nil` if an edit is outside the text.
function M.apply(text, edits, encoding)
  local starts = line_starts(text)

  ---@param position lsp.Position
  ---@return integer? # The byte at this position.
  local function byte_at(position)
    local start, next_start = starts[position.line + 1], starts[position.line + 2]
    if not start then
      return nil
    end
    local line = text:sub(start, (next_start or #text + 1) - 1)
    return start + vim.str_byteindex(line, encoding, position.character, false)
  end

  local spans = {}
  for _, edit in ipairs(edits) do
    local first, last = byte_at(edit.range.start), byte_at(edit.range['end'])
    if not first or not last then
      return nil
    end
    table.insert(spans, { first = first, last = last, new = edit.newText })
  end
  table.sort(spans, function(one, other)
    return one.first < other.first
  end)
  local pieces, at = {}, 1
  for _, span in ipairs(spans) do
    table.insert(pieces, text:sub(at, span.first - 1))
    table.insert(pieces, span.new)
    at = span.last
  end
  table.insert(pieces, text:sub(at))
  return table.concat(pieces)
end

return M
