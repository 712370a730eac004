/** Every operating error and refusal: its stable code and the next step that is shown when the place that raises it names none. */
export const hints = {
  KAGE_USAGE: 'See `kage help`.',
  KAGE_INTERNAL:
    'This is a defect of Kage. daemon.log, whose place `kage doctor` names, may hold more. Nothing acknowledged is lost.',
  KAGE_CONFIG: 'Correct the file and try again.',
  KAGE_CONFIG_UNTRUSTED: 'Read the commands in .kage.toml, then `kage trust`.',
  KAGE_LIMIT: 'Ask for less, or raise the limit in config.toml.',

  KAGE_NOT_A_REPOSITORY: 'Go to a git repository, or name one with --repo.',
  KAGE_REPOSITORY_BARE: 'Kage works from a repository with a worktree: clone it and try there.',
  KAGE_REPOSITORY_EMPTY: 'Make a first commit: agents start from one.',
  KAGE_REPOSITORY_BUSY: 'Finish or abort what git has in progress (`git status` names it).',
  KAGE_REPOSITORY_ALTERED: 'Look at what changed there before you use git in it.',
  KAGE_PARTIAL_CLONE: 'Fetch what is missing with your own git, or `kage trust` the repository first.',
  KAGE_GIT_MISSING: 'Install git 2.39 or newer.',
  KAGE_GIT_FAILED: 'See what git said above; nothing was changed.',
  KAGE_REVISION_UNKNOWN: '`git log` and `git branch -a` show what there is.',
  KAGE_MERGE_BASE_AMBIGUOUS: 'Name the base with --base REV.',
  KAGE_IDENTITY_MISSING: 'Set user.name and user.email with `git config`.',
  KAGE_BRANCH_PREFIX_TAKEN: 'Rename that branch, or set branch_prefix in config.toml.',
  KAGE_BRANCH_TAKEN: 'Delete or rename that branch, or choose another branch_prefix.',
  KAGE_WORKTREE_TAKEN: 'Move what lies there away, or set KAGE_DATA_DIR.',
  KAGE_WORKTREE_RESTLESS: 'Something writes there all the time; try again when it rests.',
  KAGE_WORKTREE_KEPT:
    'Its work is in a snapshot and in `kage diff`; see what holds it, remove it by hand, or clean again.',
  KAGE_IMPORT_REFUSED: 'Its work as a tree is kept: `kage diff` and `kage pick` work on it.',
  KAGE_WORKTREE_MISSING: 'Its last snapshot is kept: `kage diff` and `kage pick` work on it.',

  KAGE_TMUX_MISSING: 'Install tmux 3.2 or newer.',
  KAGE_TMUX_FAILED: '`kage doctor` tells what this tmux can do.',
  KAGE_TMUX_LOST: 'Start a tmux server, then `kage resume`.',

  KAGE_TASK_EMPTY: 'Say what is to be done: `kage spawn "fix the parser"`.',
  KAGE_TASK_TOO_LONG: 'Put the text in a file of the repository and name the file in the task.',
  KAGE_COUNT_INVALID: 'Ask for between 1 and the limit of agents.',
  KAGE_AGENT_UNKNOWN: '`kage ls` lists runs and agents; config.toml defines kinds of agents.',
  KAGE_AGENT_AMBIGUOUS: 'Use the full name, like r7/coder-1.',
  KAGE_AGENT_KIND: 'Only agents of kind "api" and "command" run in this version.',
  KAGE_AGENT_MODEL: 'Set its provider and model in config.toml.',
  KAGE_AGENT_COMMAND: 'Correct its command in config.toml.',
  KAGE_AGENT_STATE: '`kage show` explains its status.',
  KAGE_RUN_UNKNOWN: '`kage ls --all` lists every run.',
  KAGE_RUN_BUSY: 'Wait for it (`kage wait`) or stop it (`kage stop`) first.',
  KAGE_WORK_UNSAVED: '--force stores it below the data directory of Kage first, and says where.',
  KAGE_CANDIDATE_MISSING: 'It has produced nothing to compare yet.',

  KAGE_REGION_UNKNOWN: '`kage regions RUN` lists them.',
  KAGE_CHOICE_INVALID: 'Choose base, a variant, an agent, several of them joined by +, or @FILE.',
  KAGE_CHOICES_EXCLUDE: 'Untake one of them first (REGION=base).',
  KAGE_VARIANT_STALE: 'Look at the regions again: that variant has changed since.',
  KAGE_ALARM: 'Look at what changed, then acknowledge it with `kage ack RUN`.',
  KAGE_CONFLICT: 'Nothing was changed. Decide those regions otherwise, or change the target.',
  KAGE_CONFLICT_UNKNOWN: 'Pick again without it to see what conflicts now.',
  KAGE_CHECK_MISSING:
    'Name one in config.toml, or in a .kage.toml that you trust: [checks.test], kind and command.',
  KAGE_CHECK_FAILED: 'See what they said above. Nothing was changed.',
  KAGE_PATH_INVALID: 'No file can have that path in a repository.',
  KAGE_FILTER_UNTRUSTED:
    '`kage trust` lets Kage run the filters of your git configuration. Nothing was changed.',
  KAGE_TARGET_UNKNOWN: 'Name a local branch with --into, or `worktree`.',
  KAGE_TARGET_MOVED: 'Someone changed the target meanwhile. Nothing was changed; try again.',
  KAGE_TARGET_OCCUPIED: 'Move or commit those files first. Nothing was changed.',
  KAGE_TARGET_STAGED: 'Commit or unstage what is staged first, or pick into the worktree.',
  KAGE_TARGET_UNWRITABLE: 'Look at its permissions and free space. Nothing was changed.',
  KAGE_UNDO_UNKNOWN: '`kage undo --list` shows what can be undone.',
  KAGE_UNDO_CHANGED: 'It was changed after the landing. Nothing was undone.',

  KAGE_REVIEW_DIFFERS: 'Look at the regions again. Nothing was changed.',
  KAGE_BUFFER_UNSAVED: 'Write or reload those buffers first. Nothing was changed.',
  KAGE_EDITOR: '`:checkhealth kage` tells what is missing.',

  KAGE_KEY_MISSING:
    'Set that variable where you start or resume agents from, or name another one as key_env in config.toml.',
  KAGE_PROVIDER_AUTH: 'Correct the key, then `kage resume`: the agent goes on where it was.',
  KAGE_PROVIDER_QUOTA: 'Look at your plan with the provider, or choose another one; then `kage resume`.',
  KAGE_PROVIDER_FAILED: 'See what the endpoint said; `kage resume` goes on where the agent was.',

  KAGE_DAEMON_UNREACHABLE: '`kage daemon start` starts it; `kage doctor` tells why it could not.',
  KAGE_DAEMON_VERSION:
    'Use the newer of the two: a newer client takes over by itself. In Neovim `:Kage restart` loads what is installed.',
  KAGE_RUNTIME_DIR: 'Set KAGE_RUNTIME_DIR to a short private directory (mode 0700).',
  KAGE_DIRECTORY: 'Set KAGE_STATE_DIR and KAGE_DATA_DIR to directories of your own that can be written.',
  KAGE_STORE_NEWER: 'Install that version of Kage again, or a later one. Nothing was changed.',
  KAGE_STORE:
    'Nothing new was accepted. `kage doctor` tells more; `kage doctor --salvage` keeps every whole event.',
  KAGE_DISK_LOW: 'Make room on that disk (`kage clean` removes ended runs).',
  KAGE_FRAME: 'The peer does not speak this protocol.',
  KAGE_FORBIDDEN: "An agent's socket knows only: report, note, ask, reserve.",
  KAGE_METHOD_UNKNOWN: 'Client and daemon differ in version: `kage daemon restart`.',
  KAGE_TIMEOUT: 'It goes on; ask again.',
} as const

export type ErrorCode = keyof typeof hints

/** What a person is shown when something was refused or failed: plain data, the same on the wire and on the screen. */
export interface Fault {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  /** Further keys of the error document, for scripts. */
  readonly details?: FaultDetails | undefined
}

/** Plain values that cross the wire as they are. */
export type FaultDetails = Readonly<Record<string, unknown>>

/** An expected failure on its way to the person; a programmer's error is any other Error. */
export class KageError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  readonly details: FaultDetails | undefined

  constructor(code: ErrorCode, message: string, hint: string = hints[code], details?: FaultDetails) {
    super(message)
    this.name = 'KageError'
    this.code = code
    this.hint = hint
    this.details = details
  }
}

/** Makes a fault with the code's own hint unless another next step is named. */
export function fault(
  code: ErrorCode,
  message: string,
  hint: string = hints[code],
  details?: FaultDetails,
): Fault {
  return { code, message, hint, ...(details === undefined ? {} : { details }) }
}

/** Turns anything thrown into a fault; what is not a KageError is a defect and says so. */
export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof KageError) return fault(thrown.code, thrown.message, thrown.hint, thrown.details)
  return fault('KAGE_INTERNAL', thrown instanceof Error ? thrown.message : String(thrown))
}
