import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { neovims, startNeovim } from '../support/neovim.ts'
import { poemRace } from '../support/poem-race.ts'
import { reopenReview, startReview } from '../support/review-editor.ts'
import { isRunning } from '../support/running.ts'
import { until } from '../support/until.ts'

test.each(neovims)('a buffer with unsaved changes refuses the landing, in Neovim %s', async (version) => {
  const { house, repository, read, poem } = await poemRace()
  const editor = await startReview(house, repository, { version, files: ['poem.txt'] })
  editor.type('j', 'j', '1')
  await editor.decided({ g3: '✓1' })
  await editor.lua('vim.api.nvim_buf_set_lines(vim.fn.bufnr("poem.txt"), 19, 20, false, { "mine" })')
  editor.command('w')
  const refusal = await editor.says('KAGE_BUFFER_UNSAVED')
  expect(refusal).toContain('unsaved changes in poem.txt')
  expect(read('poem.txt')).toBe(poem())
  await editor.lua('vim.api.nvim_buf_call(vim.fn.bufnr("poem.txt"), function() vim.cmd("silent write") end)')
  editor.command('w')
  await editor.shows('y land')
  editor.type('y')
  await until(() => read('poem.txt') === poem({ 3: 'ada 3', 20: 'mine' }))
})

test('buffers on landed files are read again without a question, others stay as they are', async () => {
  const { house, repository, read, poem } = await poemRace()
  const editor = await startReview(house, repository, {
    files: ['poem.txt', 'other.txt'],
    init: 'vim.o.autoread = false vim.o.hidden = true',
  })
  await editor.lua('vim.fn.bufload("other.txt")')
  await editor.lua('vim.api.nvim_buf_set_lines(vim.fn.bufnr("other.txt"), 0, -1, false, { "unsaved" })')
  editor.type('j', 'j', '1')
  editor.command('w')
  await editor.shows('y land')
  editor.type('y')
  const line = (name: string): Promise<string[]> =>
    editor.lua('local b = vim.fn.bufnr(...) return vim.api.nvim_buf_get_lines(b, 2, 3, false)', name)
  await until(async () => (await line('poem.txt'))[0] === 'ada 3')
  expect(read('poem.txt')).toBe(poem({ 3: 'ada 3' }))
  expect(await editor.lua('return vim.bo[vim.fn.bufnr("other.txt")].modified')).toBe(true)
})

test('a landing that is not wanted writes nothing', async () => {
  const { house, repository, read, poem } = await poemRace()
  const editor = await startReview(house, repository)
  editor.command('w')
  await editor.shows('There is nothing to land')
  editor.type('q', 'j', 'j', '2')
  await editor.decided({ g3: '✓2' })
  editor.command('w')
  await editor.shows('y land')
  editor.type('q', 'u')
  await editor.decided({})
  expect(read('poem.txt')).toBe(poem())
})

test('U undoes the last landing, and what was decided is decided again', async () => {
  const { house, repository, read, poem } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('U')
  await editor.says('Nothing of r1 has landed here')
  editor.type('j', 'j', '2')
  editor.command('w')
  await editor.shows('y land')
  editor.type('y')
  await until(() => read('poem.txt') === poem({ 3: 'bo 3' }))
  await editor.says('Landed 1 file')
  editor.type('U')
  await editor.shows(/Undo u1\? .*\n.*poem\.txt/)
  editor.type('y')
  await until(() => read('poem.txt') === poem())
  await editor.says('u1 is undone')
  await editor.decided({ g3: '✓2' })
})

test('decisions are kept when Neovim is killed', async () => {
  const { house, repository } = await poemRace()
  const first = await startReview(house, repository)
  first.type('1', '2', '2')
  await first.decided({ g1: '✓1', g2: '✓2', g3: '✓2' })
  await until(async () => (await pendingOf(house, repository)) === 3)
  process.kill(first.pid, 'SIGKILL')
  await until(() => !isRunning(first.pid))
  const second = await startReview(house, repository)
  await second.decided({ g1: '✓1', g2: '✓2', g3: '✓2' })
})

