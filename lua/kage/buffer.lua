-- Buffers of the person's: those with unsaved changes before agents start, those to be read again after a landing.
local M = {}

---@return { buffer: integer, file: string }[]
function M.unsaved()
  local found = {}
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local name = vim.api.nvim_buf_get_name(buffer)
    if
      vim.api.nvim_buf_is_loaded(buffer)
      and vim.bo[buffer].modified
      and vim.bo[buffer].buftype == ''
      and name ~= ''
    then
      found[#found + 1] = { buffer = buffer, file = vim.fn.fnamemodify(name, ':p') }
    end
  end
  return found
end

--- Writes buffers as `:write` does, autocommands and all.
---@param buffers integer[]
---@return string? problem
function M.save(buffers)
  for _, buffer in ipairs(buffers) do
    local ok, problem = pcall(vim.api.nvim_buf_call, buffer, function()
      vim.cmd('silent write')
    end)
    if not ok then
      return tostring(problem)
    end
  end
end

--- Writes a buffer's text to a file of our own, byte for byte as Neovim would write it: encoding, line ends, mark, last end.
---@param buffer integer
---@return { file?: string, problem?: string }
function M.dump(buffer)
  local file = vim.fn.tempname()
  local flags, undo = vim.o.cpoptions, vim.bo[buffer].undofile
  vim.o.cpoptions = flags:gsub('[+A]', '')
  vim.bo[buffer].undofile = false
  local ok, problem = pcall(vim.api.nvim_buf_call, buffer, function()
    vim.cmd('silent noautocmd keepalt lockmarks write! ' .. vim.fn.fnameescape(file))
  end)
  vim.o.cpoptions = flags
  vim.bo[buffer].undofile = undo
  return ok and { file = file } or { problem = tostring(problem) }
end

--- Reads files again that were written behind Neovim's back, where their buffers have no changes of their own.
---@param root string
---@param paths string[]
function M.refresh(root, paths)
  local written = {}
  for _, path in ipairs(paths) do
    written[root .. '/' .. path] = true
  end
  local uv = vim.uv or vim.loop
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local name = vim.api.nvim_buf_get_name(buffer)
    local plain = vim.api.nvim_buf_is_loaded(buffer)
      and vim.bo[buffer].buftype == ''
      and not vim.bo[buffer].modified
    if plain and name ~= '' and (written[name] or written[uv.fs_realpath(name) or name]) then
      local autoread = vim.bo[buffer].autoread
      vim.bo[buffer].autoread = true
      pcall(vim.cmd.checktime, buffer)
      vim.bo[buffer].autoread = autoread
    end
  end
end

return M
