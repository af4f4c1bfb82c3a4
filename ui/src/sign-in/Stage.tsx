import { Suspense, useState, type ReactNode } from 'react'
import { UnstyledButton } from '@mantine/core'
import { IconLanguage } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { later } from '../app/later'
import { Mark } from '../look/Mark'
import css from './Stage.module.css'

// A menu brings a good part of Mantine with it, which the first screen need not wait for.
const PreferencesButton = later(() => import('../frame/PreferencesButton').then((it) => it.PreferencesButton))

/** The page in front of the lock: the mark, one column, language and theme within reach. */
export function Stage({ children, wide = false, foot }: { children: ReactNode; wide?: boolean; foot?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className={css.stage}>
      <header className={css.head}>
        <Mark size={24} />
        <span className={css.name}>{t('frame.name')}</span>
        <Preferences />
      </header>
      <main className={css.main} data-wide={wide || undefined}>
        {children}
      </main>
      {foot && <footer className={css.foot}>{foot}</footer>}
    </div>
  )
}

function Preferences() {
  const { t } = useTranslation()
  const [pressed, setPressed] = useState(false)
  const icon = <IconLanguage size="1.0625rem" stroke={1.6} aria-hidden />
  const button = (
    <UnstyledButton
      className={css.preferences}
      onClick={() => setPressed(true)}
      aria-label={t('frame.preferences')}
      aria-haspopup="menu"
      aria-expanded={false}
      data-testid="preferences"
    >
      {icon}
    </UnstyledButton>
  )
  if (!pressed) return button
  return (
    <Suspense fallback={button}>
      <PreferencesButton className={css.preferences} icon={icon} />
    </Suspense>
  )
}
