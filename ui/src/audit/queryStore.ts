// The query of each connection and the ones before it, remembered. What is stored is text of the language and nothing else.
import { persisted, remembered, type Persisted } from '../app/persisted'
import { longestQuery } from '../backend/audit'

const recent = 12
const steps = 50

/** As long as Rust takes one, in bytes of UTF-8; here in characters, which are never more. */
const isQuery = (value: unknown): value is string => typeof value === 'string' && value.length <= longestQuery

const textOf = (connectionId: string): Persisted<string> =>
  persisted(`atalaya.audit-query.${connectionId}`, '', (value) => (isQuery(value) ? value : null))

export const recentOf = (connectionId: string): Persisted<string[]> =>
  persisted<string[]>(`atalaya.audit-recent.${connectionId}`, [], (value) =>
    Array.isArray(value) && value.every(isQuery) ? value.slice(0, recent) : null,
  )

/** The queries that led to the one of now, the last one last. */
export const pastOf = (connectionId: string): Persisted<string[]> =>
  remembered<string[]>(`atalaya.audit-past.${connectionId}`, [])

/** The query. Writing one asks it: there is a way back, and it is offered again, whoever asked. */
export function queryOf(connectionId: string): Persisted<string> {
  const { read, use } = textOf(connectionId)
  return { read, use, write: (text) => ask(connectionId, text) }
}

function ask(connectionId: string, text: string): void {
  const store = textOf(connectionId)
  const before = store.read()
  if (text === before) return
  const past = pastOf(connectionId)
  past.write([...past.read().slice(1 - steps), before])
  remember(connectionId, text)
  store.write(text)
}

/** To the query before. */
export function goBack(connectionId: string): void {
  const past = pastOf(connectionId)
  const last = past.read().at(-1)
  if (last === undefined) return
  past.write(past.read().slice(0, -1))
  textOf(connectionId).write(last)
}

export function remember(connectionId: string, text: string): void {
  if (text === '') return
  const store = recentOf(connectionId)
  store.write([text, ...store.read().filter((each) => each !== text)].slice(0, recent))
}
