import { call } from './door'
import type { Session } from './types'

export const signIn = (req: { connection_id: string; passphrase: string }) => call<Session>('sign_in', { req })
export const sessionRefresh = () => call<Session>('session_refresh')
export const profileUpdate = (req: { first_name: string; last_name: string }) =>
  call<Session>('profile_update', { req })
export const passphraseChange = (req: { current: string; next: string }) => call<null>('passphrase_change', { req })
