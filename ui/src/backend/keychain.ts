import { call } from './door'
import type { KeychainCheck, KeychainStatus } from './types'

export const keychainCheck = () => call<KeychainStatus>('keychain_check')
/** Asks the system to unlock it, which may show the system's own prompt. */
export const keychainUnlock = () => call<KeychainStatus>('keychain_unlock')
export const keychainDoctor = () => call<KeychainCheck[]>('keychain_doctor')
