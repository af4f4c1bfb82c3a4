import { Button } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Panel } from '../look/Panels'

type Props = { filtered: boolean; clear: () => void; back: (() => void) | null }

export function AuditEmpty({ filtered, clear, back }: Props) {
  const { t } = useTranslation()
  if (!filtered) {
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
      {back && (
        <Button variant="default" onClick={back} data-testid="audit-empty-back">
          {t('search.back')}
        </Button>
      )}
      <Button variant="default" onClick={clear} data-testid="audit-empty-clear">
        {t('audit.filter.clear')}
      </Button>
    </Panel>
  )
}
