import { createInterface } from 'node:readline'
import { StringDecoder } from 'node:string_decoder'
import { limit } from '../../core/limit.ts'
import { type Redact, makeRedactStream } from '../../core/redact.ts'
import { printable } from '../printable.ts'
import { KeyReader } from './key.ts'
import { type Line, emptyLine, typed } from './line.ts'
import { Transcript } from './transcript.ts'

export interface PaneOptions {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly secrets: readonly string[]
  readonly redact: Redact
  readonly onLine: (text: string) => void
  readonly onInterrupt: () => void
}

/** What the person sees of the agent, and where they type to it. */
export interface Pane {
  /** A whole line, or several; `quiet` is what one may overlook. */
  readonly say: (text: string, style?: 'quiet' | 'loud') => void
  /** A line whose end comes later. */
  readonly begin: (text: string) => void
  readonly end: (text: string) => void
  /** An answer as it comes. */
  readonly answer: () => { readonly push: (piece: string) => void; readonly end: () => void }
  /** Whether the person is asked to type something. */
  readonly ask: (isAsking: boolean) => void
  readonly close: () => void
}

/** Opens the pane that this process runs in; where its input is no terminal nothing is read, where it is a dumb one whole lines are. */
export function openPane(options: PaneOptions): Pane {
  const { input, output, environment, redact } = options
  const isDumb = environment['TERM'] === undefined || environment['TERM'] === 'dumb'
  const isTerminal = input.isTTY && output.isTTY && !isDumb
  const colours = output.isTTY && !isDumb && !environment['NO_COLOR']
  output.on('error', () => {})
  const transcript = new Transcript({
    write: (text) => void output.write(text),
    columns: () => output.columns || 80,
    isTerminal,
  })
  const keyboard = isTerminal
    ? openKeyboard(transcript, options)
    : input.isTTY
      ? openLines(options)
      : noKeyboard
  return {
    say: (text, style) => {
      transcript.endLine()
      const plain = printable(redact(text))
      const code = style === 'quiet' ? 2 : 1
      const styled = style !== undefined && colours ? `\u001b[${code}m${plain}\u001b[0m` : plain
      transcript.write(`${styled}\n`)
    },
    begin: (text) => {
      transcript.endLine()
      transcript.write(printable(redact(text)))
    },
    end: (text) => transcript.write(`${printable(redact(text))}\n`),
    answer: () => answerStream(transcript, options.secrets),
    ask: (isAsking) => keyboard.ask(isAsking),
    close: () => {
      transcript.endLine()
      keyboard.close()
    },
  }
}

/** Half a pair of surrogates or of CRLF waits for the other; after a limit of lines the rest is not shown. */
function answerStream(transcript: Transcript, secrets: readonly string[]): ReturnType<Pane['answer']> {
  const stream = makeRedactStream(secrets)
  let half = ''
  let lines = 0
  let characters = 0
  const show = (text: string): void => {
    if (isFull()) return
    lines += text.split('\n').length - 1
    characters += text.length
    transcript.write(printable(text))
    if (isFull()) transcript.write('\n… the rest of this answer is not shown\n')
  }
  const isFull = (): boolean => lines > limit.answerLinesShown || characters > limit.answerLinesShown * 100
  transcript.endLine()
  return {
    push: (piece) => {
      const text = half + stream.push(piece)
      half = /[\ud800-\udbff\r]$/.exec(text)?.[0] ?? ''
      show(text.slice(0, text.length - half.length))
    },
    end: () => {
      show(half + stream.end())
      half = ''
      transcript.endLine()
    },
  }
}

interface Keyboard {
  readonly ask: (isAsking: boolean) => void
  readonly close: () => void
}

const noKeyboard: Keyboard = { ask: () => {}, close: () => {} }

function openKeyboard(transcript: Transcript, { input, output, onLine, onInterrupt }: PaneOptions): Keyboard {
  const keys = new KeyReader()
  const decoder = new StringDecoder('utf8')
  let line: Line = emptyLine
  let isAsking = false
  const show = (): void => {
    const isNeeded = isAsking || line.before !== '' || line.after !== ''
    transcript.prompt(isNeeded ? line : null)
  }
  const send = (): void => {
    const text = (line.before + line.after).trim()
    line = emptyLine
    transcript.prompt(null)
    if (text !== '') onLine(text)
    show()
  }
  const onData = (chunk: Buffer): void => {
    for (const key of keys.push(decoder.write(chunk))) {
      if (key.kind === 'interrupt') {
        line = emptyLine
        onInterrupt()
      } else if (key.kind === 'enter') send()
      else line = typed(line, key)
    }
    show()
  }
  const terminal = input
  const onContinue = (): void => void terminal.setRawMode(true)
  terminal.setRawMode(true)
  output.write('\u001b[?2004h')
  terminal.on('data', onData)
  terminal.on('error', () => {})
  output.on('resize', show)
  process.on('SIGCONT', onContinue)
  return {
    ask: (asking) => {
      isAsking = asking
      show()
    },
    close: () => {
      process.off('SIGCONT', onContinue)
      transcript.prompt(null)
      output.write('\u001b[?2004l')
      terminal.setRawMode(false)
      terminal.pause()
    },
  }
}

function openLines({ input, onLine }: PaneOptions): Keyboard {
  const lines = createInterface({ input, terminal: false })
  lines.on('line', (line) => {
    if (line.trim() !== '') onLine(line.trim())
  })
  return { ask: () => {}, close: () => lines.close() }
}
