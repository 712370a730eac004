import { createHmac } from 'node:crypto'

/** Makes a name that nobody can guess who does not know the daemon's secret; the same after every start. 24 hexadecimal digits. */
export type SecretNames = (purpose: 'launch' | 'agent' | 'socket', subject: string) => string

/** Names that are derived from a secret. */
export function secretNames(secret: Uint8Array): SecretNames {
  return (purpose, subject) =>
    createHmac('sha256', secret).update(`${purpose}\0${subject}`).digest('hex').slice(0, 24)
}
