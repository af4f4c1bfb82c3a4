// The export under way. It lives outside the screens, because it goes on while somebody looks elsewhere.
import { useSyncExternalStore } from 'react'
import { auditExport, auditExportCancel } from '../backend/audit'
import { asBackendError, type BackendError } from '../backend/door'
import type { AuditFilter, ExportProgress, ExportResult } from '../backend/types'

export type Format = 'csv' | 'jsonl'
export type ExportState =
  | { stage: 'idle' }
  | { stage: 'choosing'; format: Format }
  | { stage: 'running'; format: Format; progress: ExportProgress; started: number }
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

export async function startExport(filter: AuditFilter, format: Format): Promise<void> {
  if (exportIsBusy(state)) return
  set({ stage: 'choosing', format })
  let started = 0
  try {
    const result = await auditExport({ filter, format }, (progress) => {
      if (!exportIsBusy(state)) return
      started ||= Date.now()
      set({ stage: 'running', format, progress, started })
    })
    set(result ? { stage: 'done', result } : { stage: 'idle' })
  } catch (reason) {
    const error = asBackendError(reason)
    set(error.code === 'CANCELLED' ? { stage: 'cancelled' } : { stage: 'failed', error })
  }
}

export const cancelExport = (): void => void auditExportCancel().catch(() => undefined)
export const dismissExport = (): void => {
  if (!exportIsBusy(state)) set({ stage: 'idle' })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useExport = (): ExportState => useSyncExternalStore(subscribe, () => state)
