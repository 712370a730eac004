import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { limit } from '../../core/limit.ts'
import type { Control } from './control.ts'
import { checkedName } from './name.ts'

/** A parked waiter on a server: calls back on each ring, also on one that came while it was away. */
export interface Bell {
  close: () => void
  /** Parks again after the server was lost and came back. */
  park: () => Promise<void>
}

/** Parks one `tmux wait-for` process at the bell; the first ring comes at once and frees waiters of a dead owner. */
export async function openBell(control: Control, name: string, onRing: () => void): Promise<Bell> {
  const bell = new Waiter(control, checkedName(name), onRing)
  await bell.park()
  return bell
}

class Waiter implements Bell {
  #control: Control
  #name: string
  #onRing: () => void
  #child: ChildProcess | null = null
  #closed = false

  constructor(control: Control, name: string, onRing: () => void) {
    this.#control = control
    this.#name = name
    this.#onRing = onRing
  }

  async park(): Promise<void> {
    if (this.#closed || this.#child) return
    await this.#control.demand([['wait-for', '-S', this.#name]])
    if (!this.#child) this.#wait()
  }

  close(): void {
    this.#closed = true
    this.#child?.kill('SIGTERM')
  }

  #wait(): void {
    if (this.#closed) return
    const { program, socket, environment } = this.#control.server
    const args = ['-N', '-u', '-S', socket, 'wait-for', this.#name]
    const child = spawn(program, args, { env: { ...environment }, stdio: 'ignore' })
    this.#child = child
    child.once('error', () => this.#ended(false))
    child.once('exit', (code) => this.#ended(code === 0))
  }

  #ended(rung: boolean): void {
    this.#child = null
    if (this.#closed) return
    if (rung) {
      this.#wait()
      this.#onRing()
      return
    }
    const retry = setTimeout(() => void this.park().catch(() => {}), limit.tmuxReconnectMs)
    retry.unref()
  }
}
