import { Outlet } from '@tanstack/react-router'
import { useHotkeys } from '@mantine/hooks'
import { Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { later } from '../app/later'
import { useSession } from '../app/session'
import { useSequence } from '../app/useSequence'
import { ExportBar } from '../audit/ExportBar'
import { ConnectionLost } from './ConnectionLost'
import { FrameContext } from './context'
import { Navigation } from './Navigation'
import { Palette } from './Palette'
import { Shortcuts } from './Shortcuts'
import { TopBar } from './TopBar'
import { useGo } from './useGo'
import { useLock } from './useLock'
import css from './Frame.module.css'

const EnvImportDialog = later(() => import('../overview/EnvImportDialog').then((it) => it.EnvImportDialog))
const KitDialog = later(() => import('../settings/KitDialog').then((it) => it.KitDialog))

export function Frame() {
  const { t } = useTranslation()
  const { session } = useSession()
  const go = useGo()
  const lock = useLock()
  const [help, setHelp] = useState(false)
  const [env, setEnv] = useState(false)
  const [kit, setKit] = useState(false)
  useHotkeys([['mod+L', () => void lock()]], [])
  useSequence(
    useMemo(
      () => ({
        'g o': () => go('overview'),
        'g a': () => go('audit'),
        'g s': () => go('settings'),
        '?': () => setHelp(true),
      }),
      [go],
    ),
  )
  const context = useMemo(
    () => ({ showShortcuts: () => setHelp(true), importEnv: () => setEnv(true), makeKit: () => setKit(true) }),
    [],
  )
  return (
    <FrameContext value={context}>
      <div className={css.outer}>
        <div className={css.frame} data-production={session.connection.production || undefined}>
          <a className={css.skip} href="#content" onClick={(event) => focusContent(event)}>
            {t('frame.skip')}
          </a>
          <Navigation lock={() => void lock()} />
          <TopBar />
          <div className={css.middle}>
            <ConnectionLost />
            <main id="content" className={css.content} tabIndex={-1}>
              <Suspense>
                <Outlet />
              </Suspense>
            </main>
            <ExportBar />
          </div>
          <Palette lock={() => void lock()} />
          <Shortcuts opened={help} close={() => setHelp(false)} />
          <Suspense>
            <EnvImportDialog opened={env} close={() => setEnv(false)} />
            {kit && <KitDialog close={() => setKit(false)} />}
          </Suspense>
        </div>
      </div>
    </FrameContext>
  )
}

/** The hash is the router's, so the link moves the focus itself. */
function focusContent(event: React.MouseEvent) {
  event.preventDefault()
  document.getElementById('content')?.focus()
}
