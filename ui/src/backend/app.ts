import { call, onEvent } from './door'
import type { AppStatus, Preferences } from './types'

declare global {
  interface Window {
    /** Asked by Rust's side of the window before the page was read. */
    atalayaStatus?: Promise<AppStatus>
  }
}

/** The first time, what was asked before the page was read. */
export function appStatus(): Promise<AppStatus> {
  const asked = window.atalayaStatus
  delete window.atalayaStatus
  return asked?.catch(() => call<AppStatus>('app_status')) ?? call<AppStatus>('app_status')
}
/** Whether a local workspace can be made: PostgreSQL 15 or newer is installed. */
export const postgresFound = () => call<boolean>('postgres_found')
/** The passphrase is needed where the console is to lock later than before. */
export const preferencesSave = (preferences: Preferences, passphrase = '') =>
  call<Preferences>('preferences_save', { req: { ...preferences, passphrase } })
export const lock = () => call<null>('lock')
export const activity = () => call<null>('activity')

export type LockReason = 'manual' | 'idle' | 'suspend'
/** Comes just before the window is reloaded; nothing of the session may stay in memory. */
export const onSessionLocked = (handle: (reason: LockReason) => void) =>
  onEvent<{ reason: LockReason }>('session-locked', (payload) => handle(payload.reason))
