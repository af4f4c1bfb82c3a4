// Events in words: the name of a type, who, where. The sentence of the detail is in sentence.ts, which is not needed at the start.
import type { TFunction } from 'i18next'
import type { AuditRow, TenantRef } from '../backend/types'
import { shortId, visibleLine } from '../look/visible'

/** The dot separates levels in the texts, so types are written with a dash there. */
export const keyOf = (type: string) => type.replaceAll('.', '-')

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
