// What the audit screen asks for: pages by keyset; count, facets and histogram in the background; one event and what it changed.
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import {
  auditChanges,
  auditCount,
  auditCountCancel,
  auditFacets,
  auditFacetsCancel,
  auditHistogram,
  auditHistogramCancel,
  auditList,
  auditRead,
  type EventKey,
} from '../backend/audit'
import { onConnectionState } from '../backend/connections'
import { asBackendError } from '../backend/door'
import { keys } from '../app/queries'
import { Live } from './live'
import { Pages, pageSize } from './pages'

const passing = new Set(['DB_LOST', 'DB_BUSY'])

/**
 * A command that the server stops when nobody waits for it any more. A newer one of its kind stops the older by itself, so
 * that cancelling then would only hit the newer.
 */
function cancellable(cancel: () => Promise<null>) {
  let turn = 0
  return <T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> => {
    const mine = ++turn
    signal.addEventListener('abort', () =>
      setTimeout(() => {
        if (turn === mine) void cancel().catch(() => undefined)
      }, 50),
    )
    return run()
  }
}
const counting = cancellable(auditCountCancel)
const sorting = cancellable(auditFacetsCancel)
const drawing = cancellable(auditHistogramCancel)

const background = {
  staleTime: Infinity,
  gcTime: 60_000,
  // The one before may have been cancelled in the same moment.
  retry: (failures: number, error: Error) => failures < 2 && asBackendError(error).code === 'CANCELLED',
  retryDelay: 150,
}

let turns = 0

/** The pages of a query; those of the one before stay in sight until the first new page is there. */
export function usePages(asked: string | null, taken: number) {
  const client = useQueryClient()
  const pages = useMemo(() => {
    const turn = ++turns
    return asked === null
      ? null
      : new Pages((cursor) =>
          client.fetchQuery({
            // Not shared with who asked the same before and was cancelled since.
            queryKey: ['audit', 'page', asked, taken, turn, cursor],
            queryFn: () => auditList({ query: asked, cursor, limit: pageSize }),
            gcTime: 0,
            staleTime: 0,
            retry: (failures, error) => failures < 1 && passing.has(asBackendError(error).code),
          }),
        )
  }, [client, asked, taken])
  useEffect(() => {
    if (pages && !pages.begun) void pages.more()
  }, [pages])
  useEffect(() => onConnectionState((alive) => alive && pages?.retry()), [pages])
  const [nothing] = useState(() => new Pages(() => Promise.reject(new Error('nothing is asked'))))
  const watched = pages ?? nothing
  useSyncExternalStore(watched.subscribe, () => watched.version)
  const before = useRef<Pages | null>(null)
  useEffect(() => {
    if (watched.begun) before.current = watched
  })
  const shown = !watched.begun && before.current ? before.current : watched
  useSyncExternalStore(shown.subscribe, () => shown.version)
  return { pages: watched, shown, stale: shown !== watched }
}

export function useLive(): Live {
  const [live] = useState(() => new Live())
  useSyncExternalStore(live.subscribe, () => live.version)
  useEffect(() => live.stop, [live])
  return live
}

export const useAuditCount = (asked: string | null, taken: number) =>
  useQuery({
    ...background,
    queryKey: ['audit', 'count', asked, taken],
    queryFn: ({ signal }) => counting(signal, () => auditCount(asked ?? '')),
    enabled: asked !== null,
  })

export const useAuditFacets = (asked: string | null, taken: number, wanted: boolean) =>
  useQuery({
    ...background,
    queryKey: ['audit', 'facets', asked, taken],
    queryFn: ({ signal }) => sorting(signal, () => auditFacets(asked ?? '')),
    enabled: asked !== null && wanted,
    placeholderData: keepPreviousData,
  })

export const useAuditHistogram = (asked: string | null, taken: number, buckets: number, wanted: boolean) =>
  useQuery({
    ...background,
    queryKey: ['audit', 'histogram', asked, taken, buckets],
    queryFn: ({ signal }) => drawing(signal, () => auditHistogram({ query: asked ?? '', buckets })),
    enabled: asked !== null && wanted,
    placeholderData: keepPreviousData,
  })

const event = { staleTime: Infinity, gcTime: 60_000 }

/** Reading an event is itself recorded: whoever needs it takes the one that was read. */
export const eventQuery = (key: EventKey | null) =>
  queryOptions({
    ...event,
    queryKey: ['audit', 'event', key?.id, key?.occurred_at],
    queryFn: () => auditRead({ id: key?.id ?? '', occurred_at: key?.occurred_at ?? '' }),
  })

export const useAuditEvent = (key: EventKey | null) => useQuery({ ...eventQuery(key), enabled: key !== null })

export const useAuditChanges = (key: EventKey) =>
  useQuery({ ...event, queryKey: ['audit', 'changes', key.id, key.occurred_at], queryFn: () => auditChanges(key) })

export const viewsKey = keys.auditViews
