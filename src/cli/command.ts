import type { ParseArgsOptionsConfig } from 'node:util'
import type { PersonParams } from '../core/protocol/params.ts'
import type { Salvaged, Verified } from '../core/protocol/health.ts'
import type { DaemonStatus, Examination, Results } from '../core/protocol/results.ts'

/** One command of `kage`: a row of the table in program.ts, in a file of its own. */
export interface Command {
  readonly name: string
  readonly usage: string
  readonly summary: string
  readonly options: ParseArgsOptionsConfig
  /** Does the command and answers with the exit code. */
  readonly run: (invocation: Invocation) => Promise<number>
}

/** One call of a command: what was typed, and the ways to the daemon and to the person. */
export interface Invocation {
  readonly words: readonly string[]
  readonly json: boolean
  /** The directory that --repo names, else the current one. */
  readonly repo: string
  readonly environment: Readonly<Record<string, string>>
  text(option: string): string | null
  texts(option: string): readonly string[]
  flag(option: string): boolean
  /** Asks the daemon, which is started when none listens. */
  ask<M extends keyof PersonParams & keyof Results>(method: M, params: PersonParams[M]): Promise<Results[M]>
  /** The daemon's status; where none runs, none is started. */
  daemonStatus(): Promise<DaemonStatus>
  /** Ends the daemon gracefully and resolves when it is gone. */
  stopDaemon(): Promise<void>
  examineMachine(directory: string): Promise<Examination>
  verifyStore(): Promise<Verified>
  salvageStore(): Promise<Salvaged>
  /** Runs a program of the person's on their terminal, with what it says on stderr; answers with its exit code. */
  runInForeground(argv: readonly string[]): Promise<number>
  /** Prints the one JSON document, or the text for people. */
  print(document: unknown, text: () => string): void
  warn(line: string): void
}

/** A number of at least 0, like 2 or 0.5; anything else is a usage error that names the option. */
export function numberOption(name: string, word: string | null): number | null {
  if (word === null) return null
  if (!/^\d{1,15}(\.\d{1,15})?$/.test(word)) throw new UsageError(`${name} takes a number, not "${word}".`)
  return Number(word)
}

/** A whole number, perhaps with a sign; anything else is a usage error that names the option. */
export function wholeNumberOption(name: string, word: string | null): number | null {
  if (word === null) return null
  if (!/^-?\d{1,15}$/.test(word)) throw new UsageError(`${name} takes a whole number, not "${word}".`)
  return Number(word)
}

/** The words cannot be understood: exit code 2. */
export class UsageError extends Error {}

/** Refuses words where a command takes none. */
export function noWords(invocation: Invocation): void {
  const [word] = invocation.words
  if (word !== undefined) throw new UsageError(`"${word}" is too much.`)
}

/** The only word of a command that takes one, for example an ID. */
export function onlyWord(invocation: Invocation, what: string): string {
  const [word, ...rest] = invocation.words
  if (word === undefined) throw new UsageError(`${what} is missing.`)
  if (rest.length > 0) throw new UsageError(`One ${what} is enough: "${rest[0]}" is too much.`)
  return filled(word, what)
}

/** A word or the value of an option that is not blank; a blank one is a usage error that names it. */
export function filled(text: string, what: string): string {
  if (text.trim() === '') throw new UsageError(`${what} is empty.`)
  return text
}

/** The words of a command that takes none or one. */
export function wordAtMost(invocation: Invocation, what: string): string | null {
  return invocation.words.length === 0 ? null : onlyWord(invocation, what)
}
