import { Anchor, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { term } from '../audit/query'
import { queryOf } from '../audit/queryStore'
import { actorName, eventName, tenantName } from '../audit/wording'
import { useScope } from '../app/scope'
import { useCan, useSession } from '../app/session'
import type { AuditRow } from '../backend/types'
import { useGo } from '../frame/useGo'
import { OutcomeMark, SeverityMark } from '../look/Marks'
import { When } from '../look/When'
import css from './Overview.module.css'

/** The latest events. Each opens the audit screen on its own type. */
export function Activity({ rows }: { rows: AuditRow[] }) {
  const { t } = useTranslation()
  const { session } = useSession()
  const can = useCan('audit.list')
  const go = useGo()
  const query = queryOf(session.connection.id)
  const { choose } = useScope()
  // What is listed here is of every tenant, so it is not looked for in one.
  const open = (text: string) => {
    choose(null)
    query.write(text)
    go('audit')
  }
  return (
    <section className={css.section} data-testid="activity">
      <h2 className={css.heading}>
        {t('overview.activity')}
        {can && (
          <Anchor component="button" size="xs" onClick={() => open('')}>
            {t('overview.allActivity')}
          </Anchor>
        )}
      </h2>
      {rows.length === 0 && <p className="dim">{t('overview.noActivity')}</p>}
      <ul className={css.rows}>
        {rows.map((row) => (
          <li key={`${row.occurred_at} ${row.id}`}>
            <UnstyledButton
              className={css.line}
              onClick={() => open(term('type', row.event_type))}
              disabled={!can}
              data-testid="activity-row"
            >
              <span className="soft">
                <When at={row.occurred_at} />
              </span>
              <SeverityMark severity={row.severity} />
              <span className="cut">{eventName(t, row.event_type)}</span>
              <bdi className="cut soft">{actorName(row) ?? '—'}</bdi>
              <bdi className={`cut ${row.tenant_id === null ? 'dim' : 'soft'}`}>
                {tenantName(t, row.tenant_id, session.tenants)}
              </bdi>
              <OutcomeMark outcome={row.outcome} />
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  )
}
