-- What the review needs of Neovim beside painted windows: `:w`, the operator, scratch buffers, Neovim's own diff.
local M = {}

local group = vim.api.nvim_create_augroup('kage-review', { clear = true })

---@type { key: string, lines: string[] }[] scratch buffers that were written, until the host has asked for them
local written = {}

---@param action string
---@param pane string
---@param more? table
local function press(action, pane, more)
  local told = { view = 'review', action = action, pane = pane, line = 1, count = 0 }
  require('kage.host').call('press', vim.tbl_extend('force', told, more or {}))
end

--- Tells the host where the person moved the cursor; not where a frame put it.
---@param pane kage.Pane
local function moved(pane)
  if vim.api.nvim_get_current_win() ~= pane.window then
    return
  end
  local line = vim.api.nvim_win_get_cursor(pane.window)[1]
  local name = pane.names[line]
  local place = type(name) == 'string' and name:match('^[^:]*') or nil
  if place == pane.told then
    return
  end
  pane.told = place
  press('at', pane.name, { row = place and name, line = line })
end

--- Goes to the other pane: Neovim's own window keys pass floats by.
---@param view kage.View
local function switch(view)
  for _, pane in pairs(view.panes) do
    if pane.window ~= vim.api.nvim_get_current_win() and vim.api.nvim_win_is_valid(pane.window) then
      return vim.api.nvim_set_current_win(pane.window)
    end
  end
end

--- Nobody is to end up in the empty window behind the panes.
---@param view kage.View
local function keep_inside(view)
  for _, window in ipairs(view.tab and vim.api.nvim_tabpage_list_wins(view.tab) or {}) do
    if vim.api.nvim_win_get_config(window).relative == '' then
      local buffer = vim.api.nvim_win_get_buf(window)
      vim.api.nvim_clear_autocmds({ group = group, buffer = buffer })
      vim.api.nvim_create_autocmd('WinEnter', {
        group = group,
        buffer = buffer,
        callback = vim.schedule_wrap(function()
          if
            vim.api.nvim_get_current_win() == window and vim.api.nvim_win_is_valid(view.panes.regions.window)
          then
            vim.api.nvim_set_current_win(view.panes.regions.window)
          end
        end),
        desc = 'Kage: back to the review',
      })
    end
  end
end

---@param view kage.View
---@param name string
local function attach(view, name)
  keep_inside(view)
  for _, pane in pairs(view.panes) do
    local buffer = pane.buffer
    for _, key in ipairs({ 'w', 'h', 'l', 'j', 'k', '<C-w>', '<C-h>', '<C-l>', '<C-j>', '<C-k>' }) do
      vim.keymap.set('n', '<C-w>' .. key, function()
        switch(view)
      end, { buffer = buffer, desc = 'Kage: the other pane' })
    end
    vim.api.nvim_clear_autocmds({ group = group, buffer = buffer })
    vim.bo[buffer].buftype = 'acwrite'
    vim.wo[pane.window].scrolloff = 2
    vim.bo[buffer].modified = false
    vim.api.nvim_create_autocmd('BufWriteCmd', {
      group = group,
      buffer = buffer,
      callback = function()
        vim.bo[buffer].modified = false
        press('land', pane.name)
      end,
      desc = 'Kage: land what is decided',
    })
    vim.api.nvim_create_autocmd('CursorMoved', {
      group = group,
      buffer = buffer,
      callback = function()
        moved(pane)
      end,
      desc = 'Kage: show the region of the cursor',
    })
    vim.keymap.set('n', '<Plug>(kage-review-operator)', function()
      vim.go.operatorfunc = "v:lua.require'kage.review'.operate"
      return 'g@'
    end, {
      buffer = buffer,
      expr = true,
      nowait = true,
      desc = 'Kage: take the previewed candidate over a motion',
    })
  end
  view.painted = function(frame)
    for _, wanted in ipairs(frame.panes) do
      local pane = view.panes[wanted.name]
      if pane and vim.api.nvim_buf_is_valid(pane.buffer) then
        vim.bo[pane.buffer].modified = false
        if type(wanted.cursor) == 'string' then
          pane.told = wanted.cursor
        end
      end
    end
  end
end

