import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useScope } from '../app/scope'
import { useSession } from '../app/session'
import { useSequence } from '../app/useSequence'
import { ErrorPanel } from '../look/Panels'
import { AuditEmpty } from './AuditEmpty'
import { AuditList, type AuditListHandle } from './AuditList'
import { AuditSkeleton } from './AuditSkeleton'
import { CountLabel } from './CountLabel'
import { DetailPanel } from './DetailPanel'
import { ExportMenu } from './ExportMenu'
import { FilterBar } from './FilterBar'
import { emptyFilter, toWire } from './filter'
import { filterOf } from './filterStore'
import { RefreshButton } from './RefreshButton'
import { useAuditList } from './useAudit'
import css from './AuditScreen.module.css'

export function AuditScreen() {
  const { t } = useTranslation()
  const { session } = useSession()
  const { tenant } = useScope()
  const store = filterOf(session.connection.id)
  const filter = store.use()
  // The instant at which relative periods were taken: pages and count of one view mean the same rows.
  const [taken, setTaken] = useState(() => Date.now())
  const wire = useMemo(() => toWire(filter, tenant?.id ?? null, taken), [filter, tenant, taken])
  const list = useAuditList(wire)
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data])
  const [cursor, setCursor] = useState(-1)
  const [open, setOpen] = useState(false)
  const grid = useRef<AuditListHandle>(null)
  const firstFilter = useRef<HTMLButtonElement>(null)
  const exportButton = useRef<HTMLButtonElement>(null)
  const at = Math.min(cursor, rows.length - 1)
  const row = rows[at] ?? null

  const refresh = () => {
    setTaken(Date.now())
    setCursor(-1)
    grid.current?.toTop()
    // With a fixed period the key stays the same, so fetching again has to be asked for.
    if (filter.period.kind !== 'last') void list.refetch()
  }
  useSequence({
    '/': () => firstFilter.current?.focus(),
    e: () => exportButton.current?.click(),
    r: refresh,
    x: () => store.write(emptyFilter),
    ArrowDown: () => grid.current?.focus(),
    ArrowUp: () => grid.current?.focus(),
    ...(open ? { Escape: () => setOpen(false) } : {}),
  })

  return (
    <div className={css.screen} data-open={(open && row !== null) || undefined}>
      <div className={css.bar}>
        <h1 className={css.title}>{t('audit.title')}</h1>
        <FilterBar filter={filter} change={store.write} first={firstFilter} />
        <div className={css.end}>
          <CountLabel filter={wire} />
          <RefreshButton refresh={refresh} busy={list.isFetching && !list.isFetchingNextPage} />
          <ExportMenu filter={wire} button={exportButton} />
        </div>
      </div>
      <div className={css.list}>
        {list.isPending ? (
          <AuditSkeleton />
        ) : list.isError && rows.length === 0 ? (
          <ErrorPanel error={list.error} retry={() => void list.refetch()} />
        ) : rows.length === 0 ? (
          <AuditEmpty filter={filter} clear={() => store.write(emptyFilter)} />
        ) : (
          <AuditList
            handle={grid}
            rows={rows}
            stale={list.isPlaceholderData}
            cursor={at}
            walk={setCursor}
            open={() => setOpen(true)}
            close={() => setOpen(false)}
            more={{
              available: list.hasNextPage,
              loading: list.isFetching,
              failed: list.isFetching ? null : list.error,
              part: list.isFetchNextPageError ? 'more' : 'again',
              load: () => void (list.isError && !list.isFetchNextPageError ? list.refetch() : list.fetchNextPage()),
            }}
          />
        )}
      </div>
      {open && row && (
        <DetailPanel
          row={row}
          step={(by) => setCursor(Math.max(0, Math.min(rows.length - 1, at + by)))}
          close={() => {
            setOpen(false)
            grid.current?.focus()
          }}
          narrow={(part) => store.write({ ...emptyFilter, ...part })}
        />
      )}
    </div>
  )
}
