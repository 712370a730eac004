const secretName = /(KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS)$/i
const secretCharactersMin = 12

/**
 * The secrets in an environment by the names of its variables: values of twelve characters or more that are neither a path
 * nor an address without a password. Of an address with a password, the password is one as well.
 */
export function secretValues(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    secretName.test(name) ? secretsIn(value.trim()) : [],
  )
}

function secretsIn(value: string): string[] {
  if (value.length < secretCharactersMin || isPath(value)) return []
  const address = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(value)
  if (address === null) return [value]
  const password = /^[^:@]*:(.+)@/.exec(address[1] ?? '')?.[1]
  if (password === undefined) return []
  return [value, ...(password.length < secretCharactersMin ? [] : [password])]
}

function isPath(value: string): boolean {
  return /^(\/|~\/|\.\.?\/)/.test(value)
}

/** Variables that the daemon itself works with. */
const ofDaemon =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|TERMINFO|TMPDIR|TMUX_TMPDIR|XDG_[A-Z_]+|KAGE_[A-Z_]+|GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM))$/

/** Of an environment what the daemon needs: its own variables, and those with these names. */
export function daemonVariables(
  environment: Readonly<Record<string, string>>,
  names: readonly string[] = [],
): Record<string, string> {
  const kept = Object.entries(environment).filter(
    ([name]) => names.includes(name) || (ofDaemon.test(name) && !secretName.test(name)),
  )
  return Object.fromEntries(kept)
}
