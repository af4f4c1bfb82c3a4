import '../i18n/later'
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useScope } from '../app/scope'
import { useSession } from '../app/session'
import { foundInWords } from '../audit/findingWords'
import { findingsAddress } from '../audit/link'
import { queryOf } from '../audit/queryStore'
import type { AuditFinding } from '../backend/types'
import { useGo } from '../frame/useGo'
import { SeverityMark } from '../look/Marks'
import { whole } from '../look/numbers'
import { When } from '../look/When'
import css from './Overview.module.css'

/** What stands out in the log and nobody has explained yet; each opens the events that it is about. `more` are not listed. */
export function FoundLines({ found, more }: { found: AuditFinding[]; more: number }) {
  const { t, i18n } = useTranslation()
  const { session } = useSession()
  const { choose } = useScope()
  const go = useGo()
  const show = (query: string) => {
    choose(null)
    queryOf(session.connection.id).write(query)
    go('audit')
  }
  const showAll = () => {
    choose(null)
    window.location.hash = findingsAddress
  }
  return (
    <>
      {found.map((each) => (
        <li
          key={`${each.rule} ${each.subject} ${each.at}`}
          className={css.item}
          data-testid={`found-${each.rule}`}
          data-subject={each.subject}
        >
          <SeverityMark severity={each.severity} word={false} />
          <span className={css.what}>{foundInWords(t, i18n.language, each)}</span>
          <span className={css.hint}>
            {t('search.findings.title')} · <When at={each.until} />
          </span>
          <Button className={css.act} variant="default" size="compact-sm" onClick={() => show(each.query)}>
            {t('overview.show')}
          </Button>
        </li>
      ))}
      {more > 0 && (
        <li className={css.more}>
          <Button variant="subtle" size="compact-sm" onClick={showAll} data-testid="found-more">
            {t('search.findings.moreInAudit', { count: more, n: whole(more, i18n.language) })}
          </Button>
        </li>
      )}
    </>
  )
}
