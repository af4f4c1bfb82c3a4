import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { appStatus } from '../backend/app'
import type { AppStatus, Preferences, Session } from '../backend/types'
import { keys } from './queries'

export const statusQuery = queryOptions({ queryKey: keys.status, queryFn: appStatus, staleTime: Infinity })

/** Where the program stands: first run, locked or open. */
export const useStatus = () => useQuery(statusQuery)

/** Changes to what is known of it, without asking Rust again. */
export function useStatusChange() {
  const client = useQueryClient()
  const change = useCallback(
    (next: (status: AppStatus) => AppStatus) =>
      client.setQueryData<AppStatus>(keys.status, (status) => (status ? next(status) : status)),
    [client],
  )
  const opened = useCallback(
    (session: Session) => change((status) => ({ ...status, stage: 'open', session, selected: session.connection.id })),
    [change],
  )
  const preferences = useCallback(
    (value: Preferences) => change((status) => ({ ...status, preferences: value })),
    [change],
  )
  const ask = useCallback(() => client.invalidateQueries({ queryKey: keys.status }), [client])
  return { change, opened, preferences, ask }
}
