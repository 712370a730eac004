import type { Setting } from './config.ts'

const sections =
  /^(alias|credential|diff|difftool|extensions|filter|gpg|http|https|include|includeif|merge|mergetool|protocol|remote|submodule|uploadpack|url)\./s
const keys =
  /^(core\.(alternaterefscommand|askpass|attributesfile|editor|fsmonitor|gitproxy|hookspath|pager|sshcommand|worktree)|sequence\.editor)$/

/** The settings of a repository's own configuration that name programs, or places to fetch from, one a line in their order: trust in the repository is trust in these. */
export function programSettings(settings: readonly Setting[]): string {
  return settings
    .filter(({ scope }) => scope === 'local' || scope === 'worktree')
    .filter(({ key }) => sections.test(key) || keys.test(key))
    .map(({ key, value }) => JSON.stringify([key, value]))
    .join('\n')
}
