// The query language of the fake Rust side: enough of it for screens and tests. The real one is crates/model/src/audit/query.
import type {
  AuditOffers,
  AuditQuery,
  AuditRow,
  ErrorKind,
  FacetField,
  Offer,
  QueryAnswer,
  QueryProblem,
} from '../../src/backend/types'
import { emptyQuery, outcomes, place, severities, sideOf, word } from '../../src/audit/query'

const names: Record<string, string[]> = {
  type: ['type', 'tipo', 'event', 'evento'],
  severity: ['severity', 'severidad'],
  outcome: ['outcome', 'resultado'],
  actor: ['actor', 'usuario'],
  tenant: ['tenant', 'empresa'],
  resource: ['resource', 'recurso'],
  ip: ['ip'],
  origin: ['origin', 'origen'],
  request: ['request', 'peticion'],
  when: ['when', 'cuando'],
  after: ['after', 'desde'],
  before: ['before', 'hasta'],
}
const origins = ['console', 'api', 'cli', 'legacy', 'direct', 'upkeep']
export const fieldNamed = (name: string) =>
  Object.keys(names).find((field) => names[field]?.includes(name.toLowerCase()))

class Wrong extends Error {
  constructor(readonly problem: QueryProblem) {
    super(problem.kind)
  }
}
const fail = (kind: ErrorKind, from: number, to: number, suggestion: string | null = null): never => {
  throw new Wrong({ kind, from, to, suggestion })
}

const unquote = (raw: string) =>
  raw[0] === '"' ? raw.slice(1, raw.endsWith('"') && raw.length > 1 ? -1 : undefined).replace(/\\(["\\])/g, '$1') : raw

/** `field:value,value` and values alone, with their places. */
function* terms(text: string) {
  const form = /(-?)(?:([\p{L}_]+):)?((?:"(?:[^"\\]|\\.)*"|[^\s"])*)/gu
  for (const found of text.matchAll(/\S(?:"(?:[^"\\]|\\.)*"|[^\s"])*(?:"[^"]*$)?|"(?:[^"\\]|\\.)*"?/g)) {
    form.lastIndex = 0
    const all = found[0]
    if ((all.replace(/\\./g, '').match(/"/g)?.length ?? 0) % 2) {
      fail('quote_open', found.index + all.indexOf('"'), found.index + all.length)
    }
    const [, sign = '', field, rest = ''] = form.exec(all) ?? []
    const from = found.index + all.length - rest.length
    yield { at: found.index, end: found.index + all.length, excluded: sign === '-', field, rest, from }
  }
}

function check(field: string, value: string, from: number, to: number) {
  const known: Record<string, readonly string[]> = {
    severity: severities.toReversed(),
    outcome: outcomes,
    origin: origins,
  }
  const list = known[field]
  if (list && !list.includes(value)) fail('value_unknown', from, to, list.join(', '))
  if (field === 'ip' && !/^[\da-f.:]+(\/\d+)?$/i.test(value)) fail('not_an_address', from, to)
  if (field === 'tenant' && value !== 'system' && !/^\d+$/.test(value)) fail('not_a_tenant', from, to)
  if (field === 'request' && !/^[\da-f-]{36}$/i.test(value)) fail('not_a_request', from, to)
  if ('when after before'.includes(field) && !/\d|today|yesterday|hoy|ayer|week|month|last|últim/i.test(value)) {
    fail('not_a_time', from, to)
  }
}

const english: Record<string, string> = {
  crítica: 'critical',
  critica: 'critical',
  aviso: 'warning',
  sistema: 'system',
}

export function parse(text: string): QueryAnswer {
  let query = emptyQuery()
  try {
    for (const { at, end, excluded, field, rest, from } of terms(text)) {
      if (!field) {
        const list = excluded ? query.not_text : query.text
        list.push(unquote(rest))
        continue
      }
      const name = fieldNamed(field)
      if (!name) {
        const near = Object.keys(names).find((each) => each[0] === field[0] && Math.abs(each.length - field.length) < 3)
        fail('field_unknown', at + (excluded ? 1 : 0), from - 1, near ?? null)
        continue
      }
      if (rest === '') fail('value_missing', at, end)
      let start = from
      for (const raw of rest.match(/(?:"(?:[^"\\]|\\.)*"|[^,])+/g) ?? []) {
        const said = unquote(raw)
        const value = english[said] ?? said
        check(name, value, start, start + raw.length)
        start += raw.length + 1
        if (name === 'request') query.requests.push(value)
        else if (name === 'when' || name === 'after' || name === 'before') {
          if (query[name] || excluded) fail('only_once', at, end)
          query[name] = value
        } else query = place(query, name as FacetField, value, excluded ? 'except' : 'only')
      }
    }
  } catch (reason) {
    if (reason instanceof Wrong) return { state: 'problem', problem: reason.problem }
    throw reason
  }
  return { state: 'ok', query, text: print(query) }
}

export function print(query: AuditQuery): string {
  const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  const out: string[] = []
  const add = (sign: string, field: string, values: string[]) => {
    if (values.length > 0) out.push(`${sign}${field}:${values.map(word).join(',')}`)
  }
  const facets = (sign: string, side: 'only' | 'except') => {
    const f = query[side]
    add(sign, 'type', f.types)
    add(sign, 'severity', f.severities)
    add(sign, 'outcome', f.outcomes)
    add(sign, 'actor', f.actors)
    add(
      sign,
      'tenant',
      f.tenants.map((t) => (t === 'system' ? t : String(t.tenant))),
    )
    add(
      sign,
      'resource',
      f.resources.map((r) => (r.id === null ? r.kind : `${r.kind}/${r.id}`)),
    )
    add(sign, 'ip', f.networks)
    add(sign, 'origin', f.origins)
  }
  facets('', 'only')
  add('', 'request', query.requests)
  facets('-', 'except')
  out.push(...query.text.map(quoted), ...query.not_text.map((text) => `-${quoted(text)}`))
  for (const name of ['when', 'after', 'before'] as const) add('', name, query[name] ? [query[name]] : [])
  return out.join(' ')
}

