import { Button, Skeleton } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { queryOf } from '../audit/queryStore'
import { useScope } from '../app/scope'
import { useSession } from '../app/session'
import type { AttentionItem, Severity } from '../backend/types'
import { useFrame } from '../frame/context'
import { useGo } from '../frame/useGo'
import { SeverityMark, StateMark } from '../look/Marks'
import { whole } from '../look/numbers'
import { ErrorNote } from '../look/Panels'
import css from './Overview.module.css'

const severities: Severity[] = ['critical', 'warning', 'info']

type Props = {
  items: AttentionItem[]
  /** Further lines by severity; null where there are none. */
  found: Partial<Record<Severity, ReactNode>>
  /** Why a part of it could not be checked. */
  error: unknown
  /** What was not looked for, in time or at all; null where all was. */
  late: ReactNode
  /** What there is more of than was looked at; null where there is none. */
  more: ReactNode
  retry: () => void
  /** It is being checked again. */
  retrying: boolean
  /** A part of it is still being looked for. */
  looking: boolean
  /** How often it is checked. */
  hint: string
}

/** The worst first. That nothing needs attention is said only where everything was checked. */
export function Attention({ items, found, error, late, more, retry, retrying, looking, hint }: Props) {
  const { t } = useTranslation()
  const nothing = items.length === 0 && severities.every((severity) => !found[severity])
  return (
    <section className={css.section} data-testid="attention">
      <h2 className={css.heading}>{t('overview.attention')}</h2>
      {nothing && !error && !late && !more && !looking && (
        <div className={css.calm} data-testid="attention-none">
          <StateMark state="ok" word={false} />
          <span>
            {t('overview.calm')} <span className="dim">{hint}</span>
          </span>
        </div>
      )}
      {!nothing && (
        <ul className={css.rows}>
          {severities.map((severity) => (
            <Fragment key={severity}>
              {items
                .filter((item) => item.severity === severity)
                .map((item) => (
                  <AttentionLine key={item.code} item={item} />
                ))}
              {found[severity]}
            </Fragment>
          ))}
        </ul>
      )}
      {more && <div className={css.unchecked}>{more}</div>}
      {looking && (
        <div role="status" aria-label={t('loading')} className={css.looking} data-testid="attention-looking">
          <Skeleton height={12} width="58%" />
        </div>
      )}
      {error || late ? (
        <div className={css.unchecked}>
          <p className={css.why}>{t('overview.unchecked')}</p>
          {late}
          <ErrorNote error={error} testId="attention-error" bring={false} />
          <Button variant="default" size="compact-sm" loading={retrying} onClick={retry} data-testid="retry">
            {t('retry')}
          </Button>
        </div>
      ) : null}
    </section>
  )
}

function AttentionLine({ item }: { item: AttentionItem }) {
  const { t, i18n } = useTranslation()
  const { session } = useSession()
  const { choose } = useScope()
  const frame = useFrame()
  const go = useGo()
  const known = i18n.exists(`overview.attentionHint.${item.code}`) ? item.code : 'unknown'
  const values = { code: item.code, count: item.count, n: whole(item.count, i18n.language) }
  const show = () => {
    if (item.query === null) return
    choose(null)
    queryOf(session.connection.id).write(item.query)
    go('audit')
  }
  return (
    <li className={css.item} data-testid={`attention-${item.code}`}>
      <SeverityMark severity={item.severity} word={false} />
      <span className={css.what}>{t(`overview.attentionText.${known}`, values)}</span>
      <span className={css.hint}>
        {t(`overview.attentionHint.${known}`)}
        {item.detail && <span className="mono"> {item.detail}</span>}
      </span>
      {item.query !== null && (
        <Button className={css.act} variant="default" size="compact-sm" onClick={show}>
          {t('overview.show')}
        </Button>
      )}
      {item.code === 'few_recipients' && session.permissions.includes('keys.create') && (
        <Button className={css.act} variant="default" size="compact-sm" onClick={frame.makeKit}>
          {t('overview.act')}
        </Button>
      )}
      {item.code === 'legacy_login_active' && (
        <Button className={css.act} variant="default" size="compact-sm" onClick={() => go('settings', 'crm')}>
          {t('overview.act')}
        </Button>
      )}
      {item.code === 'secrets_not_imported' && session.permissions.includes('secrets.create') && (
        <Button className={css.act} variant="default" size="compact-sm" onClick={frame.importEnv}>
          {t('overview.act')}
        </Button>
      )}
    </li>
  )
}
