import { call, callWithProgress } from './door'
import type { ConnectionInput, Inspection, Progress, Reverted, SavedFile, UndoPreview } from './types'

/** What the operator chose, by the code of the finding that asks for it. */
export type Decisions = Record<string, string>
export type AdoptionRequest = {
  administrator: ConnectionInput
  owner: ConnectionInput | null
  decisions: Decisions
}
export const adoptionInspect = (req: AdoptionRequest) => call<Inspection>('adoption_inspect', { req })
export const adoptionApply = (req: AdoptionRequest, report: (progress: Progress) => void) =>
  callWithProgress<Inspection, Progress>('adoption_apply', { req }, report)
/** Through the native dialog; null when it was closed without a choice. */
export const adoptionPlanSave = (req: AdoptionRequest) => call<SavedFile | null>('adoption_plan_save', { req })

export type UndoRequest = {
  administrator: ConnectionInput
  owner: ConnectionInput
  /** The database's name, typed. */
  confirm: string
}
export const adoptionPreview = (req: UndoRequest) => call<UndoPreview>('adoption_preview', { req })
export const adoptionFinish = (req: UndoRequest, report: (progress: Progress) => void) =>
  callWithProgress<null, Progress>('adoption_finish', { req }, report)
export const adoptionRevert = (req: UndoRequest, report: (progress: Progress) => void) =>
  callWithProgress<Reverted, Progress>('adoption_revert', { req }, report)
export const workspaceCreate = (req: { sample_data: boolean }, report: (progress: Progress) => void) =>
  callWithProgress<null, Progress>('workspace_create', { req }, report)
