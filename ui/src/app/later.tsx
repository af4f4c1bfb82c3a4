// Screens whose code is not needed for the first one. Each is fetched when it is shown, or before that: once the first screen
// can be used, all of them are, so that nobody waits for one later.
import { lazy, useState, type ComponentType, type FunctionComponent } from 'react'

const rest: (() => Promise<unknown>)[] = []

/** A component that `load` brings. Rendered within a `Suspense`, which shows something only when it was not fetched yet. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): FunctionComponent<P> {
  let ready: ComponentType<P> | undefined
  let pending: Promise<ComponentType<P>> | undefined
  const fetch = () => (pending ??= load().then((component) => (ready = component)))
  rest.push(fetch)
  const Lazy = lazy(() => fetch().then((component) => ({ default: component })))
  return function Later(props: P) {
    // `lazy` suspends once even for what is there already, and React then holds its place for a third of a second.
    const [Shown] = useState<ComponentType<P>>(() => ready ?? (Lazy as unknown as ComponentType<P>))
    return <Shown {...props} />
  }
}

/** Fetches, one after the other, what was not needed yet. */
export async function fetchTheRest(): Promise<void> {
  for (const fetch of rest) {
    try {
      await fetch()
    } catch {
      // It is asked for again when it is shown, and then said.
    }
  }
}
