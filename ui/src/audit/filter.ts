// The filter as the screen holds it, and as Rust takes it. Periods such as "last 24 hours" stay relative until they are sent.
import type { AuditFilter } from '../backend/types'

export const lastPeriods = { h1: 1, h24: 24, d7: 168, d30: 720, d90: 2160 } as const
export type LastPeriod = keyof typeof lastPeriods
export type Period =
  | { kind: 'all' }
  | { kind: 'last'; last: LastPeriod }
  | { kind: 'between'; after: string | null; before: string | null }

export const severities = ['critical', 'warning', 'info'] as const
export const outcomes = ['ok', 'denied', 'failed'] as const

export type ScreenFilter = Omit<AuditFilter, 'after' | 'before'> & { period: Period }

export const emptyFilter: ScreenFilter = {
  types: [],
  severities: [],
  outcomes: [],
  actor: null,
  tenants: [],
  system: false,
  ip: null,
  period: { kind: 'all' },
}

export function isEmpty(filter: ScreenFilter): boolean {
  return activeCount(filter) === 0
}

export function activeCount(filter: ScreenFilter): number {
  const { types, severities: s, outcomes: o, tenants, system, actor, ip, period } = filter
  const parts = [types.length, s.length, o.length, tenants.length || system, actor, ip, period.kind !== 'all']
  return parts.filter(Boolean).length
}

/** As Rust takes it. A tenant chosen in the top bar wins over the filter's own. */
export function toWire(filter: ScreenFilter, scope: number | null, now: number): AuditFilter {
  const { period, ...rest } = filter
  const wire: AuditFilter = { ...rest, after: null, before: null }
  if (period.kind === 'last') wire.after = new Date(now - lastPeriods[period.last] * 3_600_000).toISOString()
  if (period.kind === 'between') {
    wire.after = period.after
    wire.before = period.before
  }
  if (scope !== null) {
    wire.tenants = [scope]
    wire.system = false
  }
  return wire
}

export function fromWire(filter: AuditFilter): ScreenFilter {
  const { after, before, ...rest } = filter
  return { ...rest, period: after || before ? { kind: 'between', after, before } : { kind: 'all' } }
}
