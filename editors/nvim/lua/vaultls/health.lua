--- `:checkhealth vaultls`.
local M = {}

local health = vim.health

--- Other servers for notes. With one of them, every result is shown twice.
local OTHER_SERVERS = { 'marksman', 'markdown_oxide', 'zk', 'obsidian_ls', 'iwes', 'prosemd_lsp' }

local function check_neovim()
  health.start('Neovim')
  local version = tostring(vim.version())
  if vim.fn.has('nvim-0.11') == 1 then
    health.ok('Neovim ' .. version)
  else
    health.error('Neovim ' .. version .. ' is too old: 0.11 or newer is required')
  end
  local options = require('vaultls.options').get()
  health.info('vim.g.vaultls: ' .. vim.inspect(options, { newline = ' ', indent = '' }))
  if require('vaultls.server').is_enabled() then
    health.ok('The server is enabled (vim.lsp.enable)')
  else
    health.warn('The server is not enabled', {
      "Enable it with vim.lsp.enable('vaultls'), or leave `enabled = false` out of vim.g.vaultls.",
    })
  end
end

---@param program string
---@return string? version
---@return string? reason The error.
local function program_version(program)
  local started, job = pcall(vim.system, { program, '--version' }, { text = true })
  if not started then
    return nil, tostring(job)
  end
  local result = job:wait(3000)
  local version = (result.stdout or ''):match('^vaultls (%S+)')
  return version, ('output of --version: %s'):format(vim.inspect(vim.trim((result.stdout or '') .. (result.stderr or ''))))
end

local function check_program()
  health.start('Server')
  local server = require('vaultls.server')
  local program = server.program()
  if not program then
    health.info('The server is started by a function: `cmd` of vim.lsp.config.vaultls')
    return
  end
  local path = vim.fn.exepath(program)
  if path == '' then
    health.error(('Server executable not found: `%s`'):format(program), {
      'Install it: `cargo install --locked --path .` in the repository of vaultls.',
      "Or set its path: vim.lsp.config('vaultls', { cmd = { '/path/to/vaultls', '--stdio' } })",
      'PATH is ' .. (vim.env.PATH or ''),
    })
    return
  end
  local version, reason = program_version(path)
  if not version then
    health.error(('Not a vaultls executable: %s (%s)'):format(path, reason))
  elseif server.is_supported(version) then
    health.ok(('%s, version %s'):format(path, version))
  else
    health.error(('Server too old: %s is version %s, %s or newer is required'):format(path, version, server.MINIMUM_VERSION), {
      'Install the server from the same repository as the plugin.',
    })
  end
end

---@param client vim.lsp.Client
local function check_client(client)
  local buffers = vim.tbl_count(client.attached_buffers)
  health.ok(
    ('Server %d, version %s, serves %d %s'):format(
      client.id,
      (client.server_info or {}).version or 'unknown',
      buffers,
      buffers == 1 and 'buffer' or 'buffers'
    )
  )
  local answer = client:request_sync('workspace/executeCommand', { command = 'vaultls.stats' }, 2000)
  if not answer or answer.err then
    health.error(('Server %d does not answer'):format(client.id), { 'See :Vault log, then try :Vault restart.' })
    return
  end
  local status = require('vaultls.status').of_client(client.id)
  if status and status.health ~= 'ok' then
    health.warn(('Server %d: %s'):format(client.id, status.message or status.health))
  end
  for _, vault in ipairs(answer.result or {}) do
    local state = vault.isLoading and ', loading' or ''
    local report = vault.notes == 0 and health.warn or health.info
    report(('Vault %s: %d notes%s'):format(vim.fn.fnamemodify(vault.root, ':~'), vault.notes, state))
  end
end

local function check_servers()
  health.start('Vaults of this session')
  local clients = vim.lsp.get_clients({ name = 'vaultls' })
  if #clients == 0 then
    health.info('No server running: it starts with the first note (filetype markdown)')
  end
  for _, client in ipairs(clients) do
    check_client(client)
  end
  local crashes, given_up = require('vaultls.crashes').summary()
  if #given_up > 0 then
    health.error(('The server crashed %d times and was not restarted'):format(crashes), {
      'See :Vault log.',
      'Restart it with :Vault restart.',
    })
  elseif crashes > 0 then
    health.warn(('The server crashed %d times and was restarted'):format(crashes), { 'See :Vault log.' })
  end
end

local function check_settings()
  health.start('Settings')
  local settings = vim.tbl_get(vim.lsp.config.vaultls or {}, 'settings', 'vaultls')
  if settings then
    health.info('Settings for the server: ' .. vim.inspect(settings))
  else
    health.info('No settings for the server except those in .vaultls.toml of each vault')
  end
  health.info('Log: ' .. require('vaultls.log').path() .. ' (:Vault log)')
  local level = vim.tbl_get(vim.lsp.config.vaultls or {}, 'cmd_env', 'VAULTLS_LOG') or vim.env.VAULTLS_LOG
  health.info('VAULTLS_LOG: ' .. (level or 'not set (default: `warn`)'))
end

local function check_completion()
  health.start('Completion')
  local completion = require('vaultls.completion')
  local wanted = require('vaultls.options').get().completion
  local other = completion.other_engine()
  if wanted == false then
    health.info("Neovim's own completion is off (vim.g.vaultls.completion)")
  elseif not other then
    health.ok("Neovim's own completion opens automatically")
  elseif wanted then
    health.warn(('%s is loaded too, so two menus may open'):format(other), {
      "Leave `completion` out of vim.g.vaultls, and Neovim's own stays closed.",
    })
  else
    health.ok(other .. " is loaded, so Neovim's own completion stays closed")
    if other == 'nvim-cmp' and not package.loaded['cmp_nvim_lsp'] then
      health.warn('nvim-cmp has no source for language servers', { 'Add cmp-nvim-lsp. See :help vaultls-cmp' })
    end
  end
end

local function check_conflicts()
  health.start('Other servers')
  local found = {} ---@type table<string, true>
  for _, client in ipairs(vim.lsp.get_clients({ name = 'vaultls' })) do
    for bufnr in pairs(client.attached_buffers) do
      for _, other in ipairs(vim.lsp.get_clients({ bufnr = bufnr })) do
        if vim.list_contains(OTHER_SERVERS, other.name) then
          found[other.name] = true
        end
      end
    end
  end
  for name in vim.spairs(found) do
    health.warn(('%s is attached to the same notes: results are shown twice'):format(name), {
      ("Turn it off with vim.lsp.enable('%s', false)."):format(name),
    })
  end
  if vim.tbl_isempty(found) then
    health.ok('No other server for notes attached')
  end
end

function M.check()
  check_neovim()
  check_program()
  check_servers()
  check_settings()
  check_completion()
  check_conflicts()
end

return M
