import { useCallback } from 'react'
import { lock } from '../backend/app'
import { rememberLock } from '../app/handover'
import { useStatusChange } from '../app/useStatus'

/** Locks through Rust, which then reloads the window; asking for the status covers the moment in between. */
export function useLock() {
  const { ask } = useStatusChange()
  return useCallback(async () => {
    rememberLock('manual')
    try {
      await lock()
    } finally {
      await ask()
    }
  }, [ask])
}
