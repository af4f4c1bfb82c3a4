// JSON read into a tree whose leaves are the text as it was written: numbers keep their digits, repeated keys stay.
import { tokens } from './rawJson'

export type Json = { entries: [key: string, value: Json][] } | { items: Json[] } | { raw: string }

const deepest = 200
/** A tree of more takes the window's memory; who shows it shows the text. */
const mostTokens = 200_000

/** Null for what is no JSON, and for what is too much of it. */
export function readJson(text: string): Json | null {
  const all = tokens(text, mostTokens)
  if (!all) return null
  let at = 0
  const value = (depth: number): Json | null => {
    const part = all[at++]
    if (part === undefined || depth > deepest) return null
    if (part === '{') return entries(depth)
    if (part === '[') return items(depth)
    return /^[}\],:]/.test(part) ? null : { raw: part }
  }
  const entries = (depth: number): Json | null => {
    const out: [string, Json][] = []
    if (all[at] === '}') return (at++, { entries: out })
    for (;;) {
      const key = all[at++]
      if (key?.[0] !== '"' || all[at++] !== ':') return null
      const found = value(depth + 1)
      if (!found) return null
      out.push([unquoted(key), found])
      const next = all[at++]
      if (next === '}') return { entries: out }
      if (next !== ',') return null
    }
  }
  const items = (depth: number): Json | null => {
    const out: Json[] = []
    if (all[at] === ']') return (at++, { items: out })
    for (;;) {
      const found = value(depth + 1)
      if (!found) return null
      out.push(found)
      const next = all[at++]
      if (next === ']') return { items: out }
      if (next !== ',') return null
    }
  }
  const read = value(0)
  return at === all.length ? read : null
}

/** The text of a JSON string; what is no string stays as it is. */
export function unquoted(raw: string): string {
  if (raw[0] !== '"') return raw
  try {
    return String(JSON.parse(raw))
  } catch {
    return raw
  }
}

export const member = (json: Json | null | undefined, key: string): Json | undefined =>
  json && 'entries' in json ? json.entries.find(([name]) => name === key)?.[1] : undefined

/** The text of a leaf; null for anything else and for JSON's null. */
export const leaf = (json: Json | undefined): string | null =>
  json && 'raw' in json && json.raw !== 'null' ? unquoted(json.raw) : null

/** On one line, as it was written. */
export function written(json: Json): string {
  if ('raw' in json) return json.raw
  if ('items' in json) return `[${json.items.map(written).join(', ')}]`
  return `{${json.entries.map(([key, value]) => `${JSON.stringify(key)}: ${written(value)}`).join(', ')}}`
}
