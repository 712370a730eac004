import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeRepository } from '../../../support/git-repository.ts'
import { openBoth } from '../../../support/own-repository.ts'
import { commitHistories } from '../../../support/replay/commits.ts'
import { anyHistory } from '../../../support/replay/history-arbitrary.ts'
import { replay } from '../../../support/replay/replay.ts'
import { seeded } from '../../../support/seed.ts'
import { holdsInBatches } from '../../../support/batch-property.ts'

test('random histories land as git merges them: whole, in pieces, line by line and mixed', async () => {
  const opened = await openBoth(makeRepository())
  await holdsInBatches(fc.tuple(anyHistory, fc.nat()), 100, async (cases) => {
    const pairs = commitHistories(
      opened.root,
      cases.map(([history]) => history),
    )
    const random = seeded(cases[0]?.[1] ?? 0)
    const verdicts = await replay(opened.own, pairs, random)
    const [first] = verdicts.filter(({ wrong }) => wrong !== null)
    if (first !== undefined)
      throw new Error(`${JSON.stringify(first)} of ${JSON.stringify(cases[Number(first.pair)]?.[0])}`)
    expect(verdicts).toHaveLength(5 * cases.length)
  })
}, 1_800_000)
