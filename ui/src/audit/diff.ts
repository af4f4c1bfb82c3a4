// Before and after, field by field.
import type { Json } from './json'
import { member, readJson, written } from './json'

export type Cell = { text: string; hidden: boolean }
export type FieldChange = {
  path: string
  kind: 'added' | 'removed' | 'changed' | 'same'
  before: Cell | null
  after: Cell | null
}

/**
 * A column that the database's own record shows as a keyed digest only: whether it changed can be told, and nothing else.
 * What a writer says of before and after may look like one and hides nothing.
 */
const isDigest = (json: Json): boolean => {
  if (!('entries' in json) || json.entries.length !== 1) return false
  const [key, value] = json.entries[0] ?? []
  return key === 'digest' && value !== undefined && 'raw' in value && /^"[\da-f]+"$/.test(value.raw)
}

/** What a key is called in a path: in quotation marks where it could be taken for something else. */
const named = (key: string): string => (/^[^\s."()]+$/.test(key) ? key : JSON.stringify(key))

function leaves(json: Json, path: string, column: (json: Json) => boolean, out: Map<string, Cell>): void {
  if (!('entries' in json) || json.entries.length === 0) {
    out.set(path, { text: written(json), hidden: false })
    return
  }
  const seen = new Map<string, number>()
  for (const [key, value] of json.entries) {
    const times = (seen.get(key) ?? 0) + 1
    seen.set(key, times)
    // JSON may say a key twice; then both are shown.
    const here = `${path ? `${path}.` : ''}${named(key)}${times > 1 ? ` (${times})` : ''}`
    if (column(value)) out.set(here, { text: written(value), hidden: true })
    else leaves(value, here, () => false, out)
  }
}

/** `recorded` are rows as the database saw them, whose sensitive columns are digests. */
export function diff(before: Json | null, after: Json | null, recorded = false): FieldChange[] {
  const old = new Map<string, Cell>()
  const now = new Map<string, Cell>()
  const column = recorded ? isDigest : () => false
  if (before) leaves(before, '', column, old)
  if (after) leaves(after, '', column, now)
  return [...new Set([...old.keys(), ...now.keys()])].map((path) => {
    const was = old.get(path) ?? null
    const is = now.get(path) ?? null
    const kind = !was ? 'added' : !is ? 'removed' : was.text === is.text ? 'same' : 'changed'
    return { path, kind, before: was, after: is }
  })
}

/** Rows of the database's own record. */
export const diffOfRows = (before: string | null, after: string | null): FieldChange[] =>
  diff(before === null ? null : readJson(before), after === null ? null : readJson(after), true)

const pairs = [
  ['before', 'after'],
  ['antes', 'despues'],
  ['old', 'new'],
  ['old_values', 'new_values'],
  ['from', 'to'],
] as const

export type Pair = { before: Json; after: Json }

/** What the writer itself said of before and after, in the payload or in its `details` or `note`. */
export function pairIn(payload: Json | null): Pair | null {
  for (const part of [payload, member(payload, 'details'), member(payload, 'note')]) {
    for (const [was, is] of pairs) {
      const before = member(part, was)
      const after = member(part, is)
      if (before && after) return { before, after }
    }
  }
  return null
}
