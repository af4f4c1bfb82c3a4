import type { ReactNode } from 'react'
import { Menu, UnstyledButton } from '@mantine/core'
import { IconLanguage } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { PreferencesMenu } from '../frame/PreferencesMenu'
import { Mark } from '../look/Mark'
import css from './Stage.module.css'

/** The page in front of the lock: the mark, one column, language and theme within reach. */
export function Stage({ children, wide = false, foot }: { children: ReactNode; wide?: boolean; foot?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className={css.stage}>
      <header className={css.head}>
        <Mark size={24} />
        <span className={css.name}>{t('frame.name')}</span>
        <Menu position="bottom-end" width={240}>
          <Menu.Target>
            <UnstyledButton className={css.preferences} data-testid="preferences" aria-label={t('frame.preferences')}>
              <IconLanguage size={17} stroke={1.6} aria-hidden />
            </UnstyledButton>
          </Menu.Target>
          <PreferencesMenu />
        </Menu>
      </header>
      <main className={css.main} data-wide={wide || undefined}>
        {children}
      </main>
      {foot && <footer className={css.foot}>{foot}</footer>}
    </div>
  )
}
