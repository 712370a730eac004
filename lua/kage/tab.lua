-- The tab page for agents' worktrees, and terminals that attach to a pane.
local M = {}

---@type integer? the tab page for worktrees
local own
---@type integer? where the person came from
local origin

local group = vim.api.nvim_create_augroup('kage-tab', { clear = true })

---@param tab integer?
---@return boolean
local function valid(tab)
  return tab ~= nil and vim.api.nvim_tabpage_is_valid(tab)
end

--- Back to the tab page the person came from.
function M.back()
  if valid(origin) and origin ~= vim.api.nvim_get_current_tabpage() then
    vim.api.nvim_set_current_tabpage(origin)
  end
end

---@return boolean made whether the tab page is new
local function enter()
  local current = vim.api.nvim_get_current_tabpage()
  if valid(own) then
    if current ~= own then
      origin = current
      vim.api.nvim_set_current_tabpage(own)
    end
    return false
  end
  origin = current
  own = require('kage.undisturbed').tab('tabnew')
  return true
end

--- Shows an agent's worktree: the tab page's directory is there, and the file that the person was at, where it has it.
---@param wanted { agent: string, worktree: string, file: string?, line: integer }
function M.show(wanted)
  if vim.api.nvim_win_get_config(0).relative ~= '' then
    require('kage.ui').close_current()
  end
  enter()
  vim.cmd.tcd(vim.fn.fnameescape(wanted.worktree))
  vim.t.kage_agent = wanted.agent
  local file = wanted.file
  if type(file) == 'string' and vim.fn.filereadable(file) == 1 then
    vim.cmd('silent hide edit ' .. vim.fn.fnameescape(file))
    pcall(vim.api.nvim_win_set_cursor, 0, { wanted.line, 0 })
  elseif vim.fn.bufname() ~= '' then
    vim.cmd('silent hide enew')
  end
  require('kage.notice').say(wanted.agent .. ': ' .. vim.fn.fnamemodify(wanted.worktree, ':~'))
end

--- Opens a terminal that attaches to an agent's pane, in a tab page that goes when it ends.
---@param argv string[]
---@param title string
function M.terminal(argv, title)
  require('kage.ui').close_current()
  require('kage.undisturbed').tab('tabnew')
  local environment = vim.fn.environ()
  -- tmux refuses to nest while it sees these.
  environment.TMUX, environment.TMUX_PANE, environment.NVIM = nil, nil, nil
  local buffer = vim.api.nvim_get_current_buf()
  local options = {
    env = environment,
    clear_env = true,
    on_exit = function()
      if vim.api.nvim_buf_is_valid(buffer) then
        vim.api.nvim_buf_delete(buffer, { force = true })
      end
    end,
  }
  if vim.fn.has('nvim-0.11') == 1 then
    options.term = true
    vim.fn.jobstart(argv, options)
  else
    vim.fn.termopen(argv, options)
  end
  vim.b[buffer].kage_agent = title
  vim.wo[0][0].winbar = (' %s   <C-\\><C-n> and :tabclose lead back'):format(title:gsub('%%', '%%%%'))
  vim.cmd.startinsert()
end

--- Whether the person leaves the tab page for worktrees right now, as they do when they close it from within.
local leaving = false

vim.api.nvim_create_autocmd('TabLeave', {
  group = group,
  callback = function()
    leaving = own ~= nil and vim.api.nvim_get_current_tabpage() == own
    vim.schedule(function()
      leaving = false
    end)
  end,
  desc = 'Kage: whether the tab page for worktrees is left',
})

vim.api.nvim_create_autocmd('TabClosed', {
  group = group,
  callback = function()
    if own and not valid(own) then
      own = nil
      if leaving then
        M.back()
      end
    end
  end,
  desc = 'Kage: back to where the person came from',
})

return M
