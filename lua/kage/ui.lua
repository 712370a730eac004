-- The windows of the host's views: opened by shape, painted by frame, with keys that are sent back.
local M = {}

---@class kage.View
---@field shape table
---@field reopening { name: string, payload: table }
---@field seq integer the number of the last frame
---@field tab integer? a tab page of its own
---@field returning boolean? a new host is about to take it over
---@field back integer? the window the person came from
---@field panes table<string, kage.Pane>
---@field painted? fun(frame: table) called after each frame

---@type table<string, kage.View>
local views = {}
local group = vim.api.nvim_create_augroup('kage-ui', { clear = true })

---@param view kage.View
---@return table<string, { columns: integer, rows: integer }>
local function sizes(view)
  local answer = {}
  for name, pane in pairs(view.panes) do
    answer[name] = { columns = pane.columns, rows = pane.rows }
  end
  return answer
end

---@param view kage.View
---@return boolean
local function alive(view)
  for _, pane in pairs(view.panes) do
    if not vim.api.nvim_win_is_valid(pane.window) then
      return false
    end
  end
  return next(view.panes) ~= nil
end

---@param view kage.View
---@param wanted table
---@param place table
---@param enter boolean
local function open_pane(view, wanted, place, enter)
  local pane = require('kage.pane').open(wanted, place, enter)
  view.panes[wanted.name] = pane
  require('kage.pane').prepare(pane, wanted)
  require('kage.keys').map(view, pane)
  -- Last, so that a person's own FileType autocommands find the maps.
  vim.bo[pane.buffer].filetype = wanted.filetype
  vim.api.nvim_create_autocmd('WinClosed', {
    group = group,
    pattern = tostring(pane.window),
    once = true,
    callback = function()
      vim.schedule(function()
        if views[view.shape.view] == view then
          M.close(view.shape.view)
        end
      end)
    end,
  })
end

--- Whether going there leads the person nowhere else: a float of another tab page is opened here anew.
---@param view kage.View
---@return boolean
local function reachable(view)
  local first = view.panes[view.shape.panes[1].name]
  local tab = vim.api.nvim_win_get_tabpage(first.window)
  return view.shape.place == 'tab' or tab == vim.api.nvim_get_current_tabpage()
end

---@param view kage.View
local function focus(view)
  local first = view.panes[view.shape.panes[1].name]
  vim.api.nvim_set_current_win(first.window)
end

---@param shape table
---@param reopening { name: string, payload: table }
---@return table<string, { columns: integer, rows: integer }>
local function open(shape, reopening)
  local view = views[shape.view]
  if view and alive(view) and vim.deep_equal(view.shape, shape) and (view.returning or reachable(view)) then
    view.seq, view.reopening = 0, reopening
    if not view.returning then
      focus(view)
    end
    view.returning = nil
    return sizes(view)
  end
  if view then
    M.close(shape.view)
  end
  require('kage.highlight').define()
  view = { shape = shape, reopening = reopening, seq = 0, panes = {}, back = vim.api.nvim_get_current_win() }
  if shape.place == 'tab' then
    local buffer
    view.tab, buffer = require('kage.undisturbed').scratch_tab()
    pcall(vim.api.nvim_buf_set_name, buffer, require('kage.session').behind(shape.view))
  end
  views[shape.view] = view
  local places = require('kage.layout').places(shape)
  for index, wanted in ipairs(shape.panes) do
    local ok, problem = pcall(open_pane, view, wanted, places[wanted.name], index == 1)
    if not ok then
      M.close(shape.view)
      error(problem, 0)
    end
  end
  vim.cmd.stopinsert()
  return sizes(view)
end

--- Opens a view, or takes over the one of that name; answers with the sizes of its panes.
---@param shape table
---@param reopening { name: string, payload: table }
---@return table<string, { columns: integer, rows: integer }>
function M.open(shape, reopening)
  return require('kage.undisturbed').run(function()
    return open(shape, reopening)
  end)
end

