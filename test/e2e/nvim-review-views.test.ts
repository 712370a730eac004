import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { neovims } from '../support/neovim.ts'
import { isRunning } from '../support/running.ts'
import { poemRace } from '../support/poem-race.ts'
import { type ReviewEditor, startReview } from '../support/review-editor.ts'
import { until } from '../support/until.ts'

test('p previews the file as decided and P the whole result', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('1', 'j', '1', 'p')
  await editor.shows(/poem\.txt {2}as decided[^]*\+ ada 3/)
  const file = editor.right()
  expect(file.slice(1, 6)).toEqual(['  line 1', '  line 2', '- line 3', '+ ada 3', '  line 4'])
  editor.type('P')
  await editor.shows('the whole result: 2 files')
  expect(editor.right().slice(1)).toEqual(['  A ada.txt  +3  ada', '  M poem.txt  +1 -1  ada'])
  editor.type('P')
  await editor.shows('▸ previewed')
})

test('variants that differ only in blanks and comments are shown as alike', async () => {
  const house = makeHouse()
  const repository = makeRepository({ files: { 'f.ts': 'one()\ntwo()\n' } })
  house.agent('ada', `sed -i 's/two()/f(1)/' f.ts`)
  house.agent('bo', `sed -i 's/two()/g(1)/' f.ts`)
  house.agent('cy', `sed -i 's|two()|  f( 1 )  // why|' f.ts`)
  await house.done(repository, ['spawn', '--wait', '--timeout', '20', 'call'])
  const editor = await startReview(house, repository)
  await editor.shows('1 ≈ 3 · 2')
  await editor.shows('── 3 cy  ≈ 1')
  editor.type('x')
  await editor.shows('1 of 1 open')
  await until(() => !editor.screen().includes('≈'))
})

test('regions are called after the functions that they lie in', async () => {
  const house = makeHouse()
  const text = 'class Clock {\n  tick() {\n    one()\n  }\n  stop() {\n    two()\n  }\n}\n'
  const repository = makeRepository({ files: { 'f.ts': text, 'f.txt': text } })
  const added = String.raw`$a function ring() {\n}`
  house.agent('ada', `sed -i 's/one()/1/; s/two()/2/; ${added}' f.ts; sed -i 's/one()/1/' f.txt`)
  await house.done(repository, ['spawn', '--wait', '--timeout', '20', 'count'])
  const named = async (): Promise<unknown> => {
    const { regions } = await house.done<{ regions: { path: string; name?: string }[] }>(repository, [
      'regions',
      'r1',
    ])
    return regions.map(({ path, name }) => [path, name ?? null])
  }
  const wanted = [
    ['f.ts', 'Clock.tick'],
    ['f.ts', 'Clock.stop'],
    ['f.ts', 'ring'],
    ['f.txt', null],
  ]
  // A machine that is busy finds the names a moment later.
  await until(async () => JSON.stringify(await named()) === JSON.stringify(wanted))
  const editor = await startReview(house, repository)
  await editor.shows('f.ts  line 3 in Clock.tick  g1')
  await editor.shows(/g2 6 {2}1 {2}Clock\.stop/)
  editor.type('J', 'J')
  await editor.shows('f.ts  after line 8 in ring  g3')
})

test.each(neovims)('F takes a whole function from the previewed candidate, in Neovim %s', async (version) => {
  const house = makeHouse()
  const text = 'def tick():\n    one()\n    wait()\n    two()\n\ndef stop():\n    two()\n'
  const repository = makeRepository({ files: { 'f.py': text } })
  house.agent('ada', `sed -i 's/one()/a1()/; s/two()/a2()/' f.py`)
  house.agent('bo', `sed -i 's/one()/b1()/; s/two()/b2()/' f.py`)
  await house.done(repository, ['spawn', '--wait', '--timeout', '20', 'count'])
  const editor = await startReview(house, repository, { version })
  // A machine that is busy finds the function a moment later.
  await until(async () => {
    if (editor.screen().includes('f.py  line 2 in tick')) return true
    editor.type('R')
    return false
  })
  editor.type('Tab')
  await editor.shows(/── 2 bo {2}▸ previewed/)
  editor.type('F')
  await editor.decided({ g1: '✓2', g2: '✓2' })
  await editor.shows('f.py  line 7 in stop')
  editor.type('u')
  await editor.decided({})
})

