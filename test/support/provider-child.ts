import { providerFor, question } from './provider.ts'

// Asks the endpoint of its first argument and sends each piece, then the text or the failure, to its parent.
const [, , address = ''] = process.argv
const tell = (message: unknown): boolean => process.send?.(message) ?? false
const patience = { firstContentMs: 10_000, idleMs: 1500, lookEveryMs: 100 }
await providerFor('openai', address, patience)
  .answer(question({ onText: tell }))
  .then(({ text }) => tell({ text }))
  .catch((error: unknown) => tell({ failed: String(error) }))
process.disconnect()
