import { createContext, useContext } from 'react'
import type { AppStatus, Session } from '../backend/types'

type Opened = { status: AppStatus; session: Session }

export const SessionContext = createContext<Opened | null>(null)

/** The open session. Only for what is rendered behind the gate. */
export function useSession(): Opened {
  const opened = useContext(SessionContext)
  if (!opened) throw new Error('useSession outside an open session')
  return opened
}

/** Hides what the caller may not do; Rust and Postgres decide, this only keeps the screen quiet. */
export const useCan = (permission: string): boolean => useSession().session.permissions.includes(permission)