export function complete(text: string, cursor: number, values: (field: string) => Offer[]): AuditOffers {
  const before = text.slice(0, cursor)
  const term = /(?:"(?:[^"\\]|\\.)*"?|[^\s"])*$/.exec(before)?.[0] ?? ''
  const found = /^-?([\p{L}_]+):(.*)$/su.exec(term)
  const field = found ? fieldNamed(found[1] ?? '') : undefined
  if (found && field) {
    const written = (found[2] ?? '').split(',').at(-1) ?? ''
    const wanted = written.replace(/^"/, '').toLowerCase()
    const offers = values(field).filter(
      ({ insert, label }) => insert.toLowerCase().includes(wanted) || label?.toLowerCase().includes(wanted),
    )
    const from = cursor - written.length
    return { completion: { kind: { value: field }, from, to: cursor, written: wanted }, offers: offers.slice(0, 12) }
  }
  const written = term.replace(/^-/, '')
  const offers = Object.keys(names)
    .filter((name) => names[name]?.some((each) => each.startsWith(written.toLowerCase())))
    .map((name) => ({ insert: `${name}:`, label: null }))
  return { completion: { kind: 'field', from: cursor - written.length, to: cursor, written }, offers }
}

const units: Record<string, number> = {
  hour: 1,
  hours: 1,
  day: 24,
  days: 24,
  horas: 1,
  días: 24,
  month: 720,
  months: 720,
}

/** The period as milliseconds; what this side does not understand is any time. */
export function periodOf({ when, after, before }: AuditQuery, now: number): [number, number] {
  const at = (text: string | null, other: number) =>
    text && !Number.isNaN(Date.parse(text)) ? Date.parse(text) : other
  let [from, to] = [at(after, -Infinity), at(before, Infinity)]
  const last = /(\d+)\s*(\S+)$/.exec(when ?? '')
  if (last && units[last[2] ?? ''])
    from = Math.max(from, now - Number(last[1]) * (units[last[2] ?? ''] ?? 0) * 3_600_000)
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  if (when === 'today' || when === 'hoy') from = Math.max(from, midnight)
  if (when === 'yesterday' || when === 'ayer') [from, to] = [midnight - 86_400_000, midnight]
  return [from, to]
}

const number = (ip: string) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
export function inNetwork(ip: string, network: string): boolean {
  const [base = '', bits] = network.split('/')
  if (bits === undefined) return ip === base
  if (ip.includes(':') !== base.includes(':')) return false
  if (ip.includes(':')) return ip.startsWith(base.replace(/::$/, ''))
  const size = 2 ** (32 - Number(bits))
  return Math.floor(number(ip) / size) === Math.floor(number(base) / size)
}

/** The values that a row has in a facet, as the language writes them. */
export function valuesOf(row: AuditRow, field: FacetField): (string | null)[] {
  switch (field) {
    case 'type':
      return [row.event_type]
    case 'severity':
      return [row.severity]
    case 'outcome':
      return [row.outcome]
    case 'actor':
      return [row.actor_label, row.actor_id]
    case 'tenant':
      return [row.tenant_id === null ? 'system' : String(row.tenant_id)]
    case 'resource':
      return [row.resource_type && `${row.resource_type}/${row.resource_id}`, row.resource_type]
    case 'ip':
      return [row.ip]
    case 'network':
      if (row.ip === null) return [null]
      return [row.ip.includes(':') ? '2001:db8::/48' : `${row.ip.split('.').slice(0, 2).join('.')}.0.0/16`]
    case 'origin':
      return [row.origin]
  }
}

const fields: FacetField[] = ['type', 'severity', 'outcome', 'actor', 'tenant', 'resource', 'origin']
const listOf = {
  type: 'types',
  severity: 'severities',
  outcome: 'outcomes',
  actor: 'actors',
  tenant: 'tenants',
  resource: 'resources',
  origin: 'origins',
} as const

/** Whether a row fits; `without` leaves a field's own choice aside, as its counts do. */
export function fits(row: AuditRow, query: AuditQuery, without: FacetField | null = null): boolean {
  for (const field of fields) {
    if (field === without) continue
    const list = listOf[field as keyof typeof listOf]
    const has = (side: 'only' | 'except') =>
      valuesOf(row, field).some((value) => {
        if (value === null) return false
        if (sideOf(query, field, value) === side) return true
        return (
          field === 'actor' && query[side].actors.some((actor) => value.toLowerCase().startsWith(actor.toLowerCase()))
        )
      })
    if (query.only[list].length > 0 && !has('only')) return false
    if (query.except[list].length > 0 && has('except')) return false
  }
  if (without !== 'ip' && without !== 'network') {
    const inside = (list: string[]) => row.ip !== null && list.some((each) => inNetwork(row.ip ?? '', each))
    if (query.only.networks.length > 0 && !inside(query.only.networks)) return false
    if (inside(query.except.networks)) return false
  }
  const said = `${row.message ?? ''} ${row.resource_id ?? ''}`.toLowerCase()
  return (
    query.text.every((text) => said.includes(text.toLowerCase())) &&
    !query.not_text.some((text) => said.includes(text.toLowerCase()))
  )
}
