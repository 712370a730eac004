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

--- Shows lines and asks for a word on them: y or <CR> for yes, anything that leaves the float for no.
---@param lines string[]
---@param yes string? what yes does; without it there is nothing to say yes to
---@param answer fun(approved: boolean)
local function ask(lines, yes, answer)
  local shown = vim.list_extend({}, lines)
  local words = yes and ('y %s   q cancel'):format(yes) or 'q close'
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
  local function say(approved)
    if said then
      return
    end
    said = true
    require('kage.float').close(window)
    answer(approved)
  end
  local keys = { q = false, n = false, ['<Esc>'] = false }
  if yes then
    keys.y, keys['<CR>'] = true, true
  else
    keys.y, keys['<CR>'] = false, false
  end
  for key, approved in pairs(keys) do
    vim.keymap.set('n', key, function()
      say(approved)
    end, { buffer = buffer, nowait = true, desc = 'Kage: ' .. (approved and yes or 'cancel') })
  end
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = buffer,
    once = true,
    callback = function()
      say(false)
    end,
  })
end

---@param id string
---@param lines string[]
---@param yes string?
function M.confirm(id, lines, yes)
  ask(lines, yes ~= vim.NIL and yes or nil, function(approved)
    answer(id, approved)
  end)
end

return M
