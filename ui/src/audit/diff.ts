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

/** A value that the database shows as a keyed digest only: whether it changed can be told, and nothing else. */
const isDigest = (json: Json): boolean =>
  'entries' in json && json.entries.length === 1 && json.entries[0]?.[0] === 'digest'

function leaves(json: Json, path: string, out: Map<string, Cell>): void {
  if ('entries' in json && json.entries.length > 0 && !isDigest(json)) {
    for (const [key, value] of json.entries) leaves(value, path ? `${path}.${key}` : key, out)
  } else {
    out.set(path, { text: written(json), hidden: isDigest(json) })
  }
}

export function diff(before: Json | null, after: Json | null): FieldChange[] {
  const old = new Map<string, Cell>()
  const now = new Map<string, Cell>()
  if (before) leaves(before, '', old)
  if (after) leaves(after, '', now)
  return [...new Set([...old.keys(), ...now.keys()])].map((path) => {
    const was = old.get(path) ?? null
    const is = now.get(path) ?? null
    const kind = !was ? 'added' : !is ? 'removed' : was.text === is.text ? 'same' : 'changed'
    return { path, kind, before: was, after: is }
  })
}

export const diffOfTexts = (before: string | null, after: string | null): FieldChange[] =>
  diff(before === null ? null : readJson(before), after === null ? null : readJson(after))

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
