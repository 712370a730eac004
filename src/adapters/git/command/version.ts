import { KageError } from '../../../core/error.ts'
import { gitDiscover } from './text.ts'

const oldest: readonly [number, number] = [2, 39]

let known: Promise<string> | undefined

/** The version of git, asked once; fails with KAGE_GIT_MISSING where git is absent or older than 2.39. */
export async function gitVersion(): Promise<string> {
  known ??= ask()
  return await known.catch((error: unknown) => {
    known = undefined
    throw error
  })
}

/** Whether a version like `2.39.5` is new enough. */
export function isRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
}

async function ask(): Promise<string> {
  const { text } = await gitDiscover('/', ['version'])
  const version = /(\d+\.\d+(\.\d+)?)/.exec(text)?.[1]
  if (version === undefined)
    throw new KageError('KAGE_GIT_MISSING', `git does not tell its version: ${text.trim()}`)
  if (!isRecentEnough(version)) throw new KageError('KAGE_GIT_MISSING', `git ${version} is too old.`)
  return version
}
