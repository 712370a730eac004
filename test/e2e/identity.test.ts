import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gitIn } from '../support/git-repository.ts'
import { comparedBranches } from '../support/compared.ts'

const format = ['log', '-1', '--format=%an <%ae> %at|%cn <%ce> %ct']

test("the asking client's variables and configuration name the author and committer of a commit", async () => {
  const { house, repository } = await comparedBranches('echo base > a', {
    ada: 'echo ada > a',
    bo: 'echo bo > b',
    cy: 'echo cy > c',
    di: 'echo di > d',
  })
  for (const key of ['user.name', 'user.email']) gitIn(repository, ['config', '--unset', key])
  const globalFile = join(house.directory, 'person.gitconfig')
  writeFileSync(globalFile, '[user]\n\tname = Global Person\n\temail = global@example.test\n')
  const commit = async (agent: string, environment: Record<string, string>): Promise<string> => {
    const words = ['pick', 'r1', '--from', agent, '--commit', '-m', agent]
    await house.done(repository, words, { environment })
    return gitIn(repository, format).trim()
  }
  const refused = await house.kage(repository, ['pick', 'r1', '--from', 'ada', '--commit'])
  expect(refused).toMatchObject({ code: 1, json: { error: { code: 'KAGE_IDENTITY_MISSING' } } })
  expect(await commit('ada', { GIT_CONFIG_GLOBAL: globalFile })).toMatch(
    /^Global Person <global@example.test> \d+\|Global Person <global@example.test> \d+$/,
  )
  const author = { GIT_AUTHOR_NAME: 'An Author', GIT_AUTHOR_EMAIL: 'author@example.test' }
  const date = { GIT_AUTHOR_DATE: '1700000000 +0000', GIT_COMMITTER_DATE: '1700000001 +0000' }
  expect(await commit('bo', { GIT_CONFIG_GLOBAL: globalFile, ...author, ...date })).toBe(
    'An Author <author@example.test> 1700000000|Global Person <global@example.test> 1700000001',
  )
  const committer = { GIT_COMMITTER_NAME: 'A Committer', GIT_COMMITTER_EMAIL: 'committer@example.test' }
  expect(await commit('cy', { ...author, ...committer, ...date })).toBe(
    'An Author <author@example.test> 1700000000|A Committer <committer@example.test> 1700000001',
  )
  const name = { GIT_AUTHOR_NAME: 'By Mail', GIT_COMMITTER_NAME: 'By Mail' }
  expect(await commit('di', { ...name, EMAIL: 'mail@example.test', ...date })).toBe(
    'By Mail <mail@example.test> 1700000000|By Mail <mail@example.test> 1700000001',
  )
})

test('--into another branch commits under the same identity, and refuses without one', async () => {
  const { house, repository } = await comparedBranches('echo base > a', { ada: 'echo ada > a' })
  for (const key of ['user.name', 'user.email']) gitIn(repository, ['config', '--unset', key])
  gitIn(repository, ['branch', 'other'])
  const words = ['pick', 'r1', '--from', 'ada', '--into', 'other']
  const refused = await house.kage(repository, words)
  expect(refused).toMatchObject({ code: 1, json: { error: { code: 'KAGE_IDENTITY_MISSING' } } })
  const name = { GIT_AUTHOR_NAME: 'A', GIT_COMMITTER_NAME: 'C' }
  await house.done(repository, words, { environment: { ...name, EMAIL: 'mail@example.test' } })
  expect(gitIn(repository, ['log', '-1', '--format=%an %ae %cn %ce', 'other'])).toBe(
    'A mail@example.test C mail@example.test\n',
  )
})
