import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { makeHouse } from './support/house.ts'
import { makeMarks } from './support/marks.ts'
import { makeRepository } from './support/repository.ts'
import { report } from './support/report.ts'

/** What the daemon costs while 16 agents stand by: processor time, processes started, memory. */
const count = 16
const sampleMs = 11_000
const house = makeHouse()
const marks = makeMarks(house.directory)
const started = join(house.directory, 'started')

try {
  const counted = { ...house.environment, PATH: `${countingPath()}:${house.environment['PATH']}` }
  house.agents({ idle: `${marks.line}\nexec sleep 600` })
  const repository = makeRepository(house, 'repository', 20)
  house.kage(repository, ['daemon', 'start'], counted)
  house.kage(repository, ['spawn', '-n', String(count), 'stand by'], counted)
  await marks.lastOf(count)
  await pause(2_000)
  const { pid } = house.kage(repository, ['daemon', 'status']) as { pid: number }
  const before = sample(pid)
  await pause(sampleMs)
  const after = sample(pid)
  const seconds = (after.atMs - before.atMs) / 1000
  const figure = `daemon with ${count} idle agents`
  const cpu = (after.ticks - before.ticks) / seconds
  report({ figure: `${figure}: processor`, kage: cpu, floor: null, aim: '< 1 % of a core', unit: '%' })
  const processes = (after.started - before.started) / seconds
  report({ figure: `${figure}: processes started`, kage: processes, floor: null, aim: 'none', unit: '/s' })
  report({ figure: `${figure}: memory`, kage: after.memoryMb, floor: null, aim: '< 100 MB', unit: 'MB' })
} finally {
  house.close()
}

interface Sample {
  readonly atMs: number
  /** Hundredths of a second, of all threads. */
  readonly ticks: number
  readonly started: number
  readonly memoryMb: number
}

function sample(pid: number): Sample {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const memory = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return {
    atMs: performance.now(),
    ticks: (fields[11] ?? 0) + (fields[12] ?? 0),
    started: readFileSync(started, 'utf8').split('\n').length - 1,
    memoryMb: Number(memory) / 1024,
  }
}

/** A directory of programs that note their start and go on as what they stand for. */
function countingPath(): string {
  const directory = join(house.directory, 'counting')
  mkdirSync(directory)
  writeFileSync(started, '')
  for (const name of ['git', 'tmux', 'ps', 'sh']) {
    const real = house.run('/bin/sh', ['-c', `command -v ${name}`]).trim()
    writeFileSync(join(directory, name), `#!/bin/sh\necho ${name} >>'${started}'\nexec '${real}' "$@"\n`)
    chmodSync(join(directory, name), 0o755)
  }
  return directory
}
