-- The keys of a view: sent to the host with the row they were pressed on; closing and help need no host.
local M = {}

---@param view kage.View
---@param pane kage.Pane
---@param key table
---@param mode string
local function press(view, pane, key, mode)
  local line = vim.api.nvim_win_get_cursor(0)[1]
  local told = {
    view = view.shape.view,
    action = key.action,
    pane = pane.name,
    row = pane.names[line],
    line = line,
    count = vim.v.count,
  }
  if mode == 'x' then
    local other = vim.fn.line('v')
    told.lines = { math.min(line, other), math.max(line, other) }
    -- Not by feedkeys(), which would first carry out what was typed meanwhile.
    vim.cmd.normal({ args = { vim.keycode('<Esc>') }, bang = true })
  end
  if key.action == 'close' then
    require('kage.ui').close(view.shape.view)
  elseif key.action == 'help' then
    require('kage.help').open(view.shape)
  else
    require('kage.host').call('press', told)
  end
end

--- Maps the keys of a view in the buffer of a pane, each by a <Plug> map that others can be made of.
---@param view kage.View
---@param pane kage.Pane
function M.map(view, pane)
  for _, key in ipairs(view.shape.keys) do
    for mode in key.modes:gmatch('.') do
      local plug = ('<Plug>(kage-%s-%s)'):format(view.shape.view, key.action)
      local options = { buffer = pane.buffer, nowait = true, desc = 'Kage: ' .. key.help }
      vim.keymap.set(mode, plug, function()
        press(view, pane, key, mode)
      end, options)
      vim.keymap.set(mode, key.key, plug, vim.tbl_extend('force', options, { remap = true }))
    end
  end
end

return M
