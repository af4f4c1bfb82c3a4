import { call, callWithProgress } from './door'
import type {
  AuditCount,
  AuditCursor,
  AuditEvent,
  AuditFilter,
  AuditOptions,
  AuditPage,
  EventId,
  ExportProgress,
  ExportResult,
  Instant,
} from './types'

export const auditOptions = () => call<AuditOptions>('audit_options')
export const auditList = (req: { filter: AuditFilter; cursor: AuditCursor | null; limit: number }) =>
  call<AuditPage>('audit_list', { req })
export const auditCount = (filter: AuditFilter) => call<AuditCount>('audit_count', { req: { filter } })
export const auditCountCancel = () => call<null>('audit_count_cancel')
export const auditRead = (req: { id: EventId; occurred_at: Instant }) => call<AuditEvent>('audit_read', { req })
/** The native save dialog, then the file; null when the dialog was closed without a choice. */
export const auditExport = (
  req: { filter: AuditFilter; format: 'csv' | 'jsonl' },
  report: (progress: ExportProgress) => void,
) => callWithProgress<ExportResult | null, ExportProgress>('audit_export', { req }, report)
export const auditExportCancel = () => call<null>('audit_export_cancel')
