import { missingObjects } from '../adapters/git/repository/missing-objects.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { KageError } from '../core/error.ts'
import type { Oid } from '../core/merge/change.ts'
import type { Parts } from './parts.ts'
import { repositoryTrusted } from './repository-trust.ts'

/**
 * Refuses a commit of which a partial clone lacks objects. The error names the command by which the person's own git fetches
 * them; for a trusted repository it also hands that command to the client, which runs it in the foreground and asks again.
 */
export async function requireObjects(parts: Parts, repository: Repository, commit: Oid): Promise<void> {
  const missing = await missingObjects(repository, commit)
  if (missing === null) return
  const trusted = await repositoryTrusted(parts, repository)
  const command = `\`${missing.argv.map(quoted).join(' ')}\``
  const objects = missing.count === 1 ? 'an object' : `${missing.count} objects`
  throw new KageError(
    'KAGE_PARTIAL_CLONE',
    `This partial clone lacks ${objects} of ${commit.slice(0, 12)}.`,
    trusted
      ? `Fetch them with your own git: ${command}.`
      : `Fetch them with your own git: ${command}. Or \`kage trust\` this repository: then Kage runs that for you.`,
    trusted ? { fetch: missing.argv } : {},
  )
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
