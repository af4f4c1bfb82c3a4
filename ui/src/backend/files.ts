import { call } from './door'

/** The native open dialog; null when it was closed without a choice. */
export const chooseFile = (purpose: 'ca' | 'env' | 'kit') => call<string | null>('choose_file', { req: { purpose } })
