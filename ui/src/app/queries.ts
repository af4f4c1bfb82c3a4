// What is fetched, under which key, and what happens when the session turns out to be over.
import { QueryCache, QueryClient } from '@tanstack/react-query'
import { asBackendError } from '../backend/door'

export const keys = {
  status: ['status'] as const,
  overview: ['overview'] as const,
  auditOptions: ['audit', 'options'] as const,
  auditViews: ['audit', 'views'] as const,
  auditFindings: ['audit', 'findings'] as const,
  auditRules: ['audit', 'rules'] as const,
  keychain: ['keychain', 'state'] as const,
  postgres: ['postgres'] as const,
  doctor: ['keychain', 'doctor'] as const,
}

/** Worth a second try by itself; everything else is shown at once. */
const passing = new Set(['DB_LOST', 'DB_BUSY'])

export function makeQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        const over = asBackendError(error).code === 'NOT_SIGNED_IN'
        if (over && query.queryKey[0] !== keys.status[0]) void client.invalidateQueries({ queryKey: keys.status })
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // Postgres is reached by Rust: whether the machine has a network says nothing about it.
        networkMode: 'always',
        retry: (failures, error) => failures < 1 && passing.has(asBackendError(error).code),
        retryDelay: 800,
      },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}
