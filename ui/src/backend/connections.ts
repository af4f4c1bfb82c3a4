import { call } from './door'
import type { AppStatus, Colour, Connection, ConnectionInput, ConnectionReport } from './types'

export const connectionTest = (req: ConnectionInput) => call<ConnectionReport>('connection_test', { req })
export const connectionSelect = (id: string) => call<AppStatus>('connection_select', { req: { id } })
export const connectionUpdate = (req: { id: string; name: string; colour: Colour; production: boolean }) =>
  call<Connection[]>('connection_update', { req })
export const connectionRemove = (id: string) => call<Connection[]>('connection_remove', { req: { id } })
