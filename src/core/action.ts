/** An effect to perform on one agent; `key` names it, so that the same effect is never under way twice. */
export interface Action {
  readonly type: ActionType
  readonly run: string
  readonly agent: string
  readonly attempt: number
}

/** Every type of effect; events name them, so none is ever renamed without an upcast. */
export const actionTypes = [
  'worktree.add',
  'pane.open',
  'gate.release',
  'process.terminate',
  'candidate.capture',
  'branch.publish',
  'pane.close',
  'worktree.remove',
] as const

export type ActionType = (typeof actionTypes)[number]

/** The name of an effect: what is under way or was given up under this key is not asked for again. */
export function actionKey(action: Action): string {
  return `${action.type} ${action.run}/${action.agent} ${action.attempt}`
}
