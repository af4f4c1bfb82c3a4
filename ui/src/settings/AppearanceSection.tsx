import { SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '../app/usePreferences'
import css from './Settings.module.css'

export function AppearanceSection() {
  const { t } = useTranslation()
  const { preferences, change } = usePreferences()
  return (
    <div className={css.form}>
      <strong id="theme-label">{t('settings.appearance.theme')}</strong>
      <SegmentedControl
        value={preferences.theme}
        onChange={(theme) => void change({ theme: theme as typeof preferences.theme })}
        data={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
        aria-labelledby="theme-label"
        data-testid="settings-theme"
      />
      <strong id="density-label">{t('settings.appearance.density')}</strong>
      <SegmentedControl
        value={preferences.density}
        onChange={(density) => void change({ density: density as typeof preferences.density })}
        data={(['comfortable', 'compact'] as const).map((value) => ({ value, label: t(`density.${value}`) }))}
        aria-labelledby="density-label"
        data-testid="settings-density"
      />
      <p className={css.text}>{t('settings.appearance.textSize')}</p>
    </div>
  )
}
