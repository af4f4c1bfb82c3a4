import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../look/useErrorText'
import type { More } from './AuditList'
import css from './AuditList.module.css'

export function ListEnd({ more }: { more: More }) {
  const { t } = useTranslation()
  const words = useErrorText()
  const why = more.failed && words(more.failed)
  return (
    <div className={css.end} role="row">
      <span role="gridcell" aria-live="polite" data-testid="audit-end">
        {why ? `${t('audit.moreFailed')} ${why.what} ${why.todo}` : more.available ? t('audit.more') : t('audit.end')}{' '}
        {why && (
          <Button variant="default" size="compact-xs" onClick={more.load} data-testid="audit-more">
            {t('retry')}
          </Button>
        )}
      </span>
    </div>
  )
}
