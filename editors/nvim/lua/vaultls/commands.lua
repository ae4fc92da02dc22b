--- `:Vault` and its subcommands.
local M = {}

---@class vaultls.Subcommand
---@field run fun(arguments: string[], text: string) `text` is all arguments as typed, for one that may have spaces.
---@field complete? fun(lead: string): string[] Completes its arguments.

--- A subcommand that lists places, in the location list with the argument `loclist`.
---@param name string
---@param show fun(options: vaultls.lists.Options)
---@return vaultls.Subcommand
local function listing(name, show)
  return {
    run = function(arguments)
      if arguments[1] and arguments[1] ~= 'loclist' then
        local fault = (':Vault %s: invalid argument %s: expected loclist or none'):format(name, arguments[1])
        vim.notify(fault, vim.log.levels.ERROR)
        return
      end
      show({ loclist = arguments[1] == 'loclist' })
    end,
    complete = function(lead)
      return vim.startswith('loclist', lead) and { 'loclist' } or {}
    end,
  }
end

---@type table<string, vaultls.Subcommand>
local subcommands = {
  backlinks = listing('backlinks', function(options)
    require('vaultls.backlinks').show(options)
  end),
  mentions = listing('mentions', function(options)
    require('vaultls.backlinks').mentions(options)
  end),
  restart = {
    run = function()
      require('vaultls.server').restart()
    end,
  },
  log = {
    run = function()
      require('vaultls.log').open()
    end,
  },
  stats = {
    run = function()
      require('vaultls.stats').show()
    end,
  },
  move = {
    run = function(_, text)
      if text == '' then
        vim.notify(':Vault move: path required', vim.log.levels.ERROR)
        return
      end
      require('vaultls.rename').move((text:gsub('\\ ', ' ')))
    end,
    complete = function(lead)
      return vim.fn.getcompletion(lead, 'file')
    end,
  },
  new = {
    run = function(_, text)
      if text == '' then
        vim.notify(':Vault new: name required', vim.log.levels.ERROR)
        return
      end
      require('vaultls.requests').create(text)
    end,
  },
  daily = {
    run = function(arguments)
      require('vaultls.requests').daily(arguments[1])
    end,
  },
  fix = {
    run = function()
      require('vaultls.requests').fix()
    end,
  },
  timestamp = {
    run = function(arguments)
      require('vaultls.requests').timestamp(arguments[1])
    end,
  },
  check = {
    run = function(arguments)
      require('vaultls.check').run(arguments[1])
    end,
    complete = function(lead)
      return vim.fn.getcompletion(lead, 'file')
    end,
  },
}

---@return string[]
local function names()
  local found = vim.tbl_keys(subcommands)
  table.sort(found)
  return found
end

---@param command vim.api.keyset.create_user_command.command_args
function M.run(command)
  local arguments = vim.list_slice(command.fargs, 2)
  local name = command.fargs[1]
  local subcommand = subcommands[name]
  if subcommand then
    subcommand.run(arguments, command.args:match('^%S+%s*(.-)%s*$'))
  else
    local fault = name and ('Unknown command :Vault %s. '):format(name) or ''
    vim.notify(('%sCommands of :Vault: %s'):format(fault, table.concat(names(), ', ')), vim.log.levels.ERROR)
  end
end

--- Completion of `:Vault`, as |:command-completion-custom| has it.
---@param lead string The word up to the cursor.
---@param line string
---@param position integer The cursor, in bytes.
---@return string[]
function M.complete(lead, line, position)
  local name, has_arguments = line:sub(1, position):match('Vault!?%s+(%S+)(%s?)')
  if name and has_arguments ~= '' then
    local subcommand = subcommands[name]
    return subcommand and subcommand.complete and subcommand.complete(lead) or {}
  end
  return vim.tbl_filter(function(found)
    return vim.startswith(found, lead)
  end, names())
end

return M
