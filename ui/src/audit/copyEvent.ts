import { auditRead, type EventKey } from '../backend/audit'
import { eventAsJson } from './eventJson'
import { linkTo } from './link'
import { filterOf } from './related'

/** To the clipboard, for the keys that do without the panel. */
export async function copyEvent(as: 'json' | 'link' | 'filter', key: EventKey | null, query: string): Promise<void> {
  if (!key) return
  if (as === 'link') return navigator.clipboard.writeText(linkTo({ query, event: key }))
  const event = await auditRead({ id: key.id, occurred_at: key.occurred_at })
  return navigator.clipboard.writeText(as === 'json' ? eventAsJson(event) : filterOf(event))
}
