import { Menu } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '../app/usePreferences'

const groups = [
  { key: 'language', label: 'frame.languageLabel', values: ['system', 'es', 'en'] },
  { key: 'theme', label: 'frame.themeLabel', values: ['system', 'light', 'dark'] },
  { key: 'density', label: 'frame.density', values: ['comfortable', 'compact'] },
] as const

export function PreferencesMenu() {
  const { t } = useTranslation()
  const { preferences, change } = usePreferences()
  return (
    <Menu.Dropdown>
      {groups.map((group, index) => (
        <div key={group.key}>
          {index > 0 && <Menu.Divider />}
          <Menu.Label>{t(group.label)}</Menu.Label>
          {group.values.map((value) => (
            <Menu.Item
              key={value}
              role="menuitemradio"
              aria-checked={preferences[group.key] === value}
              closeMenuOnClick={false}
              onClick={() => void change({ [group.key]: value })}
              rightSection={preferences[group.key] === value ? <IconCheck size={14} aria-hidden /> : null}
              data-testid={`${group.key}-${value}`}
            >
              {t(`${group.key}.${value}`)}
            </Menu.Item>
          ))}
        </div>
      ))}
    </Menu.Dropdown>
  )
}
