import { attach } from 'neovim/lib/attach/attach.js'
import { getLogger } from 'neovim/lib/utils/logger.js'

// node-client takes the console for its log as soon as it reads the first handle: it may have it now, and gives it back.
const printing = { ...console }
getLogger()
Object.assign(console, printing)

const silent = (): void => {}
const logger = { error: silent, warn: silent, info: silent, debug: silent, level: 'error' }

type Way = Parameters<typeof attach>[0]

/** Attaches to a Neovim without a word in any log. */
export function attachQuietly(way: Omit<Way, 'options'>): ReturnType<typeof attach> {
  return attach({ ...way, options: { logger: logger as never } })
}
