import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AboutSection } from './AboutSection'
import { AppearanceSection } from './AppearanceSection'
import { ConnectionsSection } from './ConnectionsSection'
import { KeychainSection } from './KeychainSection'
import { LockSection } from './LockSection'
import { ProfileSection } from './ProfileSection'
import { sections, type Section } from './sections'
import css from './Settings.module.css'

const bodies: Record<Section, () => React.ReactNode> = {
  profile: ProfileSection,
  connections: ConnectionsSection,
  keychain: KeychainSection,
  lock: LockSection,
  appearance: AppearanceSection,
  about: AboutSection,
}

export function SettingsScreen() {
  const { t } = useTranslation()
  const { section } = useParams({ from: '/settings/$section' })
  const Body = bodies[section]
  return (
    <div className={css.screen} data-testid="settings">
      <nav className={css.nav} aria-label={t('settings.sections')}>
        <h1 className={css.screenTitle}>{t('settings.title')}</h1>
        {sections.map((each) => (
          <Link
            key={each.id}
            to="/settings/$section"
            params={{ section: each.id }}
            className={css.link}
            data-active={each.id === section || undefined}
            aria-current={each.id === section ? 'page' : undefined}
            data-testid={`settings-${each.id}`}
          >
            <each.icon size={16} stroke={1.6} aria-hidden />
            {t(`settings.section.${each.id}`)}
          </Link>
        ))}
      </nav>
      <div className={css.body} key={section}>
        <h2 className={css.title}>{t(`settings.section.${section}`)}</h2>
        <Body />
      </div>
    </div>
  )
}
