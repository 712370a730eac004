/** Raised when client and daemon could misunderstand each other; a client of another protocol is refused. */
export const protocolVersion = 5

export const kageVersion = '0.1.0'

/** A build of Kage, as it introduces itself. */
export interface Build {
  readonly protocol: number
  readonly version: string
}

/** Whether a build is older than another one: by protocol, then by version. */
export function isOlder(one: Build, other: Build): boolean {
  if (one.protocol !== other.protocol) return one.protocol < other.protocol
  const [left, right] = [numbersOf(one.version), numbersOf(other.version)]
  const at = left.findIndex((number, index) => number !== right[index])
  return at !== -1 && (left[at] ?? 0) < (right[at] ?? 0)
}

function numbersOf(version: string): readonly [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number)
  return [major, minor, patch]
}
