import { expect, test } from 'vitest'
import type { Client } from '../../src/adapters/bridge/client.ts'
import type { Results } from '../../src/core/protocol/results.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { personClient } from '../support/house-client.ts'
import { makeHouse } from '../support/kage.ts'

type Page = Results['follow']

test('two that follow get every event once and in order, in pages as small as they like', async () => {
  const house = makeHouse()
  const repository = twoBranches()
  await house.done(repository, ['daemon', 'start'])
  const clients = [await personClient(house), await personClient(house)]
  const following = clients.map((client, index) => followed(client, index + 2, 25))
  const asking = await personClient(house)
  for (let count = 0; count < 6; count++) await compareMany(asking, repository, 4)
  for (const pages of await Promise.all(following)) {
    const seen = pages.flatMap(({ events }) => events.map(({ seq }) => seq))
    expect(seen.slice(0, 25)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1))
    expect(new Set(seen).size).toBe(seen.length)
    for (const { events, last } of pages) expect(events.at(-1)?.seq).toBe(last)
  }
})

test('events that are there already come as one page', async () => {
  const house = makeHouse()
  const repository = twoBranches()
  await house.done(repository, ['daemon', 'start'])
  const [client, asking] = [await personClient(house), await personClient(house)]
  await compareMany(asking, repository, 40)
  const pages = await followed(client, 1000, 41)
  expect(pages.map(({ events }) => events.length)).toEqual([41])
})

/** Follows from the beginning until so many events are there; answers with the pages. */
async function followed(client: Client, limit: number, total: number): Promise<Page[]> {
  const pages: Page[] = []
  for (let after = 0; after < total; after = pages.at(-1)?.last ?? after) {
    const page = (await client.request('follow', { after, limit })) as Page
    expect(page.events.length).toBeGreaterThan(0)
    expect(page.events.length).toBeLessThanOrEqual(limit)
    pages.push(page)
  }
  return pages
}

/** Makes so many runs at once, an event each. */
async function compareMany(client: Client, repo: string, count: number): Promise<void> {
  const wish = { repo, base: null, revisions: ['side'] }
  const one = (): Promise<unknown> => client.request('compare', { ...wish, command: crypto.randomUUID() })
  await Promise.all(Array.from({ length: count }, one))
}

function twoBranches(): string {
  const repository = makeRepository()
  gitIn(repository, ['branch', 'side'])
  return repository
}
