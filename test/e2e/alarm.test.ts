import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { AlarmView } from '../../src/core/alarm.ts'
import type { Picked, Shown } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { commitAll, gitIn, makeRepository, writeFiles } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { eventsOf, runNow, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'

interface Refusal {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly hint: string
    readonly alarms: AlarmView[]
  }
}

/** Everything in the person's repository that makes git run something or read elsewhere, by the alarm that tells of it. */
const plants: readonly (readonly [kind: string, subject: string, script: string])[] = [
  ['config', '.git/config', 'git -C "$REPO" config core.fsmonitor "touch $MARKER; false"'],
  [
    'hook',
    '.git/hooks/post-commit',
    'mkdir -p "$REPO/.git/hooks"; printf "#!/bin/sh\\ntouch $MARKER\\n" > "$REPO/.git/hooks/post-commit"; chmod +x "$REPO/.git/hooks/post-commit"',
  ],
  [
    'info',
    '.git/info/attributes',
    'mkdir -p "$REPO/.git/info"; echo "* filter=evil" > "$REPO/.git/info/attributes"',
  ],
  [
    'alternates',
    '.git/objects/info/alternates',
    'mkdir -p "$REPO/.git/objects/info"; echo /elsewhere > "$REPO/.git/objects/info/alternates"',
  ],
  ['replace', 'refs/replace/', 'git -C "$REPO" replace HEAD HEAD~1'],
]

function houseWith(script: string): { house: House; repository: string; marker: string } {
  const house = makeHouse()
  const repository = makeRepository()
  appendFileSync(join(repository, 'a.txt'), 'second\n')
  commitAll(repository, 'second')
  const marker = `${house.directory}/marker`
  house.agent('evil', `REPO=${repository}\nMARKER=${marker}\n${script}\necho evil >> src/b.txt`)
  return { house, repository, marker }
}

test('what an agent changes of what makes git run or read elsewhere refuses landings until it is acknowledged', async () => {
  const { house, repository, marker } = houseWith(plants.map(([, , script]) => script).join('\n'))
  const { run } = await house.done<{ run: RunView }>(repository, ['spawn', '--wait', 'task'])
  expect(run.agents[0]).toMatchObject({ status: 'done', alarms: plants.length })
  for (const words of [
    ['pick', 'r1', '--from', 'evil'],
    ['pick', 'r1', '--from', 'evil', '--dry-run'],
    ['pick', 'r1', '--from', 'evil', '--commit'],
  ]) {
    const refused = await house.kage<Refusal>(repository, words)
    expect([refused.code, refused.json.error.code]).toEqual([1, 'KAGE_ALARM'])
    expect(refused.json.error.alarms.map(({ kind }) => kind).toSorted()).toEqual(
      plants.map(([kind]) => kind).toSorted(),
    )
    for (const [kind, subject] of plants) {
      const alarm = refused.json.error.alarms.find((each) => each.kind === kind)
      expect(alarm).toMatchObject({
        subject: expect.stringContaining(subject),
        agents: ['evil'],
        acknowledged: false,
      })
    }
    expect(refused.json.error.hint).toContain('kage ack r1')
  }
  expect(readFileSync(join(repository, 'src/b.txt'), 'utf8')).toBe('b\n')
  const { stdout } = await house.plain(repository, ['show', 'r1'])
  expect(stdout).toContain('+ core.fsmonitor = touch')
  expect(stdout).toContain('- (absent)')
  expect((await house.plain(repository, ['ls'])).stdout).toContain('5 alarms')
  const acknowledged = await house.done<{ alarms: AlarmView[] }>(repository, ['ack', 'r1'])
  expect(acknowledged.alarms.map((alarm) => alarm.acknowledged)).toEqual(plants.map(() => true))
  expect(await house.done(repository, ['ack', 'r1'])).toEqual({ alarms: [] })
  expect((await house.done<Picked>(repository, ['pick', 'r1', '--from', 'evil'])).result).toBe('landed')
  expect(existsSync(marker)).toBe(false)
  expect((await runNow(house, repository)).agents[0]?.alarms).toBe(0)
})

