-- Questions of the host to the person; pickers hook into vim.ui.
local M = {}

---@param id string
---@param value any
local function answer(id, value)
  require('kage.host').call('answer', { id = id, value = value == nil and vim.NIL or value })
end

--- Asks by way of vim.ui, which may be anybody's: it is answered once, and with nothing where that fails or Ctrl-C ends it.
---@param id string
---@param ask fun(say: fun(value: any))
local function hand_over(id, ask)
  local said = false
  local function say(value)
    if not said then
      said = true
      answer(id, value)
    end
  end
  vim.schedule(function()
    local ok, problem = pcall(ask, say)
    if ok then
      return
    end
    say(nil)
    if not tostring(problem):find('Keyboard interrupt') then
      require('kage.notice').warn('vim.ui failed, nothing was chosen: ' .. tostring(problem))
    end
  end)
end

---@param id string
---@param labels string[]
---@param prompt string
function M.select(id, labels, prompt)
  hand_over(id, function(say)
    vim.ui.select(labels, { prompt = prompt, kind = 'kage' }, function(_, index)
      say(index)
    end)
  end)
end

---@param id string
---@param prompt string
---@param preset string
function M.input(id, prompt, preset)
  hand_over(id, function(say)
    vim.ui.input({ prompt = prompt, default = preset }, say)
  end)
end

--- Shows lines and asks for a key; what leaves the float without one answers nil.
---@param lines string[]
---@param words string the legend
---@param keys table<string, any> what each key answers
---@param answer fun(value: any)
---@return integer buffer
local function ask(lines, words, keys, answer)
  local shown = vim.list_extend({}, lines)
  local _, edge = require('kage.layout').border()
  if edge == 0 then
    vim.list_extend(shown, { '', words })
  end
  local buffer, window = require('kage.float').open(shown, 'Kage', 'kage-confirm', 0)
  pcall(vim.api.nvim_buf_set_name, buffer, 'Kage question')
  if edge > 0 then
    -- On the border the answers are seen however long the question is.
    vim.api.nvim_win_set_config(window, { footer = (' %s '):format(words), footer_pos = 'center' })
  end
  local said = false
  local function say(value)
    if said then
      return
    end
    said = true
    require('kage.float').close(window)
    answer(value)
  end
  for key, value in pairs(keys) do
    vim.keymap.set('n', key, function()
      say(value)
    end, { buffer = buffer, nowait = true, desc = 'Kage: answer' })
  end
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = buffer,
    once = true,
    callback = function()
      say(false)
    end,
  })
  return buffer
end

---@param id string
---@param lines string[]
---@param yes string?
function M.confirm(id, lines, yes)
  local does = yes ~= nil and yes ~= vim.NIL
  local words = does and ('y %s   q cancel'):format(yes) or 'q close'
  local keys = { q = false, n = false, ['<Esc>'] = false, y = does, ['<CR>'] = does }
  ask(lines, words, keys, function(approved)
    answer(id, approved)
  end)
end

--- Shows lines that tell what each of the keys means, and answers with the one that is pressed.
---@param id string
---@param lines string[]
---@param choices string[]
---@param marks { [1]: integer, [2]: string }[] rows from 0 and their highlight groups
---@param words string the legend
function M.choose(id, lines, choices, marks, words)
  local keys = { q = false, ['<Esc>'] = false }
  for _, key in ipairs(choices) do
    keys[key] = key
  end
  local buffer = ask(lines, words, keys, function(key)
    answer(id, key or nil)
  end)
  for _, mark in ipairs(marks) do
    require('kage.float').mark(buffer, mark[1], mark[2])
  end
end

return M
