-- The Node program behind the plugin: started with the first call, started again when it dies, spoken to by the method
-- names of node-client. Whatever is called before it is ready waits in a queue.
local M = {
  --- The version of these files; a host of another one is refused.
  version = '0.1.0',
}

local uv = vim.uv or vim.loop

---@class kage.Host
---@field phase 'idle'|'starting'|'ready'|'failed'
---@field job integer? the job of the host that Lua started
---@field channel integer? where calls go: the own job, or a host of `:UpdateRemotePlugins`
---@field restarts integer how often it was started again since it was ready for long
---@field problem string? why it is not at work
local state = { phase = 'idle', job = nil, channel = nil, restarts = 0, problem = nil }

---@type { name: string, payload: table }[]
local queue = {}
--- What was sent and not acknowledged yet, by number: a host that dies takes nothing with it.
---@type table<integer, { name: string, payload: table }>
local sent = {}
local last_sent = 0
---@type string[]
local said = {}
---@type { status: string, runs: string[], agents: string[] }
local known = { status = '', runs = {}, agents = {} }
local ready_at = 0

local queue_most = 200
local restarts_most = 3
local steady_ms = 60000
local slow_ms = 15000

local source = debug.getinfo(1, 'S').source:sub(2)
M.root = vim.fn.fnamemodify(uv.fs_realpath(source) or source, ':h:h:h')
local stub = M.root .. '/rplugin/node/kage'

---@param message string
---@param hint string
local function fail(message, hint)
  state.phase = 'failed'
  state.problem = message
  require('kage.notice').fail({ code = 'KAGE_EDITOR', message = message, hint = hint })
end

---@return string? node
local function find_node()
  local wanted = vim.env.KAGE_NODE
  if wanted and wanted ~= '' then
    return wanted
  end
  local placed = M.root .. '/.tools/bin/node'
  if uv.fs_stat(placed) then
    return placed
  end
  local found = vim.fn.exepath('node')
  return found ~= '' and found or nil
end

---@param name string
---@param payload table
---@param number integer? by which it is acknowledged
local function notify(name, payload, number)
  return pcall(vim.rpcnotify, state.channel, stub .. ':function:KageCall', { name, payload, number })
end

--- Puts what no host has acknowledged before what waits already.
local function take_back()
  local numbers = vim.tbl_keys(sent)
  table.sort(numbers)
  local calls = vim.tbl_map(function(number)
    return sent[number]
  end, numbers)
  queue = vim.list_extend(calls, queue)
  sent = {}
end

local function flush()
  local waiting = queue
  queue = {}
  for _, call in ipairs(waiting) do
    M.call(call.name, call.payload)
  end
end

