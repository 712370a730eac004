import * as fc from 'fast-check'
import type { File, Tree } from './write-tree.ts'

const names = [
  'one',
  'two',
  'dir/a',
  'dir/b',
  'dir/deep/c',
  '-f',
  ' sp ace ',
  '"q"',
  'a\tb\nc',
  'back\\slash',
  'caf\xc3\xa9',
  '\xff\xfe',
]
const newNames = [...names, 'new', 'dir/new', 'other/deep/x', 'one/below', 'dir']

const lines = fc.array(fc.constantFrom('a\n', 'b\n', '\n', 'x\r\n', '}\n', '\xff\n', '@@ -1 +1 @@\n'), {
  minLength: 4,
  maxLength: 14,
})
const text = fc.tuple(lines, fc.constantFrom('', 'end', '\r')).map(([all, end]) => all.join('') + end)
const file: fc.Arbitrary<File> = fc.oneof(
  { weight: 8, arbitrary: text.map((bytes): File => ['100644', bytes]) },
  { weight: 2, arbitrary: text.map((bytes): File => ['100755', bytes]) },
  { weight: 2, arbitrary: text.map((bytes): File => ['100644', `\0${bytes}`]) },
  { weight: 1, arbitrary: fc.constantFrom<File>(['100644', ''], ['100755', '']) },
  { weight: 2, arbitrary: fc.constantFrom('one', 'dir/a', 'nowhere').map((to): File => ['120000', to]) },
  { weight: 1, arbitrary: fc.constantFrom('1', '2').map((digit): File => ['160000', digit.repeat(40)]) },
)

/** A tree of a few files of every kind, whose names are of every kind. */
export const anyTree: fc.Arbitrary<Tree> = fc
  .dictionary(fc.constantFrom(...names), file, { maxKeys: 7 })
  .map(asTree)

type Step = (tree: Tree) => Tree

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat(20), fc.constantFrom(...newNames)).map(([at, to]) => move(at, to)),
  },
  { weight: 5, arbitrary: fc.tuple(fc.nat(20), fc.nat(14), fc.constantFrom('z\n', '', 'y')).map(edit) },
  { weight: 2, arbitrary: fc.nat(20).map((at) => change(at, ([mode, bytes]) => [otherMode(mode), bytes])) },
  { weight: 2, arbitrary: fc.tuple(fc.nat(20), file).map(([at, fresh]) => change(at, () => fresh)) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...newNames), file).map(([path, fresh]) => add(path, fresh)),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(20), fc.constantFrom(...newNames)).map(([at, to]) => copy(at, to)),
  },
  {
    weight: 1,
    arbitrary: fc.nat(20).map(
      (at): Step =>
        (tree) =>
          without(tree, pathAt(tree, at)),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((tree) => moveDirectory(tree, 'dir', 'moved')) },
)

/** A tree made of another by a few moves, edits, changes of mode and type, new files, copies and removals. */
export function anyChangeOf(tree: Tree): fc.Arbitrary<Tree> {
  return fc.array(step, { maxLength: 6 }).map((steps) => steps.reduce((now, next) => next(now), tree))
}

function pathAt(tree: Tree, at: number): string {
  const paths = Object.keys(tree)
  return paths[at % Math.max(paths.length, 1)] ?? ''
}

function without(tree: Tree, path: string): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([each]) => each !== path))
}

function add(path: string, fresh: File): Step {
  return (tree) => asTree({ ...without(tree, path), [path]: fresh })
}

function move(at: number, to: string): Step {
  return (tree) => {
    const path = pathAt(tree, at)
    const moved = tree[path]
    return moved === undefined ? tree : add(to, moved)(without(tree, path))
  }
}

function copy(at: number, to: string): Step {
  return (tree) => {
    const copied = tree[pathAt(tree, at)]
    return copied === undefined ? tree : add(to, copied)(tree)
  }
}

function change(at: number, changed: (file: File) => File): Step {
  return (tree) => {
    const path = pathAt(tree, at)
    const old = tree[path]
    return old === undefined ? tree : { ...tree, [path]: changed(old) }
  }
}

function edit([at, line, fresh]: [number, number, string]): Step {
  return change(at, ([mode, bytes]) => {
    if (!mode.startsWith('100')) return [mode, bytes]
    const all = bytes.split(/(?<=\n)/)
    all[Math.min(line, all.length)] = fresh
    return [mode, all.join('')]
  })
}

function moveDirectory(tree: Tree, from: string, to: string): Tree {
  return asTree(
    Object.fromEntries(
      Object.entries(tree).map(([path, each]) => [
        path.startsWith(`${from}/`) ? to + path.slice(from.length) : path,
        each,
      ]),
    ),
  )
}

function otherMode(mode: string): string {
  if (mode === '100644') return '100755'
  return mode === '100755' ? '100644' : mode
}

/** The files that can lie beside the last ones: nothing below a file. */
function asTree(tree: Tree): Tree {
  const kept: Record<string, File> = {}
  for (const [path, each] of Object.entries(tree).toReversed()) {
    const blocked = Object.keys(kept).some(
      (other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`),
    )
    if (!blocked) kept[path] = each
  }
  return kept
}
