/** The first file of a program: it loads nothing that an old Node lacks, so that it can say what it needs. */
export function startText(source: string): string {
  return `
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(\`kage: Node 24.15 or newer is needed, and \${process.execPath} is \${process.versions.node}; run "make setup", or set KAGE_NODE to the program.\\n\`)
  process.exit(1)
}
module.enableCompileCache(fileURLToPath(new URL('.cache', import.meta.url)))
void import(${JSON.stringify(source)})
`
}
