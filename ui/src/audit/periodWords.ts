// A period as the query language prints it, in the reader's own words.
import type { TFunction } from 'i18next'
import { dateFormat } from '../look/formats'
import { visibleLine } from '../look/visible'

const units = 'minute|hour|day|week|month|quarter|year'
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const months = 'january february march april may june july august september october november december'.split(' ')

const fixed = new RegExp(`^(?:today|yesterday|day before yesterday|last night|(?:this|last) (?:weekend|${units}))$`)
const counted = new RegExp(`^(last )?(\\d+) (${units})s?( ago)?$`)
const ofWeek = /^(last )?(\w+)$/
const dated = /^(?:(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?|(?:(\d{1,2}) )?([a-z]+))$/
const timed = /^(.+) (\d{2}:\d{2}(?::\d{2})?)$/

/** The reader's language. */
export type Words = { t: TFunction; locale: string }

/** `since monday`, `2026-03-02..2026-03-06`, `yesterday 10:00..yesterday 12:00`; what is not known here is shown as it is. */
export function periodWords(words: Words, period: string): string {
  const said = sentence(words, period) ?? visibleLine(period)
  return said.charAt(0).toLocaleUpperCase(words.locale) + said.slice(1)
}

function sentence(words: Words, period: string): string | null {
  const { t } = words
  const [first = '', second] = period.split('..')
  if (second !== undefined) {
    const from = edge(words, first)
    const to = edge(words, second)
    return from && to && t('search.when.span', { from, to })
  }
  if (period.startsWith('since ')) {
    const from = edge(words, period.slice(6))
    return from && t('search.when.since', { from })
  }
  return stretch(words, period)
}

function edge(words: Words, text: string): string | null {
  const [, day, time] = timed.exec(text) ?? []
  if (!day || !time) return stretch(words, text)
  const said = stretch(words, day)
  return said && `${said}, ${time}`
}

function stretch({ t, locale }: Words, text: string): string | null {
  if (fixed.test(text)) return t(`search.when.${text.replaceAll(' ', '_')}`)
  const [, last, count, unit, ago] = counted.exec(text) ?? []
  if (unit && Boolean(last) !== Boolean(ago)) {
    return t(`search.when.${last ? 'last' : 'ago'}.${unit}`, { count: Number(count) })
  }
  const [, before, name = ''] = ofWeek.exec(text) ?? []
  const weekday = weekdays.indexOf(name)
  if (weekday >= 0) {
    // 2024 began on a Monday.
    const day = dateFormat(locale, { weekday: 'long' }).format(new Date(2024, 0, 1 + weekday))
    return before ? t('search.when.last_weekday', { day }) : day
  }
  return date(locale, text)
}

function date(locale: string, text: string): string | null {
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
  return dateFormat(locale, form).format(new Date(Number(year ?? 2024), at, Number(inMonth ?? 1)))
}
