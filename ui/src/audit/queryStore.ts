// The query of each connection and the ones before it, remembered. What is stored is text of the language and nothing else.
import { persisted, type Persisted } from '../app/persisted'

/** As long as Rust takes one, in bytes of UTF-8; here in characters, which are never more. */
const longest = 4_096
const remembered = 12

const isQuery = (value: unknown): value is string => typeof value === 'string' && value.length <= longest

export const queryOf = (connectionId: string): Persisted<string> =>
  persisted(`atalaya.audit-query.${connectionId}`, '', (value) => (isQuery(value) ? value : null))

export const recentOf = (connectionId: string): Persisted<string[]> =>
  persisted<string[]>(`atalaya.audit-recent.${connectionId}`, [], (value) =>
    Array.isArray(value) && value.every(isQuery) ? value.slice(0, remembered) : null,
  )

export function remember(connectionId: string, text: string): void {
  if (text === '') return
  const store = recentOf(connectionId)
  store.write([text, ...store.read().filter((each) => each !== text)].slice(0, remembered))
}
