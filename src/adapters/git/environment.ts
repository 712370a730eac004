import { homedir } from 'node:os'

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

/** The whole environment of a git process: built from nothing, so no GIT_* of the caller gets in; with `userConfig` the person's own configuration is read, else none but the repository's. */
export function gitEnvironment(userConfig: boolean): Record<string, string> {
  const environment: Record<string, string> = {
    ...fixed,
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: process.env['HOME'] ?? homedir(),
  }
  const configHome = process.env['XDG_CONFIG_HOME']
  if (configHome !== undefined) environment['XDG_CONFIG_HOME'] = configHome
  if (!userConfig) {
    environment['GIT_CONFIG_NOSYSTEM'] = '1'
    environment['GIT_CONFIG_GLOBAL'] = '/dev/null'
  }
  return environment
}
