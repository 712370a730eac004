import { KageError } from '../../../core/error.ts'

/** Takes the next of git's answers, which come in the order of what it was asked; fails when it gave too few. */
export function nextAnswer<T extends {}>(answers: T[]): T {
  const next = answers.shift()
  if (next === undefined)
    throw new KageError('KAGE_GIT_FAILED', 'git gave fewer answers than it was asked for.')
  return next
}
