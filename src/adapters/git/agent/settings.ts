import { join, resolve } from 'node:path'
import type { Setting } from '../repository/config.ts'
import type { Repository } from '../repository/repository.ts'

/** A setting to write into a configuration file, in git's own spelling of the key. */
export interface WrittenSetting {
  readonly key: string
  readonly value: string
}

const identity = /^(user\.(name|email|useconfigonly)|(author|committer)\.(name|email))$/

/** Settings that name no program and lead to none; every other setting of a repository stays out of an agent's configuration. */
const harmless: readonly RegExp[] = [
  /^core\.(autocrlf|eol|safecrlf|filemode|symlinks|ignorecase|precomposeunicode|checkroundtripencoding)$/,
  /^core\.(trustctime|checkstat|attributesfile|excludesfile|sparsecheckout|sparsecheckoutcone|quotepath)$/,
  /^core\.(abbrev|commentchar|bigfilethreshold|longpaths|protecthfs|protectntfs|whitespace)$/,
  /^remote\..*\.(url|pushurl|fetch|push|tagopt|prune|prunetags|promisor|partialclonefilter)$/s,
  /^url\..*\.(insteadof|pushinsteadof)$/s,
  /^branch\..*\.(remote|pushremote|merge|rebase|description)$/s,
  /^(branch\.(autosetupmerge|autosetuprebase|sort)|remote\.pushdefault)$/,
  /^submodule\..*\.(url|branch|active|ignore|shallow|fetchrecursesubmodules)$/s,
  /^(pull\.(rebase|ff|octopus)|push\.(default|autosetupremote|followtags)|fetch\.(prune|prunetags))$/,
  /^merge\.(ff|conflictstyle|renames|renamelimit|directoryrenames|renormalize|autostash|log)$/,
  /^(rebase\.(autosquash|autostash|updaterefs|missingcommitscheck)|rerere\.(enabled|autoupdate))$/,
  /^(status\.[a-z]+|log\.(date|decorate|follow|abbrevcommit)|commit\.(cleanup|status|verbose))$/,
  /^diff\.(algorithm|renames|renamelimit|context|interhunkcontext|mnemonicprefix|noprefix|wserrorhighlight)$/,
  /^diff\..*\.(xfuncname|binary|wordregex|algorithm)$/s,
  /^(tag\.sort|i18n\.[a-z]+|column\.[a-z]+|color\..*|init\.defaultbranch|blame\.[a-z]+|grep\.[a-z]+)$/s,
  /^lfs\.(url|pushurl|fetchinclude|fetchexclude|locksverify|concurrenttransfers|repositoryformatversion)$/,
  /^lfs\..*\.(locksverify|access)$/s,
]

/**
 * The configuration of an agent's git directory: the repository's harmless settings, the person's identity there, and
 * where their hooks and LFS objects lie. Nothing of it names a program that the person has not installed as a hook.
 */
export function agentSettings(repository: Repository, settings: readonly Setting[]): WrittenSetting[] {
  const own = settings.filter(({ scope }) => scope === 'local' || scope === 'worktree')
  const kept = own.filter(({ key, value }) => !identity.test(key) && isHarmless(key, value))
  return [
    ...kept.map((setting) => absoluteRemote(repository, setting)),
    ...effectiveIdentity(settings),
    ...hooks(repository, own, settings),
    ...largeFiles(repository, own),
    ...pushGuards(repository, own),
  ].map(({ key, value }) => ({ key, value }))
}

function isHarmless(key: string, value: string): boolean {
  const transport = /^url\.(.*)\.(pushi|i)nsteadof$/s.exec(key)?.[1] ?? value
  return harmless.some((pattern) => pattern.test(key)) && !/^ext::/i.test(transport)
}

/** The identity may come from a conditional include of the person's, which would not match an agent's git directory. */
function effectiveIdentity(settings: readonly Setting[]): WrittenSetting[] {
  const found = settings.filter(({ key }) => identity.test(key))
  return [...new Map(found.map((setting) => [setting.key, setting])).values()]
}

/** A relative path of a remote is meant from the top of the person's worktree. */
function absoluteRemote({ root }: Repository, { key, value }: WrittenSetting): WrittenSetting {
  const isPath = /^remote\..*\.(url|pushurl)$/s.test(key) && /^\.{1,2}(\/|$)/.test(value)
  return { key, value: isPath ? resolve(root, value) : value }
}

function hooks(
  { root, commonDir }: Repository,
  own: readonly Setting[],
  all: readonly Setting[],
): WrittenSetting[] {
  const key = 'core.hookspath'
  const named = own.findLast((setting) => setting.key === key)?.value
  if (named !== undefined) return [{ key, value: named.startsWith('~') ? named : resolve(root, named) }]
  const elsewhere = all.some((setting) => setting.key === key)
  return elsewhere ? [] : [{ key, value: join(commonDir, 'hooks') }]
}

function largeFiles({ commonDir }: Repository, own: readonly Setting[]): WrittenSetting[] {
  const named = own.findLast(({ key }) => key === 'lfs.storage')?.value ?? 'lfs'
  return [{ key: 'lfs.storage', value: resolve(commonDir, named) }]
}

/** A push by path into the person's repository is led to where there is nothing; a remote with a longer name stays. */
function pushGuards({ root, commonDir }: Repository, own: readonly Setting[]): WrittenSetting[] {
  const guarded = [...new Set([root, commonDir])].flatMap((path) => [path, `file://${path}`])
  const remotes = own.filter(({ key }) => /^remote\..*\.(url|pushurl)$/s.test(key))
  const longer = remotes
    .map(({ value }) => (/^\.{1,2}(\/|$)/.test(value) ? resolve(root, value) : value))
    .filter((url) => guarded.some((path) => url.startsWith(path) && !/^(\/|$)/.test(url.slice(path.length))))
  return [
    ...guarded.map((path) => ({
      key: 'url./kage/does-not-push-into-your-repository.pushinsteadof',
      value: path,
    })),
    ...longer.map((url) => ({ key: `url.${url}.pushinsteadof`, value: url })),
  ]
}
