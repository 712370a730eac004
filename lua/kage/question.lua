-- Questions of the host to the person; pickers hook into vim.ui.
local M = {}

---@param id integer
---@param value any
local function answer(id, value)
  require('kage.host').call('answer', { id = id, value = value == nil and vim.NIL or value })
end

---@param id integer
---@param labels string[]
---@param prompt string
function M.select(id, labels, prompt)
  vim.schedule(function()
    vim.ui.select(labels, { prompt = prompt, kind = 'kage' }, function(_, index)
      answer(id, index)
    end)
  end)
end

---@param id integer
---@param prompt string
---@param preset string
function M.input(id, prompt, preset)
  vim.schedule(function()
    vim.ui.input({ prompt = prompt, default = preset }, function(text)
      answer(id, text)
    end)
  end)
end

---@param id integer
---@param lines string[]
---@param yes string?
function M.approve(id, lines, yes)
  require('kage.review').approve(lines, yes ~= vim.NIL and yes or nil, function(approved)
    answer(id, approved)
  end)
end

return M
