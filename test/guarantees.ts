/** A promise of README.md or the documentation, the tests that hold it, and what it does not cover. */
export interface Guarantee {
  readonly promise: string
  /** Tests by file and title, or the beginning of a title that has parameters. */
  readonly tests: readonly (readonly [file: string, title: string])[]
  readonly notPromised: string
}

/** The promises of doc/guarantees.md, in the order of that page. */
export const guarantees: readonly Guarantee[] = [
  {
    promise:
      'A run that is archived is shown, compared and undone as before; what changes it brings it back as if it never had been away.',
    tests: [
      ['test/core/archive/past.test.ts', 'whatever happens, runs that are archived and brought back'],
      ['test/e2e/archive.test.ts', 'a cleaned run is archived at the next start'],
      ['test/e2e/archive.test.ts', 'a run that ended long ago is archived with its worktrees'],
      ['test/e2e/archive.test.ts', 'archived runs follow their repository'],
    ],
    notPromised: 'A run whose first events are lost by damage to the store stays a row.',
  },
  {
    promise: 'Each event that Kage acknowledged is stored, in order and once; state is a fold of the events.',
    tests: [
      ['test/simulation/supervision.test.ts', 'supervision holds in'],
      ['test/e2e/crash.test.ts', 'a daemon killed right after'],
      ['test/soak/kills.test.ts', 'a daemon killed at random times loses no line, no report and no landing'],
    ],
    notPromised: 'A disk that loses what it said it had written.',
  },
  {
    promise:
      'An effect that fails is shown with its reason, and is attempted again or says that Kage gave up.',
    tests: [
      ['test/simulation/supervision.test.ts', 'supervision holds in'],
      ['test/e2e/failing-effects.test.ts', 'a worktree that cannot be made is attempted three times'],
    ],
    notPromised: 'An effect that never returns: only git commands have a time-out.',
  },
  {
    promise:
      'The last work of an agent is captured or said not to be: until then `wait` is no success, and `clean` removes nothing.',
    tests: [
      ['test/e2e/capture.test.ts', 'a last capture that fails is shown with its reason'],
      ['test/e2e/capture.test.ts', 'a capture that was given up is attempted again when the daemon starts'],
      ['test/e2e/capture.test.ts', 'an agent that writes all the time is compared'],
    ],
    notPromised: 'A worktree that changes during every pass is captured in motion, and says so.',
  },
  {
    promise:
      '`kage clean` removes no nested repository, no changed submodule and no untracked large file that is not stored elsewhere.',
    tests: [
      ['test/e2e/outside-work.test.ts', 'nested repositories are named everywhere'],
      ['test/e2e/outside-work.test.ts', 'a submodule as the base records it is cleaned'],
      ['test/e2e/outside-work.test.ts', 'an untracked file over large_mb is named'],
    ],
    notPromised:
      'Ignored files, also repositories in ignored directories, go with the worktree; so do commits that only a reflog of the agent names, and text that was staged and is in no file.',
  },
  {
    promise:
      "Captures, pending decisions and undos stay readable through Kage's own packing and the person's `git gc --prune=now`.",
    tests: [
      ['test/e2e/upkeep.test.ts', 'superseded captures are freed by gc'],
      ['test/e2e/upkeep.test.ts', 'captures and landings go on while Kage packs'],
      ['test/adapters/git/upkeep/upkeep.test.ts', "a snapshot outlives both sides' gc"],
      [
        'test/adapters/git/upkeep/upkeep.test.ts',
        'killed at any moment, a repack loses nothing that is kept',
      ],
    ],
    notPromised:
      'Packing waits for a moment without other work; where there is none for a minute it removes nothing.',
  },
  {
    promise:
      'No ordinary git command of an agent reaches the person’s refs, stash, index or configuration, without any sandbox.',
    tests: [
      [
        'test/adapters/git/agent/add.test.ts',
        'an agent has HEAD, index, stash, refs and configuration of its own',
      ],
      [
        'test/adapters/git/agent/add.test.ts',
        'a push by path into the repository of the person goes nowhere',
      ],
      [
        'test/adapters/git/agent/add.test.ts',
        'the configuration keeps remotes and identity and drops every program',
      ],
    ],
    notPromised:
      'An agent that opens the person’s git directory by its path; runs with `[worktree] git = "linked"`.',
  },
  {
    promise:
      'Commits of an agent enter the person’s repository whole and checked, or not at all; its work as a tree is published either way.',
    tests: [
      ['test/adapters/git/agent/import.test.ts', 'commits of an agent are imported with what they need'],
      ['test/adapters/git/agent/import.test.ts', '%s is refused, and nothing is added'],
      ['test/e2e/agent-branch.test.ts', 'commits that cannot be trusted are refused and said'],
    ],
    notPromised: 'Stores of more than 2 GiB or 200,000 objects are not imported.',
  },
  {
    promise:
      'Agents and the person can use git at the same time, gc --prune=now included, and no command of one fails because of the other.',
    tests: [
      ['test/soak/git-life.test.ts', 'agents and the person use git at random'],
      ['test/e2e/agent-worktree.test.ts', 'the branch of an agent shows its work while it waits'],
    ],
    notPromised:
      'An agent that writes the very content of an object which the person’s git then prunes at once, before Kage imported it.',
  },
  {
    promise: 'A run can be compared and landed from after its base was amended, deleted and collected.',
    tests: [
      [
        'test/e2e/agent-branch.test.ts',
        'the base of a run survives amend, a deleted branch and a garbage collection',
      ],
      ['test/e2e/agent-branch.test.ts', 'where the ref of the base is gone, its tree is copied'],
    ],
    notPromised: 'A base whose ref was deleted and collected before Kage looked again.',
  },
  {
    promise:
      'A text reaches an agent once, even if the daemon dies before it has answered and the client asks again.',
    tests: [
      ['test/e2e/send-once.test.ts', 'a repeated command types its text once'],
      [
        'test/e2e/send-once.test.ts',
        'a message that a daemon had written before it died reaches the agent once',
      ],
      [
        'test/soak/any-process.test.ts',
        'whichever process of Kage is killed, no line and no prompt is lost or doubled',
      ],
    ],
    notPromised:
      'A text for a pane whose daemon died just before it typed is told as `unverified` and not typed again.',
  },
  {
    promise: 'A disk of Kage’s that fills up loses nothing that was acknowledged.',
    tests: [
      [
        'test/soak/full-disk.test.ts',
        'a disk of Kage that fills up at any time loses nothing that was acknowledged',
      ],
    ],
    notPromised: 'Agents whose own files find no room fail, and are started again by `kage resume`.',
  },
  {
    promise:
      '`kage clean --branches` deletes no branch with work that has not landed, unless it is kept elsewhere first.',
    tests: [
      ['test/e2e/clean-branches.test.ts', 'landed branches go on request'],
      ['test/e2e/clean-branches.test.ts', 'a run that is not old enough is left alone'],
      ['test/e2e/clean-branches.test.ts', 'a branch that any symbolic ref or HEAD names stays'],
      ['test/daemon/retention.test.ts', 'branches of cleaned runs that have landed go after the days'],
    ],
    notPromised: 'A branch whose tip has the content of the capture goes with the messages of its commits.',
  },
  {
    promise:
      'A file with a filter of the person’s git configuration is never overwritten by its stored form, nor stored raw.',
    tests: [
      ['test/e2e/filters.test.ts', 'a trusted filter runs for agents'],
      ['test/e2e/filters.test.ts', 'without trust filtered files are named and left alone'],
      ['test/e2e/filters.test.ts', 'a pointer from a commit does not overwrite content'],
    ],
    notPromised: 'git-crypt never runs for Kage: its files are left alone.',
  },
  {
    promise:
      'Work in any `working-tree-encoding` is captured: converted as git converts it, or byte for byte and named.',
    tests: [
      [
        'test/adapters/git/worktree/encodings.test.ts',
        'files that git cannot convert are captured byte for byte',
      ],
      ['test/e2e/encodings.test.ts', 'work in other encodings is captured whole, lands as git checks it out'],
    ],
    notPromised:
      'That a file whose bytes were no text of its encoding lands with these bytes: git writes it otherwise.',
  },
  {
    promise:
      'Later versions open, recover, undo and clean what 0.1.0 left, and take over from its daemon in the middle of a run.',
    tests: [
      [
        'test/e2e/older-formats.test.ts',
        'a landing of 0.1.0 that was cut off lands, and every landing of it is undone',
      ],
      [
        'test/e2e/older-formats.test.ts',
        'runs of 0.1.0 are shown, compared and cleaned in the worktrees that it made',
      ],
      ['test/e2e/take-over.test.ts', 'a newer client takes over from the daemon of 0.1.0'],
    ],
    notPromised: 'The way back: an older Kage refuses the store of a newer one.',
  },
  {
    promise:
      'After damage to store, journals or repositories, each acknowledged event is there or named as missing.',
    tests: [
      ['test/e2e/damage.test.ts', 'after %s every event is there or told'],
      [
        'test/e2e/damage.test.ts',
        'after %s a salvage keeps every whole event, and no number is given out again',
      ],
      ['test/e2e/damage.test.ts', 'with %s put back nothing is given out again'],
      ['test/e2e/damage.test.ts', 'a loss is told until it is acknowledged, and a later one is told again'],
      ['test/e2e/stuck-landing.test.ts', 'a landing that was cut off and whose journal is %s is told'],
    ],
    notPromised:
      'A store that goes back in time together with its mark, or by less than a power cut had kept from the mark.',
  },
  {
    promise:
      'No question or report of an agent is lost, in whatever order it arrives with the start of its program.',
    tests: [
      ['test/core/agent/transition.test.ts', 'a report counts in every order with the start of the program'],
      ['test/e2e/agent-reports.test.ts', 'questions that agents ask at once are all heard'],
      ['test/e2e/flood.test.ts', 'neither a hundred thousand reports at once nor sparse files'],
    ],
    notPromised: 'An outbox of more than 256 MiB is read no further, which is said once.',
  },
  {
    promise:
      'Processes that outlive their agent are shown, and `kage stop` and `kage clean` end them and no stranger.',
    tests: [
      ['test/e2e/leftovers.test.ts', 'a process that outlives its agent is shown, and clean ends it'],
      ['test/e2e/leftovers.test.ts', 'stop ends what an agent left running'],
    ],
    notPromised:
      'A process that clears its own environment and has left the group of its agent is not found.',
  },
  {
    promise: 'A landing or undo writes no file in which a connected Neovim has unsaved changes.',
    tests: [['test/e2e/landing-unsaved.test.ts', 'a landing from the command line is refused where']],
    notPromised:
      'A Neovim without a running host, or one that does not answer within 1.5 seconds, is not asked.',
  },
  {
    promise:
      'A moved, renamed or restored repository keeps its runs, and a copy takes over none while the original is there.',
    tests: [
      ['test/e2e/moved-repository.test.ts', 'a repository that was moved is recognised'],
      ['test/e2e/moved-repository.test.ts', 'agents that work while the repository is moved'],
      ['test/e2e/moved-repository.test.ts', 'a copy is another repository while the original is there'],
    ],
    notPromised: 'A repository without any branch or base ref of a run left is not recognised elsewhere.',
  },
  {
    promise:
      'Agents whose store was deleted are shown with their processes, and cleaning them loses no file.',
    tests: [['test/e2e/lost-store.test.ts', 'agents whose state directory was deleted are shown']],
    notPromised: 'Their runs are not restored: what they did lies in their worktree and branch.',
  },
  {
    promise:
      'Secrets of the asking client are written down in no words, and no text that people read hides characters.',
    tests: [
      ['test/e2e/variables.test.ts', 'values of the asking client'],
      ['test/e2e/variables.test.ts', 'the daemon keeps of its starter'],
      ['test/cli/text/visible.test.ts', 'what turns the writing or cannot be seen is spelled out'],
    ],
    notPromised: 'Paths, commands, content and JSON are what they are.',
  },
  {
    promise:
      'No program that a repository names runs before it is trusted, and no git that Kage starts fetches anything.',
    tests: [
      [
        'test/e2e/hostile-repository.test.ts',
        'from spawn to clean nothing runs that a hostile repository names',
      ],
      ['test/e2e/hostile-repository.test.ts', 'a partial clone that lacks its base runs no helper'],
      ['test/e2e/hostile-repository.test.ts', 'a blobless clone works after the command of the refusal'],
      ['test/adapters/git/repository/hostile.test.ts', 'what a partial clone lacks is fetched by no command'],
    ],
    notPromised: 'What your own git, editor or shell runs in that repository.',
  },
  {
    promise: 'Nothing that an agent plants among its own files is taken for a report of its start or end.',
    tests: [
      ['test/e2e/planted-spool.test.ts', 'reports that an agent plants where its paths lead get nothing'],
      ['test/e2e/planted-spool.test.ts', 'no way up from an agent'],
      [
        'test/tmux/launch.test.ts',
        'what lies in the place of a report is neither written through nor believed',
      ],
    ],
    notPromised: 'A program of your own user that looks for the launcher’s files: only a sandbox stops it.',
  },
  {
    promise:
      'An agent’s client cannot trust, pick, land, undo, decide, acknowledge, restore, clean, stop the daemon or set a budget for the person.',
    tests: [
      ['test/e2e/asking-process.test.ts', 'a client inside an agent is refused what is the person’s'],
      ['test/e2e/asking-process.test.ts', 'a client that does not say truly which process it is may look'],
    ],
    notPromised:
      'A client states its process, and one that means harm can state another, or end the daemon by a signal or as a client of 0.1.0.',
  },
  {
    promise:
      'A change during a run of what makes git run programs or read elsewhere refuses landings until it is acknowledged.',
    tests: [
      ['test/e2e/alarm.test.ts', 'hooks of a directory that core.hooksPath names are watched'],
      [
        'test/e2e/alarm.test.ts',
        'what an agent changes of what makes git run or read elsewhere refuses landings',
      ],
      ['test/e2e/alarm.test.ts', 'a setting or hook that is changed and taken back while an agent works'],
      ['test/e2e/alarm.test.ts', 'a change that is made again after it was acknowledged'],
      ['test/e2e/nvim-alarm.test.ts', 'an alarm is shown with its difference at :w'],
      ['test/e2e/notice.test.ts', 'a day of an ordinary person beside six agents raises nothing'],
    ],
    notPromised:
      'A change that is taken back at once (some tenths of a second on a busy machine), or between two looks where it is of a file of the worktree, a replaced object or your global settings; system-wide settings; hooks of a core.hooksPath outside the repository; files elsewhere that a hook runs.',
  },
  {
    promise:
      'Branches and tags that are deleted or rewound while agents work, and stash entries that vanish, can be put back.',
    tests: [
      ['test/e2e/notice.test.ts', 'refs and stash entries that an agent takes away are noticed'],
      ['test/e2e/notice.test.ts', 'a ref that the person moved since is left alone'],
      ['test/e2e/notice.test.ts', 'a reset of the person’s is told beside working agents'],
    ],
    notPromised:
      'Objects that were pruned before the agent’s turn ended, a stash entry that vanished while you worked in the same worktree, and a deleted branch whose commits another ref of yours reaches. Your own reset, or `branch -D` of what nothing else reaches, is told, too.',
  },
  {
    promise:
      'Files of an agent that has ended or is paused, changed while another agent worked, are told, and what was captured before can be had as a branch.',
    tests: [
      ['test/e2e/sibling.test.ts', 'files of an ended agent that change while another works are noticed'],
      ['test/e2e/sibling.test.ts', 'files of a paused agent that change while another works are noticed'],
      ['test/e2e/sibling.test.ts', 'what agents and the person change in worktrees on an ordinary day'],
      ['test/e2e/sibling.test.ts', 'a follow-up that a built-in agent works on raises no notice'],
      ['test/e2e/notice.test.ts', 'a day of an ordinary person beside six agents raises nothing'],
    ],
    notPromised:
      'Who changed them; the worktree of an agent that works, waits or left a process running; files that were written again later; work since the last capture.',
  },
  {
    promise: 'A pick lands exactly what was chosen, as git merges it, or changes nothing.',
    tests: [
      ['test/adapters/git/landing/replay-property.test.ts', 'random histories land as git merges them'],
      [
        'test/adapters/git/landing/landing-property.test.ts',
        'what lands on a random dirty worktree is what git merges',
      ],
      ['test/e2e/kinds.test.ts', 'every kind of change under every kind of name lands byte by byte'],
    ],
    notPromised:
      'Ignored files never travel. Filters, merge drivers and attributes that a landing does not follow are named.',
  },
  {
    promise: 'What has landed goes only where a later choice overlaps it, and is then named.',
    tests: [
      ['test/core/merge/overlay.test.ts', 'landed decisions go only where they are named'],
      ['test/e2e/overlay.test.ts', 'an agent that rewrites every line does not make a later pick drop'],
    ],
    notPromised: 'A file that changed in more than 25,000 places is one unit, and is replaced whole.',
  },
  {
    promise:
      'Joined variants count equal changes once; where two change one line differently, nothing lands.',
    tests: [
      ['test/core/merge/join.test.ts', 'a join is what every base line and every gap between them becomes'],
      ['test/e2e/overlay.test.ts', 'variants that change one line in other ways are a conflict of kind join'],
    ],
    notPromised: 'That a joined text still compiles.',
  },
  {
    promise: 'An undo gives back every byte that its landing wrote, or refuses and changes nothing.',
    tests: [
      ['test/adapters/git/landing/undo.test.ts', 'undo gives back every byte, mode, directory and the index'],
      ['test/adapters/git/landing/undo.test.ts', 'undo does not depend on what a gc keeps'],
    ],
    notPromised:
      'An undo after its files were edited again: it refuses. Landings beyond `[retention] undos`.',
  },
]
