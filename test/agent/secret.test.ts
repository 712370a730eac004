import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type AgentProcess, plantedKey, ranAgent } from '../support/agent-program.ts'

const forms = [
  plantedKey,
  Buffer.from(plantedKey).toString('base64').replace(/=+$/, '').slice(0, -1),
  Buffer.from(`x:${plantedKey}`).toString('base64').slice(4, 30),
]

test.each(['openai', 'anthropic'] as const)('a planted key is nowhere to be found (%s)', async (api) => {
  const halves = `printf %s ${plantedKey.slice(0, 9)}; sleep 0.1; printf %s ${plantedKey.slice(9)}`
  const agent = await ranAgent({
    api,
    task: `use ${plantedKey} please`,
    files: { 'config.txt': `key = ${plantedKey}\n${'x'.repeat(1990)}${plantedKey}\n` },
    environment: { OTHER_TOKEN: `${plantedKey}-other` },
    script: [
      {
        text: [`The key is ${plantedKey.slice(0, 8)}`, `${plantedKey.slice(8)}!`],
        calls: [read('config.txt')],
      },
      { calls: [run('env; echo $PREPARED_API_KEY; cat config.txt'), run('base64 -w0 < config.txt')] },
      { calls: [run(halves), run(`printf x:%s ${plantedKey} | base64 -w0`), read(plantedKey)] },
      {
        calls: [
          { tool: 'search', input: { pattern: plantedKey } },
          { tool: plantedKey, input: {} },
        ],
      },
      { calls: [{ tool: 'read', arguments: `{"path": "${plantedKey}` }] },
      {
        calls: [run('tr "\\0" "\\n" < /proc/$PPID/environ'), run('x=$(seq 1 900); echo $x; cat config.txt')],
      },
      { calls: [{ tool: 'finish', input: { summary: `I used ${plantedKey}` } }] },
    ],
  })
  expect(agent.code, agent.screen()).toBe(0)
  expect(agent.screen()).toContain('The key is [redacted]!')
  for (const text of [agent.screen(), ...spoolTexts(agent), ...asked(agent)])
    for (const form of forms) expect(text).not.toContain(form)
  expect(asked(agent).at(-1)).toContain('[redacted]')
})

test('no half of a key is left where long lines and long output are cut', async () => {
  const agent = await ranAgent({
    files: {
      'line.txt': `${'x'.repeat(1988)}${plantedKey}\n`,
      'short.txt': `${'x'.repeat(385)}${plantedKey}\n`,
      'key.txt': plantedKey,
    },
    script: [
      { calls: [read('line.txt'), { tool: 'search', input: { pattern: 'x{100}' } }] },
      { calls: [run('head -c 4985 /dev/zero; cat key.txt; head -c 9000 /dev/zero')] },
      { calls: [run('head -c 9000 /dev/zero; cat key.txt; head -c 4970 /dev/zero')] },
      { calls: [{ tool: 'finish', input: { summary: '' } }] },
    ],
  })
  expect(agent.code, agent.screen()).toBe(0)
  expect(spoolTexts(agent).join()).toContain('characters left out')
  for (const half of [plantedKey.slice(0, 8), plantedKey.slice(-8)])
    for (const text of [...spoolTexts(agent), ...asked(agent)]) expect(text).not.toContain(half)
})

test('a failure of the endpoint that shows the key is told without it', async () => {
  const agent = await ranAgent({ script: [{ fault: { status: 400, message: `bad key ${plantedKey}` } }] })
  expect(agent.code).toBe(1)
  for (const text of [agent.screen(), ...spoolTexts(agent)]) expect(text).not.toContain(plantedKey)
})

function read(path: string): object {
  return { tool: 'read', input: { path } }
}

function run(command: string): object {
  return { tool: 'run', input: { command } }
}

function spoolTexts({ spool }: AgentProcess): string[] {
  return readdirSync(spool, { recursive: true, encoding: 'utf8' })
    .map((name) => join(spool, name))
    .filter((path) => statSync(path).isFile() && !path.endsWith('/task'))
    .map((path) => readFileSync(path, 'utf8'))
}

/** What the model was sent, but for the header that carries the key. */
function asked({ server }: AgentProcess): string[] {
  return server.requests.map(({ body }) => JSON.stringify(body))
}
