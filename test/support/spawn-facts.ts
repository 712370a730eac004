import type { SpawnFacts, SpawnRequest } from '../../src/core/decide/spawn.ts'

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
  limits: { agents: 99, turns: 60, taskTokens: 400_000, runUsd: null },
  worktreeRoot: '/w',
  worktreesTaken: [],
  socket: '/simulated',
  settings: { config: [], attributes: '', exclude: '' },
  largeFileBytes: 100_000_000,
  guarded: {},
  git: 'own',
  refs: 'some',
  attentionMs: 240_000,
  diskFreeBytes: Number.MAX_SAFE_INTEGER,
}

/** A request for the default agents, with nothing said beside the task. */
export const plainRequest: SpawnRequest = {
  task: 'do it',
  count: null,
  agents: [],
  maxTurns: null,
  budgetUsd: null,
}
