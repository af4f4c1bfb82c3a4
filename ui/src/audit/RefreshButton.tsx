import { ActionIcon, Tooltip } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

export function RefreshButton({ refresh, busy }: { refresh: () => void; busy: boolean }) {
  const { t } = useTranslation()
  return (
    <Tooltip label={`${t('refresh')} (r)`}>
      <ActionIcon size="1.875rem" onClick={refresh} loading={busy} aria-label={t('refresh')} data-testid="refresh">
        <IconRefresh size="1rem" stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}
