import type { Kernel } from './kernel.ts'

/** For tests of recovery: KAGE_CRASH_AT names an event type after whose append this process kills itself. */
export function crashAt(kernel: Kernel, type: string | undefined): void {
  if (type === undefined || type === '') return
  kernel.listen((events) => {
    if (events.some((event) => event.type === type)) process.kill(process.pid, 'SIGKILL')
  })
}
