// The audit commands of the fake Rust side. Events are made from their place, so that ten million of them take no memory.
import type {
  AuditChange,
  AuditFacets,
  AuditHistogram,
  AuditRow,
  FacetField,
  FindingRule,
  Offer,
  SavedView,
} from '../../src/backend/types'
import type { AuditFinding } from '../../src/backend/types'
import { emptyQuery } from '../../src/audit/query'
import * as data from './data'
import type { Answer, Args } from './door'
import { complete, fits, parse, periodOf, print, valuesOf } from './language'

type Options = {
  size: number
  newest: number
  delay: number
  appError: (code: string, detail?: Record<string, string>) => unknown
}

const first = 9_007_199_254_800_000n
/** Rows that counts look at: enough for every test, and quick for ten million. */
const looked = 100_000

export function auditAnswers({ size, newest, delay, appError }: Options): Record<string, Answer> {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const indexOf = (id: string) => Number(first - BigInt(id))
  const queryOf = (args: Args) => {
    const answer = parse(String(args.req?.['query'] ?? ''))
    if (answer.state === 'problem') throw appError('VALIDATION_FAILED', { field: 'query', kind: answer.problem.kind })
    return answer.query
  }
  /** Rows that fit, from a place in the log on. */
  function* from(start: number, query = emptyQuery(), without: FacetField | null = null) {
    const [after, before] = periodOf(query, newest + 40_000)
    for (let index = start; index < size; index += 1) {
      const row = data.eventAt(index, newest)
      const at = Date.parse(row.occurred_at)
      if (at < after) return
      if (at < before && fits(row, query, without)) yield row
    }
  }
  function sample(query: ReturnType<typeof queryOf>, without: FacetField | null = null, most = looked) {
    const out: AuditRow[] = []
    for (const row of from(0, query, without)) {
      out.push(row)
      if (out.length >= most) break
    }
    return out
  }

  const facetFields: FacetField[] = [
    'type',
    'severity',
    'outcome',
    'actor',
    'tenant',
    'resource',
    'ip',
    'network',
    'origin',
  ]
  const facets = (args: Args): AuditFacets => {
    const query = queryOf(args)
    return {
      facets: facetFields.map((field) => {
        const counts = new Map<string, number>()
        for (const row of sample(query, field, 20_000)) {
          const value = valuesOf(row, field)[0]
          if (value) counts.set(value, (counts.get(value) ?? 0) + 1)
        }
        const sorted = [...counts].sort((a, b) => b[1] - a[1])
        const label = (value: string) =>
          field === 'tenant' ? (data.tenants.find((each) => String(each.id) === value)?.name ?? null) : null
        return {
          field,
          values: sorted.slice(0, 20).map(([value, count]) => ({ value, label: label(value), count })),
          more: sorted.length > 20,
        }
      }),
      source: print(query) === '' ? 'rollup' : 'counted',
      newest: size > looked ? looked : null,
    }
  }

  const histogram = (args: Args): AuditHistogram => {
    const query = queryOf(args)
    const buckets = Number(args.req?.['buckets'])
    const rows = sample(query)
    const [after, before] = periodOf(query, newest + 40_000)
    const times = rows.map((row) => Date.parse(row.occurred_at))
    const start = Number.isFinite(after) ? after : (times.at(-1) ?? newest)
    const end = Number.isFinite(before) ? before : newest + 40_000
    const step = Math.max(1, Math.ceil((end - start) / buckets / 1000))
    const out = Array.from({ length: buckets }, (_, index) => ({
      start: new Date(start + index * step * 1000).toISOString(),
      info: 0,
      warning: 0,
      critical: 0,
      none: 0,
    }))
    rows.forEach((row, index) => {
      const bucket = out[Math.floor(((times[index] ?? 0) - start) / 1000 / step)]
      if (bucket) bucket[(row.severity as 'info' | null) ?? 'none'] += 1
    })
    return {
      step_seconds: step,
      buckets: out,
      source: print(query).includes('"') ? 'counted' : 'rollup',
      complete: true,
    }
  }

  const offers = (field: string): Offer[] => {
    const plain = (list: string[]): Offer[] => list.map((insert) => ({ insert, label: null }))
    const all: Record<string, Offer[]> = {
      type: plain(data.types),
      severity: plain(['info', 'warning', 'critical']),
      outcome: plain(['ok', 'denied', 'failed']),
      origin: plain(['console', 'api', 'cli', 'legacy', 'direct', 'upkeep']),
      tenant: [
        { insert: 'system', label: null },
        ...data.tenants.map(({ id, name }) => ({ insert: String(id), label: name })),
      ],
      actor: data.people.map((each) => ({ insert: each, label: null })),
      ip: plain(['203.0.113.77', '10.0.0.0/8']),
      when: plain(['today', 'yesterday', '"last 24 hours"', '"last 7 days"', '"last 30 days"', '"last 90 days"']),
    }
    return all[field] ?? []
  }

  let views: SavedView[] = data.views
  let rules: FindingRule[] = data.rules
  let findings: AuditFinding[] = data.findings(newest)
  let cancelled = false
  let paused = false
  let live = 0

  return {
    audit_parse: (args) => parse(String(args.req?.['text'])),
    audit_print: (args) => print(args.req?.['query'] as ReturnType<typeof queryOf>),
    audit_complete: (args) => complete(String(args.req?.['text']), Number(args.req?.['cursor']), offers),
    audit_options: () => ({ types: data.types, tenants: data.tenants }),
    audit_list: (args) => {
      const query = queryOf(args)
      const cursor = args.req?.['cursor'] as { id: string } | null
      const limit = args.req?.['limit'] as number
      const rows: AuditRow[] = []
      let more = false
      for (const row of from(cursor ? indexOf(cursor.id) + 1 : 0, query)) {
        if (rows.length === limit) {
          more = true
          break
        }
        rows.push(row)
      }
      const last = rows.at(-1)
      const next =
        more && last ? { occurred_at: last.occurred_at, id: last.id, now: new Date(newest).toISOString() } : null
      return { rows, next, searched: null }
    },
    audit_count: (args) => {
      const query = queryOf(args)
      const count = print(query) === '' ? Math.min(size, 100_000) : sample(query).length
      return { count, capped: print(query) === '' && size > 100_000 }
    },
    audit_count_cancel: () => null,
    audit_facets: facets,
    audit_facets_cancel: () => null,
    audit_histogram: histogram,
    audit_histogram_cancel: () => null,
    audit_tail: (args) => {
      const mark = args.req?.['mark'] as string | null
      if (mark === null) return { rows: [], mark: String(live), more: false }
      const rate = data.liveRate.perSecond
      const rows = Array.from({ length: rate }, () => data.liveEvent((live += 1)))
      const query = queryOf(args)
      return { rows: rows.filter((row) => fits(row, query)), mark: String(live), more: false }
    },
    audit_read: (args) => {
      const index = indexOf(String(args.req?.['id']))
      if (index < 0 && index > -1_000_000) return data.detailOf(data.liveEvent(-index))
      if (!(index >= 0 && index < size)) throw appError('ENTITY_NOT_FOUND')
      return data.detailOf(data.eventAt(index, newest))
    },
    audit_changes: (args): AuditChange[] => {
      const index = indexOf(String(args.req?.['id']))
      return index >= 0 && index < size ? data.changesOf(data.eventAt(index, newest)) : []
    },
    audit_export: async (args) => {
      cancelled = paused = false
      const query = queryOf(args)
      const total = print(query) === '' ? size : sample(query).length
      const report = (part: number) =>
        args.progress?.onmessage({ rows: Math.round((total * part) / 10), bytes: total * part * 61, total, paused })
      for (let part = 0; part <= 10; part += 1) {
        report(part)
        await wait(delay * 4)
        while (paused && !cancelled) await wait(5)
        if (cancelled) throw appError('CANCELLED')
      }
      const name = `auditoria.${String(args.req?.['format'])}${args.req?.['compress'] ? '.gz' : ''}`
      return { path: `/home/ana/${name}`, rows: total, bytes: total * 610 }
    },
    audit_export_cancel: () => ((cancelled = true), null),
    audit_export_pause: () => ((paused = true), null),
    audit_export_resume: () => ((paused = false), null),
    audit_views: () => views,
    audit_view_save: (args) => {
      const draft = args.req as unknown as SavedView
      const id = (draft.id as string | null) ?? `v${views.length + 1}`
      const saved = { ...draft, id, own: true, owner: 'Ana Ruiz', updated_at: new Date(newest).toISOString() }
      views = [...views.filter((view) => view.id !== id), saved].sort((a, b) => a.name.localeCompare(b.name))
      return saved
    },
    audit_view_remove: (args) => ((views = views.filter((view) => view.id !== args.req?.['id'])), null),
    audit_findings: () => ({ found: findings, late: [], failed: [], more: [] }),
    audit_finding_rules: () => rules,
    audit_finding_rule_save: (args) => {
      const saved = args.req as unknown as FindingRule
      rules = rules.map((rule) => (rule.rule === saved.rule ? saved : rule))
      return null
    },
    audit_finding_note_save: (args) => {
      const { rule, subject, note } = args.req as { rule: AuditFinding['rule']; subject: string; note: string | null }
      const author = 'Ana Ruiz'
      findings = findings.map((each) =>
        each.rule === rule && each.subject === subject
          ? {
              ...each,
              note: note === null ? null : { rule, subject, note, author, at: new Date(newest).toISOString() },
            }
          : each,
      )
      return null
    },
  }
}
