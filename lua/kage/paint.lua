-- Brings the buffer and window of a pane to what a frame says, touching only what differs.
local M = {}

local namespace = vim.api.nvim_create_namespace('kage')

---@class kage.Pane
---@field name string
---@field buffer integer
---@field window integer
---@field columns integer
---@field rows integer
---@field names (string|userdata)[] what each line is about
---@field marks string[] what is marked on each line, for comparing
---@field title string
---@field footer string
---@field titled boolean
---@field code? kage.Code the code that is shown
---@field code_signature? string
---@field coloured? table<integer, boolean> whether the rows from one on have their colours
---@field filetype? string
---@field follows_scroll? boolean

--- The first line of a name, or nil.
---@param names (string|userdata)[]
---@param name string|userdata|nil
---@return integer? line 1-based
local function line_of(names, name)
  if type(name) ~= 'string' then
    return nil
  end
  for line, other in ipairs(names) do
    if other == name then
      return line
    end
  end
end

--- Sets the lines that differ; answers with the first and the last that were set, or nil.
---@param buffer integer
---@param lines string[]
---@return integer? first 1-based
---@return integer? last
local function set_lines(buffer, lines)
  local before = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  local first = 1
  while first <= #lines and first <= #before and lines[first] == before[first] do
    first = first + 1
  end
  if first > #lines and first > #before then
    return nil
  end
  local tail = 0
  while
    tail < #lines - first + 1
    and tail < #before - first + 1
    and lines[#lines - tail] == before[#before - tail]
  do
    tail = tail + 1
  end
  vim.bo[buffer].modifiable = true
  if #lines == #before then
    -- Each run of lines for itself, so that the cursor and folds between them stay.
    local line = first
    while line <= #lines - tail do
      local stop = line
      while stop <= #lines - tail and lines[stop] ~= before[stop] do
        stop = stop + 1
      end
      if stop > line then
        vim.api.nvim_buf_set_lines(buffer, line - 1, stop - 1, false, vim.list_slice(lines, line, stop - 1))
      end
      line = stop + 1
    end
  else
    vim.api.nvim_buf_set_lines(
      buffer,
      first - 1,
      #before - tail,
      false,
      vim.list_slice(lines, first, #lines - tail)
    )
  end
  vim.bo[buffer].modifiable = false
  return first, #lines == #before and #lines - tail or #lines
end

---@param mark { [1]: integer, [2]: integer, [3]: integer, [4]: string }
---@return string
local function signature(mark)
  return ('%d,%d,%s;'):format(mark[2], mark[3], mark[4])
end

---@param pane kage.Pane
---@param mark { [1]: integer, [2]: integer, [3]: integer, [4]: string }
local function set_mark(pane, mark)
  local options = { end_col = mark[3], hl_group = mark[4], strict = false }
  vim.api.nvim_buf_set_extmark(pane.buffer, namespace, mark[1], mark[2], options)
end

--- Marks the lines whose marks or text differ.
---@param pane kage.Pane
---@param wanted { [1]: integer, [2]: integer, [3]: integer, [4]: string }[]
---@param count integer lines of the frame
---@param first integer? the lines that were set
---@param last integer?
local function set_marks(pane, wanted, count, first, last)
  local by_line, signatures = {}, {}
  for _, mark in ipairs(wanted) do
    local line = mark[1] + 1
    by_line[line] = by_line[line] or {}
    table.insert(by_line[line], mark)
    signatures[line] = (signatures[line] or '') .. signature(mark)
  end
  for line = 1, count do
    local touched = first ~= nil and line >= first and line <= last
    if touched or signatures[line] ~= pane.marks[line] then
      vim.api.nvim_buf_clear_namespace(pane.buffer, namespace, line - 1, line)
      for _, mark in ipairs(by_line[line] or {}) do
        set_mark(pane, mark)
      end
    end
  end
  -- The marks of lines that went lie behind the last one.
  vim.api.nvim_buf_clear_namespace(pane.buffer, namespace, count, -1)
  pane.marks = signatures
end

--- Puts values in the place of others, as a list of so many.
---@param list table
---@param values table
---@param frame { from: integer, until: integer }
---@param counts { before: integer, new: integer }
---@return table
local function spliced(list, values, frame, counts)
  local finish = frame['until']
  if finish - frame.from ~= counts.new then
    local moved = table.move(list, 1, frame.from, 1, {})
    list = table.move(list, finish + 1, counts.before, frame.from + counts.new + 1, moved)
  end
  return table.move(values, 1, counts.new, frame.from + 1, list)
end

--- Paints the lines that a frame tells of a pane that is painted.
---@param pane kage.Pane
---@param frame table
local function set_part(pane, frame)
  local counts = { before = #pane.names, new = #frame.lines }
  if counts.new > 0 or frame['until'] > frame.from then
    vim.api.nvim_buf_clear_namespace(pane.buffer, namespace, frame.from, frame['until'])
    vim.bo[pane.buffer].modifiable = true
    vim.api.nvim_buf_set_lines(pane.buffer, frame.from, frame['until'], false, frame.lines)
    vim.bo[pane.buffer].modifiable = false
  end
  pane.names = spliced(pane.names, frame.rows, frame, counts)
  local signatures = {}
  if require('kage.highlight').wanted() then
    for _, mark in ipairs(frame.marks) do
      set_mark(pane, mark)
      local line = mark[1] - frame.from + 1
      signatures[line] = (signatures[line] or '') .. signature(mark)
    end
  end
  pane.marks = spliced(pane.marks, signatures, frame, counts)
end

--- Puts the cursor on the line of its name, which stays where it was on the screen; who is at the top sees what comes in
--- above, and no row of the window is left empty.
---@param pane kage.Pane
---@param top integer the first line on the screen, before
---@param line integer 1-based, before
---@param target integer
---@param count integer
local function move(pane, top, line, target, count)
  vim.api.nvim_win_call(pane.window, function()
    local view = vim.fn.winsaveview()
    local height = vim.api.nvim_win_get_height(0)
    local wanted = top == 1 and target <= height and 1 or top + target - line
    view.topline = math.max(1, math.min(wanted, count - height + 1))
    view.lnum = target
    vim.fn.winrestview(view)
  end)
end

--- A text that fits into so many cells.
---@param text string
---@param cells integer
---@return string
local function fit(text, cells)
  if vim.fn.strdisplaywidth(text) <= cells then
    return text
  end
  local count = vim.fn.strchars(text)
  while count > 0 and vim.fn.strdisplaywidth(vim.fn.strcharpart(text, 0, count)) > cells - 1 do
    count = count - 1
  end
  return vim.fn.strcharpart(text, 0, count) .. '…'
end

---@param pane kage.Pane
---@param frame table
local function set_frame(pane, frame)
  local title, footer = fit(frame.title, pane.columns), fit(frame.footer, pane.columns)
  if title == pane.title and footer == pane.footer then
    return
  end
  pane.title, pane.footer = title, footer
  if pane.titled then
    local config = { title = title, title_pos = 'center', footer = footer, footer_pos = 'center' }
    vim.api.nvim_win_set_config(pane.window, config)
  else
    local escaped = fit(title .. ' ' .. footer, pane.columns):gsub('%%', '%%%%')
    vim.wo[pane.window].winbar = escaped
  end
end

--- Brings text, marks and cursor to what a frame says.
---@param pane kage.Pane
---@param frame table
local function paint(pane, frame)
  local shown = vim.api.nvim_win_is_valid(pane.window)
  local line = shown and vim.api.nvim_win_get_cursor(pane.window)[1] or 1
  local top = shown and vim.fn.line('w0', pane.window) or 1
  local name = pane.names[line]
  local follows = line == #pane.names and vim.bo[pane.buffer].filetype == 'kage-log'
  local offset = line - (line_of(pane.names, name) or line)
  if frame.from then
    set_part(pane, frame)
  else
    local first, last = set_lines(pane.buffer, frame.lines)
    if require('kage.highlight').wanted() then
      set_marks(pane, frame.marks, #frame.lines, first, last)
    end
    pane.names = frame.rows
  end
  local count = #pane.names
  if not shown then
    return
  end
  set_frame(pane, frame)
  local wanted = line_of(pane.names, frame.cursor)
  local same = line_of(pane.names, name)
  local target = wanted or (follows and count) or (same and same + offset) or math.min(line, count)
  target = math.max(1, math.min(target, count))
  if wanted then
    -- The view goes somewhere: Neovim scrolls as it does for a person.
    if target ~= vim.api.nvim_win_get_cursor(pane.window)[1] then
      vim.api.nvim_win_set_cursor(pane.window, { target, 0 })
    end
    return
  end
  local now = vim.fn.line('w0', pane.window)
  if target ~= vim.api.nvim_win_get_cursor(pane.window)[1] or target ~= line or now ~= top then
    move(pane, top, line, target, count)
  end
end

--- Paints one pane of a frame.
---@param pane kage.Pane
---@param frame table
function M.paint(pane, frame)
  paint(pane, frame)
  if vim.api.nvim_win_is_valid(pane.window) and require('kage.highlight').wanted() then
    require('kage.syntax').paint(pane, frame.code)
  end
end

return M
