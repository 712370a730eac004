import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Client } from '../../src/adapters/bridge/client.ts'
import { compose } from '../../src/core/merge/compose.ts'
import { takeAgent } from '../../src/core/merge/decision.ts'
import { bytesOfPath } from '../../src/core/merge/path.ts'
import { limit } from '../../src/core/limit.ts'
import type { Results, ReviewAnswer } from '../../src/core/protocol/results.ts'
import { blobId } from '../../src/daemon/blob-id.ts'
import { holdsAsync } from '../support/async-property.ts'
import { gitBytesIn, gitIn, makeRepository } from '../support/git-repository.ts'
import { personClient } from '../support/house-client.ts'
import { makeHouse } from '../support/kage.ts'
import { anyWorld } from '../support/merge-arbitrary.ts'
import type { Files } from '../support/merge-world.ts'
import { poemRace } from '../support/poem-race.ts'
import { reviewing } from '../support/review-client.ts'

test('what crosses the socket composes to the trees of the agents, whatever the bytes of texts and paths', async () => {
  const house = makeHouse()
  const repository = makeRepository({ files: { keep: 'kept\n' } })
  await house.done(repository, ['daemon', 'start'])
  const client = await personClient(house)
  await holdsAsync(
    fc.asyncProperty(anyWorld, async ({ base, agents }) => {
      const commits = ['one', 'two', 'three'].map((name) => commitOf(repository, agents[name] ?? {}, name))
      const from = commitOf(repository, base, 'base')
      const compared = { repo: repository, base: from, revisions: commits, command: crypto.randomUUID() }
      const { run } = (await client.request('compare', compared)) as Results['compare']
      const shown = await reviewing(client, repository, run.id).review()
      expect(shown).toMatchObject({
        run: run.id,
        base: from,
        target: repository,
        objectFormat: 'sha1',
        landed: [],
      })
      for (const { agent, tree } of shown.candidates) {
        expect(gitIn(repository, ['rev-parse', `${agent}^{tree}`]).trim()).toBe(tree)
        const blobs = Object.entries({ keep: 'kept\n', ...base }).map(([path, text]) => [
          path,
          blobId(text, 'sha1'),
        ])
        const files = await filesAfter(client, repository, shown, agent, new Map(blobs as [string, string][]))
        expect(files).toEqual(blobsOf(repository, agent))
      }
    }),
    12,
  )
})

test('a review tells which variants land, and numbers its regions as the command line does', async () => {
  const { house, repository, poem, write } = await poemRace()
  write('poem.txt', poem({ 2: 'mine', 3: 'mine 3' }))
  const client = await personClient(house)
  const shown = await reviewing(client, repository).review()
  expect(shown).toMatchObject({ task: 'improve the poem', warnings: [], pending: { removed: [], added: [] } })
  expect(shown.candidates.map(({ agent }) => agent)).toEqual(['ada', 'bo'])
  expect(shown.regions.map(({ id, region, clean, stale }) => [id, region.kind, clean, stale])).toEqual([
    ['g1', 'add', ['a'], false],
    ['g2', 'add', ['a'], false],
    ['g3', 'text', [], false],
    ['g4', 'text', ['a'], false],
    ['g5', 'text', ['a'], false],
  ])
})

test('texts are read by name without a look at the agents, and what is no text here is null', async () => {
  const { house, repository } = await poemRace({ 'raw.bin': Buffer.from([0, 255, 10, 128]) })
  const client = await personClient(house)
  const raw = gitIn(repository, ['rev-parse', 'HEAD:raw.bin']).trim()
  const commit = gitIn(repository, ['rev-parse', 'HEAD']).trim()
  const blobs = [raw, commit, '0'.repeat(40), 'f'.repeat(64)]
  const before = ((await client.request('status', {})) as Results['status']).events
  const { texts } = (await client.request('texts', { repo: repository, id: 'r1', blobs })) as Results['texts']
  expect(texts.map(({ blob, bytes }) => [blob, bytes && [...bytes]])).toEqual([
    [raw, [0, 255, 10, 128]],
    [commit, null],
    ['0'.repeat(40), null],
    ['f'.repeat(64), null],
  ])
  expect(((await client.request('status', {})) as Results['status']).events).toBe(before)
})

test('more text than one answer may hold is refused before it is read', async () => {
  const half = 'x'.repeat(limit.textsBytes / 2 + 1)
  const { house, repository } = await poemRace({ one: `1${half}`, two: `2${half}` })
  const client = await personClient(house)
  const blobs = ['one', 'two'].map((path) => gitIn(repository, ['rev-parse', `HEAD:${path}`]).trim())
  const params = { repo: repository, id: 'r1', blobs }
  await expect(client.request('texts', params)).rejects.toMatchObject({ code: 'KAGE_LIMIT' })
  const { texts } = (await client.request('texts', { ...params, blobs: blobs.slice(1) })) as Results['texts']
  expect(texts[0]?.bytes).toHaveLength(half.length + 1)
})

test('a review from another repository refuses, and so does one of a repository that is gone', async () => {
  const { house, repository } = await poemRace()
  const client = await personClient(house)
  const other = makeRepository()
  await expect(reviewing(client, other).review()).rejects.toMatchObject({ code: 'KAGE_RUN_UNKNOWN' })
  await expect(reviewing(client, `${repository}-gone`).review()).rejects.toMatchObject({
    code: 'KAGE_NOT_A_REPOSITORY',
  })
})

/** What a client makes of the base by taking all of an agent's: blobs by path. */
async function filesAfter(
  client: Client,
  repo: string,
  { run, regions }: ReviewAnswer,
  agent: string,
  files: Map<string, string>,
): Promise<Record<string, string>> {
  const decisions = takeAgent(
    [],
    regions.map(({ region }) => region),
    agent,
  )
  const blobs = [...new Set(decisions.flatMap(({ base }) => (base === null ? [] : [base.oid])))]
  const { texts } = (await client.request('texts', { repo, id: run, blobs })) as Results['texts']
  const known = new Map(texts.map(({ blob, bytes }) => [blob, Buffer.from(bytes ?? []).toString('latin1')]))
  for (const edit of compose(decisions, ({ oid }) => known.get(oid) ?? '')) {
    if ('removed' in edit) files.delete(edit.path)
    else files.set(edit.path, 'content' in edit ? blobId(edit.content, 'sha1') : edit.oid)
  }
  return Object.fromEntries([...files].map(([path, blob]) => [bytesOfPath(path), blob]))
}

function blobsOf(repository: string, commit: string): Record<string, string> {
  const listed = gitIn(repository, ['ls-tree', '-r', '-z', commit]).split('\0').filter(Boolean)
  return Object.fromEntries(
    listed.map((line) => [line.slice(line.indexOf('\t') + 1), line.split(/[ \t]/)[2] ?? '']),
  )
}

/** Commits these files, and one that is always there, with no look at the worktree. */
function commitOf(repository: string, files: Files, name: string): string {
  const entries = Object.entries({ keep: 'kept\n', ...files }).map(([path, text]) => {
    const blob = gitIn(repository, ['hash-object', '-w', '--stdin'], Buffer.from(text, 'latin1')).trim()
    return `100644 ${blob}\t${bytesOfPath(path)}\0`
  })
  gitIn(repository, ['read-tree', '--empty'])
  gitBytesIn(repository, ['update-index', '-z', '--index-info'], Buffer.from(entries.join(''), 'latin1'))
  const tree = gitIn(repository, ['write-tree']).trim()
  return gitIn(repository, ['commit-tree', tree, '-p', 'HEAD', '-m', name]).trim()
}
