import { useTranslation } from 'react-i18next'
import { beyond, compact, exact, inUtc, relative } from '../look/times'
import { useNow } from '../look/useNow'
import css from './AuditList.module.css'

/** Day and time of the row; how long ago beside it where there is room. Native title: a list cannot carry a tooltip per row. */
export function RowTime({ at }: { at: string }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const strange = beyond(at)
  if (strange) {
    return (
      <span className="cut" title={at}>
        {t(strange)}
      </span>
    )
  }
  return (
    <>
      <time dateTime={at} title={`${exact(at, i18n.language)}\n${inUtc(at)}\n${relative(at, i18n.language, now)}`}>
        {compact(at, i18n.language, now)}
      </time>
      <span className={`dim cut ${css.ago}`}>{relative(at, i18n.language, now)}</span>
    </>
  )
}
