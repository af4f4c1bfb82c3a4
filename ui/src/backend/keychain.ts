import { call } from './door'
import type { HealthLine, KeychainStatus } from './types'

export const keychainCheck = () => call<KeychainStatus>('keychain_check')
export const keychainDoctor = () => call<HealthLine[]>('keychain_doctor')
