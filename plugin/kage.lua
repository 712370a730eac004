-- Commands and <Plug> maps of Kage; nothing is loaded or started before one of them is used.
if vim.g.loaded_kage then
  return
end
vim.g.loaded_kage = 1

local aliases = {
  Spawn = 'spawn',
  Plan = 'plan',
  Dash = 'dash',
  Review = 'review',
  Next = 'next',
  Prev = 'prev',
  Jump = 'jump',
  Send = 'send',
  Undo = 'undo',
}

local function complete(...)
  return require('kage.command').complete(...)
end

local function define()
  for suffix, name in pairs(aliases) do
    vim.api.nvim_create_user_command('Kage' .. suffix, function(options)
      require('kage.command').run(name, options.args, options)
    end, { nargs = '*', bang = true, range = true, complete = complete, desc = 'Kage: ' .. name })
  end
  vim.api.nvim_create_user_command('Kage', function(options)
    require('kage.command').run_words(options)
  end, { nargs = '*', bang = true, range = true, complete = complete, desc = 'Kage: many coding agents' })
end

define()
if vim.v.vim_did_enter == 0 then
  -- A manifest of remote plugins is read after this file and has commands of the same names.
  vim.api.nvim_create_autocmd('VimEnter', { once = true, callback = define, desc = 'Kage: its own commands' })
end
vim.api.nvim_create_autocmd('SessionLoadPost', {
  callback = function()
    require('kage.session').tidy()
  end,
  desc = 'Kage: no empty tab page is left of a review',
})

local names =
  'spawn plan compare dash review next prev jump send interrupt pause resume stop check judge undo ack log cost'
for name in (names .. ' clean health restart'):gmatch('%S+') do
  vim.api.nvim_set_keymap(
    'n',
    '<Plug>(kage-' .. name .. ')',
    '<Cmd>Kage ' .. name .. '<CR>',
    { noremap = true }
  )
end
vim.api.nvim_set_keymap('x', '<Plug>(kage-send)', ':Kage send<CR>', { noremap = true, silent = true })
