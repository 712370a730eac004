import { lstatSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/adapters/config/load.ts'
import {
  isRepositoryTrusted,
  readTrust,
  trustFile,
  trustRepository,
} from '../../../src/adapters/config/trust.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

const agent = (program: string): string => `[agents.theirs]\nkind = "command"\ncommand = ["${program}"]\n`

test('a trusted content counts until it changes, and again when it is changed back', async () => {
  const state = join(temporaryDirectory(), 'state')
  const file = join(temporaryDirectory(), '.kage.toml')
  const agents = async (): Promise<string[]> => {
    const trust = await readTrust(state)
    const { config } = await loadConfig({
      file: '/dev/null',
      repositoryFile: file,
      trusted: (hash) => trust.get(file) === hash,
    })
    return Object.keys(config.agents)
  }
  writeFileSync(file, agent('./good'))
  expect(await agents()).toEqual(['coder'])
  const { path, hash } = await trustFile(state, file)
  expect(path).toBe(file)
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(await agents()).toEqual(['coder', 'theirs'])
  writeFileSync(file, agent('./evil'))
  expect(await agents()).toEqual(['coder'])
  writeFileSync(file, agent('./good'))
  expect(await agents()).toEqual(['coder', 'theirs'])
})

test('trust in one file says nothing of another, and a link means the file behind it', async () => {
  const state = temporaryDirectory()
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'a'), agent('./x'))
  writeFileSync(join(directory, 'b'), agent('./x'))
  symlinkSync('a', join(directory, 'link'))
  expect((await trustFile(state, join(directory, 'link'))).path).toBe(join(directory, 'a'))
  expect([...(await readTrust(state)).keys()]).toEqual([join(directory, 'a')])
  await trustFile(state, join(directory, 'b'))
  expect((await readTrust(state)).size).toBe(2)
})

test('what was trusted is kept for this user alone, and nothing else is left behind', async () => {
  const state = temporaryDirectory()
  const file = join(temporaryDirectory(), '.kage.toml')
  writeFileSync(file, agent('./x'))
  await trustFile(state, file)
  expect(readdirSync(state)).toEqual(['trust.json'])
  expect(lstatSync(join(state, 'trust.json')).mode & 0o777).toBe(0o600)
})

test('a repository is trusted with its settings alone, beside the files', async () => {
  const state = temporaryDirectory()
  const file = join(temporaryDirectory(), '.kage.toml')
  writeFileSync(file, agent('./x'))
  await trustFile(state, file)
  await trustRepository(state, '/r/.git', 'a')
  expect(await isRepositoryTrusted(state, '/r/.git', 'a')).toBe(true)
  expect(await isRepositoryTrusted(state, '/r/.git', 'b')).toBe(false)
  expect(await isRepositoryTrusted(state, '/s/.git', 'a')).toBe(false)
  expect((await readTrust(state)).size).toBe(2)
})

test('a damaged record trusts nothing and can be written anew', async () => {
  const state = temporaryDirectory()
  const file = join(temporaryDirectory(), '.kage.toml')
  writeFileSync(file, agent('./x'))
  for (const damaged of ['', '{', 'null', '{"files":null}', '{"files":{"/x":1}}', '[]']) {
    writeFileSync(join(state, 'trust.json'), damaged)
    expect((await readTrust(state)).size).toBe(0)
  }
  await trustFile(state, file)
  expect((await readTrust(state)).has(file)).toBe(true)
})

test('a file that is not there cannot be trusted', async () => {
  await expect(trustFile(temporaryDirectory(), '/nonexistent/.kage.toml')).rejects.toMatchObject({
    code: 'KAGE_CONFIG',
  })
})