---@param code integer
local function ended(code)
  local steady = state.phase == 'ready' and uv.now() - ready_at > steady_ms
  state.job, state.channel = nil, nil
  take_back()
  if state.phase == 'failed' or vim.v.exiting ~= vim.NIL then
    return
  end
  local last = said[#said] or ''
  if last:find('^kage: ') then
    -- The program itself says what it needs.
    return fail(last:gsub('^kage: ', ''), 'Then `:Kage restart`; `:checkhealth kage` tells more.')
  end
  state.phase = 'idle'
  state.restarts = steady and 1 or state.restarts + 1
  if state.restarts > restarts_most then
    local message = ("Kage's host ended %d times, last with exit status %d."):format(state.restarts, code)
    return fail(message, '`:checkhealth kage` tells more; `:Kage restart` tries again.')
  end
  vim.defer_fn(function()
    if state.phase == 'idle' then
      M.start()
    end
  end, 100 * 2 ^ state.restarts)
end

--- Starts the host unless it runs.
function M.start()
  if state.phase == 'starting' or state.phase == 'ready' then
    return
  end
  local program = M.root .. '/dist/nvim.cjs'
  if not uv.fs_stat(program) then
    queue = {}
    return fail('There is no build of Kage yet.', ('Run `make setup` in %s, then try again.'):format(M.root))
  end
  local node = find_node()
  if not node then
    queue = {}
    return fail('Node 24.15 or newer is missing.', 'Run `make setup`, or set $KAGE_NODE to the program.')
  end
  said = {}
  -- The channel is moved to descriptors of its own: what the host or its children print cannot break it.
  local move = 'exec "$@" 3<&0 4>&1 0</dev/null 1>&2'
  local ok, job = pcall(vim.fn.jobstart, { 'sh', '-c', move, 'kage', node, program, '3', '4' }, {
    rpc = true,
    cwd = M.root,
    on_stderr = function(_, lines)
      for _, line in ipairs(lines) do
        if line ~= '' then
          said[#said + 1] = line
        end
      end
      said = vim.list_slice(said, math.max(1, #said - 19))
    end,
    on_exit = function(id, code)
      if id == state.job then
        ended(code)
      end
    end,
  })
  if not ok or job <= 0 then
    return fail('The host could not be started: ' .. tostring(job), '`:checkhealth kage` tells more.')
  end
  state.phase, state.job, state.problem = 'starting', job, nil
  vim.defer_fn(function()
    if state.phase == 'starting' and state.job == job then
      require('kage.notice').warn('Kage: the host has not answered yet; `:checkhealth kage` tells more')
    end
  end, slow_ms)
end

--- Has a command carried out, or tells of a key, an answer or a window; waits in the queue until the host is ready.
---@param name string
---@param payload table
function M.call(name, payload)
  if state.phase == 'ready' then
    last_sent = last_sent + 1
    sent[last_sent] = { name = name, payload = payload }
    if notify(name, payload, last_sent) then
      return
    end
    sent[last_sent] = nil
    if not state.job then
      -- The host of :UpdateRemotePlugins is gone.
      state.phase, state.channel = 'idle', nil
      take_back()
    end
  end
  if #queue >= queue_most then
    table.remove(queue, 1)
  end
  queue[#queue + 1] = { name = name, payload = payload }
  if state.phase == 'failed' then
    state.restarts = 0
  end
  if state.phase ~= 'starting' then
    M.start()
  end
end

--- Forgets the keys of a view that was closed: no host that comes later carries them out.
---@param view string
function M.forget_keys(view)
  local function other(call)
    return not (call.name == 'press' and call.payload.view == view)
  end
  queue = vim.tbl_filter(other, queue)
  for number, call in pairs(sent) do
    if not other(call) then
      sent[number] = nil
    end
  end
end

--- The host has read a call.
---@param number integer
function M.heard(number)
  sent[number] = nil
end

--- Tells the host of something that only matters while it runs.
---@param name string
---@param payload table
function M.tell(name, payload)
  if state.phase == 'ready' then
    notify(name, payload)
  end
end

--- The handshake: the host says its version, and hears whether it may go on.
---@param version string
---@param channel integer
---@return boolean accepted
function M.hello(version, channel)
  local own = channel == state.job
  if not own and (state.phase == 'starting' or state.phase == 'ready') then
    return false
  end
  if version ~= M.version then
    local message = ('The build is of version %s, the plugin of %s.'):format(version, M.version)
    fail(message, ('Run `make setup` in %s, then `:Kage restart`.'):format(M.root))
    if own then
      vim.fn.jobstop(channel)
    end
    return false
  end
  state.phase, state.channel, state.problem = 'ready', channel, nil
  ready_at = uv.now()
  require('kage.ui').reopen()
  flush()
  return true
end

--- Ends the host and starts a new one; open views come back. A host of `:UpdateRemotePlugins` has other plugins too: it goes
--- on without this one.
function M.restart()
  local job = state.job
  if not job and state.phase == 'ready' then
    notify('retire', {})
  end
  state.job, state.channel, state.restarts, state.phase = nil, nil, 0, 'idle'
  take_back()
  if job then
    vim.fn.jobstop(job)
  end
  M.start()
end

--- Keeps what the host knows, for completion and the status line.
---@param now { status: string, runs: string[], agents: string[] }
function M.remember(now)
  local changed = now.status ~= known.status
  known = now
  if changed then
    vim.cmd.redrawstatus({ bang = true })
  end
end

---@return { status: string, runs: string[], agents: string[] }
function M.known()
  return known
end

---@return table
function M.report()
  local report = vim.deepcopy(state)
  report.said = said
  report.queued = #queue
  report.node = find_node()
  return report
end

return M
