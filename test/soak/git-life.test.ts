import { execFile } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { RunView } from '../../src/core/protocol/view.ts'
import { commitAll, gitIn, makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { chosenSeed, recordProof } from '../support/proof.ts'
import { spawnRun } from '../support/run.ts'
import { seeded } from '../support/seed.ts'
import { soakGoesOn, soakTimeoutMs } from '../support/soak.ts'

type Dice = (below: number) => number

const names = ['ada', 'bo', 'cy'] as const

test(
  'agents and the person use git at random, and neither disturbs the other',
  async () => {
    const seed = chosenSeed()
    const random = seeded(seed)
    const dice: Dice = (below) => Math.floor(random() * below)
    const startedMs = performance.now()
    let round = 0
    for (; soakGoesOn(round, 1, startedMs); round++) await oneRound(dice, `KAGE_SEED=${seed}, round ${round}`)
    recordProof({ seed, cases: round })
  },
  soakTimeoutMs,
)

async function oneRound(dice: Dice, where: string): Promise<void> {
  const house = makeHouse()
  const { repository, origin } = makePerson(house)
  const failures = join(house.directory, 'failures')
  writeFileSync(failures, '')
  for (const name of names) house.agent(name, agentScript(dice, name, failures))
  const { id } = await spawnRun(house, repository)
  const person = new Person(repository, origin, dice)
  const waiting = house.kage<{ run: RunView }>(repository, ['wait', id, '--timeout', '150'])
  const ended = { all: false }
  void waiting.then(() => (ended.all = true))
  for (let step = 0; step < 12 || !ended.all; step++) {
    await person.act()
    if (step % 4 === 3) await house.kage(repository, ['regions', id])
    await pause(dice(40))
  }
  const { code, json } = await waiting
  expect(readFileSync(failures, 'utf8'), where).toBe('')
  expect([code, json.run.agents.map(({ status }) => status)], where).toEqual([0, ['done', 'done', 'done']])
  await person.collect()
  await person.expectOwn(where)
  checkOutcome(repository, json.run, where)
}

/** A person's repository with an origin, some history and a stash entry. */
function makePerson(house: House): { repository: string; origin: string } {
  const repository = makeRepository({ files: { 'person.txt': 'base\n', 'shared.txt': 'base\n' } })
  const origin = join(house.directory, 'origin.git')
  gitIn(repository, ['clone', '-q', '--bare', repository, origin])
  gitIn(repository, ['remote', 'add', 'origin', origin])
  gitIn(repository, ['fetch', '-q', 'origin'])
  gitIn(repository, ['tag', '-am', 'noted', 'v1'])
  appendFileSync(join(repository, 'person.txt'), 'stashed\n')
  gitIn(repository, ['stash', '-q'])
  return { repository, origin }
}

/** A script of git commands in random order, each of which has to succeed; what fails is written down. */
function agentScript(dice: Dice, name: string, failures: string): string {
  const steps = Array.from({ length: 14 }, (_, step) => agentStep(dice, name, step))
  const lines = steps.map(
    (step) =>
      `( set -e; ${step} ) >>"$LOG" 2>&1 || { echo ${JSON.stringify(`${name}: ${step}`)} >> '${failures}'; tail -3 "$LOG" >> '${failures}'; }`,
  )
  return [
    `LOG=$(mktemp -p '${failures.replace(/failures$/, '')}')`,
    `export GIT_AUTHOR_NAME=${name} GIT_AUTHOR_EMAIL=${name}@x GIT_COMMITTER_NAME=${name} GIT_COMMITTER_EMAIL=${name}@x`,
    ...lines,
  ].join('\n')
}

function agentStep(dice: Dice, name: string, step: number): string {
  const mark = `${name} ${step} ${dice(1_000_000)}`
  const commit = `git add -A && git commit -q --allow-empty -m '${mark}'`
  const steps = [
    `echo '${mark}' >> ${name}.txt; ${commit}`,
    `echo '${mark}' > ${name}-${step}.txt`,
    `echo '${mark}' >> shared.txt; git commit -qam '${mark}'`,
    `${commit}; git commit -q --amend --allow-empty -m 'amended ${mark}'`,
    `${commit}; echo '${mark}' > s-${step}; git stash push -q -u; echo '${mark}' > t-${step}; ${commit}; git stash pop -q`,
    `git tag -f ${name}-tag; git tag -am '${mark}' ${name}-note-${step}; git tag -d ${name}-note-${step}`,
    `git branch -f side-${dice(3)}; git branch -f dead; git branch -qD dead`,
    `${commit}; git checkout -q -b r-${step} HEAD~1; echo '${mark}' > r-${step}; ${commit}; git rebase -q kage/r1/${name}
git checkout -q kage/r1/${name}; git merge -q --ff-only r-${step}; git branch -qD r-${step}`,
    `${commit}; git reset -q --soft HEAD~1; git reset -q`,
    'git gc -q --prune=now',
    'git reflog expire --expire=now --all; git repack -adlq; git prune-packed -q; git prune',
    `git worktree add -q --detach ../w-${name}-${step}; git worktree remove --force ../w-${name}-${step}`,
    `git update-ref refs/heads/main HEAD; git config user.note '${mark}'`,
    'git fetch -q origin; git stash list; git log --oneline --all | head -3; git status --porcelain | head -3',
  ]
  return steps[dice(steps.length)] ?? commit
}

/** The person works with git in the meantime; each command has to succeed. */
class Person {
  readonly #repository: string
  readonly #origin: string
  readonly #dice: Dice
  readonly #config: string
  readonly #stashed: string
  #last = ''
  #count = 0

  constructor(repository: string, origin: string, dice: Dice) {
    this.#repository = repository
    this.#origin = origin
    this.#dice = dice
    this.#config = readFileSync(join(repository, '.git/config'), 'utf8')
    this.#stashed = gitIn(repository, ['rev-parse', 'stash'])
  }

  async act(): Promise<void> {
    const number = this.#count++
    const actions = [
      () => this.#commit(number),
      () => this.#commit(number),
      () => this.#stash(number),
      () => this.#rebase(number),
      () => this.#fetch(number),
      () => this.#git('commit', '-q', '--amend', '--allow-empty', '-m', `amended ${number}`),
      () => this.#git('repack', '-adq'),
      () => this.collect(),
    ]
    await actions[this.#dice(actions.length)]?.()
    this.#last = await this.#state()
  }

  /** Takes everything that no ref reaches any more. */
  async collect(): Promise<void> {
    // Of the stash the log is all there is.
    const refs = (await this.#git('for-each-ref', '--format=%(refname)', 'refs/heads'))
      .split('\n')
      .filter(Boolean)
    await this.#git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', 'HEAD', ...refs)
    await this.#git('gc', '-q', '--prune=now')
  }

  /** Expects the person's refs, HEAD, stash, configuration and files to be as the person left them. */
  async expectOwn(where: string): Promise<void> {
    const refs = (await this.#git('for-each-ref', '--format=%(refname)')).split('\n').filter(Boolean)
    const ours = /^refs\/(heads\/kage\/r1\/(ada|bo|cy)|kage\/base\/r1)$/
    expect(refs.filter((ref) => !ours.test(ref)).toSorted(), where).toEqual([
      'refs/heads/main',
      'refs/remotes/origin/main',
      'refs/stash',
      'refs/tags/v1',
    ])
    expect(await this.#state(), where).toBe(this.#last)
    expect(await this.#git('status', '--porcelain'), where).toBe('')
    expect(await this.#git('rev-parse', 'stash'), where).toBe(this.#stashed)
    expect(readFileSync(join(this.#repository, '.git/config'), 'utf8'), where).toBe(this.#config)
  }

  #state(): Promise<string> {
    return this.#git('rev-parse', '--symbolic-full-name', 'HEAD', 'HEAD~0', 'refs/remotes/origin/main', 'v1')
  }

  async #commit(number: number): Promise<void> {
    appendFileSync(join(this.#repository, 'person.txt'), `${number}\n`)
    await this.#git('commit', '-qam', `person ${number}`)
  }

  async #stash(number: number): Promise<void> {
    writeFileSync(join(this.#repository, `stashed-${number}`), `${number}\n`)
    await this.#git('stash', 'push', '-q', '-u')
    await this.#git('stash', 'pop', '-q')
    await this.#git('add', '-A')
    await this.#git('commit', '-qm', `unstashed ${number}`)
  }

  async #rebase(number: number): Promise<void> {
    await this.#git('commit', '-q', '--allow-empty', '-m', `before ${number}`)
    await this.#git('switch', '-q', '-c', `p-${number}`, 'HEAD~1')
    writeFileSync(join(this.#repository, `p-${number}.txt`), `${number}\n`)
    await this.#git('add', '-A')
    await this.#git('commit', '-qm', `side ${number}`)
    await this.#git('rebase', '-q', 'main')
    await this.#git('switch', '-q', 'main')
    await this.#git('merge', '-q', '--ff-only', `p-${number}`)
    await this.#git('branch', '-qD', `p-${number}`)
  }

  async #fetch(number: number): Promise<void> {
    const tree = gitIn(this.#origin, ['rev-parse', 'main^{tree}']).trim()
    const commit = gitIn(this.#origin, ['commit-tree', '-p', 'main', '-m', `upstream ${number}`, tree]).trim()
    gitIn(this.#origin, ['update-ref', 'refs/heads/main', commit])
    await this.#git('fetch', '-q', 'origin')
  }

  async #git(...words: string[]): Promise<string> {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_EDITOR: 'true',
    }
    const { stdout } = await promisify(execFile)('git', ['-C', this.#repository, ...words], { env })
    return stdout
  }
}

/** Both sides are whole, the captures are exact, and the branches show them. */
function checkOutcome(repository: string, run: RunView, where: string): void {
  expect(gitIn(repository, ['fsck', '--strict', '--no-dangling']), where).toBe('')
  expect(
    readdirSync(join(repository, '.git/objects/pack')).filter((name) => name.endsWith('.keep')),
    where,
  ).toEqual([])
  for (const { name, worktree, branch, reason } of run.agents) {
    expect(reason, `${where}: ${name}`).toBe('ended with exit status 0')
    expect(gitIn(worktree, ['fsck', '--no-dangling']), where).toBe('')
    const tip = gitIn(worktree, ['rev-parse', 'HEAD']).trim()
    const published = gitIn(repository, ['rev-parse', `${branch}^{tree}`]).trim()
    commitAll(worktree, 'everything')
    expect(published, `${where}: ${name}`).toBe(gitIn(worktree, ['rev-parse', 'HEAD^{tree}']).trim())
    expect(gitIn(repository, ['merge-base', tip, branch]).trim(), `${where}: ${name}`).toBe(tip)
  }
}
