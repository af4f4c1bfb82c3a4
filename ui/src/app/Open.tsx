import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import type { AppStatus, Session } from '../backend/types'
import { SessionContext } from './session'
import { makeRouter } from './router'
import { useActivity } from './useActivity'

/** Everything behind the lock. Unmounted as a whole when it locks. */
export function Open({ status, session }: { status: AppStatus; session: Session }) {
  const [router] = useState(() => makeRouter())
  useActivity()
  return (
    <SessionContext value={{ status, session }}>
      <RouterProvider router={router} />
    </SessionContext>
  )
}
