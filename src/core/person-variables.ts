/** Variables by which git finds a person's configuration and identity. */
const names: readonly string[] = [
  'HOME',
  'XDG_CONFIG_HOME',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'GIT_AUTHOR_DATE',
  'GIT_COMMITTER_NAME',
  'GIT_COMMITTER_EMAIL',
  'GIT_COMMITTER_DATE',
  'EMAIL',
]

/** The variables of an environment that git needs to commit in a person's name as it would in their shell. */
export function personVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const pairs = names.flatMap((name): [string, string][] => {
    const value = environment[name]
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(pairs)
}
