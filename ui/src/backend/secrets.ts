import { call } from './door'
import type { EnvReport } from './types'

export const envImport = (file: string) => call<EnvReport>('env_import', { req: { file } })
