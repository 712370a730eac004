-- :checkhealth kage. It starts no agent and no daemon; what the machine has is asked of `kage doctor`.
local M = {}

local uv = vim.uv or vim.loop
local wait_ms = 3000

---@param host table
local function check_neovim(host)
  vim.health.start('Kage: Neovim')
  local version = tostring(vim.version())
  if vim.fn.has('nvim-0.10') == 1 then
    vim.health.ok('Neovim ' .. version)
  else
    vim.health.error('Neovim ' .. version .. ' is too old.', 'Install Neovim 0.10 or newer.')
  end
  vim.health.info('Kage ' .. host.version .. ' in ' .. host.root)
end

---@param host table
local function check_host(host)
  vim.health.start('Kage: host')
  local report = host.report()
  if uv.fs_stat(host.root .. '/dist/nvim.cjs') then
    vim.health.ok('The build is there.')
  else
    vim.health.error('There is no build.', 'Run `make setup` in ' .. host.root .. '.')
  end
  if report.node then
    vim.health.ok('Node: ' .. report.node)
  else
    vim.health.error('Node is missing.', 'Run `make setup`, or set $KAGE_NODE to the program.')
  end
  if report.phase == 'failed' then
    vim.health.error(report.problem or 'The host failed.', '`:Kage restart` tries again.')
  elseif report.phase == 'ready' then
    vim.health.ok(
      ('The host is at work (channel %d, started again %d times).'):format(report.channel, report.restarts)
    )
  else
    vim.health.ok(
      'The host is ' .. (report.phase == 'idle' and 'not started; the first command does.' or 'starting.')
    )
  end
  if report.queued > 0 then
    vim.health.warn(report.queued .. ' calls wait for the host.', '`:Kage restart`')
  end
  for _, line in ipairs(report.said) do
    vim.health.info('It said: ' .. line)
  end
end

---@param result vim.SystemCompleted?
---@return table? document
local function document_of(result)
  if not result or not result.stdout then
    return nil
  end
  local ok, document = pcall(vim.json.decode, result.stdout)
  return ok and type(document) == 'table' and document or nil
end

---@param result vim.SystemCompleted?
local function check_daemon(result)
  vim.health.start('Kage: daemon')
  local status = document_of(result)
  if not status then
    vim.health.error('`kage daemon status` gave no answer.', 'Run it in a terminal to see why.')
  elseif status.error then
    vim.health.error(status.error.message, status.error.hint)
  elseif status.pid == nil or status.pid == vim.NIL then
    vim.health.ok('The daemon is down; the first command starts it.')
  else
    local text = 'The daemon runs: pid %d, version %s, %d events, %d active agents.'
    vim.health.ok(text:format(status.pid, status.version, status.events, status.agents))
  end
end

---@param result vim.SystemCompleted?
local function check_machine(result)
  vim.health.start('Kage: this machine (kage doctor)')
  local examined = document_of(result)
  if not examined or not examined.checks then
    local fault = examined and examined.error or {}
    vim.health.error(
      fault.message or '`kage doctor` gave no answer.',
      fault.hint or 'Run it in a terminal to see why.'
    )
    return
  end
  for _, each in ipairs(examined.checks) do
    local text = each.name .. ': ' .. each.detail
    if each.note and each.hint ~= '' then
      vim.health.warn(text, each.hint)
    elseif each.note then
      vim.health.info(text)
    elseif each.ok then
      vim.health.ok(text)
    else
      vim.health.error(text, each.hint)
    end
  end
end

function M.check()
  local host = require('kage.host')
  local program = host.root .. '/bin/kage'
  local function ask(...)
    local ok, running = pcall(vim.system, { program, '--json', ... }, { text = true, timeout = wait_ms })
    return ok and running or nil
  end
  local doctor, daemon = ask('doctor'), ask('daemon', 'status')
  check_neovim(host)
  check_host(host)
  check_daemon(daemon and daemon:wait(wait_ms))
  check_machine(doctor and doctor:wait(wait_ms))
end

return M
