import { Button } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Panel } from '../look/Panels'
import { isEmpty, type ScreenFilter } from './filter'

export function AuditEmpty({ filter, clear }: { filter: ScreenFilter; clear: () => void }) {
  const { t } = useTranslation()
  if (isEmpty(filter)) {
    return (
      <Panel
        icon={IconListDetails}
        title={t('audit.empty.noneTitle')}
        text={t('audit.empty.noneText')}
        testId="audit-empty"
      />
    )
  }
  return (
    <Panel icon={IconListDetails} title={t('audit.empty.title')} text={t('audit.empty.text')} testId="audit-empty">
      <Button variant="default" onClick={clear} data-testid="audit-empty-clear">
        {t('audit.filter.clear')}
      </Button>
    </Panel>
  )
}
