import { useVirtualizer } from '@tanstack/react-virtual'
import {
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  type SyntheticEvent,
} from 'react'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '../app/usePreferences'
import type { AuditRow } from '../backend/types'
import { useRem } from '../look/useRem'
import { AuditHead, AuditLine, AuditLineGap, rowId } from './AuditLine'
import { ListFoot } from './ListFoot'
import { shiftOf, windowRows } from './listWindow'
import css from './AuditList.module.css'

export type AuditListHandle = { focus: () => void; toTop: () => void; move: (by: number) => void }
/** Rows by their place in the list. Those that are not held are fetched when they are seen. */
export type Rows = {
  total: number
  row: (index: number) => AuditRow | undefined
  see: (first: number, last: number) => void
  /** For who watches: another number, other rows. */
  version: number
}
type Props = {
  handle: Ref<AuditListHandle>
  rows: Rows
  /** Whether older rows than these may follow. */
  open: boolean
  stale: boolean
  busy: boolean
  cursor: number
  /** `focused`: only because the list was entered. */
  walk: (index: number, focused?: boolean) => void
  show: (index: number) => void
  close: () => void
  /** The last row that is there was walked to, and the last one of all is meant. */
  toEnd: () => void
  /** The end is near, or the view left the top. */
  near: (last: number) => void
  scrolled: (atTop: boolean) => void
  end: ReactNode
  /** The line at the end is pinned over the last rows. */
  pinned: boolean
}

/** Rows are laid out in rem, so that they grow with the text. */
const remOf = { comfortable: 2, compact: 1.625 }
/** Height of the line at the end, which stays in sight while it has a failure to tell. */
const remOfEnd = 2.75

export function AuditList(props: Props) {
  const { handle, rows, open, stale, busy, cursor, walk, show, close, toEnd, near, scrolled, end, pinned } = props
  // A line is not drawn again when only these change.
  const latest = useRef({ walk, show })
  useLayoutEffect(() => void (latest.current = { walk, show }))
  const { t } = useTranslation()
  const { preferences } = usePreferences()
  const scroller = useRef<HTMLDivElement>(null)
  const rem = useRem()
  const height = Math.round(remOf[preferences.density] * rem)
  // A browser draws no element of ten million rows: the list is a window on them that moves on before its ends are reached.
  const [base, setBase] = useState(0)
  const from = Math.min(base, Math.max(0, rows.total - 1))
  const count = Math.min(windowRows, rows.total - from)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    // Rows start below the head, which the virtualizer does not know: without this the row walked to stays under the fold.
    scrollPaddingEnd: pinned ? height + remOfEnd * rem : height,
    // React 19 refuses a flush while it renders; the overscan covers the moment until it does.
    useFlushSync: false,
  })
  const items = virtual.getVirtualItems()
  const first = from + (items[0]?.index ?? 0)
  const last = from + (items.at(-1)?.index ?? 0)
  const range = virtual.range
  const top = from + (range?.startIndex ?? 0)
  const bottom = from + (range?.endIndex ?? 0)

  useEffect(() => virtual.measure(), [virtual, height])
  useEffect(() => {
    if (items.length > 0) rows.see(first, last)
    near(items.length > 0 ? last : -1)
  }, [rows, rows.version, first, last, items.length, near])

  const shift = shiftOf({ from, count, total: rows.total, top: top - from, bottom: bottom - from })
  useLayoutEffect(() => {
    if (shift === 0 || !scroller.current) return
    setBase(from + shift)
    scroller.current.scrollTop -= shift * height
  }, [shift, from, height])

  // What stands beside or above the list takes room from it: the row that is walked on stays in sight.
  const tall = virtual.scrollRect?.height ?? 0
  useEffect(() => {
    if (cursor >= top && cursor <= bottom + 3) virtual.scrollToIndex(cursor - from, { align: 'auto' })
  }, [tall])

  const move = (index: number) => {
    const next = Math.max(0, Math.min(rows.total - 1, index))
    walk(next)
    if (next < from || next >= from + count) {
      setBase(Math.max(0, next - Math.floor(windowRows / 2)))
      requestAnimationFrame(() => virtual.scrollToIndex(next - Math.max(0, next - Math.floor(windowRows / 2))))
    } else virtual.scrollToIndex(next - from, { align: 'auto' })
  }
  useImperativeHandle(handle, () => ({
    focus: () => scroller.current?.focus(),
    toTop: () => {
      setBase(0)
      virtual.scrollToOffset(0)
    },
    move: (by) => move(cursor < 0 ? 0 : cursor + by),
  }))

  // Only what is meant for the grid: the button at the end of the list has keys of its own.
  const own = (event: SyntheticEvent) => event.target === event.currentTarget
  const pressed = (event: KeyboardEvent) => {
    if (!own(event)) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 2)
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(cursor + 1),
      ArrowUp: () => move(cursor - 1),
      j: () => move(cursor + 1),
      k: () => move(cursor - 1),
      PageDown: () => move(cursor + page),
      PageUp: () => move(cursor - page),
      Home: () => move(0),
      End: () => {
        move(rows.total - 1)
        toEnd()
      },
      Enter: () => (cursor < 0 ? move(0) : undefined, show(Math.max(0, cursor))),
      Escape: close,
    }
    const run = moves[event.key]
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    run()
  }

  return (
    <div className={css.frame}>
      <div
        ref={scroller}
        className={css.scroller}
        role="grid"
        aria-label={t('audit.list')}
        aria-rowcount={open ? -1 : rows.total + 1}
        aria-activedescendant={cursor >= first && cursor <= last ? rowId(cursor) : undefined}
        aria-busy={busy}
        data-stale={stale || undefined}
        tabIndex={0}
        onKeyDown={pressed}
        onFocus={(event) => own(event) && cursor < 0 && rows.total > 0 && walk(0, true)}
        onScroll={(event) => scrolled(from === 0 && event.currentTarget.scrollTop < height)}
        data-testid="audit-list"
      >
        <AuditHead />
        <div className={css.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const index = from + item.index
            const row = rows.row(index)
            return row ? (
              <AuditLine
                // A place keeps its element while rows come in above it: the text changes, nothing is made anew.
                key={item.key}
                row={row}
                index={index}
                top={item.start}
                height={item.size}
                selected={index === cursor}
                pick={() => {
                  latest.current.walk(index)
                  latest.current.show(index)
                }}
              />
            ) : (
              <AuditLineGap key={item.key} index={index} top={item.start} height={item.size} />
            )
          })}
        </div>
        {end}
      </div>
      <ListFoot
        first={top}
        last={Math.min(bottom, rows.total - 1)}
        loaded={rows.total}
        open={open}
        row={rows.row(top)}
      />
    </div>
  )
}
