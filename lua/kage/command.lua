-- What the commands send to the host: the words as they were typed, and where the person is.
local M = {}

--- Every subcommand of `:Kage`, in the order of help.
M.names = {
  'spawn',
  'plan',
  'compare',
  'dash',
  'review',
  'next',
  'prev',
  'jump',
  'send',
  'interrupt',
  'pause',
  'resume',
  'stop',
  'check',
  'judge',
  'undo',
  'ack',
  'log',
  'cost',
  'clean',
  'health',
  'restart',
}

local options =
  { spawn = { '-a', '--base', '--with-changes', '--' }, compare = { '--base' }, clean = { '--force' } }
local takes = {
  review = 'runs',
  jump = 'agents',
  send = 'agents',
  check = 'runs',
  judge = 'runs',
  ack = 'runs',
  clean = 'runs',
  interrupt = 'all',
  pause = 'all',
  resume = 'all',
  stop = 'all',
  log = 'all',
  cost = 'all',
}

local uv = vim.uv or vim.loop
local last_id = 0

---@param directory string
---@return boolean
local function in_repository(directory)
  return vim.fs.find('.git', { upward = true, path = directory, limit = 1 })[1] ~= nil
end

--- The directory whose repository is meant: the window's, else that of the file it shows.
---@return string
function M.directory()
  local cwd = vim.fn.getcwd()
  local name = vim.api.nvim_buf_get_name(0)
  if vim.bo.buftype == '' and name ~= '' and not in_repository(cwd) then
    return vim.fn.fnamemodify(name, ':p:h')
  end
  return cwd
end

---@param words string
---@param given table what `nvim_create_user_command` hands over
---@return table
local function call_of(words, given)
  last_id = last_id + 1
  local name = vim.api.nvim_buf_get_name(0)
  local call = {
    words = words,
    bang = given.bang == true,
    directory = M.directory(),
    path = vim.bo.buftype == '' and name ~= '' and vim.fn.fnamemodify(name, ':p') or nil,
    line = vim.api.nvim_win_get_cursor(0)[1],
    agent = vim.t.kage_agent,
    id = ('nvim-%d-%d-%d'):format(uv.os_getpid(), math.floor(uv.hrtime() / 1000), last_id),
  }
  if (given.range or 0) > 0 then
    call.range = {
      first = given.line1,
      last = given.line2,
      lines = vim.api.nvim_buf_get_lines(0, given.line1 - 1, given.line2, false),
    }
  end
  return call
end

--- Carries out a command with the words that follow its name.
---@param name string
---@param words string
---@param given? table
function M.run(name, words, given)
  if name == 'health' then
    vim.cmd.checkhealth('kage')
  elseif name == 'restart' then
    require('kage.host').restart()
  else
    require('kage.host').call(name, call_of(words, given or {}))
  end
end

--- Carries out `:Kage name words`; without a name, the dashboard.
---@param given table
function M.run_words(given)
  local name, words = given.args:match('^(%S+)%s*(.*)$')
  M.run(name or 'dash', words or '', given)
end

--- A command that came by the manifest of remote plugins.
---@param name string
---@param words string
---@param range integer[]
function M.typed(name, words, range)
  local given = { args = words, range = 0, line1 = range[1], line2 = range[2] }
  if name == '' then
    M.run_words(given)
  else
    M.run(name, words, given)
  end
end

--- The environment as it is now, for agents and for tmux.
---@return table<string, string>
function M.environment()
  return vim.fn.environ()
end

---@param name string
---@return string[]
local function words_for(name)
  local words = vim.list_extend({}, options[name] or {})
  local known = require('kage.host').known()
  if takes[name] == 'runs' or takes[name] == 'all' then
    vim.list_extend(words, known.runs)
  end
  if takes[name] == 'agents' or takes[name] == 'all' then
    vim.list_extend(words, known.agents)
  end
  return words
end

--- Completes subcommands, options, runs and agents.
---@param lead string
---@param line string
---@param at integer
---@return string[]
function M.complete(lead, line, at)
  local before = line:sub(1, at - #lead)
  local alias, rest = before:match('Kage(%a*)!?%s+(.*)$')
  local name = alias and alias ~= '' and alias:lower() or (rest or ''):match('^(%S+)%s')
  local words = name and words_for(name) or M.names
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, words)
end

return M
