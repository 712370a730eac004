import { KageError } from '../../core/error.ts'
import type { EditorCommand } from '../command.ts'

/** A command whose name is promised, and that this version does not know yet. */
export function later(name: string, usage: string, summary: string): EditorCommand {
  return {
    name,
    usage,
    summary: `${summary} (not in this version)`,
    run: async () => {
      throw new KageError('KAGE_USAGE', `:Kage ${name} is not in this version.`, 'See `:help kage-commands`.')
    },
  }
}
