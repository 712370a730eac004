--- Read by tmux/popup.sh: one view in a popup of tmux, and Neovim ends with it.
local popup = {}

local commands = { dash = 'KageDash', review = 'KageReview' }

--- Opens the view that the environment names and leaves Neovim when it is closed.
function popup.open()
  local view, run = vim.env.KAGE_POPUP, vim.env.KAGE_POPUP_RUN
  popup.load(vim.env.KAGE_POPUP_ROOT)
  vim.api.nvim_create_autocmd('User', {
    group = vim.api.nvim_create_augroup('kage-popup', {}),
    pattern = 'KageViewClosed',
    callback = vim.schedule_wrap(popup.leave),
  })
  -- Where the view could not be opened, the empty buffer below it closes in the same way.
  vim.keymap.set('n', 'q', popup.leave, { buffer = 0, desc = 'Close the popup' })
  vim.cmd[commands[view]]({ args = view == 'review' and run ~= '' and { run } or {} })
end

--- The plugin may not be installed in Neovim, or after a plugin manager has set the runtime path anew.
function popup.load(root)
  if vim.fn.exists(':KageDash') == 2 then
    return
  end
  vim.opt.runtimepath:prepend(root)
  vim.cmd.source(root .. '/plugin/kage.lua')
end

--- Ends Neovim, unless another view or a file is shown; asks where something is not saved.
function popup.leave()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local buffer = vim.api.nvim_win_get_buf(window)
    local file = vim.bo[buffer].buftype == '' and vim.api.nvim_buf_get_name(buffer) ~= ''
    if file or vim.startswith(vim.bo[buffer].filetype, 'kage-') then
      return
    end
  end
  vim.cmd('confirm qall')
end

return popup