test.each(neovims)('code has the colours of its language, in Neovim %s', async (version) => {
  const house = makeHouse()
  const files = { 'a.lua': 'local x = 1\nreturn x\n', 'b.py': 'x = 1\nreturn x\n' }
  const repository = makeRepository({ files })
  house.agent('ada', `sed -i 's/return x/return nil/' a.lua; sed -i 's/return x/return None/' b.py`)
  await house.done(repository, ['spawn', '--wait', '--timeout', '20', 'count'])
  const editor = await startReview(house, repository, { version })
  await editor.shows('+ return nil')
  // Lua has a parser in every Neovim, Python only a syntax file.
  await until(async () => (await coloured(editor)).includes('@keyword.return.lua return'))
  expect(await coloured(editor)).toContain('@constant.builtin.lua nil')
  editor.type('J')
  await editor.shows('+ return None')
  await until(async () => (await coloured(editor)).includes('Statement return'))
  expect(await coloured(editor)).not.toContain('@constant.builtin.lua nil')
  editor.type('g', 'K')
  await editor.shows('what is known')
  await until(async () => (await coloured(editor)).length === 0)
})

/** What is coloured in the right pane, as `group text`. */
function coloured(editor: ReviewEditor): Promise<string[]> {
  return editor.lua(`
    local found, namespace = {}, vim.api.nvim_get_namespaces()['kage-syntax']
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      local buffer = vim.api.nvim_win_get_buf(window)
      local marks = namespace and vim.api.nvim_buf_get_extmarks(buffer, namespace, 0, -1, { details = true }) or {}
      for _, mark in ipairs(marks) do
        local text = vim.api.nvim_buf_get_text(buffer, mark[2], mark[3], mark[2], mark[4].end_col, {})[1]
        table.insert(found, mark[4].hl_group .. ' ' .. text)
      end
    end
    return found`)
}

test('gK tells what is known of the candidates', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('g', 'K')
  await editor.shows('what is known of the candidates of r1')
  expect(editor.right().join('\n')).toMatch(/── 1 ada\n +done.*\n.*2 files, \+5 -2\n.*changed 3 of 5 regions/)
})

test.each(neovims)('gz shows base and variant in Neovim’s own diff, in Neovim %s', async (version) => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository, { version })
  editor.type('j', 'j', 'Tab')
  await editor.shows(/2 bo {2}▸ previewed/)
  editor.type('g', 'z')
  await until(() => editor.lua<boolean>('return vim.wo.diff'))
  expect(await editor.shows(/g3 base[^]*g3 2/)).toMatch(/line 3\W+bo 3/)
  editor.type('q')
  await editor.shows('▸ previewed')
})

test('x leaves a candidate out of the view and X takes all in again', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('x')
  await editor.shows('3 of 3 open')
  expect(Object.keys(editor.marks())).toEqual(['g2', 'g3', 'g4'])
  editor.type('X')
  await editor.shows('5 of 5 open')
  editor.type('g', 'K')
  await editor.shows('what is known')
  editor.type('C-w', 'l')
  editor.command('/── 2')
  editor.type('x')
  await editor.shows(/── 2 bo {2}left out of the view/)
  await editor.shows('3 of 3 open')
  editor.type('x')
  await editor.shows('5 of 5 open')
})

test('c comments on a hunk, S sends the comments to its agent, go shows its pane', async () => {
  const house = makeHouse()
  const heard = join(house.directory, 'heard')
  const repository = makeRepository({ files: { f: 'one\ntwo\n' } })
  house.agent('ada', `sed -i 's/two/2/' f; echo ada is here; touch ${heard}; exec cat > ${heard}`)
  await house.done(repository, ['spawn', 'count'])
  await until(() => existsSync(heard))
  const editor = await startReview(house, repository)
  await editor.shows('+ 2')
  editor.type('S')
  await editor.says('There are no comments to send')
  editor.type('c')
  await editor.shows('To 1 on f:2')
  editor.type('use words', 'Enter')
  await editor.says('Kept for ada; S sends it.')
  await editor.shows('S sends 1')
  editor.type('S')
  await editor.says('Sent to ada.')
  await until(() => readFileSync(heard, 'utf8').includes('use words'))
  expect(readFileSync(heard, 'utf8')).toContain('f:2')
  editor.type('g', 'o')
  await editor.shows('ada is here')
})

