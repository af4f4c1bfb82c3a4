import { call, onEvent } from './door'
import type { Colour, Connection, ConnectionInput, ConnectionReport, ConnectionState, TlsMode } from './types'

export const connectionTest = (req: ConnectionInput) => call<ConnectionReport>('connection_test', { req })
export const connectionUpdate = (req: { id: string; name: string; colour: Colour; production: boolean }) =>
  call<Connection[]>('connection_update', { req })
/** Changes where a connection leads. */
export const connectionRedirect = (req: {
  id: string
  host: string
  port: number
  database: string
  tls: TlsMode
  ca_file: string | null
  passphrase: string
}) => call<Connection[]>('connection_redirect', { req })
/** With the passphrase of the connection that is open. */
export const connectionRemove = (id: string, passphrase: string) =>
  call<Connection[]>('connection_remove', { req: { id, passphrase } })

/** Comes when the database of the open session stops answering, and when it answers again. */
export const onConnectionState = (handle: (alive: boolean) => void) =>
  onEvent<ConnectionState>('connection-state', (payload) => handle(payload.alive))
