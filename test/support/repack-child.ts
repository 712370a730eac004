// Packs the repository that its argument describes again and again, until it is killed.
import { readFileSync } from 'node:fs'
import { openOwn } from '../../src/adapters/git/repository/own.ts'
import { openRepository } from '../../src/adapters/git/repository/repository.ts'
import { removeOld } from '../../src/adapters/git/upkeep/remove-old.ts'
import { repack } from '../../src/adapters/git/upkeep/repack.ts'
import { type KeptRoots, walkOf } from '../../src/adapters/git/upkeep/roots.ts'

const [root = '', directory = '', file = ''] = process.argv.slice(2)
const repository = await openRepository(root)
const own = await openOwn(repository, directory)
const roots = JSON.parse(readFileSync(file, 'utf8')) as KeptRoots
process.stdout.write('ready\n')
for (;;) {
  await removeOld(own, await repack(own, repository, await walkOf(own, repository, roots)))
}
