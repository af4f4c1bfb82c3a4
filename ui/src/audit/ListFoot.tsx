import { useTranslation } from 'react-i18next'
import type { AuditRow } from '../backend/types'
import { whole } from '../look/numbers'
import { beyond, exact } from '../look/times'
import css from './AuditList.module.css'

type Props = { first: number; last: number; loaded: number; open: boolean; row: AuditRow | undefined }

/** Where the view stands. The scroll bar only knows what was loaded, so this says so. */
export function ListFoot({ first, last, loaded, open, row }: Props) {
  const { t, i18n } = useTranslation()
  const n = (value: number) => whole(value, i18n.language)
  const values = { first: n(first + 1), last: n(last + 1), loaded: n(loaded) }
  return (
    <div className={css.foot} data-testid="audit-position" data-first={first} data-loaded={loaded}>
      <span>{t(`search.position.${loaded === 0 ? 'none' : open ? 'open' : 'whole'}`, values)}</span>
      {row && !beyond(row.occurred_at) && (
        <span className="cut">{t('search.position.newest', { time: exact(row.occurred_at, i18n.language) })}</span>
      )}
    </div>
  )
}
