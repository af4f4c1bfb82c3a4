import type { ConnectionInput } from '../backend/types'

export const emptyConnection: ConnectionInput = {
  dsn: null,
  host: 'localhost',
  port: 5432,
  database: '',
  user: '',
  password: '',
  tls: null,
  ca_file: null,
}

/** Enough typed to try it. Whether it works, the server says. */
export function isComplete(input: ConnectionInput): boolean {
  if (input.dsn !== null) return looksLikeDsn(input.dsn)
  return input.host.trim() !== '' && input.database.trim() !== '' && input.user.trim() !== ''
}

export const looksLikeDsn = (text: string): boolean => /^postgres(ql)?:\/\/\S+$/.test(text.trim())
