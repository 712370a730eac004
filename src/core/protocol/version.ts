/** Raised when client and daemon could misunderstand each other; a client of another protocol is refused. */
export const protocolVersion = 4

export const kageVersion = '0.1.0'