--- Has the review looked at again when the person comes back to it: they may have edited files meanwhile.
local function look_on_return()
  vim.api.nvim_clear_autocmds({ group = group, event = { 'FocusGained', 'TabEnter' } })
  vim.api.nvim_create_autocmd({ 'FocusGained', 'TabEnter' }, {
    group = group,
    callback = function()
      local view = require('kage.ui').view('review')
      if not view then
        return true
      end
      if view.tab == vim.api.nvim_get_current_tabpage() then
        press('refresh', 'regions')
      end
    end,
    desc = 'Kage: look at the review again',
  })
end

--- Makes `:w`, the operator and the cursor of an open review work; answers with the region that the cursor is on.
---@param name string
---@return string?
function M.attach(name)
  local view = require('kage.ui').view(name)
  if not view then
    return
  end
  require('kage.undisturbed').run(function()
    attach(view, name)
    look_on_return()
  end)
  local left = view.panes.regions
  local row = left.names[vim.api.nvim_win_get_cursor(left.window)[1]]
  return type(row) == 'string' and row or nil
end

--- The operator: what the motion went over is taken from the previewed candidate.
function M.operate()
  local view = require('kage.ui').view('review')
  local pane = view and view.panes.regions
  if not pane or vim.api.nvim_get_current_buf() ~= pane.buffer then
    return
  end
  local first, last = vim.fn.line("'["), vim.fn.line("']")
  press('operator', 'regions', { line = first, lines = { first, last } })
end

--- Names a buffer, with its number where another one is called that.
---@param buffer integer
---@param text string
local function name(buffer, text)
  if not pcall(vim.api.nvim_buf_set_name, buffer, text) then
    vim.api.nvim_buf_set_name(buffer, ('%s (%d)'):format(text, buffer))
  end
end

--- Opens a text in a scratch buffer of its file's type; `:w` there takes it.
---@param wanted { key: string, path: string, title: string, lines: string[] }
function M.edit(wanted)
  local title = ('%s: :w takes it, :q! leaves it'):format(wanted.title)
  local buffer, window = require('kage.float').open(wanted.lines, title, nil, 3)
  vim.bo[buffer].buftype = 'acwrite'
  name(buffer, 'Kage edit ' .. wanted.title)
  local filetype = vim.filetype.match({ filename = wanted.path, buf = buffer })
  if filetype then
    vim.bo[buffer].filetype = filetype
  end
  vim.bo[buffer].modified = false
  vim.api.nvim_create_autocmd('BufWriteCmd', {
    buffer = buffer,
    callback = function()
      written[#written + 1] = { key = wanted.key, lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false) }
      vim.bo[buffer].modified = false
      press('edited', 'variants')
      vim.schedule(function()
        require('kage.float').close(window)
      end)
    end,
    desc = 'Kage: take this text',
  })
end

--- The scratch buffer that was written first and is not taken yet.
---@return { key: string, lines: string[] }?
function M.written()
  return table.remove(written, 1)
end

---@param side { name: string, lines: string[] }
---@param buffer integer
---@param tab integer
---@param filetype string?
local function show_side(side, buffer, tab, filetype)
  vim.bo[buffer].bufhidden, vim.bo[buffer].modifiable = 'wipe', true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, side.lines)
  name(buffer, 'Kage ' .. side.name)
  vim.bo[buffer].modifiable = false
  if filetype then
    vim.bo[buffer].filetype = filetype
  end
  vim.cmd('diffthis')
  vim.keymap.set('n', 'q', function()
    if vim.api.nvim_tabpage_is_valid(tab) then
      require('kage.undisturbed').run(function()
        vim.cmd.tabclose(vim.api.nvim_tabpage_get_number(tab))
      end)
    end
  end, { buffer = buffer, nowait = true, desc = 'Kage: close' })
end

--- Two texts side by side in Neovim's own diff, in a tab page of their own; q closes it.
---@param path string
---@param sides { name: string, lines: string[] }[]
function M.zoom(path, sides)
  require('kage.undisturbed').run(function()
    local filetype = vim.filetype.match({ filename = path })
    local tab, buffer = require('kage.undisturbed').scratch_tab()
    for index, side in ipairs(sides) do
      if index > 1 then
        buffer = vim.api.nvim_create_buf(false, true)
        vim.cmd('rightbelow vertical sbuffer ' .. buffer)
      end
      show_side(side, buffer, tab, filetype)
    end
  end)
end

return M
