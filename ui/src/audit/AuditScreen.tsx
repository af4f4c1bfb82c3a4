import '../i18n/later'
import { useRouterState } from '@tanstack/react-router'
import { useElementSize } from '@mantine/hooks'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan, useSession } from '../app/session'
import { useKeptFocus } from '../app/useKeptFocus'
import { useSequence } from '../app/useSequence'
import type { EventKey } from '../backend/audit'
import type { AuditRow } from '../backend/types'
import { ErrorPanel } from '../look/Panels'
import { useRem } from '../look/useRem'
import { AuditEmpty } from './AuditEmpty'
import { AuditHeader } from './AuditHeader'
import { AuditList, type AuditListHandle, type Rows } from './AuditList'
import { AuditSkeleton } from './AuditSkeleton'
import { CountLabel } from './CountLabel'
import { DetailPanel } from './DetailPanel'
import { ExportDialog } from './ExportDialog'
import { exportIsBusy, exportNow } from './exportStore'
import { FacetRail, type FacetRailHandle } from './FacetRail'
import { FindingsPanel } from './FindingsPanel'
import { Histogram, type HistogramHandle } from './Histogram'
import { HistogramToggle } from './HistogramToggle'
import { asksForFindings, placeOf, type Place } from './link'
import { ListEnd } from './ListEnd'
import { LiveButton, LiveCount, LiveError, LiveWaiting } from './LiveButton'
import { panelsOf } from './panelStore'
import type { QueryBarHandle } from './QueryBar'
import { RefreshButton } from './RefreshButton'
import { useLive, usePages } from './useAudit'
import { useAuditQuery } from './useAuditQuery'
import { useCopyEvent } from './useCopyEvent'
import css from './AuditScreen.module.css'

/** What stands beside the list: the row of the cursor, an event that a link named, what was found, or nothing. */
type Side = { kind: 'row' } | { kind: 'event'; key: EventKey } | { kind: 'findings' } | null

/** Rows before the end at which the next page is fetched. */
const ahead = 60

/** Pages that End fetches before it stops, 20,000 rows; pressed again, it goes on. */
const pagesToEnd = 100