test('comments that are not sent outlive Neovim and the daemon, are changed with c, and are sent once', async () => {
  const house = makeHouse()
  const heard = join(house.directory, 'heard')
  const repository = makeRepository({ files: { f: 'one\ntwo\n' } })
  house.agent('ada', `sed -i 's/two/2/' f; touch ${heard}; exec cat > ${heard}`)
  await house.done(repository, ['spawn', 'count'])
  await until(() => existsSync(heard))
  const first = await startReview(house, repository)
  const open = await startReview(house, repository)
  await first.shows('+ 2')
  first.type('c')
  await first.shows('To 1 on f:2')
  first.type('use words', 'Enter')
  await first.shows('to be sent: use words')
  await open.shows('to be sent: use words')
  process.kill(first.pid, 'SIGKILL')
  await until(() => !isRunning(first.pid))
  await house.killDaemon()
  const second = await startReview(house, repository)
  await second.shows('to be sent: use words')
  second.type('c')
  await second.shows('To 1 on f:2: use words')
  second.type(' please', 'Enter')
  await open.shows('to be sent: use words please')
  second.type('S')
  await second.says('Sent to ada.')
  await until(() => readFileSync(heard, 'utf8').includes('use words please'))
  await until(() => !open.screen().includes('to be sent'))
  open.type('c')
  await open.shows('To 1 on f:2')
  open.type('no', 'Enter')
  await second.shows('to be sent: no')
  second.type('c')
  await second.shows('To 1 on f:2: no')
  second.type('C-u', 'Enter')
  await second.says('The comment is dropped.')
  await until(() => !open.screen().includes('to be sent'))
  open.type('S')
  await open.says('There are no comments to send')
})

test('R looks at the candidates again', async () => {
  const house = makeHouse()
  const ready = join(house.directory, 'ready')
  const repository = makeRepository({ files: { f: 'one\n' } })
  house.agent('ada', `echo 1 > f; echo $PWD > ${ready}.new; mv ${ready}.new ${ready}; sleep 60`)
  await house.done(repository, ['spawn', 'count'])
  await until(() => existsSync(ready))
  const editor = await startReview(house, repository)
  await editor.shows('+ 1')
  writeFileSync(join(readFileSync(ready, 'utf8').trim(), 'f'), 'uno\n')
  editor.type('R')
  await editor.shows('+ uno')
})

test('? shows the keys', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('?')
  await editor.shows('take what candidate 1 made, go on')
  editor.type('q')
  await editor.shows('▸ previewed')
})

test('changes that are taken whole are shown as what they are', async () => {
  const house = makeHouse()
  const repository = makeRepository({ files: { 'a.sh': 'run\n', b: 'bye\n', c: 'c\0c', l: 'l\n' } })
  chmodSync(join(repository, 'a.sh'), 0o644)
  house.agent(
    'ada',
    `chmod +x a.sh; rm b; printf 'c\\0d!' > c; rm l; ln -s a.sh l; ln -s b new-link; printf 'x\\033[31m\\377\\n' > odd`,
  )
  await house.done(repository, ['spawn', '--wait', '--timeout', '20', 'odd things'])
  const editor = await startReview(house, repository)
  await editor.shows('mode 100644 becomes 100755')
  editor.type('J')
  await editor.shows('removes file, 1 line')
  await editor.shows('- bye')
  editor.type('J')
  await editor.shows('binary file, 3 bytes becomes binary file, 4 bytes')
  editor.type('J')
  await editor.shows('file, 1 line becomes symbolic link to a.sh')
  editor.type('J')
  await editor.shows('new: symbolic link to b')
  editor.type('J')
  await editor.shows('+ x^[[31m<ff>')
})

