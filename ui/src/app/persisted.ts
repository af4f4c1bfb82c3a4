// Small choices that outlive the window (filters, tenant), kept per connection. Never a secret, never data of the CRM.
import { useSyncExternalStore } from 'react'

export type Persisted<T> = {
  read(): T
  write(value: T): void
  use(): T
}

const stores = new Map<string, Persisted<unknown>>()

export function persisted<T>(name: string, initial: T, check: (value: unknown) => T | null): Persisted<T> {
  const known = stores.get(name)
  if (known) return known as Persisted<T>
  const listeners = new Set<() => void>()
  let value = initial
  try {
    const stored = localStorage.getItem(name)
    if (stored !== null) value = check(JSON.parse(stored)) ?? initial
  } catch {
    value = initial
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const store: Persisted<T> = {
    read: () => value,
    write: (next) => {
      value = next
      try {
        localStorage.setItem(name, JSON.stringify(next))
      } catch {
        // A full or forbidden store costs the memory of a filter, nothing else.
      }
      for (const each of listeners) each()
    },
    use: () => useSyncExternalStore(subscribe, () => value),
  }
  stores.set(name, store as Persisted<unknown>)
  return store
}

/** For tests: forgets what was loaded, not what is stored. */
export function forgetPersisted(): void {
  stores.clear()
}
