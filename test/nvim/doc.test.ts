import { cpSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { helpTags } from '../../scripts/help-tags.ts'
import { aliases } from '../../src/nvim/alias.ts'
import { commands } from '../../src/nvim/commands.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { type Editor, neovims, runNeovim, startNeovim } from '../support/neovim.ts'
import { temporaryDirectory } from '../support/temporary.ts'

const root = resolve(import.meta.dirname, '../..')
const help = readFileSync(join(root, 'doc/kage.txt'), 'utf8')

test.for(neovims)(
  'Neovim %s makes of the help file the tags that set-up makes, and every reference leads somewhere',
  async (version) => {
    const doc = join(temporaryDirectory(), 'doc')
    cpSync(join(root, 'doc'), doc, { recursive: true })
    const said = await runNeovim(makeHouse(), makeRepository(), [`+helptags ${doc}`, '+qa!'], { version })
    expect(said.trim()).toBe('')
    const made = readFileSync(join(doc, 'tags'), 'utf8')
    expect(helpTags('kage.txt', help)).toBe(made)
    const tags = made.split('\n').map((line) => line.split('\t')[0])
    const wanted = [...help.matchAll(/\|(kage[^|\s]*)\|/g)].map(([, tag]) => tag)
    expect(wanted.filter((tag) => !tags.includes(tag))).toEqual([])
  },
)

test('the help file has every alias, highlight group, option, event and map of the preset', async () => {
  const editor = await open()
  const groups = await editor.lua<Record<string, string>>('return require("kage.highlight").groups')
  const found = [
    ...Object.keys(aliases).map((name) => `*:${name}*`),
    ...Object.keys(groups).map((name) => `*hl-${name}*`),
    ...['keymaps', 'autostart', 'border'].map((name) => `*kage-setup-${name}*`),
    ...[
      'RunStarted',
      'AgentStatus',
      'AgentWaiting',
      'RunDone',
      'MergeLanded',
      'MergeConflict',
      'ViewClosed',
      'Error',
    ].map((name) => `*Kage${name}*`),
  ]
  expect(found.filter((tag) => !help.includes(tag))).toEqual([])
  for (const [name, link] of Object.entries(groups))
    expect(help).toMatch(new RegExp(`\\*hl-${name}\\* +${link}\n`))
  const preset = await editor.lua<[string, string, string][]>('return require("kage").preset')
  for (const [, key, name] of preset) expect(help).toMatch(new RegExp(`<leader>k${key}  ${name}`))
})

test('Lua knows the commands of the host, the aliases and a <Plug> map for each', async () => {
  const editor = await open()
  const names = await editor.lua<string[]>('return require("kage.command").names')
  expect(names).toEqual([...commands.map(({ name }) => name), 'health', 'restart'])
  const defined = await editor.lua<string[]>(
    `return vim.tbl_filter(function(name) return vim.startswith(name, 'Kage') end, vim.tbl_keys(vim.api.nvim_get_commands({})))`,
  )
  expect(defined.toSorted()).toEqual(Object.keys(aliases).toSorted())
  const unmapped = await editor.lua<string[]>(
    `return vim.tbl_filter(function(name) return vim.fn.maparg('<Plug>(kage-' .. name .. ')', 'n') == '' end, ...)`,
    names,
  )
  expect(unmapped).toEqual([])
})

function open(): Promise<Editor> {
  return startNeovim(makeHouse(), makeRepository())
}
