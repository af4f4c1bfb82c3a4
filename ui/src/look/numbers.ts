import { numberFormat } from './formats'

export function whole(value: number, locale: string): string {
  return numberFormat(locale).format(value)
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']

/** A size with its unit, in thousands as file managers count. */
export function bytes(value: number, locale: string): string {
  let size = value
  let unit = 0
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit += 1
  }
  return numberFormat(locale, {
    style: 'unit',
    unit: units[unit],
    maximumFractionDigits: size < 10 && unit > 0 ? 1 : 0,
  }).format(size)
}

/** A length of time in words that fit a progress line; what is whole in a larger unit is told in it. */
export function duration(seconds: number, locale: string): string {
  const format = (value: number, unit: string) =>
    numberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 0 }).format(value)
  if (seconds < 90 && seconds !== 60) return format(Math.max(1, Math.round(seconds)), 'second')
  if (seconds < 5400 && seconds !== 3600) return format(Math.round(seconds / 60), 'minute')
  if (seconds < 259_200 && seconds % 86_400 !== 0) return format(Math.round(seconds / 3600), 'hour')
  // A short day is a bare letter in some languages.
  return numberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'long', maximumFractionDigits: 0 }).format(
    Math.round(seconds / 86_400),
  )
}

const second = 1000
const lengths = [
  { unit: 'hour', ms: 3600 * second },
  { unit: 'minute', ms: 60 * second },
  { unit: 'second', ms: second },
] as const

/** A range of milliseconds in the unit that its end asks for: `0.4 – 4 s`, `2 – 16 min`. */
export function range(from: number, to: number, locale: string): string {
  const { unit, ms } = lengths.find((each) => to >= 2 * each.ms) ?? { unit: 'second', ms: second }
  const ends = [from / ms, to / ms].map((n) => (n < 10 ? Math.ceil(n * 10) / 10 : Math.round(n))) as [number, number]
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 })
  return ends[0] === ends[1] ? format.format(ends[0]) : format.formatRange(ends[0], ends[1])
}
