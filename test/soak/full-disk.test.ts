import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Picked } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse, type Said } from '../support/kage.ts'
import { chosenSeed, recordProof } from '../support/proof.ts'
import { seeded } from '../support/seed.ts'
import { canMount, type SmallDisk, smallDisk } from '../support/small-disk.ts'
import { soakGoesOn, soakTimeoutMs } from '../support/soak.ts'
import { ownThings } from '../support/untouched.ts'

const diskMebibytes = 300
const names = ['ada', 'bo', 'cy']

test.skipIf(!canMount)(
  'a disk of Kage that fills up at any time loses nothing that was acknowledged',
  async () => {
    const seed = chosenSeed()
    const random = seeded(seed)
    const startedMs = performance.now()
    let round = 0
    for (; soakGoesOn(round, 2, startedMs); round++)
      await oneRound(random, `KAGE_SEED=${seed}, round ${round}`)
    recordProof({ seed, cases: round })
  },
  soakTimeoutMs,
)

async function oneRound(random: () => number, where: string): Promise<void> {
  const disk = await smallDisk(diskMebibytes)
  const house = makeHouse({
    KAGE_STATE_DIR: join(disk.directory, 'state'),
    KAGE_DATA_DIR: join(disk.directory, 'data'),
  })
  const repository = makeRepository()
  for (const name of names) house.agent(name, `sleep 0.2; echo ${name} >${name}.txt; sleep 0.2`)
  const before = ownThings(repository)
  const kage = <T>(...words: string[]): Promise<Said<T>> =>
    house.kage<T>(repository, words, { program: disk.kage })
  expect((await kage('spawn', 'a task')).code, where).toBe(0)
  if (random() < 0.5) await fillFor(disk, random, random() * 800)
  await kage('wait', 'r1', '--timeout', '60')
  await restart(kage, where)
  const landed = await landOnFullDisk(kage, disk, random)
  await checkNothingLost(kage, landed, where)
  for (const _ of landed) expect((await kage('undo')).code, where).toBe(0)
  expect(ownThings(repository), where).toEqual(before)
  await stopInside(house, kage)
}

/** Fills the disk for a while. */
async function fillFor(disk: SmallDisk, random: () => number, ms: number): Promise<void> {
  disk.fill(Math.floor(random() * 60_000))
  await pause(ms)
  disk.free()
}

type Kage = <T>(...words: string[]) => Promise<Said<T>>

/** Starts again what the full disk has failed, until every agent is done and captured. */
async function restart(kage: Kage, where: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { agents } = (await kage<{ run: RunView }>('show', 'r1')).json.run
    if (agents.every(({ status, captured }) => status === 'done' && captured)) return
    for (const { name, status } of agents)
      if (status === 'failed' || status === 'unknown') await kage('resume', `r1/${name}`)
    await kage('wait', 'r1', '--timeout', '20')
    // An end is captured a moment after the run counts as over.
    await pause(200)
  }
  throw new Error(`${where}: ${(await kage('show', 'r1')).stdout}`)
}

/** Lands every candidate with the disk full meanwhile or not; answers with those whose landing was acknowledged. */
async function landOnFullDisk(kage: Kage, disk: SmallDisk, random: () => number): Promise<string[]> {
  const landed: string[] = []
  for (const name of names) {
    if (random() < 0.7) disk.fill(Math.floor(random() * 100_000))
    const full = await kage<Picked>('pick', 'r1', '--from', name)
    disk.free()
    if (full.code === 0) landed.push(name)
    else expect(full.stderr + full.stdout).toMatch(/KAGE_[A-Z_]+/)
  }
  return landed
}

async function checkNothingLost(kage: Kage, landed: readonly string[], where: string): Promise<void> {
  const verified = await kage('verify')
  expect(verified.code, `${where}: ${verified.stdout}`).toBe(0)
  const { json } = await kage<{ undos: { undo: string }[] }>('undo', '--list')
  expect(json.undos, where).toHaveLength(landed.length)
  const { stdout } = await kage('log')
  const seqs = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { seq: number }).seq)
  expect(seqs, where).toEqual(seqs.map((_, index) => index + 1))
}

async function stopInside(house: House, kage: Kage): Promise<void> {
  await kage('daemon', 'stop')
  try {
    house.tmux('kill-server')
  } catch {
    // No server was started.
  }
}
