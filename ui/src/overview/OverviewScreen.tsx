import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { later } from '../app/later'
import { keys } from '../app/queries'
import { useCan } from '../app/session'
import { overview } from '../backend/overview'
import { ErrorPanel } from '../look/Panels'
import { Activity } from './Activity'
import { Attention } from './Attention'
import { Health } from './Health'
import { Totals } from './Totals'
import css from './Overview.module.css'

const PinnedViews = later(() => import('./PinnedViews').then((it) => it.PinnedViews))

export function OverviewScreen() {
  const { t } = useTranslation()
  const can = useCan('audit.list')
  const view = useQuery({ queryKey: keys.overview, queryFn: overview, refetchInterval: 60_000 })
  if (view.isError && !view.data) return <ErrorPanel error={view.error} retry={() => void view.refetch()} />
  return (
    <div className={css.screen} data-testid="overview">
      <header className={css.top}>
        <h1 className={css.title}>{t('overview.title')}</h1>
        {view.data && <Totals totals={view.data.totals} />}
      </header>
      {view.data ? (
        <>
          <div className={css.columns}>
            <Attention items={view.data.attention} />
            <Health lines={view.data.health} />
          </div>
          {can && (
            <Suspense>
              <PinnedViews />
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
