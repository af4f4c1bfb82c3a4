// The query of the screen: its text, what Rust reads from it, and the text that is asked with.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useScope } from '../app/scope'
import { useSession } from '../app/session'
import { auditParse, auditPrint } from '../backend/audit'
import { asBackendError } from '../backend/door'
import type { AuditQuery, QueryAnswer, QueryProblem } from '../backend/types'
import { within } from './query'
import { goBack, pastOf, queryOf } from './queryStore'

export const parseKey = (text: string) => ['audit', 'parse', text] as const

export type AuditAsk = {
  text: string
  /** Null until it is read, and where it cannot be. */
  query: AuditQuery | null
  problem: QueryProblem | null
  /** Why `asked` stays null where the query is not at fault. */
  error: Error | null
  retry: () => void
  /** What the list, its count and its export are asked with: the tenant of the top bar is part of it. */
  asked: string | null
  /** Grows with every refresh. */
  taken: number
  apply: (text: string) => void
  change: (next: (query: AuditQuery) => AuditQuery) => void
  refresh: () => void
  /** To the query before; null where there is none. */
  back: (() => void) | null
  /** The query before. */
  previous: string | null
}

/** A query that was put together by clicks and cannot be written: too many values, for one. It was made from `text`. */
type Refused = { text: string; problem: QueryProblem }

/** What is wrong with the query that could not be printed; null where it was not the query's fault. */
function problemOf(reason: unknown): QueryProblem | null {
  const { code, detail } = asBackendError(reason)
  if (code !== 'VALIDATION_FAILED') return null
  const kind = (detail['kind'] ?? 'value_unusable') as QueryProblem['kind']
  return { kind, from: 0, to: 0, suggestion: null }
}

export function useAuditQuery(): AuditAsk {
  const { session } = useSession()
  const { tenant } = useScope()
  const client = useQueryClient()
  const id = session.connection.id
  const text = queryOf(id).use()
  const previous = pastOf(id).use().at(-1) ?? null
  const [taken, setTaken] = useState(0)
  const [refused, setRefused] = useState<Refused | null>(null)
  const parsed = useQuery({ queryKey: parseKey(text), queryFn: () => auditParse(text), staleTime: Infinity })
  const answer = parsed.data
  const query = answer?.state === 'ok' ? answer.query : null
  const scoped = useQuery({
    queryKey: ['audit', 'scoped', text, tenant?.id],
    queryFn: () => auditPrint(within(query as AuditQuery, tenant?.id ?? 0)),
    enabled: tenant !== null && query !== null,
    staleTime: Infinity,
  })

  const apply = useCallback(
    (next: string) => {
      setRefused(null)
      queryOf(id).write(next)
    },
    [id],
  )
  const back = useCallback(() => {
    setRefused(null)
    goBack(id)
  }, [id])

  // Two clicks in a row build on each other, though the text of the first is still being printed.
  const building = useRef<{ from: string; query: AuditQuery } | null>(null)
  const change = useCallback(
    (make: (query: AuditQuery) => AuditQuery) => {
      const store = queryOf(id)
      const from = store.read()
      const known = client.getQueryData<QueryAnswer>(parseKey(from))
      const base = building.current?.from === from ? building.current.query : known?.state === 'ok' ? known.query : null
      if (!base) return
      const next = make(base)
      building.current = { from, query: next }
      // Another click, or another query altogether, was quicker.
      const late = () => {
        if (building.current?.query !== next) return true
        building.current = null
        return store.read() !== from
      }
      auditPrint(next).then(
        (printed) => {
          if (late()) return
          const known: QueryAnswer = { state: 'ok', query: next, text: printed }
          client.setQueryData(parseKey(printed), known)
          apply(printed)
        },
        (reason: unknown) => {
          if (late()) return
          const fault = { kind: 'value_unusable', from: 0, to: 0, suggestion: null } as const
          setRefused({ text: from, problem: problemOf(reason) ?? fault })
        },
      )
    },
    [client, id, apply],
  )

  // Without what it is asked with there is nothing to ask: either the query is at fault, or reading it failed.
  const unasked = tenant === null ? null : (parsed.error ?? scoped.error)
  const fault = unasked && problemOf(unasked)
  const problem =
    answer?.state === 'problem' ? answer.problem : (fault ?? (refused?.text === text ? refused.problem : null))
  const error = fault ? null : unasked
  const asked = tenant === null ? text : (scoped.data ?? null)
  const refresh = useCallback(() => setTaken((was) => was + 1), [])
  const { refetch: readAgain } = parsed
  const { refetch: printAgain } = scoped
  const retry = useCallback(
    () => void (query === null ? readAgain() : printAgain()),
    [query === null, readAgain, printAgain],
  )
  return useMemo(
    () => ({
      text,
      query,
      problem,
      error,
      retry,
      asked,
      taken,
      apply,
      change,
      refresh,
      back: previous === null ? null : back,
      previous,
    }),
    [text, query, problem, error, retry, asked, taken, apply, change, refresh, previous, back],
  )
}
