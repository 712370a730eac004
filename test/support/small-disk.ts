import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryDirectory } from './temporary.ts'

const kage = resolve(import.meta.dirname, '../../bin/kage')

/** Whether this user may mount file systems in a mount namespace of its own. */
export const canMount: boolean =
  spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs -o size=1m none /mnt']).status === 0

/** A small disk that only the processes started through it see. */
export interface SmallDisk {
  /** Where it is mounted. */
  readonly directory: string
  /** A program like bin/kage that sees the disk. */
  readonly kage: string
  /** Fills the disk until only so many bytes are free. */
  fill: (bytesLeft: number) => void
  /** Frees what `fill` has taken. */
  free: () => void
}

/** Mounts a disk in memory, of so many MiB, in a mount namespace of its own; it goes when the test ends. */
export async function smallDisk(mebibytes: number): Promise<SmallDisk> {
  const place = temporaryDirectory()
  const directory = join(place, 'disk')
  mkdirSync(directory)
  const mount = `mount -t tmpfs -o size=${mebibytes}m,mode=700 none "$0" && echo ready && exec sleep 86400`
  const holder = spawn('unshare', ['-m', '--propagation', 'private', 'sh', '-c', mount, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void holder.kill('SIGKILL'))
  await new Promise<void>((mounted, failed) => {
    holder.stdout.once('data', () => mounted())
    holder.once('exit', (code) => failed(new Error(`the disk could not be mounted (${code})`)))
  })
  const inside = ['--mount', `--target=${holder.pid}`]
  const program = join(place, 'kage')
  writeFileSync(program, `#!/bin/sh\nexec nsenter ${inside.join(' ')} --wd="$PWD" -- ${kage} "$@"\n`, {
    mode: 0o755,
  })
  const sh = (script: string): void =>
    void execFileSync('nsenter', [...inside, '--', 'sh', '-c', script, directory])
  return {
    directory,
    kage: program,
    fill: (bytesLeft) =>
      sh(
        `free=$(df --output=avail -B1 "$0" | tail -1); n=$((free - ${bytesLeft})); [ $n -le 0 ] || head -c $n /dev/zero >"$0/filler-$$" 2>/dev/null || true`,
      ),
    free: () => sh('rm -f "$0"/filler-*'),
  }
}
