import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openStore } from '../../../src/adapters/store/store.ts'
import { temporaryDirectory } from '../../support/temporary.ts'
import { seeded } from '../../support/seed.ts'
import { opened } from './open.ts'
import { sampleBatch, sampleEvent, sampleState } from './sample.ts'

const program = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

test('acknowledged events survive kill -9 at random moments, in order and once', async () => {
  const seed = Number(process.env['KAGE_TEST_SEED'] ?? Date.now() % 1_000_000)
  console.log(`seed ${seed}`)
  const random = seeded(seed)
  const directory = temporaryDirectory()
  for (let round = 1; round <= 15; round += 1) {
    const acknowledged = await appendUntilKilled(directory, 1 + Math.floor(random() * 300))
    await checkKept(directory, acknowledged, `seed ${seed}, round ${round}`)
  }
})

test('a writer that dies refuses what was on its way and all that follows', async () => {
  const directory = temporaryDirectory()
  const store = await openStore(directory, { writerUrl: new URL('./dying-writer.ts', import.meta.url) })
  const codes: unknown[] = []
  for (let seq = 1; store.failure === null; seq += 1)
    await store.append(sampleBatch(seq)).catch((error) => codes.push(error.code))
  await expect(store.append(sampleBatch(store.lastSeq() + 1))).rejects.toMatchObject({ code: 'KAGE_STORE' })
  await store.close()
  const again = await opened(directory)
  expect(again.lastSeq()).toBeGreaterThanOrEqual(store.lastSeq())
  expect(await again.verify()).toMatchObject({ ok: true })
})

test('a writer that cannot start is a failure of the store', async () => {
  const opening = openStore(temporaryDirectory(), {
    writerUrl: new URL('./no-such-writer.ts', import.meta.url),
  })
  await expect(opening).rejects.toMatchObject({ code: 'KAGE_STORE' })
})

test('a write that the system refuses is reported, and nothing acknowledged is lost', () => {
  const directory = temporaryDirectory()
  const node = `exec '${process.execPath}' '${program('./filling.ts')}' '${directory}'`
  const found = run('sh', ['-c', `ulimit -f 8000; ${node}`])
  expect(found).toMatchObject({
    code: 'KAGE_STORE',
    after: 'KAGE_STORE',
    found: { verification: { ok: true } },
  })
  expect(found.found.events).toBeGreaterThanOrEqual(found.acknowledged)
  expect(found.acknowledged).toBeGreaterThan(10)
})

const namespace = process.getuid?.() === 0 ? ['-m'] : ['-r', '-m']
const mayMount = spawnSync('unshare', [...namespace, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0

test.runIf(mayMount)('a full disk is refused clearly, and nothing acknowledged is lost', () => {
  const found = runOnDisk('5m', 'bare')
  expect(found).toMatchObject({
    code: 'KAGE_DISK_LOW',
    after: 'KAGE_DISK_LOW',
    found: { verification: { ok: true }, more: '' },
  })
  expect(found.found.events).toBeGreaterThanOrEqual(found.acknowledged)
  expect(found.acknowledged).toBeGreaterThan(10)
  expect(['opened', 'KAGE_DISK_LOW']).toContain(found.openWhileFull)
})

test.runIf(mayMount)('a full disk is relieved of its ballast, so that the lock and the store open', () => {
  const found = runOnDisk('11m', 'ballast')
  expect(found).toMatchObject({ code: 'KAGE_DISK_LOW', lockWhileFull: 'taken', openWhileFull: 'opened' })
  expect(found.found.events).toBeGreaterThanOrEqual(found.acknowledged)
})

const mayCompile = spawnSync('cc', ['--version']).status === 0 && process.platform === 'linux'
const faults = ['sync', 'write'].flatMap((call) => ['EIO', 'kill'].map((how) => [call, how] as const))

test.runIf(mayCompile).each(faults)(
  'no %s that ends in %s loses or doubles an event',
  async (call, how) => {
    const library = join(temporaryDirectory(), 'fault.so')
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, program('./fault.c'), '-ldl'])
    for (const at of call === 'sync' ? [1, 3, 4, 5, 9] : [1, 2, 5, 13, 34]) {
      const directory = temporaryDirectory()
      const fault = { LD_PRELOAD: library, FAULT_CALL: call, FAULT_HOW: how, FAULT_AT: String(at) }
      const args = [program('./retrying.ts'), directory, '24']
      const { stdout, stderr, signal } = spawnSync(process.execPath, args, {
        encoding: 'utf8',
        env: { ...process.env, ...fault },
      })
      const where = `${call} ${at} ${how}: ${stderr}`
      expect(signal, where).toBe(how === 'kill' ? 'SIGKILL' : null)
      if (how === 'EIO') expect(stdout, where).toMatch(/failures [1-4]\n$/)
      await checkKept(directory, Math.max(0, ...[...stdout.matchAll(/^\d+$/gm)].map(Number)), where)
    }
  },
  60_000,
)

/** Runs the appending program until it has acknowledged so many, kills it, and returns the last number it acknowledged. */
async function appendUntilKilled(directory: string, count: number): Promise<number> {
  const child = spawn(process.execPath, [program('./appending.ts'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let acknowledged = 0
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Math.max(acknowledged, Number(line))
    if ((seen += 1) === count) child.kill('SIGKILL')
  }
  expect(seen).toBeGreaterThanOrEqual(count)
  return acknowledged
}

async function checkKept(directory: string, acknowledged: number, where: string): Promise<void> {
  const store = await openStore(directory)
  const seq = store.lastSeq()
  expect(seq, where).toBeGreaterThanOrEqual(acknowledged)
  for (let after = 0; after < seq; after += 500) {
    const expected = Array.from({ length: Math.min(500, seq - after) }, (_, index) =>
      sampleEvent(after + index + 1),
    )
    expect(store.readEvents({ after, limit: 500 }), where).toEqual(expected)
  }
  expect(store.readState(), where).toEqual({
    version: seq === 0 ? 0 : 1,
    seq,
    entries: sampleState(seq),
    broken: [],
  })
  expect(store.commandReply(`command-${seq}`), where).toBe(seq === 0 ? null : `reply ${seq}`)
  expect(store.commandReply(`command-${seq + 1}`), where).toBeNull()
  expect(await store.verify(), where).toMatchObject({ ok: true, events: seq })
  if (seq > 0) await store.append(sampleBatch(seq))
  expect(store.lastSeq(), where).toBe(seq)
  await store.close()
}

interface Found {
  readonly acknowledged: number
  readonly openWhileFull: string
  readonly found: { readonly events: number }
}

function runOnDisk(size: string, ballast: string): Found {
  const directory = temporaryDirectory()
  const node = `exec '${process.execPath}' '${program('./filling.ts')}' '${directory}' ${ballast}`
  return run('unshare', [
    ...namespace,
    'sh',
    '-c',
    `mount -t tmpfs -o size=${size} none '${directory}' && ${node}`,
  ])
}

function run(command: string, args: readonly string[]): Found {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as Found
}