test('a change that is made again after it was acknowledged, or in another way, is a new alarm; what is unchanged is none', async () => {
  const { house, repository } = houseWith('true')
  await house.done(repository, ['spawn', '--wait', 'task'])
  expect(await house.done(repository, ['ack', 'r1'])).toEqual({ alarms: [] })
  const hook = join(repository, '.git/hooks/pre-push')
  mkdirSync(join(repository, '.git/hooks'), { recursive: true })
  for (const text of ['first\n', 'second\n']) {
    writeFileSync(hook, text)
    const refused = await house.kage<Refusal>(repository, ['pick', 'r1', '--from', 'evil'])
    expect(refused.json.error.alarms).toMatchObject([
      { subject: '.git/hooks/pre-push', after: `mode 644\n${text}` },
    ])
    expect((await house.done<{ alarms: AlarmView[] }>(repository, ['ack', 'r1'])).alarms).toHaveLength(1)
  }
  const types = (await eventsOf(house, repository, 'r1')).map(({ type }) => type)
  expect(types.filter((type) => type === 'alarm.raised')).toHaveLength(2)
  await house.done(repository, ['pick', 'r1', '--from', 'evil'])
})

test('a worktree whose .git leads elsewhere is an alarm, and what was acknowledged for one run is for all', async () => {
  const { house, repository } = houseWith(
    'rm .git; git init -q elsewhere; echo "gitdir: $PWD/elsewhere/.git" > .git',
  )
  house.agent('calm', 'echo calm >> src/b.txt')
  await house.done(repository, ['spawn', '-a', 'evil', '--wait', 'task'])
  await house.done(repository, ['spawn', '-a', 'calm', '--wait', 'task'])
  gitIn(repository, ['config', 'diff.external', 'evil'])
  const first = await house.kage<Refusal>(repository, ['pick', 'r1', '--from', 'evil', '--path', 'src'])
  expect(first.json.error.alarms.map(({ kind, subject }) => `${kind} ${subject}`).toSorted()).toEqual([
    'config .git/config',
    'git r1/evil: .git',
  ])
  const second = await house.kage<Refusal>(repository, ['pick', 'r2', '--from', 'calm'])
  expect(second.json.error.alarms.map(({ subject }) => subject)).toEqual(['.git/config'])
  await house.done(repository, ['ack', 'r1'])
  const shown = await house.done<Shown>(repository, ['show', 'r2'])
  expect('run' in shown ? shown.run.alarms : null).toEqual([])
  await house.done(repository, ['pick', 'r2', '--from', 'calm'])
})

test('a setting or hook that is changed and taken back while an agent works is an alarm, soon', async () => {
  const { house, repository } = houseWith('while [ ! -e "$MARKER" ]; do sleep 0.1; done')
  await house.done(repository, ['spawn', 'task'])
  await untilAll(house, repository, 'working')
  const alarmCount = async (): Promise<number> =>
    (await eventsOf(house, repository, 'r1')).filter(({ type }) => type === 'alarm.raised').length
  gitIn(repository, ['config', 'core.fsmonitor', 'evil'])
  await until(async () => (await alarmCount()) === 1)
  gitIn(repository, ['config', '--unset', 'core.fsmonitor'])
  const hook = join(repository, '.git/hooks/pre-push')
  mkdirSync(join(repository, '.git/hooks'), { recursive: true })
  writeFileSync(hook, 'evil\n')
  await until(async () => (await alarmCount()) === 2)
  rmSync(hook)
  const { alarms } = await house.done<{ alarms: AlarmView[] }>(repository, ['ack', 'r1'])
  expect(alarms.map(({ subject }) => subject)).toEqual(['.git/config', '.git/hooks/pre-push'])
})

test('a worktree or a .git that is gone is no alarm', async () => {
  const { house, repository } = houseWith('rm .git')
  house.agent('gone', 'rm -rf "$PWD"')
  await house.kage(repository, ['spawn', '--wait', '-a', 'evil', '-a', 'gone', 'task'])
  expect(await house.done(repository, ['ack', 'r1'])).toEqual({ alarms: [] })
})