test('where the base is kept is known to every Neovim, also after a crash of the daemon, until it is taken back', async () => {
  const { house, repository } = await poemRace()
  const first = await startReview(house, repository)
  first.type('0', '2', '0')
  await first.decided({ g1: '✓0', g2: '✓2', g3: '✓0' })
  await first.shows('2 of 5 open')
  const second = await startReview(house, repository)
  await second.decided({ g1: '✓0', g2: '✓2', g3: '✓0' })
  await second.shows('poem.txt  line 8')
  second.type('K', '1')
  await first.decided({ g1: '✓0', g2: '✓2', g3: '✓1' })
  second.type('u')
  await first.decided({ g1: '✓0', g2: '✓2', g3: '✓0' })
  process.kill(first.pid, 'SIGKILL')
  await until(() => !isRunning(first.pid))
  await house.killDaemon()
  second.type('q')
  await until(async () => (await second.lua<number>('return #vim.api.nvim_list_tabpages()')) === 1)
  await reopenReview(second)
  await second.decided({ g1: '✓0', g2: '✓2', g3: '✓0' })
  second.command('w')
  await second.shows('y land')
  second.type('y')
  await second.decided({ g1: '✓0', g2: '●2', g3: '✓0' })
})

test('q closes the review and keeps what is decided; opened again it goes on where nothing is decided', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('1', 'q')
  await until(async () => (await editor.lua<number>('return #vim.api.nvim_list_tabpages()')) === 1)
  await reopenReview(editor)
  await editor.decided({ g1: '✓1' })
  await editor.shows(/ g2 +│/)
})

test.each(neovims)('the review comes back when its host is killed, in Neovim %s', async (version) => {
  const { house, repository, read, poem } = await poemRace()
  const editor = await startReview(house, repository, { version })
  editor.type('1')
  await editor.decided({ g1: '✓1' })
  await until(async () => (await pendingOf(house, repository)) === 1)
  const host = await editor.host()
  process.kill(host, 'SIGKILL')
  await until(async () => !isRunning(host) && (await editor.host().catch(() => host)) !== host)
  editor.type('j', '2')
  await editor.decided({ g1: '✓1', g3: '✓2' })
  editor.command('w')
  await editor.shows('y land')
  editor.type('y')
  await until(() => read('poem.txt') === poem({ 3: 'bo 3' }))
})

test('decisions outlive the daemon', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('1')
  await editor.decided({ g1: '✓1' })
  await until(async () => (await pendingOf(house, repository)) === 1)
  await house.killDaemon()
  editor.type('2')
  await editor.decided({ g1: '✓1', g2: '✓2' })
  await until(async () => (await pendingOf(house, repository)) === 2)
})

test('two Neovims see each other’s decisions and landings', async () => {
  const { house, repository, read, poem } = await poemRace()
  const one = await startReview(house, repository)
  const other = await startReview(house, repository)
  one.type('1')
  await other.decided({ g1: '✓1' })
  other.type('j', 'j', '2')
  await one.decided({ g1: '✓1', g3: '✓2' })
  one.type('u')
  await other.decided({ g3: '✓2' })
  one.command('w')
  await one.shows('y land')
  one.type('y')
  await until(() => read('poem.txt') === poem({ 3: 'bo 3' }))
  await other.decided({ g3: '●2' })
  other.command('w')
  await other.shows('There is nothing to land')
})

test('what an agent changes after it was taken is marked stale', async () => {
  const { house, repository, go } = await workingAgent()
  const editor = await startReview(house, repository)
  editor.type('1')
  await editor.decided({ g1: '✓1' })
  writeFileSync(go, '')
  await editor.shows(/✓own g1 2 {2}~ stale/)
  await editor.shows(/stale: an agent has changed what you took here/)
  await editor.shows('+ third')
})

