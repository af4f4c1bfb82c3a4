import { call, callWithProgress } from './door'
import type { ConnectionInput, Inspection, Progress } from './types'

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
export const workspaceCreate = (req: { sample_data: boolean }, report: (progress: Progress) => void) =>
  callWithProgress<null, Progress>('workspace_create', { req }, report)
