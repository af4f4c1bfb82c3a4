// A period as the query language prints it, in the reader's own words.
import type { TFunction } from 'i18next'
import { dateFormat } from '../look/formats'
import { whole } from '../look/numbers'
import { visibleLine } from '../look/visible'

const units = 'minute|hour|day|week|month|quarter|year'
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const months = 'january february march april may june july august september october november december'.split(' ')

const fixed = new RegExp(`^(?:today|yesterday|day before yesterday|last night|(?:this|last) (?:weekend|${units}))$`)
const counted = new RegExp(`^(last )?(\\d+) (${units})s?( ago)?$`)
const ofWeek = /^(?:(this|last) )?(\w+)$/
const ofYear = /^(?:(\d{4})-)?([QH])([1-4])$/
const dated = /^(?:(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?|(?:(\d{1,2}) )?([a-z]+))$/
const timed = /^(?:(.+) )?(\d{2}:\d{2}(?::\d{2})?)$/

/** The reader's language. */
export type Words = { t: TFunction; locale: string }

/** A stretch of the calendar or a moment; a `day` is named or numbered, and has an article in some languages. */
export type Said = { text: string; day: boolean }

/** As the first word of what is shown. */
export const capitalised = (text: string, locale: string): string =>
  text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)

/**
 * `since monday`, `2026-03-02..2026-03-06`, `yesterday 10:00`, for the middle of a phrase; what is not known here is shown as
 * it is.
 */
export const periodWords = (words: Words, period: string): string => sentence(words, period) ?? visibleLine(period)

/** Where `after:` or `before:` cuts: the beginning of what they say. */
export function momentWords(words: Words, moment: string): Said {
  const [first = ''] = moment.replace(/^since /, '').split('..')
  const said = edge(words, first) ?? { text: visibleLine(first), day: false }
  return isLast(first) ? { text: words.t('search.when.beginning', { period: said.text }), day: false } : said
}

/** Counted back from now: it begins somewhere, and ends nowhere. */
export const isLast = (period: string): boolean => /^last \d/.test(period)

function sentence(words: Words, period: string): string | null {
  const { t } = words
  const [first = '', second] = period.split('..')
  if (second !== undefined) {
    const from = edge(words, first)
    const to = edge(words, second)
    return from && to && t('search.when.span', { from: from.text, to: to.text })
  }
  if (period.startsWith('since ')) {
    const from = edge(words, period.slice(6))
    return from && t(from.day ? 'search.when.sinceDay' : 'search.when.since', { from: from.text })
  }
  return edge(words, period)?.text ?? null
}

function edge(words: Words, text: string): Said | null {
  const [, day, time] = timed.exec(text) ?? []
  if (!time) return stretch(words, text)
  if (!day) return { text: time, day: false }
  const said = stretch(words, day)
  return said && { ...said, text: `${said.text}, ${time}` }
}

function stretch({ t, locale }: Words, text: string): Said | null {
  if (fixed.test(text)) return { text: t(`search.when.${text.replaceAll(' ', '_')}`), day: false }
  const [, last, digits, unit, ago] = counted.exec(text) ?? []
  if (unit && Boolean(last) !== Boolean(ago)) {
    const count = Number(digits)
    return { text: t(`search.when.${last ? 'last' : 'ago'}.${unit}`, { count, n: whole(count, locale) }), day: false }
  }
  const [, year, part, n] = ofYear.exec(text) ?? []
  if (part) {
    const named = t(`search.when.${part === 'Q' ? 'quarters' : 'halves'}.${n}`)
    return { text: year ? t('search.when.ofYear', { part: named, year }) : named, day: false }
  }
  const [, which, name = ''] = ofWeek.exec(text) ?? []
  const weekday = weekdays.indexOf(name)
  if (weekday >= 0) {
    // 2024 began on a Monday.
    const day = dateFormat(locale, { weekday: 'long' }).format(new Date(2024, 0, 1 + weekday))
    return which ? { text: t(`search.when.${which}_weekday`, { day }), day: false } : { text: day, day: true }
  }
  return date(locale, text)
}

function date(locale: string, text: string): Said | null {
  const [, year, month, day, dayOf, name] = dated.exec(text) ?? []
  const at = name ? months.indexOf(name) : Number(month ?? 1) - 1
  if (at < 0 || !(year || name)) return null
  const inMonth = day ?? dayOf
  const form: Intl.DateTimeFormatOptions = {
    ...(year ? { year: 'numeric' } : {}),
    ...(month || name ? { month: inMonth ? 'short' : 'long' } : {}),
    ...(inMonth ? { day: 'numeric' } : {}),
  }
  // Without a year any leap year will do.
  const shown = new Date(Number(year ?? 2024), at, Number(inMonth ?? 1))
  return { text: dateFormat(locale, form).format(shown), day: inMonth !== undefined }
}
