// Which of the three faces is shown: first run, sign-in, or the frame. The assistant stays until it says that it is done.
import { useQueryClient } from '@tanstack/react-query'
import { Suspense, useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { onSessionLocked } from '../backend/app'
import { FirstRun } from '../first-run/FirstRun'
import { ErrorPanel } from '../look/Panels'
import { Mark } from '../look/Mark'
import { SignIn } from '../sign-in/SignIn'
import { rememberLock, takeIntent } from './handover'
import { markInteractive } from './interactive'
import { later } from './later'
import { useApplyPreferences } from './usePreferences'
import { useStatus } from './useStatus'
import css from './Gate.module.css'

const Open = later(() => import('./Open').then((it) => it.Open))
const Restore = later(() => import('../sign-in/Restore').then((it) => it.Restore))

type Path = 'usual' | 'assistant' | 'restore'

export function Gate() {
  const status = useStatus()
  const client = useQueryClient()
  const [path, setPath] = useState<Path>(() => (takeIntent() === 'assistant' ? 'assistant' : 'usual'))
  useApplyPreferences(status.data?.preferences)
  useEffect(() => {
    if (!status.isPending) markInteractive()
  }, [status.isPending])

  useEffect(
    () =>
      onSessionLocked((reason) => {
        rememberLock(reason)
        setPath('usual')
        // Nothing that was read under the session outlives it.
        client.clear()
        void status.refetch()
      }),
    [client, status.refetch],
  )

  const finished = useCallback(() => {
    // Wherever the window was before: what was just set up begins with its overview.
    window.location.hash = '#/overview'
    setPath('usual')
    void status.refetch()
  }, [status.refetch])

  if (status.isPending) return <Splash />
  if (status.isError) {
    return (
      <main className={css.splash}>
        <ErrorPanel error={status.error} retry={() => void status.refetch()} level="h1" />
      </main>
    )
  }
  const { stage, session } = status.data
  if (path === 'restore') {
    return (
      <Suspense fallback={<Splash />}>
        <Restore status={status.data} leave={() => setPath('usual')} done={finished} />
      </Suspense>
    )
  }
  if (path === 'assistant' || stage === 'first_run') {
    const leave = stage === 'first_run' ? null : () => setPath('usual')
    const stay = () => setPath('assistant')
    return <FirstRun leave={leave} stay={stay} restore={() => setPath('restore')} done={finished} />
  }
  if (stage === 'open' && session) {
    return (
      <Suspense fallback={<Splash />}>
        <Open status={status.data} session={session} />
      </Suspense>
    )
  }
  return <SignIn status={status.data} restore={() => setPath('restore')} assistant={() => setPath('assistant')} />
}

function Splash() {
  const { t } = useTranslation()
  return (
    <main className={css.splash} aria-busy>
      <Mark size={32} />
      <h1 className={css.starting}>{t('frame.starting')}</h1>
    </main>
  )
}
