import { call, callWithProgress } from './door'
import type {
  Candidate,
  Colour,
  ConnectionInput,
  KitChallenge,
  PassphraseStrength,
  Progress,
  SavedFile,
  Session,
} from './types'

export type AdministratorRequest = {
  link_user_id: string | null
  name: string
  email: string
  passphrase: string
  crm_password: string | null
  connection_name: string
  colour: Colour
  production: boolean
}
export type RestoreRequest = {
  words: string[] | null
  file: string | null
  file_passphrase: string | null
  connection: ConnectionInput | null
  recovery_file: string | null
  passphrase: string
}

export const setupCandidates = () => call<Candidate[]>('setup_candidates')
export const setupAdministrator = (req: AdministratorRequest, report: (progress: Progress) => void) =>
  callWithProgress<KitChallenge, Progress>('setup_administrator', { req }, report)
/** A new kit for an open session, with its passphrase; it counts once its words were confirmed. */
export const kitBegin = (passphrase: string) => call<KitChallenge>('kit_begin', { req: { passphrase } })
/** Forgets a kit that was drawn and not confirmed. */
export const kitAbandon = () => call<null>('kit_abandon')
/** The native save dialog; null when it was closed without a choice. */
export const setupSaveKit = (passphrase: string) => call<SavedFile | null>('setup_save_kit', { req: { passphrase } })
export const setupConfirmKit = (words: string[]) => call<Session>('setup_confirm_kit', { req: { words } })
export const setupAbandon = () => call<null>('setup_abandon')
export const kitRestore = (req: RestoreRequest, report: (progress: Progress) => void) =>
  callWithProgress<Session, Progress>('kit_restore', { req }, report)
export const passphraseStrength = (passphrase: string) =>
  call<PassphraseStrength>('passphrase_strength', { req: { passphrase } })
