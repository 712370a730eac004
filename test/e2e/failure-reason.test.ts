import { expect, test } from 'vitest'
import type { RunView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { eventsOf, spawnRun } from '../support/run.ts'

/** The reason of each agent of a run whose programs are these scripts. */
async function reasons(
  scripts: Readonly<Record<string, string>>,
  environment: Record<string, string> = {},
): Promise<{ reasons: Record<string, string | null>; log: string }> {
  const house = makeHouse(environment)
  for (const [name, script] of Object.entries(scripts)) house.agent(name, script)
  const repository = makeRepository()
  await spawnRun(house, repository)
  const { json } = await house.kage<{ run: RunView }>(repository, ['wait', 'r1', '--timeout', '120'])
  return {
    reasons: Object.fromEntries(json.run.agents.map(({ name, reason }) => [name, reason])),
    log: JSON.stringify(await eventsOf(house, repository, 'r1')),
  }
}

const key = 'sk-0123456789abcdef0123456789'

test('the last lines that a program printed explain its failure', async () => {
  const found = await reasons(
    {
      ada: `printf 'starting\\n\\033[31mError:\\033[0m Invalid API key\\n' >&2; exit 1`,
      bo: 'for n in 1 2 3 4 5; do echo "line $n"; done; exit 3',
      cy: 'exit 2',
      di: `printf '%0500d\\n' 7; printf 'last \\342\\200\\256 \\001\\n'; exit 1`,
      ed: `printf '\\033[?1049h\\033[3;4Hdrawn\\033[?1049l'; echo 'Error: no such model'; exit 1`,
      fi: 'echo fine; exit 0',
      gus: `echo "no access with ${key}"; exit 1`,
    },
    { ANTHROPIC_API_KEY: key },
  )
  expect(found.reasons).toEqual({
    ada: 'ended with exit status 1: starting / Error: Invalid API key',
    bo: 'ended with exit status 3: line 3 / line 4 / line 5',
    cy: 'ended with exit status 2',
    di: `ended with exit status 1: ${'0'.repeat(200)} / last \u202e`,
    ed: 'ended with exit status 1: Error: no such model',
    fi: 'ended with exit status 0',
    gus: 'ended with exit status 1: no access with [redacted]',
  })
  expect(found.log).not.toContain(key)
})
