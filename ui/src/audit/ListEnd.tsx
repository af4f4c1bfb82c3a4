import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../look/useErrorText'
import type { More } from './AuditList'
import css from './AuditList.module.css'

/** What comes after the last row. A failure stays in sight wherever the list is scrolled to. */
export function ListEnd({ more }: { more: More }) {
  const { t } = useTranslation()
  const words = useErrorText()
  const why = more.failed && words(more.failed)
  return (
    <div className={css.end} role="row" data-failed={why ? true : undefined}>
      <span role="gridcell" aria-live="polite" data-testid="audit-end">
        {why
          ? `${t(`audit.failed.${more.part}`)} ${why.what} ${why.todo}`
          : more.available
            ? t('audit.more')
            : t('audit.end')}{' '}
        {why && (
          <Button variant="default" size="compact-xs" onClick={more.load} data-testid="audit-more">
            {t('retry')}
          </Button>
        )}
      </span>
    </div>
  )
}
