-- Read by tmux/popup.sh: one view in a popup of tmux, and Neovim ends with it.
local M = {}

local commands = { dash = 'KageDash', review = 'KageReview' }

--- Opens the view that the environment names and leaves Neovim when it is closed.
function M.open()
  local view, run = vim.env.KAGE_POPUP, vim.env.KAGE_POPUP_RUN
  M.load(vim.env.KAGE_POPUP_ROOT)
  vim.api.nvim_create_autocmd('User', {
    group = vim.api.nvim_create_augroup('kage-popup', { clear = true }),
    pattern = 'KageViewClosed',
    callback = vim.schedule_wrap(M.leave),
    desc = 'Kage: the popup ends with its view',
  })
  -- Where the view could not be opened, the empty buffer below it closes in the same way.
  vim.keymap.set('n', 'q', M.leave, { buffer = 0, desc = 'Kage: close the popup' })
  vim.cmd[commands[view]]({ args = view == 'review' and run ~= '' and { run } or {} })
end

--- The plugin may not be installed in Neovim; a plugin manager may have set the runtime path anew.
---@param root string
function M.load(root)
  if vim.fn.exists(':KageDash') == 2 then
    return
  end
  vim.opt.runtimepath:prepend(root)
  vim.cmd.source(root .. '/plugin/kage.lua')
end

--- Ends Neovim, unless a view, a file or another tab page is open; asks where something is not saved.
function M.leave()
  if #vim.api.nvim_list_tabpages() > 1 then
    return
  end
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local buffer = vim.api.nvim_win_get_buf(window)
    local file = vim.bo[buffer].buftype == '' and vim.api.nvim_buf_get_name(buffer) ~= ''
    if file or vim.startswith(vim.bo[buffer].filetype, 'kage-') then
      return
    end
  end
  vim.cmd('confirm qall')
end

return M
