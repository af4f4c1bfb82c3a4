import { Menu, UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PreferencesMenu } from './PreferencesMenu'

type Props = { className: string | undefined; icon: ReactNode }

/** The button with its menu, open: it takes the place of one that was pressed. */
export function PreferencesButton({ className, icon }: Props) {
  const { t } = useTranslation()
  return (
    <Menu position="bottom-end" width={240} defaultOpened>
      <Menu.Target>
        <UnstyledButton className={className} data-testid="preferences" aria-label={t('frame.preferences')}>
          {icon}
        </UnstyledButton>
      </Menu.Target>
      <PreferencesMenu />
    </Menu>
  )
}
