import type { TFunction } from 'i18next'
import type { Period } from './filter'

/** What a datetime-local field takes: the user's own time, without zone. */
export function toLocalInput(instant: string | null): string {
  if (!instant) return ''
  const date = new Date(instant)
  if (Number.isNaN(date.getTime())) return ''
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

export function fromLocalInput(text: string): string | null {
  if (!text) return null
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
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
