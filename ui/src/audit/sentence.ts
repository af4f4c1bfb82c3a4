// What happened in one sentence of the reader's language, from the template of the event's type.
import type { TFunction } from 'i18next'
import type { AuditRow, TenantRef } from '../backend/types'
import { beginning, visibleLine } from '../look/visible'
import { pairIn } from './diff'
import { leaf, member, readJson, type Json } from './json'
import { actorName, keyOf, resourceName, tenantName } from './wording'

/** Their phrase already says that it went wrong. */
export const saysItself = new Set([
  'login_failed',
  'token_invalid',
  'access_denied',
  'server_error',
  'console.unlock_failed',
  'connection.lost',
])
/** How the phrase of what happened is called in the texts, and that of what somebody wanted to happen. */
const forms = {
  did: { whole: 'did', on: 'on', step: 'step', unknown: 'unknownDid' },
  tried: { whole: 'try', on: 'tryOn', step: 'try', unknown: 'unknownTry' },
} as const
type Form = (typeof forms)[keyof typeof forms]
/** What they are about is a place of the API rather than a resource. */
const aboutPlaces = new Set(['access_denied', 'server_error', 'token_invalid'])
const longestValue = 60
/** Whole below the sentence, which would be nothing but the name otherwise. */
const longestName = 80

function inShort(name: string): string {
  const start = beginning(name, longestName)
  return start.length < name.length ? `${start}…` : name
}

/** `GET /admin/leads`, where the writer said so. */
function placeIn(payload: Json | null): string | null {
  const path = leaf(member(payload, 'path'))
  const method = leaf(member(payload, 'method'))
  return path && method ? inShort(visibleLine(`${method} ${path}`)) : null
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
function stepIn(t: TFunction, form: Form, key: string, payload: Json | null): string {
  const step = leaf(member(member(payload, 'details'), 'step'))
  return step && /^[a-z_]+$/.test(step) ? t(`${key}.${form.step}_${step}`, { defaultValue: '' }) : ''
}

function phrase(t: TFunction, form: Form, row: AuditRow, payload: Json | null): string {
  const key = `sentence.${keyOf(row.event_type)}`
  const step = stepIn(t, form, key, payload)
  if (step) return step
  const id = row.resource_id
  const on = id ? t(`${key}.${form.on}`, { id: inShort(visibleLine(id)), defaultValue: '' }) : ''
  if (on) return on
  const did = t(`${key}.${form.whole}`, { defaultValue: '' })
  const general = did || t(`audit.detail.${form.unknown}`, { type: inShort(visibleLine(row.event_type)) })
  const resource = aboutPlaces.has(row.event_type) && !id ? null : resourceName(row)
  return general + (resource && (id || !did) ? t('audit.detail.on', { resource: inShort(resource) }) : '')
}

const undoneOf = ({ outcome }: AuditRow) => (outcome === 'denied' || outcome === 'failed' ? outcome : null)

/** `payload` is the event's, as text; without it the sentence says a little less. */
export function sentence(t: TFunction, row: AuditRow, tenants: TenantRef[], payload: string | null = null): string {
  const read = payload === null ? null : readJson(payload)
  const place = aboutPlaces.has(row.event_type) ? placeIn(read) : null
  const undone = saysItself.has(row.event_type) ? null : undoneOf(row)
  const form = undone ? forms.tried : forms.did
  const actor = actorName(row)
  const parts = [
    // What it is comes first: who reads no further than the verb must not take it for done.
    t(undone ? `audit.detail.${undone}` : 'audit.detail.sentence', {
      actor: actor === null ? t(undone ? 'audit.someone' : 'audit.noActor') : inShort(actor),
      did: phrase(t, form, row, read),
    }),
    place ? t('audit.detail.on', { resource: place }) : '',
    changeIn(t, read),
    row.tenant_id === null
      ? ''
      : t('audit.detail.inTenant', { tenant: inShort(tenantName(t, row.tenant_id, tenants)) }),
    row.ip ? t('audit.detail.from', { ip: row.ip }) : '',
    '.',
  ]
  return parts.join('')
}