test('a text that is not UTF-8 can be taken, and is not edited', async () => {
  const house = makeHouse()
  const repository = makeRepository({ files: { f: Buffer.from('caf\xe9\n', 'latin1') } })
  house.agent('ada', `printf 'th\\351\\n' > f`)
  await house.done(repository, ['spawn', '--wait', '--timeout', '20', 'drink'])
  const editor = await startReview(house, repository)
  await editor.shows('+ th<e9>')
  editor.type('e')
  expect(await editor.says('not UTF-8')).toContain('KAGE_CHOICE_INVALID')
  editor.type('1')
  await editor.decided({ g1: '✓1' })
  editor.command('w')
  await editor.shows('y land')
  editor.type('y')
  await until(() => readFileSync(join(repository, 'f'), 'latin1') === 'th\xe9\n')
})

test('a run in which nothing was changed says so', async () => {
  const house = makeHouse()
  const repository = makeRepository({ files: { f: 'one\n' } })
  house.agent('ada', 'true')
  await house.done(repository, ['spawn', '--wait', '--timeout', '20', 'rest'])
  const editor = await startReview(house, repository)
  await editor.shows('no candidate differs from the base')
  editor.type('1', 'j', 'e', 'P', 'g', 'z')
  await editor.says('There is no region here')
  await editor.shows('nothing is decided')
})

test('of ten candidates the tenth is taken by <Tab> and <CR>', async () => {
  const { house, repository } = await tenCandidates()
  const editor = await startReview(house, repository)
  await editor.shows(/1=2 · 3 · 4 · 5 · 6 · 7/)
  editor.type('Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab')
  await editor.shows(/── 10 \S+ {2}▸ previewed/)
  editor.type('Enter')
  await editor.decided({ g1: '✓10' })
  await editor.shows('+ 10 agent 10')
  editor.type('9')
  await editor.decided({ g1: '✓9' })
})

test('the review fits a terminal of 80 and of 40 columns, also without colours', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository, {
    columns: 80,
    rows: 24,
    environment: { NO_COLOR: '1' },
  })
  editor.type('j', 'j', '2', 'k')
  await editor.decided({ g3: '✓2' })
  await editor.shows('+ new')
  expect(editor.colours()).not.toMatch(/\x1b\[(?:\d+;)*(?:3[0-7]|4[0-7]|38|48)/)
  editor.resize(40, 24)
  await editor.shows(/bo\.txt {2}add {2}g2/)
  expect(
    Math.max(
      ...editor
        .screen()
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(40)
  editor.type('2')
  await editor.decided({ g2: '✓2', g3: '✓2' })
})

test('nothing global is mapped, and every key has its <Plug>', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  const maps = `local found = {}
    for _, map in ipairs(vim.api.nvim_buf_get_keymap(0, 'n')) do found[map.lhs] = map.rhs or '' end
    return found`
  const own = await editor.lua<Record<string, string>>(maps)
  expect(own['A']).toBe('<Plug>(kage-review-rest)')
  expect(own['gh']).toBe('<Plug>(kage-review-operator)')
  const global = await editor.lua<string[]>(
    'return vim.tbl_map(function(map) return map.lhs end, vim.api.nvim_get_keymap("n"))',
  )
  expect(global.filter((lhs) => /^([1-9A]|gh|gz)$/.test(lhs))).toEqual([])
  expect(await editor.lua('return vim.bo.filetype')).toBe('kage-review')
})

/** Ten agents of which the first two make the same of the one line. */
async function tenCandidates(): Promise<{ house: House; repository: string }> {
  const house = makeHouse()
  const repository = makeRepository({ files: { f: 'one\n' } })
  for (let number = 1; number <= 10; number += 1)
    house.agent(`a${number}`, `echo '${number === 2 ? 1 : number} agent ${number === 2 ? 1 : number}' > f`)
  await house.done(repository, ['spawn', '--wait', '--timeout', '25', 'count'])
  return { house, repository }
}
