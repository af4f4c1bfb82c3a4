import { ActionIcon, Tooltip } from '@mantine/core'
import { IconChartHistogram } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

export function HistogramToggle({ shown, toggle }: { shown: boolean; toggle: () => void }) {
  const { t } = useTranslation()
  const label = t(shown ? 'search.histogram.hide' : 'search.histogram.show')
  return (
    <Tooltip label={`${label} (])`}>
      <ActionIcon
        size="1.875rem"
        onClick={toggle}
        aria-label={label}
        aria-pressed={shown}
        data-testid="histogram-toggle"
      >
        <IconChartHistogram size="1rem" stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}
