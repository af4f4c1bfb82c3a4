import { Menu, Tooltip, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link, useRouterState } from '@tanstack/react-router'
import { IconLanguage, IconLock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/session'
import { Keys } from '../look/Keys'
import { Mark } from '../look/Mark'
import { useFrame } from './context'
import { PreferencesMenu } from './PreferencesMenu'
import { screens } from './screens'
import css from './Navigation.module.css'

export function Navigation({ lock }: { lock: () => void }) {
  const { t } = useTranslation()
  const { session } = useSession()
  const { showShortcuts } = useFrame()
  const narrow = useMediaQuery('(max-width: 900px)') ?? false
  const path = useRouterState({ select: (state) => state.location.pathname })
  const shown = screens.filter((screen) => !screen.permission || session.permissions.includes(screen.permission))
  const roles = session.roles.map((role) => t(`settings.role.${role}`, { defaultValue: role })).join(' · ')
  return (
    <nav className={css.nav} aria-label={t('frame.navigation')}>
      <div className={css.brand}>
        <Mark size={22} />
        <span className={css.word}>{t('frame.name')}</span>
      </div>
      <ul className={css.list}>
        {shown.map((screen) => {
          const active = path.startsWith(`/${screen.id}`)
          const text = t(`frame.${screen.id}`)
          return (
            <li key={screen.id}>
              <Tooltip label={text} position="right" disabled={!narrow}>
                <Link
                  to={screen.id === 'settings' ? '/settings/$section' : `/${screen.id}`}
                  params={screen.id === 'settings' ? { section: 'profile' } : {}}
                  className={css.item}
                  data-active={active || undefined}
                  aria-current={active ? 'page' : undefined}
                  data-testid={`nav-${screen.id}`}
                >
                  <screen.icon size="1.0625rem" stroke={1.6} aria-hidden />
                  <span className={css.word}>{text}</span>
                  <span className={css.keys}>
                    <Keys keys={screen.keys} />
                  </span>
                </Link>
              </Tooltip>
            </li>
          )
        })}
      </ul>
      <div className={css.foot}>
        <div className={css.person} title={`${session.email}\n${roles}`}>
          <span className="cut">{session.name}</span>
          <span className={`dim cut ${css.roles}`}>{roles}</span>
        </div>
        <Menu position="right-end" width={240}>
          <Menu.Target>
            <UnstyledButton className={css.item} data-testid="preferences">
              <IconLanguage size="1.0625rem" stroke={1.6} aria-hidden />
              <span className={css.word}>{t('frame.preferences')}</span>
            </UnstyledButton>
          </Menu.Target>
          <PreferencesMenu showShortcuts={showShortcuts} />
        </Menu>
        <UnstyledButton className={css.item} onClick={lock} data-testid="lock">
          <IconLock size="1.0625rem" stroke={1.6} aria-hidden />
          <span className={css.word}>{t('frame.lock')}</span>
          <span className={css.always}>
            <Keys keys="mod L" />
          </span>
        </UnstyledButton>
      </div>
    </nav>
  )
}
