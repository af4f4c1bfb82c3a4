import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/session'
import type { AuditRow } from '../backend/types'
import { OutcomeMark, SeverityMark } from '../look/Marks'
import { RowTime } from './RowTime'
import { actorName, knownName, resourceName, tenantName } from './wording'
import { visibleLine } from '../look/visible'
import css from './AuditList.module.css'

export const rowId = (index: number) => `audit-row-${index}`

const columns = ['time', 'severity', 'event', 'actor', 'tenant', 'resource', 'ip', 'outcome'] as const

export function AuditHead() {
  const { t } = useTranslation()
  return (
    <div role="rowgroup" className={css.headGroup} style={{ position: 'sticky', top: 0, zIndex: 2 }}>
      <div role="row" aria-rowindex={1} className={css.head}>
        {columns.map((column) => (
          <span key={column} role="columnheader" className={css[column] === css.event ? undefined : css[column]}>
            {t(`audit.column.${column}`)}
          </span>
        ))}
      </div>
    </div>
  )
}

type Props = { row: AuditRow; index: number; top: number; height: number; selected: boolean; pick: () => void }

export const AuditLine = memo(
  function AuditLine({ row, index, top, height, selected, pick }: Props) {
    const { t } = useTranslation()
    const { session } = useSession()
    const name = knownName(t, row.event_type)
    const actor = actorName(row)
    const resource = resourceName(row)
    return (
      <div
        id={rowId(index)}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={selected}
        className={css.line}
        style={{ height, transform: `translateY(${top}px)` }}
        onClick={pick}
        data-testid="audit-row"
        data-event-id={row.id}
        data-event-type={row.event_type}
      >
        <span role="gridcell" className={`cut ${css.time}`}>
          <RowTime at={row.occurred_at} />
        </span>
        <span role="gridcell" className={css.mark}>
          <SeverityMark severity={row.severity} />
        </span>
        <span role="gridcell" className={`cut ${css.event}`} title={visibleLine(row.event_type)}>
          {name ?? <span className="mono">{visibleLine(row.event_type)}</span>}
        </span>
        <span role="gridcell" className="cut" title={actor ?? undefined}>
          {actor ? <bdi className="cut">{actor}</bdi> : <span className="dim">—</span>}
        </span>
        <span role="gridcell" className={`cut ${css.tenant} ${row.tenant_id === null ? 'dim' : ''}`}>
          <bdi className="cut">{tenantName(t, row.tenant_id, session.tenants)}</bdi>
        </span>
        <span role="gridcell" className={`cut mono ${css.resource}`}>
          {resource ?? <span className="dim">—</span>}
        </span>
        <span role="gridcell" className={`cut mono ${css.ip}`}>
          {row.ip ?? <span className="dim">—</span>}
        </span>
        <span role="gridcell" className={`${css.outcome} ${css.mark}`}>
          <OutcomeMark outcome={row.outcome} />
        </span>
      </div>
    )
  },
  (before, after) =>
    before.row === after.row &&
    before.top === after.top &&
    before.height === after.height &&
    before.selected === after.selected &&
    before.index === after.index,
)

/** A row that is not held: it is being fetched again. */
export function AuditLineGap({ index, top, height }: { index: number; top: number; height: number }) {
  return (
    <div
      id={rowId(index)}
      role="row"
      aria-rowindex={index + 2}
      aria-busy
      className={css.line}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      {columns.map((column) => (
        <span key={column} role="gridcell" className={css[column]}>
          <span className={css.gap} aria-hidden />
        </span>
      ))}
    </div>
  )
}
