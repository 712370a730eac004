import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { byteSettings } from '../adapters/git/repository/byte-settings.ts'
import { trustedFilters } from '../adapters/config/trust.ts'
import { readSettings, type Setting } from '../adapters/git/repository/config.ts'
import { filterDrivers } from '../adapters/git/repository/filters.ts'
import type { GitPlace } from '../adapters/git/command/git.ts'
import { openOwn, type Own } from '../adapters/git/repository/own.ts'
import { openWithSettings, type Repository } from '../adapters/git/repository/repository.ts'
import { gitVersion } from '../adapters/git/command/version.ts'
import { guardedPlace } from '../adapters/git/worktree/worktree.ts'
import { KageError } from '../core/error.ts'
import type { ByteSettings, RepositoryRecord } from '../core/event.ts'

/** The repositories of runs, each with Kage's own bare repository beside it. */
export class Repositories {
  readonly #stateDirectory: string
  readonly #ownRoot: string
  readonly #rootFor: (directory: string) => string | null
  readonly #keyFor: (repository: Repository) => Promise<string>
  readonly #opened = new Map<string, Promise<Repository>>()
  readonly #places = new Map<string, Promise<GitPlace>>()
  readonly #owns = new Map<string, Promise<Own>>()
  readonly #justRead = new WeakMap<Repository, readonly Setting[]>()

  /**
   * `rootFor` tells the top of the repository that a directory inside an agent's worktree belongs to, `keyFor` the key of a
   * repository, which keeps it where it was moved.
   */
  constructor(
    stateDirectory: string,
    rootFor: (directory: string) => string | null = () => null,
    keyFor: (repository: Repository) => Promise<string> = async ({ key }) => key,
  ) {
    this.#rootFor = rootFor
    this.#keyFor = keyFor
    this.#stateDirectory = stateDirectory
    this.#ownRoot = join(stateDirectory, 'repositories')
  }

  /** Opens the repository around a directory as it is now. */
  async open(directory: string): Promise<Repository> {
    await gitVersion()
    const path = await realpath(directory).catch(() => directory)
    const { repository: found, settings } = await openWithSettings(this.#rootFor(path) ?? directory)
    const repository = { ...found, key: await this.#keyFor(found) }
    this.#justRead.set(repository, settings)
    return repository
  }

  /** Forgets where a repository was: what is known of it leads to its old place. */
  forget(key: string): void {
    this.#opened.clear()
    this.#places.clear()
    this.#owns.delete(key)
  }

  /** The short name of the repository around a directory; cheap for one that was asked for before. */
  async keyOf(directory: string): Promise<string> {
    return (await this.known(directory)).key
  }

  /** The repository around a directory as it was when it was first asked for. */
  async known(directory: string): Promise<Repository> {
    const real = await realpath(directory).catch(() => directory)
    const path = this.#rootFor(real) ?? real
    const known = this.#opened.get(path)
    if (known !== undefined) return known
    const opened = this.open(path)
    this.#opened.set(path, opened)
    opened.catch(() => this.#opened.delete(path))
    return opened
  }

  /** The repository of a run, from where it was asked for; found once, since a record never changes. */
  async ofRecord(record: RepositoryRecord): Promise<Repository> {
    const known = this.#opened.get(record.root)
    const repository = await (known ?? this.open(record.root))
    if (repository.key !== record.key) {
      throw new KageError(
        'KAGE_NOT_A_REPOSITORY',
        `${record.root} is another repository now.`,
        'Move the old one back there.',
      )
    }
    if (known === undefined) this.#opened.set(record.root, Promise.resolve(repository))
    this.#justRead.delete(repository)
    return repository
  }

  /** Where worktrees of a run are made: what its configuration could run is off; asked once for all agents of the run. */
  placeOf(run: string, repository: Repository): Promise<GitPlace> {
    const place = this.#places.get(run) ?? this.#guarded(repository)
    this.#places.set(run, place)
    return place
  }

  /** Forgets where worktrees of a run were made: its agents begin, and could change the configuration. */
  forgetPlace(run: string): void {
    this.#places.delete(run)
  }

  /** Kage's own repository for one of the person's. */
  async own(repository: Repository): Promise<Own> {
    const known = this.#owns.get(repository.key)
    if (known !== undefined) return known
    const own = openOwn(repository, join(this.#ownRoot, `${repository.key}.git`))
    this.#owns.set(repository.key, own)
    own.catch(() => this.#owns.delete(repository.key))
    return own
  }

  /** What decides about bytes in a repository now. */
  async settings(repository: Repository): Promise<ByteSettings> {
    const read = this.#justRead.get(repository) ?? (await readSettings(repository.place))
    this.#justRead.delete(repository)
    return byteSettings(repository, await this.#filters(repository, read), read)
  }

  async #guarded(repository: Repository): Promise<GitPlace> {
    return guardedPlace(repository, await this.#filters(repository, await readSettings(repository.place)))
  }

  /** The filter drivers that the person trusted for a repository and that are still as they were then. */
  #filters({ commonDir }: Repository, settings: readonly Setting[]): Promise<string[]> {
    return trustedFilters(this.#stateDirectory, commonDir, filterDrivers(settings))
  }
}

/** What a run remembers of its repository. */
export function recordOf({ root, gitDir, commonDir, key }: Repository): RepositoryRecord {
  return { root, gitDir, commonDir, key }
}
