import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { More } from './AuditList'
import css from './AuditList.module.css'

export function ListEnd({ more }: { more: More }) {
  const { t } = useTranslation()
  return (
    <div className={css.end} role="row">
      <span role="gridcell" aria-live="polite">
        {more.failed ? t('audit.moreFailed') : more.available ? t('audit.more') : t('audit.end')}{' '}
        {more.failed && (
          <Button variant="default" size="compact-xs" onClick={more.load}>
            {t('retry')}
          </Button>
        )}
      </span>
    </div>
  )
}
