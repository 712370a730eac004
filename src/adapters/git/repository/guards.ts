import type { Setting } from './config.ts'

const programs: readonly RegExp[] = [
  /^filter\..*\.(clean|smudge|process|required)$/s,
  /^merge\..*\.driver$/s,
  /^diff\..*\.(textconv|command|cachetextconv)$/s,
  /^credential\..*\.?helper$/s,
  /^gpg\..*\.?program$/s,
  /^(difftool|mergetool)\..*\.(cmd|path)$/s,
  /^(browser|man|pager|alias|interactive|sendemail|tar|trailer|remote)\..*(cmd|path|command|uploadpack|receivepack|vcs)$/s,
  /^submodule\..*\.update$/s,
]

/** Settings that switch off each program which the given settings name, for commands that could run one. */
export function guards(settings: readonly Setting[]): string[] {
  const named = new Set(
    settings.map(({ key }) => key).filter((key) => programs.some((program) => program.test(key))),
  )
  return [...named].map(disabled)
}

function disabled(key: string): string {
  return `${key}=${key.endsWith('.required') ? 'false' : ''}`
}
