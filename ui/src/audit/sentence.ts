// What happened in one sentence of the reader's language, from the template of the event's type.
import type { TFunction } from 'i18next'
import type { AuditRow, TenantRef } from '../backend/types'
import { visibleLine } from '../look/visible'
import { pairIn } from './diff'
import { leaf, member, readJson, type Json } from './json'
import { actorName, keyOf, resourceName, tenantName } from './wording'

/** Their phrase already says that it went wrong. */
const saysItself = new Set(['login_failed', 'token_invalid', 'access_denied', 'server_error', 'console.unlock_failed'])
/** What they are about is a place of the API rather than a resource. */
const aboutPlaces = new Set(['access_denied', 'server_error', 'token_invalid'])
const longestValue = 60

/** `GET /admin/leads`, where the writer said so. */
function placeIn(payload: Json | null): string | null {
  const path = leaf(member(payload, 'path'))
  const method = leaf(member(payload, 'method'))
  return path && method ? visibleLine(`${method} ${path}`) : null
}

/** One value that became another, where that is all there is to say. */
function changeIn(t: TFunction, payload: Json | null): string {
  const pair = pairIn(payload)
  const before = leaf(pair?.before)
  const after = leaf(pair?.after)
  if (before === null || after === null || before.length + after.length > longestValue) return ''
  return t('search.sentence.change', { before: visibleLine(before), after: visibleLine(after) })
}

/** What one type says of several steps, in the words of its own; empty where there are none. */
function stepIn(t: TFunction, key: string, payload: Json | null): string {
  const step = leaf(member(member(payload, 'details'), 'step'))
  return step && /^[a-z_]+$/.test(step) ? t(`${key}.step_${step}`, { defaultValue: '' }) : ''
}

function phrase(t: TFunction, row: AuditRow, payload: Json | null): string {
  const key = `sentence.${keyOf(row.event_type)}`
  const step = stepIn(t, key, payload)
  if (step) return step
  const id = row.resource_id
  const on = id ? t(`${key}.on`, { id: visibleLine(id), defaultValue: '' }) : ''
  if (on) return on
  const did = t(`${key}.did`, { defaultValue: '' })
  const general = did || t('audit.detail.unknownDid', { type: visibleLine(row.event_type) })
  const resource = aboutPlaces.has(row.event_type) && !id ? null : resourceName(row)
  return general + (resource && (id || !did) ? t('audit.detail.on', { resource }) : '')
}

/** `payload` is the event's, as text; without it the sentence says a little less. */
export function sentence(t: TFunction, row: AuditRow, tenants: TenantRef[], payload: string | null = null): string {
  const read = payload === null ? null : readJson(payload)
  const place = aboutPlaces.has(row.event_type) ? placeIn(read) : null
  const parts = [
    t('audit.detail.sentence', { actor: actorName(row) ?? t('audit.noActor'), did: phrase(t, row, read) }),
    place ? t('audit.detail.on', { resource: place }) : '',
    changeIn(t, read),
    row.tenant_id === null ? '' : t('audit.detail.inTenant', { tenant: tenantName(t, row.tenant_id, tenants) }),
    row.ip ? t('audit.detail.from', { ip: row.ip }) : '',
    '.',
  ]
  const end = row.outcome === 'denied' || row.outcome === 'failed' ? t(`audit.detail.${row.outcome}`) : ''
  return parts.join('') + (saysItself.has(row.event_type) ? '' : end)
}
