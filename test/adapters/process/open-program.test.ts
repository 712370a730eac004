import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OpenProgram } from '../../../src/adapters/process/open-program.ts'

const where = { cwd: '/', env: { PATH: process.env['PATH'] ?? '' } }
const limits = { timeoutMs: 20_000, outputBytesMax: 1000 }

test('an open program answers one question after the other', async () => {
  const program = new OpenProgram('cat', [], where)
  for (const text of ['one', 'two\n', '']) expect(await ask(program, text, '\0end')).toBe(text)
  expect(program.isOpen).toBe(true)
  program.close()
})

test('while it answers, another question has no answer', async () => {
  const program = new OpenProgram('cat', [], where)
  const first = ask(program, 'one', '\0end')
  expect(await ask(program, 'two', '\0end')).toBeNull()
  expect(await first).toBe('one')
  program.close()
})

test('the end of the program ends an answer that has no other', async () => {
  expect(await ask(new OpenProgram('cat', [], where), 'all', null)).toBe('all')
  expect(await ask(new OpenProgram('sh', ['-c', 'cat; exit 3'], where), 'all', null)).toBeNull()
})

test('a program that fails, is missing, says too much or too little gives no answer and is closed', async () => {
  const programs = [
    new OpenProgram('sh', ['-c', 'read line; exit 0'], where),
    new OpenProgram('/no/such/program', [], where),
    new OpenProgram('sh', ['-c', 'read line; yes'], where),
    new OpenProgram('sh', ['-c', 'read line; exec cat >/dev/null'], where),
  ]
  for (const [at, program] of programs.entries()) {
    const timeoutMs = at === 3 ? 50 : limits.timeoutMs
    const question = { text: Buffer.from('question\n'), end: Buffer.from('\0end') }
    expect(await program.ask({ ...question, ...limits, timeoutMs })).toBeNull()
    expect(program.isOpen).toBe(false)
  }
})

test('an open program keeps no other from ending, an answer under way does', () => {
  const path = join(import.meta.dirname, '../../../src/adapters/process/open-program.ts')
  const script = `
    import { OpenProgram } from ${JSON.stringify(path)}
    const program = new OpenProgram('cat', [], ${JSON.stringify(where)})
    program.ask({ text: Buffer.from('said.'), end: Buffer.from('.'), timeoutMs: 9000, outputBytesMax: 99 })
      .then((answer) => console.log(String(answer)))`
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 })
  expect(said.toString()).toBe('said\n')
})

async function ask(program: OpenProgram, text: string, end: string | null): Promise<string | null> {
  const question =
    end === null ? { text: Buffer.from(text), end } : { text: Buffer.from(text + end), end: Buffer.from(end) }
  const answer = await program.ask({ ...question, ...limits })
  return answer === null ? null : answer.toString()
}
