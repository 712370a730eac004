-- What the person is told, by vim.notify and by User events.
local M = {}

--- One line that asks for no key: what has no room on the command line is cut off.
---@param text string
---@return string
local function one_line(text)
  local line = 'Kage: ' .. text:gsub('%s+', ' ')
  local room = math.max(20, vim.v.echospace)
  if vim.fn.strdisplaywidth(line) <= room then
    return line
  end
  local count = vim.fn.strchars(line)
  while vim.fn.strdisplaywidth(vim.fn.strcharpart(line, 0, count)) > room - 1 do
    count = count - 1
  end
  return vim.fn.strcharpart(line, 0, count) .. '…'
end

---@param text string
function M.say(text)
  vim.notify(one_line(text), vim.log.levels.INFO, { title = 'Kage' })
end

---@param text string
function M.warn(text)
  vim.notify(one_line(text), vim.log.levels.WARN, { title = 'Kage' })
end

--- Where there is no command line, Neovim asks for a key after a message of two lines, and answers nobody until it is
--- pressed: the command line is made high enough, with a row to spare, until the cursor moves.
---@param text string
---@param show fun()
local function with_room(text, show)
  if vim.o.cmdheight > 0 then
    return show()
  end
  local rows = 1
  for _, line in ipairs(vim.split(text, '\n')) do
    rows = rows + math.max(1, math.ceil(vim.fn.strdisplaywidth(line) / vim.o.columns))
  end
  vim.o.cmdheight = rows
  vim.cmd.redraw()
  show()
  vim.api.nvim_create_autocmd({ 'CursorMoved', 'CursorMovedI', 'CmdlineEnter', 'ModeChanged', 'BufEnter' }, {
    group = vim.api.nvim_create_augroup('kage-notice', { clear = true }),
    once = true,
    callback = function()
      vim.o.cmdheight = vim.o.cmdheight == rows and 0 or vim.o.cmdheight
    end,
    desc = 'Kage: the command line goes after a message',
  })
end

--- Shows what went wrong, and what to do next.
---@param fault { code: string, message: string, hint: string }
function M.fail(fault)
  local text = ('Kage: %s %s (%s)'):format(fault.message, fault.hint, fault.code)
  if fault.hint:find('\n') then
    -- Lines to be copied end as they are written.
    text = ('Kage: %s (%s)\n%s'):format(fault.message, fault.code, fault.hint)
  elseif vim.fn.strdisplaywidth(text) > vim.v.echospace then
    -- Two lines ask for a key; where the terminal is wide enough, one says it all.
    text = ('Kage: %s\n%s (%s)'):format(fault.message, fault.hint, fault.code)
  end
  vim.schedule(function()
    with_room(text, function()
      vim.notify(text, vim.log.levels.ERROR, { title = 'Kage' })
    end)
    M.fire('Error', { code = fault.code, message = fault.message, hint = fault.hint })
  end)
end

--- Fires `User Kage<name>` with data.
---@param name string
---@param data table
function M.fire(name, data)
  vim.api.nvim_exec_autocmds('User', { pattern = 'Kage' .. name, modeline = false, data = data })
end

return M
