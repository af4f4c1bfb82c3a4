// The export under way. It lives outside the screens, because it goes on while somebody looks elsewhere.
import { useSyncExternalStore } from 'react'
import { auditExport, auditExportCancel, auditExportPause, auditExportResume } from '../backend/audit'
import { asBackendError, type BackendError } from '../backend/door'
import type { AuditExport, ExportProgress, ExportResult } from '../backend/types'

export type ExportState =
  | { stage: 'idle' }
  | { stage: 'choosing'; what: AuditExport }
  | { stage: 'running'; what: AuditExport; progress: ExportProgress; spent: number; since: number }
  | { stage: 'done'; result: ExportResult }
  | { stage: 'cancelled' }
  | { stage: 'failed'; error: BackendError }

let state: ExportState = { stage: 'idle' }
const listeners = new Set<() => void>()

function set(next: ExportState): void {
  state = next
  for (const each of listeners) each()
}

export const exportIsBusy = (current: ExportState): boolean =>
  current.stage === 'choosing' || current.stage === 'running'

/** Milliseconds of work: the time in which it was paused does not count. */
export const spentOn = (running: Extract<ExportState, { stage: 'running' }>): number =>
  running.spent + (running.progress.paused ? 0 : Date.now() - running.since)

/** What was asked for and is not reported yet: a report that was on its way does not undo it. */
let asked: boolean | null = null

function report(what: AuditExport, told: ExportProgress): void {
  if (!exportIsBusy(state)) return
  if (told.paused === asked) asked = null
  const progress = { ...told, paused: asked ?? told.paused }
  const before = state.stage === 'running' ? state : null
  const spent = before ? (before.progress.paused === progress.paused ? before.spent : spentOn(before)) : 0
  const since = before && before.progress.paused === progress.paused ? before.since : Date.now()
  set({ stage: 'running', what, progress, spent, since })
}

export async function startExport(what: AuditExport): Promise<void> {
  if (exportIsBusy(state)) return
  asked = null
  set({ stage: 'choosing', what })
  try {
    const result = await auditExport(what, (progress) => report(what, progress))
    set(result ? { stage: 'done', result } : { stage: 'idle' })
  } catch (reason) {
    const error = asBackendError(reason)
    set(error.code === 'CANCELLED' ? { stage: 'cancelled' } : { stage: 'failed', error })
  }
}

/** Shown at once; the reports of the export confirm it. */
function pausing(paused: boolean, ask: () => Promise<null>): void {
  if (state.stage !== 'running') return
  const { what, progress } = state
  asked = paused
  report(what, progress)
  ask().catch(() => {
    asked = null
    if (state.stage === 'running') report(what, { ...state.progress, paused: !paused })
  })
}

export const pauseExport = (): void => pausing(true, auditExportPause)
export const resumeExport = (): void => pausing(false, auditExportResume)
export const cancelExport = (): void => void auditExportCancel().catch(() => undefined)
export const dismissExport = (): void => {
  if (!exportIsBusy(state)) set({ stage: 'idle' })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const exportNow = (): ExportState => state
export const useExport = (): ExportState => useSyncExternalStore(subscribe, () => state)
