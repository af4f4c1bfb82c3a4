import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { asBackendError } from '../backend/door'
import { whole } from '../look/numbers'
import { beyond, exact } from '../look/times'
import { useErrorText } from '../look/useErrorText'
import { liveRows } from './live'
import type { Pages } from './pages'
import css from './AuditList.module.css'

type Props = {
  pages: Pages
  /** What failed: the next page, or fetching what is shown anew. */
  part: 'more' | 'again'
  /** Rows that came in were let go: what is older is not shown below them. */
  cut: boolean
  reload: () => void
}

/** What comes after the last row. A failure stays in sight wherever the list is scrolled to. */
export function ListEnd({ pages, part, cut, reload }: Props) {
  const { t, i18n } = useTranslation()
  const words = useErrorText()
  const why = pages.error && !pages.loading ? words(asBackendError(pages.error)) : null
  const until = pages.searched && !beyond(pages.searched.until) ? exact(pages.searched.until, i18n.language) : null
  const waits = pages.available && !pages.loading && !pages.eager && !why
  return (
    <div className={css.end} role="row" data-failed={why ? true : undefined}>
      <span role="gridcell" aria-live="polite" data-testid="audit-end">
        {why
          ? `${t(`audit.failed.${part}`)} ${why.what} ${why.todo}`
          : cut
            ? t('search.live.cut', { n: whole(liveRows, i18n.language) })
            : until && pages.available
              ? t('search.searched', { until })
              : pages.available
                ? t('audit.more')
                : t('audit.end')}{' '}
        {(why || cut || waits) && (
          <Button
            variant="default"
            size="compact-xs"
            onClick={cut ? reload : why ? pages.retry : () => void pages.searchOn()}
            data-testid={waits ? 'audit-search-on' : 'audit-more'}
          >
            {t(cut ? 'search.live.reload' : why ? 'retry' : 'search.searchOn')}
          </Button>
        )}
      </span>
    </div>
  )
}
