import type { SpawnFacts } from '../../src/core/decide/spawn.ts'

/** Facts under which a spawn succeeds: one agent "coder" of kind "command", nothing in the way. */
export const goodFacts: SpawnFacts = {
  repository: { root: '/r', gitDir: '/r/.git', commonDir: '/r/.git', key: 'r' },
  base: 'b'.repeat(40),
  baseName: 'HEAD',
  prefix: 'kage',
  prefixTaken: false,
  branches: [],
  defaultAgents: ['coder'],
  agentKinds: { coder: { kind: 'command', command: ['true'], environment: [], problem: null } },
  agentsMax: 99,
  worktreeRoot: '/w',
  worktreesTaken: [],
  socket: '/simulated',
  settings: { config: [], attributes: '', exclude: '' },
  fingerprint: {},
  diskFreeBytes: Number.MAX_SAFE_INTEGER,
}
