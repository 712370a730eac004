import type { Change, Entry, Oid, UnitKind } from '../../../core/merge/change.ts'
import { pathOfBytes } from '../../../core/merge/path.ts'
import { pairOf, type RawRecord, type TreePatch } from './patch.ts'

/** What a record of git's says was changed: of a regular file its path, its mode and its content apart from each other. */
export function changesOfRecord(record: RawRecord, { texts, reasons }: TreePatch): Change[] {
  const { status, oldMode, oldOid, newMode, newOid, to } = record
  const path = pathOfBytes(record.path)
  const base = entryOf(oldMode, oldOid)
  const entry = entryOf(newMode, newOid)
  const pair = pairOf(oldOid, newOid)
  const atoms = texts.get(pair)
  const isBinary = atoms === null
  if (base === null || entry === null || status === 'T')
    return [{ kind: 'unit', unit: unitOf(record, isBinary), path, base, entry }]
  const changes: Change[] = []
  if (oldOid !== newOid) {
    const content = { mode: oldMode, oid: newOid }
    if (oldMode.startsWith('100') && atoms) changes.push({ kind: 'text', path, base, entry: content, atoms })
    else {
      const reason = reasons?.get(pair)
      const why = reason === undefined ? {} : { reason }
      changes.push({ kind: 'unit', unit: unitOf(record, true), path, base, entry: content, ...why })
    }
  }
  if (oldMode !== newMode)
    changes.push({ kind: 'unit', unit: 'mode', path, base, entry: { mode: newMode, oid: oldOid } })
  if (to !== undefined)
    changes.push({ kind: 'unit', unit: 'rename', path, base, entry: base, to: pathOfBytes(to) })
  return changes
}

function entryOf(mode: string, oid: Oid): Entry | null {
  return mode === '000000' ? null : { mode, oid }
}

// A new link, submodule or binary is named so and not `add`: what is added as text can be mixed with another's.
function unitOf({ newMode, status }: RawRecord, isBinary: boolean): UnitKind {
  if (status === 'D') return 'delete'
  if (status === 'T') return 'type'
  if (newMode === '120000') return 'symlink'
  if (newMode === '160000') return 'submodule'
  return isBinary ? 'binary' : 'add'
}
