// Queries that begin at one event.
import type { AuditEvent, AuditRow } from '../backend/types'
import { around, term } from './query'

const minutes = 5

export type RelatedName = 'request' | 'actor' | 'resource' | 'session' | 'ip' | 'type' | 'around'
export type Related = { name: RelatedName; query: string }

const actorOf = (row: AuditRow): string | null => row.actor_id ?? row.actor_label

const resourceOf = (row: AuditRow): string | null =>
  row.resource_type && row.resource_id ? `${row.resource_type}/${row.resource_id}` : null

/** Events that an operator looks for next. What the event does not say is not offered. */
export function relatedTo(event: AuditEvent): Related[] {
  const near = around(event.occurred_at, minutes)
  const actor = actorOf(event)
  const resource = resourceOf(event)
  const found: [RelatedName, string | null][] = [
    ['request', event.request_id && term('request', event.request_id)],
    ['actor', actor && term('actor', actor)],
    ['resource', resource && term('resource', resource)],
    ['session', event.session_id ? term('resource', `sessions/${event.session_id}`) : null],
    ['ip', event.ip && term('ip', event.ip)],
    ['type', term('type', event.event_type)],
    ['around', near && `after:${near.after} before:${near.before}`],
  ]
  return found.filter((each): each is [RelatedName, string] => !!each[1]).map(([name, query]) => ({ name, query }))
}

/** The query for events like this one: of its type, actor, resource and address. */
export function filterOf(row: AuditRow): string {
  const actor = row.actor_label ?? row.actor_id
  const resource = resourceOf(row)
  return [
    term('type', row.event_type),
    actor && term('actor', actor),
    resource && term('resource', resource),
    row.ip && term('ip', row.ip),
  ]
    .filter(Boolean)
    .join(' ')
}
