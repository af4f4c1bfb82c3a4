import { call, callWithProgress } from './door'
import type {
  AuditChange,
  AuditCount,
  AuditCursor,
  AuditEvent,
  AuditExport,
  AuditFacets,
  AuditFindings,
  AuditHistogram,
  AuditOffers,
  AuditOptions,
  AuditPage,
  AuditQuery,
  AuditTail,
  EventId,
  ExportProgress,
  ExportResult,
  FindingRule,
  FindingRuleName,
  Instant,
  QueryAnswer,
  SavedView,
} from './types'

// The language: read, printed and completed in Rust, so that there is one of it.
/** Bytes of a query that Rust reads. */
export const longestQuery = 4096
/** Bytes of free text in all pieces of a query together. */
export const longestText = 1_000
/** Characters of a message, and of a payload, in which text is looked for. */
export const searchedCharacters = 32_768

export const auditParse = (text: string) => call<QueryAnswer>('audit_parse', { req: { text } })
export const auditPrint = (query: AuditQuery) => call<string>('audit_print', { req: { query } })
/** `cursor` in UTF-16 units, as the field counts. */
export const auditComplete = (req: { text: string; cursor: number }) => call<AuditOffers>('audit_complete', { req })

// The log. `query` is a text of the language.
export const auditOptions = () => call<AuditOptions>('audit_options')
export const auditList = (req: { query: string; cursor: AuditCursor | null; limit: number }) =>
  call<AuditPage>('audit_list', { req })
export const auditCount = (query: string) => call<AuditCount>('audit_count', { req: { query } })
export const auditCountCancel = () => call<null>('audit_count_cancel')
export const auditFacets = (query: string) => call<AuditFacets>('audit_facets', { req: { query } })
export const auditFacetsCancel = () => call<null>('audit_facets_cancel')
export const auditHistogram = (req: { query: string; buckets: number }) =>
  call<AuditHistogram>('audit_histogram', { req })
export const auditHistogramCancel = () => call<null>('audit_histogram_cancel')
/** What came after `mark`, oldest first; without a mark it begins now. */
export const auditTail = (req: { query: string; mark: string | null }) => call<AuditTail>('audit_tail', { req })

export type EventKey = { id: EventId; occurred_at: Instant }
export const auditRead = (req: EventKey) => call<AuditEvent>('audit_read', { req })
/** What the database saw change in the transaction of the event. */
export const auditChanges = (req: EventKey) => call<AuditChange[]>('audit_changes', { req })

/** The native save dialog, then the file; null when the dialog was closed without a choice. */
export const auditExport = (req: AuditExport, report: (progress: ExportProgress) => void) =>
  callWithProgress<ExportResult | null, ExportProgress>('audit_export', { req }, report)
export const auditExportCancel = () => call<null>('audit_export_cancel')
export const auditExportPause = () => call<null>('audit_export_pause')
export const auditExportResume = () => call<null>('audit_export_resume')

export type ViewDraft = Pick<SavedView, 'name' | 'query' | 'shared' | 'pinned'> & { id: string | null }
export const auditViews = () => call<SavedView[]>('audit_views')
export const auditViewSave = (req: ViewDraft) => call<SavedView>('audit_view_save', { req })
export const auditViewRemove = (id: string) => call<null>('audit_view_remove', { req: { id } })

export const auditFindings = (days: number) => call<AuditFindings>('audit_findings', { req: { days } })
export const auditFindingRules = () => call<FindingRule[]>('audit_finding_rules')
export const auditFindingRuleSave = (req: FindingRule) => call<null>('audit_finding_rule_save', { req })
/** A note says that findings of this rule about this subject are expected; null takes it back. */
export const auditFindingNoteSave = (req: { rule: FindingRuleName; subject: string; note: string | null }) =>
  call<null>('audit_finding_note_save', { req })
