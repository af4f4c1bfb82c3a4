import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../app/session'
import type { AuditFilter } from '../backend/types'
import { exportIsBusy, startExport, useExport } from './exportStore'
import css from './ExportMenu.module.css'

type Props = { filter: AuditFilter; button: RefObject<HTMLButtonElement | null> }

export function ExportMenu({ filter, button }: Props) {
  const { t } = useTranslation()
  const state = useExport()
  const can = useCan('audit.export')
  const item = (format: 'csv' | 'jsonl') => (
    <Menu.Item onClick={() => void startExport(filter, format)} data-testid={`export-${format}`}>
      <div className={css.item}>
        {t(`audit.export.${format}`)}
        <span className="dim">{t(`audit.export.${format}Hint`)}</span>
      </div>
    </Menu.Item>
  )
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <Button
          ref={button}
          variant="default"
          leftSection={<IconDownload size={15} stroke={1.6} aria-hidden />}
          disabled={!can || exportIsBusy(state)}
          title={can ? `${t('audit.export.menu')} (e)` : t('audit.export.denied')}
          data-testid="export"
        >
          {t('audit.export.button')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {item('csv')}
        {item('jsonl')}
      </Menu.Dropdown>
    </Menu>
  )
}