---@param view kage.View
local function close_windows(view)
  local inside = false
  for _, pane in pairs(view.panes) do
    inside = inside or vim.api.nvim_get_current_win() == pane.window
    if vim.api.nvim_win_is_valid(pane.window) then
      pcall(vim.api.nvim_win_close, pane.window, true)
    end
    -- A person may have shown it in another window, too, where its keys would lead nowhere now.
    if vim.api.nvim_buf_is_valid(pane.buffer) then
      pcall(vim.api.nvim_buf_delete, pane.buffer, { force = true })
    end
  end
  if view.tab and vim.api.nvim_tabpage_is_valid(view.tab) and #vim.api.nvim_list_tabpages() > 1 then
    vim.cmd.tabclose(vim.api.nvim_tabpage_get_number(view.tab))
  end
  if inside and view.back and vim.api.nvim_win_is_valid(view.back) then
    vim.api.nvim_set_current_win(view.back)
  end
end

--- Closes a view; the person is back where they came from.
---@param name string
function M.close(name)
  local view = views[name]
  if not view then
    return
  end
  views[name] = nil
  require('kage.undisturbed').run(function()
    close_windows(view)
  end)
  vim.api.nvim_exec_autocmds('User', { pattern = 'KageViewClosed', data = { view = name }, modeline = false })
  require('kage.host').forget_keys(name)
  require('kage.host').tell('closed', { view = name })
end

--- An open view by its name.
---@param name string
---@return kage.View?
function M.view(name)
  return views[name]
end

--- Goes to an open view; answers whether there is one.
---@param name string
---@return boolean
function M.show(name)
  local view = views[name]
  if not view or not alive(view) then
    return false
  end
  require('kage.undisturbed').run(function()
    focus(view)
  end)
  return true
end

--- Closes the view whose window is the current one.
function M.close_current()
  local window = vim.api.nvim_get_current_win()
  for name, view in pairs(views) do
    for _, pane in pairs(view.panes) do
      if pane.window == window then
        return M.close(name)
      end
    end
  end
end

--- Paints a frame; an older one than the last is passed over.
---@param frame table
---@return boolean painted
function M.paint(frame)
  local view = views[frame.view]
  if not view or frame.seq <= view.seq then
    return false
  end
  if not alive(view) then
    -- Its window was closed without autocommands.
    M.close(frame.view)
    return false
  end
  view.seq = frame.seq
  require('kage.undisturbed').run(function()
    for _, wanted in ipairs(frame.panes) do
      local pane = view.panes[wanted.name]
      if pane and vim.api.nvim_buf_is_valid(pane.buffer) then
        require('kage.paint').paint(pane, wanted)
      end
    end
    if view.painted then
      view.painted(frame)
    end
  end)
  return true
end

--- A new host knows no views: the commands that opened them are carried out again.
function M.reopen()
  for _, view in pairs(views) do
    view.returning = true
    require('kage.host').call(view.reopening.name, view.reopening.payload)
  end
end

--- A host paints what nobody sees only when it changes, not with every tick of the clock.
local function tell_shown()
  local current = vim.api.nvim_get_current_tabpage()
  for name, view in pairs(views) do
    local window = view.panes[view.shape.panes[1].name].window
    if vim.api.nvim_win_is_valid(window) then
      local visible = vim.api.nvim_win_get_tabpage(window) == current
      require('kage.host').tell('shown', { view = name, visible = visible })
    end
  end
end

local function resize()
  for name, view in pairs(views) do
    local places = require('kage.layout').places(view.shape)
    for _, pane in pairs(view.panes) do
      if vim.api.nvim_win_is_valid(pane.window) then
        local place = places[pane.name]
        pane.columns, pane.rows = place.width, place.height
        vim.api.nvim_win_set_config(pane.window, vim.tbl_extend('force', place, { relative = 'editor' }))
      end
    end
    require('kage.host').tell('resized', { view = name, sizes = sizes(view) })
  end
end

vim.api.nvim_create_autocmd(
  'VimResized',
  { group = group, callback = resize, desc = 'Kage: windows of views' }
)
vim.api.nvim_create_autocmd('ColorScheme', {
  group = group,
  callback = function()
    require('kage.highlight').define()
  end,
  desc = 'Kage: highlight groups',
})

vim.api.nvim_create_autocmd(
  'TabEnter',
  { group = group, callback = tell_shown, desc = 'Kage: views that are seen' }
)

return M
