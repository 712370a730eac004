-- Acts that errors of the person's own autocommands do not end halfway: those go where `:silent!` puts them.
local M = {}

---@type function[]
local acts = {}

--- Called by `run`, from a command line.
function M.next_act()
  table.remove(acts)()
end

--- Runs a function and answers with what it returns; its own errors are thrown.
---@generic T
---@param act fun(): T
---@return T
function M.run(act)
  local ok, answer
  acts[#acts + 1] = function()
    ok, answer = pcall(act)
  end
  vim.cmd("silent! lua require('kage.undisturbed').next_act()")
  if not ok then
    error(answer, 0)
  end
  return answer
end

--- Opens a tab page by a command; what Neovim itself has against it is thrown.
---@param command string
---@return integer tab
function M.tab(command)
  local before = vim.api.nvim_get_current_tabpage()
  vim.cmd('silent! ' .. command)
  if vim.api.nvim_get_current_tabpage() == before then
    vim.cmd(command)
  end
  return vim.api.nvim_get_current_tabpage()
end

--- Opens a tab page with a scratch buffer, which goes with its window.
---@return integer tab
---@return integer buffer
function M.scratch_tab()
  local buffer = vim.api.nvim_create_buf(false, true)
  local ok, tab = pcall(M.tab, 'tab sbuffer ' .. buffer)
  if not ok then
    vim.api.nvim_buf_delete(buffer, { force = true })
    error(tab, 0)
  end
  vim.bo[buffer].bufhidden = 'wipe'
  return tab, buffer
end

return M
