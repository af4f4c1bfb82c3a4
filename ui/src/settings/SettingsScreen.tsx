import { Link, useParams } from '@tanstack/react-router'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { later } from '../app/later'
import { AppearanceSection } from './AppearanceSection'
import { ConnectionsSection } from './ConnectionsSection'
import { KeychainSection } from './KeychainSection'
import { LockSection } from './LockSection'
import { ProfileSection } from './ProfileSection'
import { sections, type Section } from './sections'
import css from './Settings.module.css'

const CrmSection = later(() => import('../crm/CrmSection').then((it) => it.CrmSection))
// The licences of everything bundled come with it.
const AboutSection = later(() => import('./AboutSection').then((it) => it.AboutSection))

const FindingRulesSection = later(() => import('../audit/FindingRulesSection').then((it) => it.FindingRulesSection))

const bodies: Record<Section, React.ComponentType> = {
  profile: ProfileSection,
  connections: ConnectionsSection,
  crm: CrmSection,
  keychain: KeychainSection,
  lock: LockSection,
  appearance: AppearanceSection,
  findings: FindingRulesSection,
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
            <each.icon size="1rem" stroke={1.6} aria-hidden />
            {t(`settings.section.${each.id}`)}
          </Link>
        ))}
      </nav>
      <div className={css.body} key={section}>
        <h2 className={css.title}>{t(`settings.section.${section}`)}</h2>
        <Suspense>
          <Body />
        </Suspense>
      </div>
    </div>
  )
}
