// Questions to the log, as Rust reads them from a text and prints them back. Here they are only taken apart and put together;
// what a text means is Rust's to say.
import type { AuditQuery, FacetField, Facets } from '../backend/types'

export const severities = ['critical', 'warning', 'info'] as const
export const outcomes = ['ok', 'denied', 'failed'] as const

const noFacets = (): Facets => ({
  types: [],
  severities: [],
  outcomes: [],
  actors: [],
  tenants: [],
  resources: [],
  networks: [],
  origins: [],
})

export const emptyQuery = (): AuditQuery => ({
  only: noFacets(),
  except: noFacets(),
  requests: [],
  text: [],
  not_text: [],
  when: null,
  after: null,
  before: null,
})

/** Whether a facet's value is asked for, excluded, or neither. */
export type Side = 'only' | 'except'

const lists: Record<FacetField, keyof Facets> = {
  type: 'types',
  severity: 'severities',
  outcome: 'outcomes',
  actor: 'actors',
  tenant: 'tenants',
  resource: 'resources',
  ip: 'networks',
  network: 'networks',
  origin: 'origins',
}

type Value = Facets[keyof Facets][number]

/** From a value as the language writes it to the one that the query holds. */
function valueOf(field: FacetField, text: string): Value {
  if (field === 'tenant') return text === 'system' ? 'system' : { tenant: Number(text) }
  if (field === 'resource') {
    const at = text.indexOf('/')
    return at > 0 && at < text.length - 1
      ? { kind: text.slice(0, at), id: text.slice(at + 1) }
      : { kind: text, id: null }
  }
  return text
}

function textOf(value: Value): string {
  if (typeof value === 'string') return value
  if ('tenant' in value) return String(value.tenant)
  return value.id === null ? value.kind : `${value.kind}/${value.id}`
}

/** Actors are compared without regard to case, as the log does. */
const same = (field: FacetField, a: string, b: string) =>
  field === 'actor' ? a.toLowerCase() === b.toLowerCase() : a === b

export function sideOf(query: AuditQuery, field: FacetField, value: string): Side | null {
  const has = (side: Side) => (query[side][lists[field]] as Value[]).some((each) => same(field, textOf(each), value))
  return has('only') ? 'only' : has('except') ? 'except' : null
}

/** The values of a field that the query names, as the language writes them. */
export const chosen = (query: AuditQuery, field: FacetField, side: Side): string[] =>
  (query[side][lists[field]] as Value[])
    .map(textOf)
    .filter((value) => (field === 'network' ? value.includes('/') : field === 'ip' ? !value.includes('/') : true))

/** The query with the value on that side and not on the other; with null on neither. */
export function place(query: AuditQuery, field: FacetField, value: string, side: Side | null): AuditQuery {
  const list = lists[field]
  const without = (from: Facets): Facets => ({
    ...from,
    [list]: (from[list] as Value[]).filter((each) => !same(field, textOf(each), value)),
  })
  const next = { ...query, only: without(query.only), except: without(query.except) }
  if (side) next[side] = { ...next[side], [list]: [...next[side][list], valueOf(field, value)] }
  return next
}

/** A click on a facet: what is on that side already is taken off it. */
export const toggle = (query: AuditQuery, field: FacetField, value: string, side: Side): AuditQuery =>
  place(query, field, value, sideOf(query, field, value) === side ? null : side)

/** A tenant chosen in the top bar wins over the query's own. */
export const within = (query: AuditQuery, tenant: number): AuditQuery => ({
  ...query,
  only: { ...query.only, tenants: [{ tenant }] },
  except: { ...query.except, tenants: [] },
})

export type Period = Pick<AuditQuery, 'when' | 'after' | 'before'>
export const anyTime: Period = { when: null, after: null, before: null }
export const hasPeriod = ({ when, after, before }: Period): boolean => !!(when || after || before)

/** The minutes before and after an instant; null where one of them is in no calendar that the language can write. */
export function around(instant: string, minutes: number): Period | null {
  const at = Date.parse(instant)
  const iso = (offset: number) => {
    const time = new Date(at + offset * 60_000)
    // RFC 3339 has years of four digits only, and what is no time at all cannot be printed.
    return Number.isNaN(time.getTime()) || !/^\d{4}-/.test(time.toISOString()) ? null : time.toISOString()
  }
  const [after, before] = [iso(-minutes), iso(minutes)]
  return after && before ? { when: null, after, before } : null
}

/** A value as the language writes it behind a colon: in quotes where it must be. */
export const word = (text: string): string =>
  text !== '' && !/[\s",]/.test(text) ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/** `field:value`, for queries that are written here. */
export const term = (field: Exclude<FacetField, 'network'> | 'request' | 'when', value: string): string =>
  `${field}:${word(value)}`
