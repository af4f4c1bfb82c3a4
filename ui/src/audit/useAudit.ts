// What the audit screen asks for: pages by keyset, the count in the background, the options of the filters, one event.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { auditCount, auditCountCancel, auditList, auditOptions, auditRead } from '../backend/audit'
import { asBackendError } from '../backend/door'
import type { AuditCursor, AuditFilter, AuditRow } from '../backend/types'
import { keys } from '../app/queries'

const pageSize = 200

export const useAuditOptions = () =>
  useQuery({ queryKey: keys.auditOptions, queryFn: auditOptions, staleTime: 5 * 60_000 })

export function useAuditList(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ['audit', 'list', filter],
    queryFn: ({ pageParam }) => auditList({ filter, cursor: pageParam, limit: pageSize }),
    initialPageParam: null as AuditCursor | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    // Pages follow a cursor: fetching all of them again by itself would only repeat work.
    staleTime: Infinity,
    gcTime: 60_000,
  })
}

export function useAuditCount(filter: AuditFilter) {
  return useQuery({
    queryKey: ['audit', 'count', filter],
    queryFn: ({ signal }) => {
      signal.addEventListener('abort', () => void auditCountCancel().catch(() => undefined))
      return auditCount(filter)
    },
    staleTime: Infinity,
    gcTime: 60_000,
    // Cancelling the previous count may hit this one, when both meet at the door.
    retry: (failures, error) => failures < 2 && asBackendError(error).code === 'CANCELLED',
    retryDelay: 150,
  })
}

export function useAuditEvent(row: AuditRow | null) {
  return useQuery({
    queryKey: ['audit', 'event', row?.id, row?.occurred_at],
    queryFn: () => auditRead({ id: row?.id ?? '', occurred_at: row?.occurred_at ?? '' }),
    enabled: row !== null,
    staleTime: Infinity,
    gcTime: 60_000,
  })
}
