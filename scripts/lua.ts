import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Config, IndentType, OutputVerification, QuoteStyle, formatCode } from '@johnnymorganz/stylua'

/** Formats Lua files in StyLua's way and answers with those that were not; it writes them only when asked to. */
export function formatLua(root: string, files: readonly string[], write: boolean): string[] {
  return files.filter((file) => {
    const path = join(root, file)
    const before = readFileSync(path, 'utf8')
    const after = formatCode(before, style(), undefined, OutputVerification.Full)
    if (after === before) return false
    if (write) writeFileSync(path, after)
    return !write
  })
}

// The same as stylua.toml says to editors; a fresh one each time, because formatting uses it up.
function style(): Config {
  const config = Config.new()
  config.column_width = 110
  config.indent_type = IndentType.Spaces
  config.indent_width = 2
  config.quote_style = QuoteStyle.AutoPreferSingle
  return config
}
