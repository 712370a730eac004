local M = {}

--- The preset `keymaps = "default"`: below <leader>k.
M.preset = {
  { 'n', 's', 'spawn' },
  { 'n', 'd', 'dash' },
  { 'n', 'r', 'review' },
  { 'n', 'n', 'next' },
  { 'n', 'p', 'prev' },
  { 'n', 'j', 'jump' },
  { 'n', 'm', 'send' },
  { 'x', 'm', 'send' },
  { 'n', 'x', 'interrupt' },
  { 'n', 'u', 'undo' },
  { 'n', 'l', 'log' },
  { 'n', 'c', 'cost' },
}

local function start_with_neovim()
  vim.schedule(function()
    require('kage.host').call('follow', {})
  end)
end

--- Sets what differs from the defaults; Kage works without it. Wrong options change nothing.
---@param options? kage.Options
function M.setup(options)
  local config = require('kage.config')
  local problem = config.problem(options or {})
  if problem then
    local hint = 'See `:help kage-setup`; nothing was set.'
    require('kage.notice').fail({ code = 'KAGE_CONFIG', message = problem, hint = hint })
    return
  end
  config.set(options or {})
  if config.options.keymaps == 'default' then
    for _, map in ipairs(M.preset) do
      local mode, key, name = unpack(map)
      vim.keymap.set(
        mode,
        '<leader>k' .. key,
        '<Plug>(kage-' .. name .. ')',
        { remap = true, desc = 'Kage: ' .. name }
      )
    end
  end
  if config.options.autostart then
    if vim.v.vim_did_enter == 1 then
      start_with_neovim()
    else
      vim.api.nvim_create_autocmd('VimEnter', { once = true, callback = start_with_neovim })
    end
  end
end

--- One glyph for each agent at work or waiting, for a status line; a string that is kept, nothing is asked.
---@return string
function M.status()
  local host = package.loaded['kage.host']
  return host and host.known().status or ''
end

return M
