import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeHouse } from './support/house.ts'
import { makeMarks } from './support/marks.ts'
import { makeRepository } from './support/repository.ts'
import { middle, report } from './support/report.ts'
import { rounds } from './support/rounds.ts'

/**
 * Eight agents from the request to the last one running, against a plain shell loop that makes the same eight branches,
 * worktrees and panes with the same program in them. Daemon and tmux server run already, as they do all day.
 */
const count = 8
const house = makeHouse()
const marks = makeMarks(house.directory)

try {
  house.agents({ idle: `${marks.line}\nexec sleep 600` })
  for (const [files, tags] of [
    [50, 0],
    [500, 0],
    [50, 100],
    [50, 10_000],
  ] as const) {
    const repository = makeRepository(house, `repository-${files}-${tags}`, files)
    tagHistory(repository, tags)
    const loop = writeLoop(repository)
    await spawnByKage(repository)
    const measured = await rounds(
      () => spawnByKage(repository),
      () => spawnByLoop(loop, repository),
      7_000,
    )
    report({
      figure: `spawn of ${count} agents, ${files} files${tags === 0 ? '' : `, ${tags} tags`}`,
      kage: middle(measured.map(({ kage }) => kage)),
      floor: middle(measured.map(({ floor }) => floor)),
      aim: '≤ 1.3×',
      unit: 'ms',
    })
  }
} finally {
  house.close()
}

async function spawnByKage(repository: string): Promise<number> {
  marks.clear()
  house.run('sync', ['-f', house.directory])
  const start = Date.now()
  const { run } = house.kage(repository, ['spawn', '-n', String(count), 'stand by']) as {
    run: { id: string }
  }
  const end = await marks.lastOf(count)
  house.kage(repository, ['stop', run.id])
  house.kage(repository, ['wait', run.id])
  house.kage(repository, ['clean', run.id, '--force'])
  house.run('git', ['-C', repository, 'branch', '-D', '--quiet', ...branches(repository)])
  house.run('git', ['-C', repository, 'update-ref', '-d', `refs/kage/base/${run.id}`])
  return end - start
}

async function spawnByLoop(loop: string, repository: string): Promise<number> {
  marks.clear()
  house.run('sync', ['-f', house.directory])
  const start = Date.now()
  house.run('/bin/sh', [loop])
  const end = await marks.lastOf(count)
  house.run('tmux', ['-S', house.tmuxSocket, 'kill-session', '-t', '=loop'])
  for (let number = 1; number <= count; number++)
    house.run('git', ['-C', repository, 'worktree', 'remove', '--force', `${repository}-loop-${number}`])
  house.run('git', ['-C', repository, 'branch', '-D', '--quiet', ...branches(repository)])
  return end - start
}

/** Gives a repository that many tags, an annotated one for each ten, on a history of its own; packed, as after a clone. */
function tagHistory(repository: string, tags: number): void {
  if (tags === 0) return
  const who = 'person <person@example.test>'
  const commits = Array.from({ length: tags }, (_, number) => {
    const commit = `commit refs/heads/side\ncommitter ${who} ${number} +0000\ndata 0\n`
    const light = `reset refs/tags/light-${number}\nfrom refs/heads/side\n\n`
    const tagged = `tag annotated-${number}\nfrom refs/heads/side\ntagger ${who} ${number} +0000\ndata 0\n`
    return commit + (number % 10 === 0 ? tagged : light)
  })
  const stream = join(house.directory, 'stream')
  writeFileSync(stream, commits.join(''))
  house.run('sh', [
    '-c',
    `git -C '${repository}' fast-import --quiet < '${stream}' && git -C '${repository}' gc --quiet`,
  ])
}

function branches(repository: string): string[] {
  const format = '--format=%(refname:short)'
  return house
    .run('git', ['-C', repository, 'branch', format, '--list', 'kage/*', 'loop/*'])
    .trim()
    .split('\n')
}

function writeLoop(repository: string): string {
  const program = join(house.directory, 'idle.sh')
  const tmux = `tmux -S '${house.tmuxSocket}'`
  const file = `${repository}-loop.sh`
  const text = `set -e
cd '${repository}'
for number in 1 2 3 4 5 6 7 8; do
  path='${repository}-loop-'$number
  git worktree add --quiet -b loop/$number "$path" HEAD
  if [ $number = 1 ]; then
    ${tmux} new-session -d -s loop -x 200 -y 50 -c "$path" '${program}'
  else
    ${tmux} split-window -d -t =loop: -c "$path" '${program}'
    ${tmux} select-layout -t =loop: tiled
  fi
done
`
  writeFileSync(file, text)
  return file
}
