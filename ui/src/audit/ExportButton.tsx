import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../app/session'
import { exportIsBusy, useExport } from './exportStore'

export function ExportButton({ open }: { open: () => void }) {
  const { t } = useTranslation()
  const state = useExport()
  const can = useCan('audit.export')
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size="0.9375rem" stroke={1.6} aria-hidden />}
      disabled={!can || exportIsBusy(state)}
      onClick={open}
      title={can ? `${t('audit.export.menu')} (e)` : t('audit.export.denied')}
      data-testid="export"
    >
      {t('audit.export.button')}
    </Button>
  )
}
