import type { TFunction } from 'i18next'
import type { Period } from './filter'

/** The user's own time, as it is typed: 2026-01-26 20:00:05. */
export function toLocalInput(instant: string | null): string {
  if (!instant) return ''
  const date = new Date(instant)
  if (Number.isNaN(date.getTime())) return ''
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString()
  return local.slice(0, 19).replace('T', ' ')
}

const form = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/

/** Null for nothing and for what is no time. A day alone begins at midnight. */
export function fromLocalInput(text: string): string | null {
  const found = form.exec(text.trim())
  if (!found) return null
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0))
  const date = new Date(year, month - 1, day, hour, minute, second)
  // Date would carry the 31st of February over into March, and minute 75 into the next hour.
  const kept = date.getMonth() + 1 === month && date.getDate() === day && minute < 60 && second < 60
  return kept ? date.toISOString() : null
}

export function periodInWords(t: TFunction, locale: string, period: Period): string | null {
  if (period.kind === 'all') return null
  if (period.kind === 'last') return t(`audit.filter.period.${period.last}`)
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' })
  const after = period.after && format.format(new Date(period.after))
  const before = period.before && format.format(new Date(period.before))
  const form = after && before ? 'both' : after ? 'from' : 'until'
  return t(`audit.filter.period.${form}`, { after, before })
}
