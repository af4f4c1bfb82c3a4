// Small choices that outlive the window (filters, tenant), kept per connection. Never a secret, never data of the CRM.
import { useSyncExternalStore } from 'react'

export type Persisted<T> = {
  read(): T
  write(value: T): void
  use(): T
}

const stores = new Map<string, Persisted<unknown>>()

function storeOf<T>(name: string, begin: () => T, keep: (value: T) => void): Persisted<T> {
  const known = stores.get(name)
  if (known) return known as Persisted<T>
  const listeners = new Set<() => void>()
  let value = begin()
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const store: Persisted<T> = {
    read: () => value,
    write: (next) => {
      value = next
      keep(next)
      for (const each of listeners) each()
    },
    use: () => useSyncExternalStore(subscribe, () => value),
  }
  stores.set(name, store as Persisted<unknown>)
  return store
}

export function persisted<T>(name: string, initial: T, check: (value: unknown) => T | null): Persisted<T> {
  const stored = () => {
    try {
      const text = localStorage.getItem(name)
      return text === null ? initial : (check(JSON.parse(text)) ?? initial)
    } catch {
      return initial
    }
  }
  return storeOf(name, stored, (next) => {
    try {
      localStorage.setItem(name, JSON.stringify(next))
    } catch {
      // A full or forbidden store costs the memory of a filter, nothing else.
    }
  })
}

/** The same for what ends with the window. */
export const remembered = <T>(name: string, initial: T): Persisted<T> =>
  storeOf(
    name,
    () => initial,
    () => undefined,
  )

/** For tests: forgets what was loaded, not what is stored. */
export function forgetPersisted(): void {
  stores.clear()
}