test('a base that is kept is stale when the agent makes something else, until it is kept again', async () => {
  const { house, repository, go } = await workingAgent()
  const editor = await startReview(house, repository)
  editor.type('0')
  await editor.decided({ g1: '✓0' })
  writeFileSync(go, '')
  await editor.shows(/✓0 +g1 2 {2}~ stale/)
  await editor.shows(/something else since; 0 keeps/)
  editor.type('0')
  await editor.shows(/✓0 +g1 2 {2}1/)
  const again = await startReview(house, repository)
  await again.shows(/✓0 +g1 2 {2}1/)
})

test('a landing of what an agent has just changed is refused, and the review looks again', async () => {
  const { house, repository, worktreeFile } = await workingAgent()
  const editor = await startReview(house, repository)
  editor.type('1')
  await editor.decided({ g1: '✓1' })
  writeFileSync(await worktreeFile(), 'one\nchanged\nthree\n')
  editor.command('w')
  const refusal = await editor.says('KAGE_VARIANT_STALE')
  expect(refusal).toContain('\n')
  await editor.shows('+ changed')
})

test('a repository that is gone is said, and the review stays', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  rmSync(repository, { recursive: true })
  editor.type('R')
  expect(await editor.says(/\(KAGE_[A-Z_]+\)/)).not.toContain('KAGE_INTERNAL')
  expect(editor.screen()).toContain('5 of 5 open')
})

test('from an agent’s worktree the review lands where the run was started', async () => {
  const { house, repository, read, poem } = await poemRace()
  const editor = await startNeovim(house, repository, { columns: 110, rows: 34 })
  editor.command('KageJump ada')
  await until(async () => (await editor.lua<string>('return vim.fn.getcwd()')).endsWith('ada'))
  const review = await startReview(house, repository, {}, editor)
  review.type('j', 'j', '2')
  await review.decided({ g3: '✓2' })
  review.command('w')
  await review.shows('y land')
  review.type('y')
  await until(() => read('poem.txt') === poem({ 3: 'bo 3' }))
})

test('in another worktree of the repository the review lands there', async () => {
  const { house, repository, read, poem } = await poemRace()
  const other = join(house.directory, 'other')
  execFileSync('git', ['-C', repository, 'worktree', 'add', '-q', other])
  const editor = await startReview(house, other)
  editor.type('j', 'j', '1')
  editor.command('w')
  await editor.shows('y land')
  editor.type('y')
  await until(() => readFileSync(join(other, 'poem.txt'), 'utf8') === poem({ 3: 'ada 3' }))
  expect(read('poem.txt')).toBe(poem())
})

test(':wq closes the review and lands after the question', async () => {
  const { house, repository, read, poem } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('j', 'j', '1')
  await editor.decided({ g3: '✓1' })
  editor.command('wq')
  await editor.shows('y land')
  editor.type('y')
  await until(() => read('poem.txt') === poem({ 3: 'ada 3' }))
})

async function pendingOf(house: { done: Done }, repository: string): Promise<number> {
  const { state } = await house.done<{ state: { runs: Record<string, { pending: Pending }> } }>(repository, [
    'state',
  ])
  return state.runs['r1']?.pending[repository]?.added.length ?? 0
}

type Done = <T>(repository: string, words: readonly string[]) => Promise<T>
type Pending = Readonly<Record<string, { readonly added: readonly unknown[] }>>

/** One agent that has changed a line, and changes it again when the file `go` is there. */
async function workingAgent(): Promise<{
  house: ReturnType<typeof makeHouse>
  repository: string
  go: string
  worktreeFile: () => Promise<string>
}> {
  const house = makeHouse()
  const go = join(house.directory, 'go')
  const repository = makeRepository({ files: { f: 'one\ntwo\nthree\n' } })
  const wait = `until [ -e ${go} ]; do sleep 0.1; done`
  house.agent('ada', `sed -i 's/two/second/' f; touch ${go}.ready; ${wait}; sed -i 's/second/third/' f`)
  const { run } = await house.done<{ run: { agents: { worktree: string }[] } }>(repository, [
    'spawn',
    'change it',
  ])
  await until(() => existsSync(`${go}.ready`))
  return { house, repository, go, worktreeFile: async () => join(run.agents[0]?.worktree ?? '', 'f') }
}
