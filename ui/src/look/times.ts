// Instants as people read them. The text from Rust keeps microseconds; Date only has milliseconds, so the exact form keeps the text.
import { dateFormat, relativeFormat } from './formats'

/** Null for a time that a calendar can show; else the key of the words for it, such as Postgres' infinities. */
export function beyond(instant: string): 'time.future' | 'time.past' | 'time.beyond' | null {
  if (instant === 'infinity') return 'time.future'
  if (instant === '-infinity') return 'time.past'
  return Number.isNaN(Date.parse(instant)) ? 'time.beyond' : null
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

export function relative(instant: string, locale: string, now: number): string {
  const away = (Date.parse(instant) - now) / 1000
  // The shared clock ticks twice a minute: what is newer than its last tick is now, not in the future.
  const seconds = away > 0 && away < 60 ? 0 : away
  const format = relativeFormat(locale, { numeric: 'auto', style: 'short' })
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
  }
  return format.format(Math.trunc(seconds), 'second')
}

/** Date and time in the user's zone, with the zone. */
export function exact(instant: string, locale: string): string {
  return dateFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'long',
    // As the rows of the lists.
    hourCycle: 'h23',
  }).format(new Date(instant))
}

/** The stored instant, to the microsecond, in UTC. */
export function inUtc(instant: string): string {
  return instant.replace('T', ' ').replace(/Z$|\+00:00$/, ' UTC')
}

/** Short local form for the list: time of day for today, else day and time. */
export function compact(instant: string, locale: string, now: number): string {
  const date = new Date(instant)
  const sameYear = date.getFullYear() === new Date(now).getFullYear()
  return dateFormat(locale, {
    year: sameYear ? undefined : 'numeric',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(date)
}
