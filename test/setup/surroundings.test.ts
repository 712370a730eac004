import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { temporaryDirectory } from '../support/temporary.ts'

/** Settings of a machine or a person that change what ordinary git commands do. */
const hostile = `[filter "lfs"]
	clean = false
	smudge = false
	process = false
	required = true
[commit]
	gpgSign = true
[core]
	hooksPath = /nonexistent/hooks
	autocrlf = true
[init]
	defaultBranch = trunk
`

/** The scopes of the settings that git finds in a directory without a repository. */
function scopes(environment: NodeJS.ProcessEnv): string[] {
  const words = ['config', '--list', '--show-scope']
  const listed = execFileSync('git', words, { cwd: temporaryDirectory(), env: environment, encoding: 'utf8' })
  return listed
    .split('\n')
    .flatMap((line) => line.split('\t', 1))
    .filter((scope) => scope !== '')
}

test("git finds no configuration of the machine or the person in a test's environment", () => {
  const system = join(temporaryDirectory(), 'gitconfig')
  writeFileSync(system, hostile)
  expect(scopes({ ...process.env, GIT_CONFIG_NOSYSTEM: '0', GIT_CONFIG_SYSTEM: system })).toContain('system')
  expect(scopes(process.env)).toEqual([])
  expect(scopes({ ...process.env, GIT_CONFIG_SYSTEM: system })).toEqual([])
})

test('neither does the git of an agent or of the daemon', async () => {
  const house = makeHouse()
  const system = join(house.directory, 'gitconfig')
  writeFileSync(system, hostile)
  house.environment['GIT_CONFIG_SYSTEM'] = system
  const seen = join(house.directory, 'seen')
  house.agent('ada', `git config --list --show-scope >'${seen}'; printf 'ada\\n' >new.txt`)
  const repository = makeRepository()
  await house.done(repository, ['spawn', '-a', 'ada', '--wait', 'list the settings'])
  expect(readFileSync(seen, 'utf8')).not.toMatch(/^system\t/m)
  const taken = ['pick', 'r1', '--from', 'ada', '--commit', '-m', 'taken']
  expect(await house.done(repository, taken)).toMatchObject({ result: 'landed' })
})