test('hooks of a directory that core.hooksPath names are watched, tracked or not', async () => {
  const { house, repository, marker } = houseWith(
    `printf '#!/bin/sh\\ntouch %s\\n' "$MARKER" > "$REPO/.husky/pre-commit"
     chmod +x "$REPO/.husky/post-commit"; echo 'touch more' > "$REPO/.husky/_/pre-push"; chmod +x "$REPO/.husky/_/pre-push"`,
  )
  writeFiles(repository, { '.husky/pre-commit': 'true\n', '.husky/post-commit': 'true\n' })
  commitAll(repository, 'hooks')
  writeFiles(repository, { '.husky/_/pre-commit': 'true\n', '.git/info/exclude': '.husky/_\n' })
  const expected = {
    '.husky': ['.husky/post-commit', '.husky/pre-commit'],
    '.husky/_': ['.husky/_/pre-push'],
  }
  for (const [directory, subjects] of Object.entries(expected)) {
    gitIn(repository, ['config', 'core.hooksPath', directory])
    const { run } = await house.done<{ run: RunView }>(repository, ['spawn', '--wait', 'task'])
    const refused = await house.kage<Refusal>(repository, ['pick', run.id, '--from', 'evil'])
    expect(refused.json.error.code).toBe('KAGE_ALARM')
    expect(refused.json.error.alarms.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(
      subjects.map((subject) => `hook ${subject}`),
    )
    // Your own edit of a tracked hook is an alarm, too; every text of it names the next step.
    expect((await house.plain(repository, ['show', run.id])).stdout).toContain(`then \`kage ack ${run.id}\``)
    gitIn(repository, ['checkout', '--', '.husky'])
    rmSync(join(repository, '.husky/_/pre-push'))
    await house.done(repository, ['ack', 'r1'])
  }
  expect(existsSync(marker)).toBe(false)
})

test('a hook that a landing writes, and its undo, are no alarm; a change after that is one', async () => {
  const { house, repository } = houseWith(
    'echo "echo one" > .husky/pre-commit; chmod +x .husky/pre-commit; rm .husky/post-commit; echo true > .husky/pre-push',
  )
  writeFiles(repository, { '.husky/pre-commit': 'true\n', '.husky/post-commit': 'true\n' })
  commitAll(repository, 'hooks')
  gitIn(repository, ['config', 'core.hooksPath', '.husky'])
  await house.done(repository, ['spawn', '--wait', 'task'])
  for (const words of [
    ['pick', 'r1', '--from', 'evil'],
    ['undo'],
    ['pick', 'r1', '--from', 'evil', '--commit'],
  ]) {
    await house.done(repository, words)
    expect(await house.done(repository, ['ack', 'r1'])).toEqual({ alarms: [] })
  }
  expect(existsSync(join(repository, '.husky/post-commit'))).toBe(false)
  appendFileSync(join(repository, '.husky/pre-commit'), 'evil\n')
  const { alarms } = await house.done<{ alarms: AlarmView[] }>(repository, ['ack', 'r1'])
  expect(alarms).toMatchObject([{ subject: '.husky/pre-commit', before: 'mode 644\ntrue\n' }])
})

test('settings of an ordinary day are no alarm, and no key of a setting is shown', async () => {
  const { house, repository } = houseWith('true')
  await house.done(repository, ['spawn', '--wait', 'task'])
  for (const [key, value] of [
    ['user.name', 'Another'],
    ['branch.main.remote', 'origin'],
    ['branch.main.merge', 'refs/heads/main'],
    ['gc.auto', '0'],
    ['color.ui', 'never'],
  ] as const)
    gitIn(repository, ['config', key, value])
  gitIn(repository, ['sparse-checkout', 'set', '--no-cone', '/*'])
  expect(await house.done(repository, ['ack', 'r1'])).toEqual({ alarms: [] })
  gitIn(repository, ['config', 'remote.origin.url', 'https://me:planted-key-1@host/x'])
  gitIn(repository, ['config', 'http.extraHeader', 'Authorization: planted-key-2'])
  const { alarms } = await house.done<{ alarms: AlarmView[] }>(repository, ['ack', 'r1'])
  expect(alarms).toMatchObject([
    { after: expect.stringContaining('remote.origin.url = https://me:[redacted]@host/x') },
  ])
  expect(JSON.stringify(await eventsOf(house, repository))).not.toContain('planted-key')
})
