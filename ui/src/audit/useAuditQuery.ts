// The query of the screen: its text, what Rust reads from it, and the text that is asked with.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useScope } from '../app/scope'
import { useSession } from '../app/session'
import { auditParse, auditPrint } from '../backend/audit'
import { asBackendError } from '../backend/door'
import type { AuditQuery, QueryAnswer, QueryProblem } from '../backend/types'
import { within } from './query'
import { queryOf, remember } from './queryStore'

export const parseKey = (text: string) => ['audit', 'parse', text] as const

export type AuditAsk = {
  text: string
  /** Null until it is read, and where it cannot be. */
  query: AuditQuery | null
  problem: QueryProblem | null
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

export function useAuditQuery(): AuditAsk {
  const { session } = useSession()
  const { tenant } = useScope()
  const client = useQueryClient()
  const id = session.connection.id
  const store = queryOf(id)
  const text = store.use()
  const [taken, setTaken] = useState(0)
  const [past, setPast] = useState<string[]>([])
  // A query that was put together by clicks and cannot be written: too many values, for one.
  const [refused, setRefused] = useState<QueryProblem | null>(null)
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
      const before = store.read()
      if (next === before) return
      setPast((known) => [...known.slice(-49), before])
      remember(id, next)
      store.write(next)
    },
    [store, id],
  )

  // Two clicks in a row build on each other, though the text of the first is still being printed.
  const building = useRef<{ from: string; query: AuditQuery } | null>(null)
  const change = useCallback(
    (make: (query: AuditQuery) => AuditQuery) => {
      const from = store.read()
      const known = client.getQueryData<QueryAnswer>(parseKey(from))
      const base = building.current?.from === from ? building.current.query : known?.state === 'ok' ? known.query : null
      if (!base) return
      const next = make(base)
      building.current = { from, query: next }
      void auditPrint(next)
        .then((printed) => {
          if (building.current?.query !== next) return
          building.current = null
          const known: QueryAnswer = { state: 'ok', query: next, text: printed }
          client.setQueryData(parseKey(printed), known)
          apply(printed)
        })
        .catch((reason: unknown) => {
          if (building.current?.query === next) building.current = null
          const kind = (asBackendError(reason).detail['kind'] ?? 'value_unusable') as QueryProblem['kind']
          setRefused({ kind, from: 0, to: 0, suggestion: null })
        })
    },
    [client, store, apply],
  )

  const last = past.at(-1)
  const back = useCallback(() => {
    if (last === undefined) return
    setPast((known) => known.slice(0, -1))
    store.write(last)
  }, [last, store])

  const problem = answer?.state === 'problem' ? answer.problem : refused
  const asked = tenant === null ? text : (scoped.data ?? null)
  const refresh = useCallback(() => setTaken((was) => was + 1), [])
  return useMemo(
    () => ({
      text,
      query,
      problem,
      asked,
      taken,
      apply,
      change,
      refresh,
      back: last === undefined ? null : back,
      previous: last ?? null,
    }),
    [text, query, problem, asked, taken, apply, change, refresh, last, back],
  )
}
