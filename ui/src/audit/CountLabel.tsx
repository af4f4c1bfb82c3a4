import { ActionIcon, Tooltip } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { whole } from '../look/numbers'
import { useAuditCount } from './useAudit'
import css from './CountLabel.module.css'

/** How many events the query shows. Counted in the background and up to a limit: the list never waits for it. */
export function CountLabel({ asked, taken }: { asked: string | null; taken: number }) {
  const { t, i18n } = useTranslation()
  const count = useAuditCount(asked, taken)
  if (count.isFetching) return <span className={`dim ${css.count}`}>{t('audit.counting')}</span>
  if (count.isError) {
    return (
      <span className={`dim ${css.count}`}>
        {t('audit.notCounted')}
        <Tooltip label={t('audit.recount')}>
          <ActionIcon size="1.25rem" onClick={() => void count.refetch()} aria-label={t('audit.recount')}>
            <IconRefresh size="0.8125rem" />
          </ActionIcon>
        </Tooltip>
      </span>
    )
  }
  if (!count.data) return null
  const n = whole(count.data.count, i18n.language)
  const text = count.data.capped ? t('audit.atLeast', { n }) : t('audit.count', { n, count: count.data.count })
  return (
    <Tooltip label={t('audit.atLeastHint', { n })} disabled={!count.data.capped}>
      <span className={css.count} role="status" data-testid="audit-count" data-count={count.data.count}>
        {text}
      </span>
    </Tooltip>
  )
}
