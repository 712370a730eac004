-- Kage's highlight groups: links to the person's colours that any colour scheme may set otherwise.
local M = {}

M.groups = {
  KageRun = 'Title',
  KageQueued = 'Comment',
  KageStarting = 'Comment',
  KageWorking = 'DiagnosticInfo',
  KageWaiting = 'DiagnosticWarn',
  KagePaused = 'DiagnosticHint',
  KageDone = 'DiagnosticOk',
  KageFailed = 'DiagnosticError',
  KageStopped = 'Comment',
  KageUnknown = 'DiagnosticWarn',
  KageChanged = 'Identifier',
  KageDim = 'Comment',
  KageReviewPath = 'Directory',
  KageReviewHeading = 'Title',
  KageReviewPreviewed = 'Special',
  KageReviewTaken = 'DiagnosticOk',
  KageReviewLanded = 'Comment',
  KageReviewStale = 'DiagnosticWarn',
  KageReviewNote = 'Comment',
  KageReviewAdded = 'DiffAdd',
  KageReviewDeleted = 'DiffDelete',
  KageReviewAddedWord = 'DiffText',
  KageReviewDeletedWord = 'DiffText',
  KageNormal = 'NormalFloat',
  KageBorder = 'FloatBorder',
  KageTitle = 'FloatTitle',
  KageFooter = 'FloatFooter',
  KageCursorLine = 'CursorLine',
}

--- Whether colours are wanted: see no-color.org.
---@return boolean
function M.wanted()
  return (vim.env.NO_COLOR or '') == ''
end

function M.define()
  for name, link in pairs(M.groups) do
    vim.api.nvim_set_hl(0, name, { link = link, default = true })
  end
end

--- How a window's own groups are mapped to Kage's; without colours, to the plain text's.
---@return string
function M.window()
  if not M.wanted() then
    return 'NormalFloat:Normal,FloatBorder:Normal,FloatTitle:Normal,FloatFooter:Normal,CursorLine:Normal'
  end
  local map = 'NormalFloat:KageNormal,FloatBorder:KageBorder,FloatTitle:KageTitle,FloatFooter:KageFooter'
  return map .. ',CursorLine:KageCursorLine'
end

return M
