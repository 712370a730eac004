-- The colours of code in a pane, as Neovim's own parsers or syntax files give them: of what is seen, once for a text.
local M = {}

local namespace = vim.api.nvim_create_namespace('kage-syntax')
local group = vim.api.nvim_create_augroup('kage-syntax', { clear = true })
-- Above the marks of what was added and deleted, whose background stays.
local priority = 4200
-- So many rows are coloured at once, read with what is above them in their block.
local rows_at_once = 40
local columns_most = 300

---@class kage.Code
---@field path string
---@field blocks { [1]: integer, [2]: integer }[] rows [first, last) of lines of code, each behind two columns

---@param buffer integer
---@param row integer 0-based
---@param line string
---@param from integer column of the code, 0-based
---@param to integer
---@param name string
local function set(buffer, row, line, from, to, name)
  local options = { end_col = math.min(to + 2, #line), hl_group = name, priority = priority, strict = false }
  vim.api.nvim_buf_set_extmark(buffer, namespace, row, math.min(from + 2, #line), options)
end

--- The code of one side; what belongs to the other side is an empty line, so that rows stay what they are.
---@param lines string[]
---@param sign string
---@return string[]
local function side(lines, sign)
  return vim.tbl_map(function(line)
    local first = line:sub(1, 1)
    return (first == ' ' or first == sign) and line:sub(3) or ''
  end, lines)
end

--- Calls back with each named stretch that a parser finds from a row (0-based) of a text on.
---@param code string[]
---@param start integer
---@param language string
---@param each fun(row: integer, from: integer, to: integer, name: string)
---@return boolean found
local function by_parser(code, start, language, each)
  local text = table.concat(code, '\n')
  local ok, parser = pcall(vim.treesitter.get_string_parser, text, language)
  local has, query = pcall(vim.treesitter.query.get, language, 'highlights')
  if not ok or not parser or not has or not query then
    return false
  end
  local tree = parser:parse()[1]
  for id, node in query:iter_captures(tree:root(), text, start, -1) do
    local name = query.captures[id]
    if not vim.startswith(name, '_') and not name:find('spell') and not vim.startswith(name, 'conceal') then
      local first, from, last, to = node:range()
      for row = math.max(first, start), math.min(last, #code - 1) do
        local stop = row == last and to or #code[row + 1]
        each(row, row == first and from or 0, stop, ('@%s.%s'):format(name, language))
      end
    end
  end
  return true
end

--- The same as the syntax files have it.
---@param code string[]
---@param start integer
---@param filetype string
---@param wants fun(row: integer): boolean
---@param each fun(row: integer, from: integer, to: integer, name: string)
local function by_syntax(code, start, filetype, wants, each)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, code)
  vim.api.nvim_buf_call(buffer, function()
    vim.bo.syntax = filetype
    for row = start + 1, #code do
      local line, from, name = code[row], 0, ''
      local stop = wants(row - 1) and math.min(#line, columns_most) + 1 or 0
      for column = 1, stop do
        local id = column <= #line and vim.fn.synIDtrans(vim.fn.synID(row, column, 1)) or 0
        local here = vim.fn.synIDattr(id, 'name')
        if here ~= name then
          if name ~= '' then
            each(row - 1, from, column - 1, name)
          end
          from, name = column - 1, here
        end
      end
    end
  end)
  vim.api.nvim_buf_delete(buffer, { force = true })
end

--- Colours rows [start, last) of the block that begins at the first row.
---@param pane kage.Pane
---@param first integer
---@param start integer
---@param last integer
local function colour(pane, first, start, last)
  local filetype = pane.filetype
  local lines = vim.api.nvim_buf_get_lines(pane.buffer, first, last, false)
  local language = vim.treesitter.language.get_lang(filetype) or filetype
  for _, sign in ipairs({ '+', '-' }) do
    local code = side(lines, sign)
    local wants = function(row)
      -- A line of both sides is coloured with the new one.
      local own = lines[row + 1]:sub(1, 1)
      return own == sign or (sign == '+' and own == ' ')
    end
    local each = function(row, from, to, name)
      if wants(row) then
        set(pane.buffer, first + row, lines[row + 1], from, to, name)
      end
    end
    if not by_parser(code, start - first, language, each) then
      by_syntax(code, start - first, filetype, wants, each)
    end
  end
end

--- Colours what is seen and is not coloured yet.
---@param pane kage.Pane
local function look(pane)
  local top, bottom = vim.fn.line('w0', pane.window), vim.fn.line('w$', pane.window)
  for _, block in ipairs(pane.code.blocks) do
    for start = block[1], block[2] - 1, rows_at_once do
      local last = math.min(block[2], start + rows_at_once)
      if start < bottom and last >= top and not pane.coloured[start] then
        pane.coloured[start] = true
        -- A syntax file or a parser of the person's may fail; then there are no colours.
        pcall(colour, pane, block[1], start, last)
      end
    end
  end
end

--- What the colours of a pane depend on.
---@param pane kage.Pane
---@param code kage.Code
---@return string
local function signature(pane, code)
  local parts = { code.path }
  for _, block in ipairs(code.blocks) do
    table.insert(parts, block[1])
    vim.list_extend(parts, vim.api.nvim_buf_get_lines(pane.buffer, block[1], block[2], false))
  end
  return table.concat(parts, '\n')
end

--- Colours the code of a pane that was painted.
---@param pane kage.Pane
---@param code kage.Code?
function M.paint(pane, code)
  local filetype = code and vim.filetype.match({ filename = code.path })
  local wanted = code and filetype and signature(pane, code) or nil
  if wanted == pane.code_signature then
    return
  end
  pane.code_signature = wanted
  vim.api.nvim_buf_clear_namespace(pane.buffer, namespace, 0, -1)
  pane.code, pane.coloured, pane.filetype = code or { path = '', blocks = {} }, {}, filetype
  if not wanted then
    pane.code = { path = '', blocks = {} }
    return
  end
  if not pane.follows_scroll then
    pane.follows_scroll = true
    vim.api.nvim_create_autocmd('WinScrolled', {
      group = group,
      pattern = tostring(pane.window),
      callback = function()
        -- True ends it.
        if not vim.api.nvim_win_is_valid(pane.window) then
          return true
        end
        look(pane)
      end,
    })
  end
  look(pane)
end

return M
