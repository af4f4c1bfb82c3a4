// The filters of each connection, remembered. What is stored is checked field by field: an older or edited form is dropped.
import { persisted, type Persisted } from '../app/persisted'
import { emptyFilter, lastPeriods, outcomes, severities, type Period, type ScreenFilter } from './filter'

const texts = (value: unknown): value is string[] => Array.isArray(value) && value.every((v) => typeof v === 'string')
const among = (value: unknown, known: readonly string[]) => texts(value) && value.every((v) => known.includes(v))
const textOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'

function isPeriod(value: unknown): value is Period {
  if (typeof value !== 'object' || value === null) return false
  const period = value as Record<string, unknown>
  if (period['kind'] === 'all') return true
  if (period['kind'] === 'last') return Object.hasOwn(lastPeriods, String(period['last']))
  return period['kind'] === 'between' && textOrNull(period['after']) && textOrNull(period['before'])
}

export function checkFilter(value: unknown): ScreenFilter | null {
  if (typeof value !== 'object' || value === null) return null
  const f = { ...emptyFilter, ...(value as Partial<ScreenFilter>) }
  const sound =
    texts(f.types) &&
    among(f.severities, severities) &&
    among(f.outcomes, outcomes) &&
    Array.isArray(f.tenants) &&
    f.tenants.every(Number.isInteger) &&
    typeof f.system === 'boolean' &&
    textOrNull(f.actor) &&
    textOrNull(f.ip) &&
    isPeriod(f.period)
  return sound ? f : null
}

export const filterOf = (connectionId: string): Persisted<ScreenFilter> =>
  persisted(`atalaya.audit-filter.${connectionId}`, emptyFilter, checkFilter)
