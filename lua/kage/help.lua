-- The keys of a view, from its shape: shown without the host.
local M = {}

--- Opens a small float over a view with its keys; any of q, ?, <Esc> closes it, as leaving it does.
---@param shape table
function M.open(shape)
  local lines = {}
  local function add(sign, meaning)
    local gap = math.max(1, 9 - vim.fn.strdisplaywidth(sign))
    lines[#lines + 1] = (' %s%s%s '):format(sign, (' '):rep(gap), meaning)
  end
  for _, sign in ipairs(shape.signs or {}) do
    add(sign[1], sign[2])
  end
  if #lines > 0 then
    lines[#lines + 1] = ''
  end
  for _, key in ipairs(shape.keys) do
    local listed = key.listed or key.key
    if listed ~= '' then
      add(listed, key.help)
    end
  end
  local buffer, window = require('kage.float').open(lines, 'Kage: keys', 'kage-help', 0)
  pcall(vim.api.nvim_buf_set_name, buffer, 'Kage keys')
  local function close()
    require('kage.float').close(window)
  end
  for _, key in ipairs({ 'q', '?', '<Esc>' }) do
    vim.keymap.set('n', key, close, { buffer = buffer, nowait = true, desc = 'Kage: close' })
  end
  vim.api.nvim_create_autocmd(
    'WinLeave',
    { buffer = buffer, once = true, callback = vim.schedule_wrap(close) }
  )
end

return M
