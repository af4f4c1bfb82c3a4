import { Menu } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '../app/usePreferences'
import { Keys } from '../look/Keys'

const groups = [
  { key: 'language', label: 'frame.languageLabel', values: ['system', 'es', 'en'] },
  { key: 'theme', label: 'frame.themeLabel', values: ['system', 'light', 'dark'] },
  { key: 'density', label: 'frame.density', values: ['comfortable', 'compact'] },
] as const

/** `showShortcuts`: where there is a session, whose keys they are. */
export function PreferencesMenu({ showShortcuts }: { showShortcuts?: () => void }) {
  const { t } = useTranslation()
  const { preferences, change } = usePreferences()
  return (
    <Menu.Dropdown>
      {groups.map((group, index) => (
        <Fragment key={group.key}>
          {index > 0 && <Menu.Divider />}
          <Menu.Label>{t(group.label)}</Menu.Label>
          <Menu.RadioGroup value={preferences[group.key]} onChange={(value) => void change({ [group.key]: value })}>
            {group.values.map((value) => (
              <Menu.RadioItem key={value} value={value} data-testid={`${group.key}-${value}`}>
                {t(`${group.key}.${value}`)}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </Fragment>
      ))}
      {showShortcuts && (
        <>
          <Menu.Divider />
          <Menu.Item onClick={showShortcuts} rightSection={<Keys keys="?" />} data-testid="show-shortcuts">
            {t('frame.shortcuts.title')}
          </Menu.Item>
        </>
      )}
    </Menu.Dropdown>
  )
}
