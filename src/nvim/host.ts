import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { attach } from 'neovim/lib/attach/attach.js'
import { NvimPlugin } from 'neovim/lib/host/NvimPlugin.js'
import { writeLog } from './log.ts'
import { type Opened, registerPlugin } from './plugin.ts'
import { createHandlers } from './serve.ts'

// Neovim's channel lies on descriptors of its own, named by the arguments, so that what is printed here or by a child
// meets the ordinary ones. Started without them, only this process's own printing is kept off the channel.
const [input, output] = process.argv.slice(2).map(Number)
const reader =
  input === undefined ? process.stdin : new Socket({ fd: input, readable: true, writable: false })
const writer =
  output === undefined
    ? channelOf(process.stdout)
    : new Socket({ fd: output, readable: false, writable: true })
process.stdout.write = (chunk: string | Uint8Array) => {
  writeLog('printed:', typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'))
  return true
}

// A host that cannot be heard has nothing more to do; the daemon keeps everything.
const end = (): never => process.exit(0)
writer.on('error', end)
reader.on('error', end)
reader.on('close', end)
process.on('uncaughtException', (thrown) => {
  writeLog('failed:', thrown)
  process.exit(1)
})

const logged = (...words: unknown[]): void => writeLog(...words)
const silent = (): void => {}
const logger = { error: logged, warn: silent, info: silent, debug: silent, level: 'error' }
const nvim = attach({ reader, writer, options: { logger: logger as never } })

const door = fileURLToPath(new URL('../rplugin/node/kage', import.meta.url))
const plugin = new NvimPlugin(door, registerPlugin, nvim)
// Whatever path leads to the door, by a link or by its file, it is this plugin's.
const { request, notification } = createHandlers(
  (path) => (/\/rplugin\/node\/kage(\/index\.js)?$/.test(path) ? plugin : null),
  (thrown) => writeLog('refused:', thrown),
)
nvim.on('request', (...args: Parameters<typeof request>) => void request(...args))
nvim.on('notification', (...args: Parameters<typeof notification>) => void notification(...args))
void (plugin.instance as Opened).open()

/** The stream as it was, whatever becomes of its own `write`. */
function channelOf(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = stream.write.bind(stream)
  return Object.create(stream, { write: { value: write } }) as NodeJS.WriteStream
}
