import { useEffect } from 'react'
import { activity } from '../backend/app'

const every = 10_000

/** Tells Rust that somebody is here, at most every ten seconds, so that the idle lock waits. */
export function useActivity(): void {
  useEffect(() => {
    let last = 0
    const seen = () => {
      const now = Date.now()
      if (now - last < every) return
      last = now
      activity().catch(() => undefined)
    }
    const events = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const
    for (const name of events) window.addEventListener(name, seen, { passive: true, capture: true })
    return () => {
      for (const name of events) window.removeEventListener(name, seen, { capture: true })
    }
  }, [])
}
