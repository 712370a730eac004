import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DaemonStatus } from '../../src/core/protocol/results.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { refused } from '../support/refusal.ts'
import { eventsOf } from '../support/run.ts'

const secret = 'planted-0123456789'

test('the daemon keeps of its starter’s variables only those it needs, and agents get what they list', async () => {
  const house = makeHouse({ MY_TOKEN: secret, OTHER_SECRET: 'other-0123456789', EDITOR: 'nonsense' })
  house.agent('ada', 'exit 0')
  house.configure(
    `[agents.mine]\nkind = "command"\ncommand = ["sh", "-c", "echo $MY_TOKEN$OTHER_SECRET > seen.txt"]\nenv = ["PATH", "MY_TOKEN"]`,
  )
  const repository = makeRepository()
  await house.done(repository, ['spawn', '-a', 'mine', '--wait', 'task'])
  const { patch } = await house.done<{ patch: string }>(repository, ['diff', 'r1/mine'])
  expect(patch).toContain(`+${secret}\n`)
  const { pid } = await house.done<DaemonStatus>(repository, ['daemon', 'status'])
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
  expect(environment).toContain('KAGE_STATE_DIR=')
  expect(environment).not.toMatch(/MY_TOKEN|OTHER_SECRET|EDITOR|0123456789/)
})

test('values of the asking client’s secret variables are redacted in words, never in paths, commands or content', async () => {
  const house = makeHouse()
  const report = { type: 'agent.said', data: { text: `I use ${secret}` } }
  house.agent(
    'ada',
    `printf '%s\\n' '${JSON.stringify(report)}' >> "$(dirname "$KAGE_TASK_FILE")/outbox"\necho '${secret}' > '${secret}.txt'\necho 'refused: ${secret}'; exit 1`,
  )
  const repository = makeRepository()
  const environment = { MY_OWN_PASSWORD: secret, MY_KEY: repository }
  await house.kage(repository, ['spawn', '--wait', `use ${secret} in ${repository}`], { environment })
  const events = await eventsOf(house, repository, 'r1')
  const wordsOf = (type: string): string => JSON.stringify(events.find((event) => event.type === type)?.data)
  expect(wordsOf('run.started')).toContain(`use [redacted] in ${repository}`)
  expect(wordsOf('agent.said')).toContain('I use [redacted]')
  expect(wordsOf('agent.exited')).toContain('refused: [redacted]')
  const { patch } = await house.done<{ patch: string }>(repository, ['diff', 'r1/ada'])
  expect(patch).toContain(`+${secret}\n`)
  expect(patch).toContain(`b/${secret}.txt`)
})

test('a state directory or a configuration that others can write is refused with the next step', async () => {
  const house = makeHouse()
  house.agent('ada', 'exit 0')
  const repository = makeRepository()
  for (const mode of [0o777, 0o770, 0o702]) {
    const directory = join(house.directory, `state-${mode.toString(8)}`)
    mkdirSync(directory)
    chmodSync(directory, mode)
    const environment = { KAGE_STATE_DIR: directory, KAGE_RUNTIME_DIR: join(house.directory, `run-${mode}`) }
    expect(await refused(house, repository, ['ls'], 1, 'KAGE_DIRECTORY', { environment })).toContain(
      directory,
    )
  }
  chmodSync(join(house.directory, 'config.toml'), 0o666)
  const words = ['spawn', 'task']
  expect(await refused(house, repository, words, 1, 'KAGE_CONFIG')).toContain(
    'can be written by others (mode 666)',
  )
  chmodSync(join(house.directory, 'config.toml'), 0o644)
  await house.done(repository, words)
})
