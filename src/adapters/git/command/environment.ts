import { homedir } from 'node:os'
import { personVariables } from '../../../core/person-variables.ts'

const fixed: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  // No transport at all, whatever the repository's configuration allows: fetching, also of what a partial clone lacks, starts
  // the programs that its remotes name.
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
}

/**
 * The whole environment of a git process, built from nothing. With `userConfig` it leads git to the configuration of the
 * person with these variables (by default this process's), without it to no configuration but the repository's.
 */
export function gitEnvironment(
  userConfig: boolean,
  variables?: Readonly<Record<string, string>>,
): Record<string, string> {
  const { PATH = '/usr/local/bin:/usr/bin:/bin', HOME = homedir() } = process.env
  const common = { ...fixed, PATH, HOME }
  if (!userConfig) return { ...common, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }
  return { ...common, ...(variables ?? configurationVariables()) }
}

function configurationVariables(): Record<string, string> {
  const inherited = Object.entries(personVariables(process.env))
  return Object.fromEntries(inherited.filter(([name]) => /^(XDG_CONFIG_HOME|GIT_CONFIG_.*)$/.test(name)))
}
