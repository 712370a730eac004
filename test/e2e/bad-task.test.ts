import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'

/** What would run in a shell, in a tmux format or in a terminal, if it ever got there. */
function hostileTexts(marker: string): string[] {
  const touch = `touch ${marker}`
  return [
    `$(${touch})`,
    `\`${touch}\``,
    `'; ${touch}; '`,
    `"; ${touch}; "`,
    `; ${touch} #`,
    `| ${touch}`,
    `\n${touch}\n`,
    `#(${touch})`,
    `#{?1,#(${touch}),}`,
    `#{run-shell:${touch}}`,
    `%1 \\; run-shell "${touch}"`,
    `\u001b]0;#(${touch})\u0007\u001b[31m`,
    `--exec=${touch}`,
    '-n 99',
    'r1',
    '🎉 漢字 \u202e',
    '${IFS}\\\\ \\n "\'',
  ]
}

test('a task of any text reaches its agent to the byte, and runs nowhere', async () => {
  const house = makeHouse()
  const marker = join(house.directory, 'marker')
  house.agent('ada', 'cat "$KAGE_TASK_FILE" > task.txt')
  const repository = makeRepository()
  for (const text of hostileTexts(marker)) {
    const words = ['spawn', '--wait', '--timeout', '20', '--', text]
    const { run } = await house.done<{ run: RunView }>(repository, words)
    expect(run.task).toBe(text)
    const picked = await house.done<Picked>(repository, ['pick', run.id, '--from', 'ada', '--into', 'main'])
    expect(gitIn(repository, ['show', `${picked.commit}:task.txt`])).toBe(
      Buffer.from(text).toString('latin1'),
    )
  }
  for (const words of [['ls', '--all'], ['log'], ['regions', 'r6']]) {
    const said = await house.plain(repository, words)
    expect([words, said.code, said.stdout.includes('\u001b')]).toEqual([words, 0, false])
  }
  expect(readdirSync(house.directory)).not.toContain('marker')
})

test('a task of 1 MB from stdin is held exactly by its file and by show', async () => {
  const house = makeHouse()
  house.agent('ada', 'cp "$KAGE_TASK_FILE" task.txt')
  const repository = makeRepository()
  const task = `${'"quoted" $(x) #{y} 漢\n'.repeat(45_000)}end`
  const { run } = await house.done<{ run: RunView }>(repository, ['spawn', '--wait', '-'], { input: task })
  expect(Buffer.byteLength(task)).toBeGreaterThan(1_000_000)
  const shown = await house.done<{ run: RunView }>(repository, ['show', run.id])
  expect(shown.run.task === task).toBe(true)
  const picked = await house.done<Picked>(repository, ['pick', run.id, '--from', 'ada', '--commit'])
  expect(
    gitIn(repository, ['show', `${picked.commit}:task.txt`]) === Buffer.from(task).toString('latin1'),
  ).toBe(true)
})

test('a repository at any path works, and its path runs nowhere', async () => {
  const house = makeHouse()
  const marker = join(house.directory, 'marker')
  house.agent('ada', 'echo more >> a.txt')
  const names = [
    'with spaces',
    `quo'te "double"`,
    '#{pane_id} #(touch marker)',
    `#(touch ${marker.replaceAll('/', '_')})`,
    '$(touch marker)',
    '; touch marker',
    'ünï 漢 🎉',
    'new\nline',
    'tab\there',
    '-dash',
    '%1',
    'back\\slash',
    ':(glob)*',
    '{a => b}',
  ]
  for (const name of names) {
    const repository = makeRepository({ at: join(house.directory, 'places', name) })
    const { run } = await house.done<{ run: RunView }>(repository, [
      'spawn',
      '--wait',
      '--timeout',
      '20',
      'task',
    ])
    expect([run.repo, run.status]).toEqual([repository, 'done'])
    await house.done(repository, ['pick', run.id, '--from', 'ada'])
    expect(gitIn(repository, ['diff', '--name-only'])).toBe('a.txt\n')
    await house.done(repository, ['undo'])
    await house.done(repository, ['clean'])
    expect(gitIn(repository, ['status', '--porcelain'])).toBe('')
  }
  const all = readdirSync(house.directory, { recursive: true, encoding: 'utf8' })
  expect(all.filter((path) => path.endsWith('marker'))).toEqual(['places/; touch marker'])
})
