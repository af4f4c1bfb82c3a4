import { UnstyledButton } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useScope } from '../app/scope'
import { useSession } from '../app/session'
import { queryOf } from '../audit/queryStore'
import { useViews } from '../audit/useViews'
import { auditCount, auditCountCancel } from '../backend/audit'
import type { AuditCount, SavedView } from '../backend/types'
import { useGo } from '../frame/useGo'
import { whole } from '../look/numbers'
import { visibleLine } from '../look/visible'
import css from './Overview.module.css'

/** Others may pin and share without end; each number is a question to the server. */
const most = 12

/**
 * Saved views that were pinned, one's own first, each with the number of its events now. Nothing where none was. They are
 * counted anew with every `round`.
 */
export function PinnedViews({ round }: { round: number }) {
  const { t, i18n } = useTranslation()
  const { session } = useSession()
  const { choose } = useScope()
  const go = useGo()
  const views = useViews()
  const all = (views.data ?? []).filter((view) => view.pinned)
  const pinned = [...all.filter((view) => view.own), ...all.filter((view) => !view.own)].slice(0, most)
  const counts = useCounts(pinned, round)
  if (pinned.length === 0) return null
  const open = (view: SavedView) => {
    choose(null)
    queryOf(session.connection.id).write(view.query)
    go('audit')
  }
  const said = (count: AuditCount | 'failed' | undefined) => {
    if (count === undefined) return '…'
    if (count === 'failed') return '—'
    return `${count.capped ? '≥ ' : ''}${whole(count.count, i18n.language)}`
  }
  return (
    <section className={css.section} data-testid="pinned-views">
      <h2 className={css.heading}>{t('overview.pinned')}</h2>
      <ul className={css.pinned}>
        {pinned.map((view) => {
          const count = counts[view.id]
          return (
            <li key={view.id}>
              <UnstyledButton
                className={css.view}
                onClick={() => open(view)}
                title={visibleLine(view.query)}
                data-testid={`pinned-${view.id}`}
                data-count={typeof count === 'object' ? count.count : undefined}
              >
                <strong className={css.viewCount}>{said(count)}</strong>
                <span className="cut">{visibleLine(view.name)}</span>
              </UnstyledButton>
            </li>
          )
        })}
      </ul>
      {all.length > pinned.length && (
        <p className="dim" data-testid="pinned-more">
          {t('overview.pinnedMore', { count: all.length - pinned.length })}
        </p>
      )}
    </section>
  )
}

/** One after the other: the server counts one thing at a time for each of us. */
function useCounts(views: SavedView[], round: number): Record<string, AuditCount | 'failed'> {
  const [pass, setPass] = useState({ round, over: false })
  // The last view has its turn too where counting takes longer than a round.
  if (pass.over && pass.round !== round) setPass({ round, over: false })
  const [counts, setCounts] = useState<Record<string, AuditCount | 'failed'>>({})
  const key = JSON.stringify(views.map(({ id, query }) => [id, query]))
  useEffect(() => {
    let wanted = true
    let counting = false
    const count = async () => {
      for (const [id, query] of JSON.parse(key) as [string, string][]) {
        counting = true
        const found = await auditCount(query).catch(() => 'failed' as const)
        counting = false
        if (!wanted) return
        setCounts((known) => ({ ...known, [id]: found }))
      }
      setPass((was) => ({ ...was, over: true }))
    }
    void count()
    return () => {
      wanted = false
      if (counting) void auditCountCancel().catch(() => undefined)
    }
  }, [key, pass.round])
  return counts
}
