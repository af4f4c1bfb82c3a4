import { call } from './door'
import type { Overview } from './types'

export const overview = () => call<Overview>('overview')
