// Events in words: the name of a type, who, where, and the sentence of the detail.
import type { TFunction } from 'i18next'
import type { AuditRow, TenantRef } from '../backend/types'
import { shortId, visibleLine } from '../look/visible'

/** The dot separates levels in the texts, so types are written with a dash there. */
const keyOf = (type: string) => type.replaceAll('.', '-')

/** Null when this version has no words for the type: it is then shown as it is. */
export function knownName(t: TFunction, type: string): string | null {
  return t(`event.${keyOf(type)}.name`, { defaultValue: '' }) || null
}

export const eventName = (t: TFunction, type: string): string => knownName(t, type) ?? visibleLine(type)

export const actorName = (row: AuditRow): string | null => {
  if (row.actor_label !== null) return visibleLine(row.actor_label)
  return row.actor_id === null ? null : visibleLine(shortId(row.actor_id))
}

export function resourceName(row: AuditRow): string | null {
  const parts = [row.resource_type, row.resource_id].filter((part): part is string => !!part)
  return parts.length ? visibleLine(parts.join(' ')) : null
}

export function tenantName(t: TFunction, id: number | null, tenants: TenantRef[]): string {
  if (id === null) return t('audit.system')
  const name = tenants.find((tenant) => tenant.id === id)?.name
  return name === undefined ? t('audit.tenantGone', { id }) : visibleLine(name)
}

/** Their phrase already says that it went wrong. */
const saysItself = new Set(['login_failed', 'token_invalid', 'access_denied', 'server_error', 'console.unlock_failed'])

export function sentence(t: TFunction, row: AuditRow, tenants: TenantRef[]): string {
  const did =
    t(`event.${keyOf(row.event_type)}.did`, { defaultValue: '' }) ||
    t('audit.detail.unknownDid', { type: visibleLine(row.event_type) })
  const resource = resourceName(row)
  const parts = [
    t('audit.detail.sentence', { actor: actorName(row) ?? t('audit.noActor'), did }),
    resource ? t('audit.detail.on', { resource }) : '',
    row.tenant_id === null ? '' : t('audit.detail.inTenant', { tenant: tenantName(t, row.tenant_id, tenants) }),
    row.ip ? t('audit.detail.from', { ip: row.ip }) : '',
    '.',
  ]
  const end = row.outcome === 'denied' || row.outcome === 'failed' ? t(`audit.detail.${row.outcome}`) : ''
  return parts.join('') + (saysItself.has(row.event_type) ? '' : end)
}
