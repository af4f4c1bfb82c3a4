import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useImperativeHandle, useRef, type KeyboardEvent, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '../app/usePreferences'
import type { AuditRow } from '../backend/types'
import { AuditHead, AuditLine, rowId } from './AuditLine'
import { ListEnd } from './ListEnd'
import css from './AuditList.module.css'

export type AuditListHandle = { focus: () => void; toTop: () => void }
export type More = {
  available: boolean
  loading: boolean
  failed: Error | null
  /** What failed: the next page, or fetching what is shown anew. */
  part: 'more' | 'again'
  load: () => void
}
type Props = {
  handle: Ref<AuditListHandle>
  rows: AuditRow[]
  stale: boolean
  cursor: number
  walk: (index: number) => void
  open: () => void
  close: () => void
  more: More
}

/** Rows are laid out in rem, so that they grow with the text. */
const remOf = { comfortable: 2, compact: 1.625 }
/** Height of the line at the end, which stays in sight while it has a failure to tell. */
const remOfEnd = 2.75
const ahead = 60

export function AuditList({ handle, rows, stale, cursor, walk, open, close, more }: Props) {
  const { t } = useTranslation()
  const { preferences } = usePreferences()
  const scroller = useRef<HTMLDivElement>(null)
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
  const height = Math.round(remOf[preferences.density] * rem)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    // Rows start below the head, which the virtualizer does not know: without this the row walked to stays under the fold.
    scrollPaddingEnd: more.failed ? height + remOfEnd * rem : height,
    // React 19 refuses a flush while it renders; the overscan covers the moment until it does.
    useFlushSync: false,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0

  useEffect(() => virtual.measure(), [virtual, height])
  useEffect(() => {
    if (more.available && !more.loading && more.failed === null && last >= rows.length - ahead) more.load()
  }, [more, last, rows.length])
  useImperativeHandle(handle, () => ({
    focus: () => scroller.current?.focus(),
    toTop: () => virtual.scrollToOffset(0),
  }))

  const move = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index))
    walk(next)
    virtual.scrollToIndex(next, { align: 'auto' })
  }
  const pressed = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 2)
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(cursor + 1),
      ArrowUp: () => move(cursor - 1),
      PageDown: () => move(cursor + page),
      PageUp: () => move(cursor - page),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      Enter: () => (cursor < 0 ? move(0) : undefined, open()),
      Escape: close,
    }
    const run = moves[event.key]
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    run()
  }

  return (
    <div
      ref={scroller}
      className={css.scroller}
      role="grid"
      aria-label={t('audit.list')}
      aria-rowcount={more.available ? -1 : rows.length + 1}
      aria-activedescendant={cursor >= 0 ? rowId(cursor) : undefined}
      aria-busy={stale || more.loading}
      data-stale={stale || undefined}
      tabIndex={0}
      onKeyDown={pressed}
      onFocus={() => cursor < 0 && move(0)}
      data-testid="audit-list"
    >
      <AuditHead />
      <div className={css.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index]
          return row ? (
            <AuditLine
              key={item.key}
              row={row}
              index={item.index}
              top={item.start}
              height={item.size}
              selected={item.index === cursor}
              pick={() => {
                walk(item.index)
                open()
              }}
            />
          ) : null
        })}
      </div>
      <ListEnd more={more} />
    </div>
  )
}
