import { persisted } from './persisted'
import { useSession } from './session'

/** The tenant chosen in the top bar, or null for all that the caller reaches. */
export function scopeOf(connectionId: string) {
  return persisted<number | null>(`atalaya.scope.${connectionId}`, null, (value) =>
    typeof value === 'number' ? value : null,
  )
}

export function useScope() {
  const { session } = useSession()
  const store = scopeOf(session.connection.id)
  const chosen = store.use()
  // A tenant that has gone, or is out of reach now, is no scope.
  const tenant = session.tenants.find((each) => each.id === chosen) ?? null
  return { tenant, choose: store.write }
}
