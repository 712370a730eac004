-- A session that was written while a view had a tab page of its own has that page, and nothing of the view.
local M = {}

--- The name of the empty buffer behind a view's windows.
---@param view string
---@return string
function M.behind(view)
  return 'Kage ' .. view
end

---@param tab integer
---@return boolean
local function left_over(tab)
  local windows = vim.api.nvim_tabpage_list_wins(tab)
  local buffer = vim.api.nvim_win_get_buf(windows[1])
  local name = vim.api.nvim_buf_get_name(buffer)
  return #windows == 1
    and vim.fn.fnamemodify(name, ':t') == M.behind('review')
    and vim.fn.filereadable(name) == 0
    and not vim.bo[buffer].modified
end

--- Takes such tab pages away; called when a session was read.
function M.tidy()
  for _, tab in ipairs(vim.api.nvim_list_tabpages()) do
    if left_over(tab) then
      local buffer = vim.api.nvim_win_get_buf(vim.api.nvim_tabpage_get_win(tab))
      if #vim.api.nvim_list_tabpages() > 1 then
        vim.cmd.tabclose(vim.api.nvim_tabpage_get_number(tab))
      end
      pcall(vim.api.nvim_buf_delete, buffer, {})
    end
  end
end

return M