export function AuditScreen() {
  const { t } = useTranslation()
  const { session } = useSession()
  const ask = useAuditQuery()
  const store = panelsOf(session.connection.id)
  const panels = store.use()
  const { pages, shown, stale } = usePages(ask.asked, ask.taken)
  const live = useLive()
  // What is counted in the background stands still while rows come in: it is asked again when somebody stops to look.
  const [recounts, setRecounts] = useState(0)
  const counted = useMemo(() => ({ ...ask, taken: ask.taken + recounts }), [ask, recounts])
  const followed = useRef(live.state)
  useEffect(() => {
    const before = followed.current
    followed.current = live.state
    if (before === 'off' || live.state === 'off' || before === live.state || live.come === 0) return
    live.counted()
    setRecounts((was) => was + 1)
  }, [live, live.state])
  const [cursor, setCursor] = useState(-1)
  const [side, setSide] = useState<Side>(null)
  const [exporting, setExporting] = useState(false)
  const { copy, said: copied } = useCopyEvent(ask.text)
  const screen = useRef<HTMLDivElement>(null)
  const grid = useRef<AuditListHandle>(null)
  const bar = useRef<QueryBarHandle>(null)
  const rail = useRef<FacetRailHandle>(null)
  const chart = useRef<HistogramHandle>(null)
  const time = useRef<HTMLButtonElement>(null)
  const views = useRef<HTMLButtonElement>(null)

  // Rows that came in stand on top of the pages; where some were let go, what is older does not follow on them.
  const top = live.rows
  // Rows on their way out are not fetched: asking the server for them would cancel what comes instead of them.
  const fetched = shown === pages || (pages.error !== null && !pages.loading)
  const rows: Rows = useMemo(() => {
    const older = live.cut ? 0 : shown.total
    return {
      total: top.length + older,
      row: (index) => (index < top.length ? top[index] : shown.row(index - top.length)),
      see: (first, last) => {
        if (fetched) shown.see(Math.max(0, first - top.length), Math.max(0, last - top.length))
      },
      version: shown.version + live.version,
    }
  }, [shown, shown.version, fetched, top, live.cut, live.version])
  const at = Math.min(cursor, rows.total - 1)
  const row: AuditRow | null = at >= 0 ? (rows.row(at) ?? null) : null
  const opened = side?.kind === 'event' ? side.key : side?.kind === 'row' && live.state !== 'following' ? row : null
  const beside = opened !== null || side?.kind === 'findings'
  // Where there is no room beside the list, the facets come over it when they are asked for.
  const { ref: outer, width } = useElementSize()
  const rem = useRem()
  const room = width > 0 ? width / rem : Infinity
  const narrow = room < 44
  const cramped = narrow || (beside && room < 68)
  const [over, setOver] = useState(false)
  const facets = cramped ? over : panels.facets
  useEffect(() => {
    if (!cramped) setOver(false)
  }, [cramped])

  const { asked, refresh, apply } = ask
  const leaveRows = useCallback(() => {
    setCursor(-1)
    setSide((was) => (was?.kind === 'row' ? null : was))
  }, [])
  // Another query, and then its rows: a place among those before says nothing about these.
  useEffect(leaveRows, [asked, leaveRows])
  useLayoutEffect(() => {
    leaveRows()
    grid.current?.toTop()
  }, [shown, leaveRows])
  // No longer live, either.
  useEffect(() => {
    if (live.state !== 'off' || live.error) live.stop()
  }, [asked])
  useEffect(() => {
    if (live.state === 'off' || pages.total === 0) return
    live.known(
      Array.from({ length: Math.min(200, pages.total) }, (_, index) => pages.row(index)).filter((each) => !!each),
    )
  }, [live, pages, pages.total])

  const openPlace = useCallback(
    ({ query, event }: Place) => {
      apply(query)
      if (event) setSide({ kind: 'event', key: event })
    },
    [apply],
  )
  // An address that somebody opened: taken in once, then the screen goes its own way.
  const search = useRouterState({ select: (state) => state.location.searchStr })
  useEffect(() => {
    const place = placeOf(search)
    if (place) openPlace(place)
    else if (asksForFindings(search)) setSide({ kind: 'findings' })
    else return
    window.history.replaceState(null, '', '#/audit')
  }, [search, openPlace])

  const again = () => {
    live.stop()
    leaveRows()
    refresh()
  }
  // Rows that come in push each other on: an open one would become another, and reading that is an event itself.
  const leaveRow = () => {
    leaveRows()
    if (side?.kind === 'row') focusList()
  }
  const follow = () => {
    if (asked === null) return
    if (live.state === 'following') live.pause()
    else if (live.state === 'paused') catchUp()
    else {
      leaveRow()
      void live.follow(asked, refresh)
      grid.current?.toTop()
    }
  }
  const catchUp = () => {
    leaveRow()
    live.resume()
    grid.current?.toTop()
  }
  // Going to the end ends where somebody goes elsewhere.
  const going = useRef(0)
  const toEnd = async () => {
    const mine = ++going.current
    for (let n = 0; n < pagesToEnd && shown === pages && !live.cut && pages.available && !pages.error;) {
      // The list may be fetching the next page by itself.
      if (pages.loading) await new Promise((after) => setTimeout(after, 10))
      else if (!pages.eager) break
      else {
        await pages.more()
        n += 1
      }
      if (mine !== going.current) return
    }
    requestAnimationFrame(() => {
      if (mine === going.current) grid.current?.move(Infinity)
    })
  }
  useEffect(() => () => void (going.current += 1), [pages])
  const walk = useCallback(
    (index: number, focused = false) => {
      going.current += 1
      setCursor(index)
      if (!focused) live.pause()
    },
    [live],
  )
  const scrolled = useCallback(
    (atTop: boolean) => {
      if (!atTop) live.pause()
    },
    [live],
  )
  const near = useCallback(
    (last: number) => {
      if (!live.cut && shown === pages && pages.eager && last - live.rows.length >= pages.total - ahead) {
        void pages.more()
      }
    },
    [pages, shown, live],
  )
  // Without a list there is nowhere to go until it comes, but the keys of the screen work again.
  const awaited = useRef(false)
  const focusList = useCallback(() => {
    awaited.current = !grid.current
    if (grid.current) grid.current.focus()
    else (document.activeElement as HTMLElement | null)?.blur()
  }, [])
  useEffect(() => {
    if (!awaited.current || !grid.current) return
    awaited.current = false
    if (document.activeElement === document.body) grid.current.focus()
  })
  useKeptFocus(screen, focusList)
  const walkList = (by: number) => {
    grid.current?.focus()
    grid.current?.move(by)
  }
  // A row on its way out is opened as the event that it is: its place will be another's.
  const open = (index: number) => {
    live.pause()
    const event = stale ? rows.row(index) : undefined
    setSide(event ? { kind: 'event', key: { id: event.id, occurred_at: event.occurred_at } } : { kind: 'row' })
  }
  const clear = () => ask.apply('')
  const close = () => {
    setSide(null)
    focusList()
  }
  const togglePanel = useCallback(
    (name: 'facets' | 'histogram') => {
      if (name === 'facets' && cramped) setOver((was) => !was)
      else store.write({ ...panels, [name]: !panels[name] })
    },
    [cramped, store, panels],
  )
  // What stands around the list is not drawn again while somebody walks through it: its properties stay the same.
  const toggleFacets = useCallback(() => togglePanel('facets'), [togglePanel])
  const toggleHistogram = () => togglePanel('histogram')
  const toggleFindings = useCallback(
    () => setSide((was) => (was?.kind === 'findings' ? null : { kind: 'findings' })),
    [],
  )
  // By its button or by its key: who may not, or has one under way, opens none.
  const mayExport = useCan('audit.export')
  const openExport = useCallback(() => {
    if (mayExport && !exportIsBusy(exportNow())) setExporting(true)
  }, [mayExport])
  const find = useCallback((field: string) => bar.current?.begin(`${field}:`), [])
  const leaveFacets = useCallback(() => {
    setOver(false)
    // In a narrow window what is opened lies over the list: the focus must not go behind it.
    const open = narrow && screen.current?.querySelector<HTMLElement>(':scope > aside:last-of-type[tabindex]')
    if (open) open.focus()
    else focusList()
  }, [narrow, focusList])
  const show = (name: 'facets' | 'histogram', focus: () => void) => {
    if (name === 'facets' ? facets : panels.histogram) focus()
    else {
      togglePanel(name)
      setTimeout(focus, 60)
    }
  }

  useSequence({
    '/': () => bar.current?.focus(),
    f: () => show('facets', () => rail.current?.focus()),
    h: () => show('histogram', () => chart.current?.focus()),
    '[': toggleFacets,
    ']': toggleHistogram,
    d: () => time.current?.click(),
    v: () => views.current?.click(),
    i: toggleFindings,
    l: follow,
    p: () => (live.state === 'following' ? live.pause() : undefined),
    n: () => (live.state === 'paused' ? catchUp() : undefined),
    e: openExport,
    r: again,
    x: clear,
    b: () => ask.back?.(),
    j: () => walkList(1),
    k: () => walkList(-1),
    ...(row || opened
      ? {
          c: () => copy('json', opened ?? row),
          y: () => copy('link', opened ?? row),
          q: () => copy('filter', opened ?? row),
        }
      : { y: () => copy('link', null) }),
    ArrowDown: focusList,
    ArrowUp: focusList,
    // What lies on top goes first; the focus stays, because it is not in there.
    ...(facets && cramped ? { Escape: () => setOver(false) } : side ? { Escape: close } : {}),
  })

  const failed = pages.error !== null && !pages.loading
  const nothing = rows.total === 0
  return (
    <div ref={outer} className={css.outer}>
      <div
        ref={screen}
        className={css.screen}
        data-facets={(facets && !cramped) || undefined}
        data-side={beside ? 'open' : undefined}
        data-narrow={narrow || undefined}
        data-over={(facets && cramped && !narrow) || undefined}
      >
        <AuditHeader
          ask={ask}
          bar={bar}
          time={time}
          views={views}
          leave={focusList}
          openPlace={openPlace}
          openExport={openExport}
          findings={side?.kind === 'findings'}
          toggleFindings={toggleFindings}
          facets={facets}
          toggleFacets={toggleFacets}
        />
        {facets && <FacetRail handle={rail} ask={counted} find={find} leave={leaveFacets} />}
        <div className={css.middle}>
          <div className={css.tools}>
            <CountLabel asked={asked} taken={counted.taken} />
            <LiveCount live={live} />
            <span className={css.gap} role="status" data-testid="audit-copied">
              {copied}
            </span>
            <HistogramToggle shown={panels.histogram} toggle={toggleHistogram} />
            <LiveButton live={live} toggle={follow} stop={again} can={asked !== null} />
            <RefreshButton refresh={again} busy={pages.loading && !pages.begun} />
          </div>
          <LiveError live={live} />
          {panels.histogram && <Histogram handle={chart} ask={counted} leave={focusList} />}
          <div className={css.list} data-focus-end>
            <LiveWaiting live={live} resume={catchUp} />
            {ask.problem && (asked === null || (ask.query === null && nothing)) ? (
              <AuditEmpty
                filtered
                query={null}
                problem={ask.problem}
                change={ask.change}
                clear={clear}
                back={ask.back}
              />
            ) : ask.error ? (
              <ErrorPanel error={ask.error} retry={ask.retry} />
            ) : failed && nothing && !pages.begun ? (
              <ErrorPanel error={pages.error} retry={pages.retry} />
            ) : !shown.begun ? (
              <AuditSkeleton />
            ) : nothing && !shown.available ? (
              <AuditEmpty
                filtered={ask.text !== ''}
                query={ask.query}
                problem={null}
                change={ask.change}
                clear={clear}
                back={ask.back}
              />
            ) : (
              <AuditList
                handle={grid}
                rows={rows}
                open={shown.available}
                stale={stale}
                busy={stale || pages.loading}
                cursor={at}
                walk={walk}
                show={open}
                close={() => setSide(null)}
                toEnd={() => void toEnd()}
                near={near}
                scrolled={scrolled}
                pinned={failed}
                end={
                  <ListEnd
                    pages={stale && failed ? pages : shown}
                    part={stale ? 'again' : 'more'}
                    cut={live.cut}
                    reload={again}
                  />
                }
              />
            )}
          </div>
        </div>
        {side?.kind === 'findings' ? (
          <FindingsPanel current={ask.text} open={ask.apply} close={close} />
        ) : (
          opened && (
            <DetailPanel
              at={opened}
              row={side?.kind === 'row' ? row : null}
              ask={ask}
              step={side?.kind === 'row' ? (by) => grid.current?.move(by) : null}
              close={close}
            />
          )
        )}
        {exporting && <ExportDialog ask={counted} close={() => setExporting(false)} />}
        <h1 className="spoken">{t('audit.title')}</h1>
      </div>
    </div>
  )
}
