import type { ByteString, Entry, TreePath } from './merge/change.ts'
import type { RegionView } from './merge/region-view.ts'

/** A path on which tools act once it lands, and why. */
export interface ActsView {
  readonly path: string
  readonly pathEncoding?: 'base64'
  readonly acts: string
}

/** Paths that a tool acts on by itself once they lie in a worktree, and which tool that is; the first that fits counts. */
const tools: readonly (readonly [RegExp, string])[] = [
  [
    /(^|\/)(agents(\.override)?|claude(\.local)?|gemini|copilot-instructions)\.md$|(^|\/)\.(claude|codex|cursor|gemini|windsurf|opencode)\/|(^|\/)\.(cursorrules|windsurfrules|clinerules)(\/|$)/i,
    'coding agents obey it',
  ],
  [/(^|\/)\.?mcp\.json$/i, 'coding agents start the programs it names'],
  [/(^|\/)\.envrc$/i, 'direnv runs it'],
  [
    /^\.(github|circleci|gitea|forgejo|buildkite|woodpecker|gitlab)\/|(^|\/)(\.gitlab-ci|\.travis|\.drone|\.woodpecker|\.?appveyor|\.cirrus|bitbucket-pipelines|azure-pipelines[^/]*)\.ya?ml$|(^|\/)jenkinsfile(\.[\w-]+)?$/i,
    'CI runs it',
  ],
  [
    /(^|\/)\.(husky|githooks)\/|(^|\/)(\.pre-commit-config\.ya?ml|\.?lefthook(-local)?\.(ya?ml|toml|json)|\.huskyrc[^/]*)$/i,
    'hooks of git run it',
  ],
  [
    /(^|\/)\.(vscode|idea|devcontainer)\/|(^|\/)(\.devcontainer\.json|\.?exrc|\.nvim\.lua)$/i,
    'editors act on it',
  ],
  [/(^|\/)\.(gitattributes|gitmodules|lfsconfig)$/i, 'git obeys it'],
  [/^\.kage\.toml$/i, 'Kage obeys it once it is trusted'],
]

/** Why a region makes tools act when it lands: its path, a link that leads out of the repository, a new executable; null for what does not. */
export function actsOf(region: RegionView, read: (entry: Entry) => ByteString): string | null {
  const paths =
    region.kind === 'text' ? [region.path] : [region.path, ...region.variants.flatMap(({ to }) => to ?? [])]
  const entries = region.kind === 'text' ? [] : region.variants.flatMap(({ entry }) => entry ?? [])
  const reasons = [
    ...paths.flatMap((path) => tools.find(([pattern]) => pattern.test(path))?.[1] ?? []),
    ...entries.flatMap((entry) => entryActs(region.path, entry, region.base, read)),
  ]
  return reasons.length === 0 ? null : [...new Set(reasons)].join('; ')
}

function entryActs(
  path: TreePath,
  entry: Entry,
  base: Entry | null,
  read: (entry: Entry) => ByteString,
): string[] {
  if (entry.mode === '120000')
    return leadsOut(path, read(entry)) ? ['a link that leads out of the repository'] : []
  return entry.mode === '100755' && base?.mode !== '100755' ? ['a new executable'] : []
}

/** Whether the target of a link lies outside the repository, read from the link's own directory. */
function leadsOut(path: TreePath, target: ByteString): boolean {
  if (target.startsWith('/') || /^[a-z]:|^\\/i.test(target)) return true
  let depth = path.split('/').length - 1
  for (const name of target.split('/')) {
    if (name === '..') depth--
    else if (name !== '' && name !== '.') depth++
    if (depth < 0) return true
  }
  return false
}
