import { call, onEvent } from './door'
import type { AppStatus, Preferences } from './types'

export const appStatus = () => call<AppStatus>('app_status')
export const preferencesSave = (req: Preferences) => call<Preferences>('preferences_save', { req })
export const lock = () => call<null>('lock')
export const activity = () => call<null>('activity')

export type LockReason = 'manual' | 'idle' | 'suspend'
/** Comes just before the window is reloaded; nothing of the session may stay in memory. */
export const onSessionLocked = (handle: (reason: LockReason) => void) =>
  onEvent<{ reason: LockReason }>('session-locked', (payload) => handle(payload.reason))
