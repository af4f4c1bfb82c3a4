import type { TFunction } from 'i18next'
import { dateFormat } from '../look/formats'
import { capitalised, isLast, momentWords, periodWords, type Said } from './periodWords'
import type { Period } from './query'

/** The usual periods as the language prints them, and their names in the texts. */
export const presets: Record<string, string> = {
  'last 1 hour': 'h1',
  'last 24 hours': 'h24',
  'last 7 days': 'd7',
  'last 30 days': 'd30',
  'last 90 days': 'd90',
}
export const isPreset = (when: string): boolean => Object.hasOwn(presets, when)

/** A bound as it is typed: a day, the user's own time (2026-01-26 20:00:05), or the words that it was said in. */
export function toLocalInput(moment: string | null): string {
  if (!moment) return ''
  if (!isTime(moment)) return moment
  const date = new Date(moment)
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

/** What is written like a date and is none. Judged once it is whole, so that nobody is corrected while typing. */
export const isNoDate = (text: string): boolean => form.test(text.trim()) && fromLocalInput(text) === null

const isTime = (moment: string): boolean => /^\d{4}-\d{2}-\d{2}T/.test(moment) && !Number.isNaN(Date.parse(moment))

/** Milliseconds; null for words, whose time Rust knows. To Date a day alone would begin in Greenwich. */
export function instantOf(moment: string | null): number | null {
  if (moment === null) return null
  const instant = isTime(moment) ? moment : fromLocalInput(moment)
  return instant === null ? null : Date.parse(instant)
}

const short: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' }
const long: Intl.DateTimeFormatOptions = { ...short, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
const threeDays = 3 * 86_400_000

/** Times in the reader's form, words in the reader's language. Hours are told where they tell something. */
function boundsInWords(t: TFunction, locale: string, after: string | null, before: string | null): string {
  const words = { t, locale }
  const year = (moment: string) =>
    new Date(moment).getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' as const }
  const one = (moment: string): Said =>
    isTime(moment)
      ? { text: dateFormat(locale, { ...long, ...year(moment) }).format(new Date(moment)), day: true }
      : momentWords(words, moment)
  if (after && before && isTime(after) && isTime(before) && after < before) {
    const form = Date.parse(before) - Date.parse(after) < threeDays ? long : short
    return dateFormat(locale, { ...form, ...year(after) }).formatRange(new Date(after), new Date(before))
  }
  if (after && before) return t('audit.filter.period.both', { after: one(after).text, before: one(before).text })
  // From its beginning on is what it means anyway.
  if (after && isLast(after)) return periodWords(words, after)
  const { text, day } = one(after ?? before ?? '')
  const form = after ? 'from' : 'until'
  return t(`audit.filter.period.${form}${day ? 'Day' : ''}`, { moment: text })
}

function whenInWords(t: TFunction, locale: string, when: string): string {
  if (isPreset(when)) return t(`audit.filter.period.${presets[when]}`)
  const [from = '', to = ''] = when.split('..')
  return isTime(from) && isTime(to) ? boundsInWords(t, locale, from, to) : periodWords({ t, locale }, when)
}

/** Words for it, to stand alone. */
export function periodInWords(t: TFunction, locale: string, { when, after, before }: Period): string {
  const said = when && whenInWords(t, locale, when)
  const bounds = after || before ? boundsInWords(t, locale, after, before) : null
  return capitalised([said, bounds].filter(Boolean).join(', '), locale)
}
