import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { later } from '../app/later'
import { keys } from '../app/queries'
import { useScope } from '../app/scope'
import { useCan, useSession } from '../app/session'
import { queryOf } from '../audit/queryStore'
import { findingsOf, nothing, useFindings } from '../audit/useFindings'
import { overview } from '../backend/overview'
import type { AttentionItem, AuditFinding } from '../backend/types'
import { useGo } from '../frame/useGo'
import { ErrorPanel } from '../look/Panels'
import { useNow } from '../look/useNow'
import { Activity } from './Activity'
import { Attention } from './Attention'
import { Health } from './Health'
import { Totals } from './Totals'
import css from './Overview.module.css'

const FoundLines = later(() => import('./FoundLines').then((it) => it.FoundLines))
const LateRules = later(() => import('../audit/LateRules').then((it) => it.LateRules))
const MoreFindings = later(() => import('../audit/MoreFindings').then((it) => it.MoreFindings))
const PinnedViews = later(() => import('./PinnedViews').then((it) => it.PinnedViews))

/** More findings are one line that says how many. */
const mostFound = 3
const minute = 60_000
/** In a log of ten million events the rules take the server five seconds. */
const findingsEvery = 5 * minute
/** A finding that ended longer ago says nothing of a burst of now; the minute more is for the time that finding takes. */
const recent = findingsEvery + minute

export function OverviewScreen() {
  const { t } = useTranslation()
  const can = useCan('audit.list')
  const { session } = useSession()
  const { choose } = useScope()
  const go = useGo()
  const view = useQuery({ queryKey: keys.overview, queryFn: overview, refetchInterval: minute })
  // After what the first screen waits for.
  const findings = useFindings(can && view.data !== undefined, findingsEvery)
  const found = findingsOf(findings.data).filter((each) => each.severity !== 'info')
  const { late, failed, more } = findings.data ?? nothing
  const unanswered = late.length + failed.length > 0
  // Of rules that only inform nothing is told here, nor that there is more of it.
  const cut = more.filter(({ rule }) =>
    findings.data?.found.some((each) => each.rule === rule && each.severity !== 'info'),
  )
  const inSight = found.slice(0, mostFound)
  const now = useNow()
  /** One attack is told once: by the finding, where it is still going on and holds at least the busiest minute. */
  const told = ({ code, count }: AttentionItem) =>
    code === 'failed_logins_burst' &&
    inSight.some(
      (each) => each.rule === 'failed_logins' && each.count >= count && now - Date.parse(each.until) < recent,
    )
  const show = (query: string) => {
    choose(null)
    queryOf(session.connection.id).write(query)
    go('audit')
  }
  const again = () => {
    if (view.isError) void view.refetch()
    if (findings.isError || unanswered) void findings.refetch()
  }
  const lines = (some: AuditFinding[], more = 0) =>
    some.length + more > 0 ? (
      <Suspense>
        <FoundLines found={some} more={more} />
      </Suspense>
    ) : null
  if (view.isError && !view.data) return <ErrorPanel error={view.error} retry={() => void view.refetch()} level="h1" />
  return (
    <div className={css.screen} data-testid="overview">
      <header className={css.top}>
        <h1 className={css.title}>{t('overview.title')}</h1>
        {view.data && <Totals totals={view.data.totals} />}
      </header>
      {view.data ? (
        <>
          <div className={css.columns}>
            <Attention
              items={view.data.attention.filter((each) => !told(each))}
              found={{
                critical: lines(inSight.filter((each) => each.severity === 'critical')),
                warning: lines(
                  inSight.filter((each) => each.severity === 'warning'),
                  found.length - inSight.length,
                ),
              }}
              error={view.error ?? findings.error}
              late={
                unanswered ? (
                  <Suspense>
                    <LateRules late={late} failed={failed} />
                  </Suspense>
                ) : null
              }
              more={
                cut.length > 0 ? (
                  <Suspense>
                    <MoreFindings cut={cut} open={show} tune={() => go('settings', 'findings')} />
                  </Suspense>
                ) : null
              }
              retry={again}
              retrying={(view.isError && view.isRefetching) || findings.isRefetching}
              looking={can && findings.isLoading}
              hint={can ? t('overview.calmHintFindings', { count: findingsEvery / minute }) : t('overview.calmHint')}
            />
            <Health lines={view.data.health} />
          </div>
          {can && (
            <Suspense>
              <PinnedViews round={view.dataUpdatedAt} />
            </Suspense>
          )}
          <Activity rows={view.data.activity} />
        </>
      ) : (
        <OverviewSkeleton label={t('loading')} />
      )}
    </div>
  )
}

function OverviewSkeleton({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className={css.skeleton}>
      {['100%', '64%', '58%', '70%', '40%', '66%', '52%', '61%'].map((width) => (
        <Skeleton key={width} height={12} width={width} />
      ))}
    </div>
  )
}
