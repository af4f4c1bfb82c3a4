// A place in the log as an address of this program: the query, and perhaps one event.
import type { EventKey } from '../backend/audit'

export type Place = { query: string; event: EventKey | null }

/** The address that opens this place. An event's id has more digits than a number keeps, so it stays text throughout. */
export function linkTo({ query, event }: Place): string {
  const search = new URLSearchParams({ q: query })
  if (event) search.set('event', `${event.id}~${event.occurred_at}`)
  return `${window.location.href.split('#')[0]}#/audit?${search}`
}

/** The place that an address or the search part of one names; null when it names none. */
export function placeOf(text: string): Place | null {
  const at = text.indexOf('#/audit?')
  const search = at >= 0 ? text.slice(at + 8) : text.startsWith('?') ? text.slice(1) : null
  if (search === null) return null
  const values = new URLSearchParams(search)
  const query = values.get('q')
  const found = /^(\d{1,19})~([\d:TZ.+-]{10,40}|-?infinity|pg:-?\d{1,19})$/.exec(values.get('event') ?? '')
  const event = found ? { id: found[1] ?? '', occurred_at: found[2] ?? '' } : null
  return query === null && event === null ? null : { query: query ?? '', event }
}

/** The address of the list of what stands out. */
export const findingsAddress = '#/audit?findings'

/** Whether the search part of an address asks for that list. */
export const asksForFindings = (search: string): boolean => new URLSearchParams(search).has('findings')
