import { Skeleton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditChange, AuditEvent } from '../backend/types'
import { whole } from '../look/numbers'
import { ErrorNote } from '../look/Panels'
import { beginning, visible } from '../look/visible'
import { diff, diffOfRows, pairIn, type Cell, type FieldChange } from './diff'
import { readJson } from './json'
import { useAuditChanges } from './useAudit'
import detail from './DetailPanel.module.css'
import css from './Changes.module.css'

/** What was before and what after: as the writer said it, and as the database saw it. Nothing where there is neither. */
export function Changes({ event }: { event: AuditEvent }) {
  const { t, i18n } = useTranslation()
  const changes = useAuditChanges({ id: event.id, occurred_at: event.occurred_at })
  const said = event.payload === null ? null : pairIn(readJson(event.payload))
  const seen = changes.data ?? []
  if (!said && !changes.isPending && !changes.isError && seen.length === 0) return null
  return (
    <section className={detail.group} data-testid="changes">
      <h3 className={detail.groupTitle}>{t('search.changes.title')}</h3>
      {said && <Diff fields={diff(said.before, said.after)} />}
      {changes.isPending && <Skeleton height={10} width="60%" />}
      {changes.isError && <ErrorNote error={changes.error} />}
      {seen.map((change, index) => (
        <div key={index} className={css.table}>
          <div className={css.head}>
            <span className="mono">{visible(change.table)}</span>
            <span className="dim">
              {t(`search.changes.${change.operation.toLowerCase()}`, {
                defaultValue: change.operation,
                count: change.count ?? 0,
                n: whole(change.count ?? 0, i18n.language),
              })}
            </span>
          </div>
          <Rows change={change} />
        </div>
      ))}
    </section>
  )
}

const first = 3

function Rows({ change }: { change: AuditChange }) {
  const { t, i18n } = useTranslation()
  const [all, setAll] = useState(false)
  const rows = all ? change.rows : change.rows.slice(0, first)
  const missing = Math.max(0, (change.count ?? 0) - change.rows.length)
  return (
    <>
      {rows.map((row, index) => (
        <Diff key={index} fields={diffOfRows(row.before, row.after)} />
      ))}
      {change.rows.length > rows.length && (
        <button type="button" className={css.more} onClick={() => setAll(true)}>
          {t('search.changes.moreRows', { count: change.rows.length - rows.length })}
        </button>
      )}
      {missing > 0 && (all || change.rows.length <= first) && (
        <p className={css.note}>{t('search.changes.notKept', { count: missing, n: whole(missing, i18n.language) })}</p>
      )}
    </>
  )
}

/** A table of more rows, and a cell of more characters, keeps the window busy for seconds: they come so many at a time. */
const fieldsAtOnce = 200
const charactersAtOnce = 20_000
/** What a cell shows unasked: more would push all other fields out of sight. */
const firstCharacters = 200

/** Field by field; what stayed the same is folded away. */
export function Diff({ fields }: { fields: FieldChange[] }) {
  const { t, i18n } = useTranslation()
  const [all, setAll] = useState(false)
  const [most, setMost] = useState(fieldsAtOnce)
  const changed = fields.filter((each) => each.kind !== 'same')
  const same = fields.length - changed.length
  const wanted = all ? fields : changed
  const shown = wanted.slice(0, most)
  return (
    <>
      <table className={css.diff} data-testid="diff">
        <thead>
          <tr>
            <th scope="col">{t('search.changes.field')}</th>
            <th scope="col">{t('search.changes.before')}</th>
            <th scope="col">{t('search.changes.after')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((each) => (
            <tr key={each.path} data-kind={each.kind}>
              <th scope="row" className="mono">
                {visible(each.path) || '·'}
              </th>
              <td>
                <Value cell={each.before} side="before" kind={each.kind} />
              </td>
              <td>
                <Value cell={each.after} side="after" kind={each.kind} />
              </td>
            </tr>
          ))}
          {shown.length === 0 && (
            <tr>
              <td colSpan={3} className="dim">
                {t('search.changes.nothing')}
              </td>
            </tr>
          )}
        </tbody>
      </table>
      {wanted.length > shown.length && (
        <p className={css.note} data-testid="diff-cut">
          {t('search.changes.cut', {
            shown: whole(shown.length, i18n.language),
            n: whole(wanted.length, i18n.language),
          })}{' '}
          <button
            type="button"
            className={css.more}
            onClick={() => setMost((was) => was + fieldsAtOnce)}
            data-testid="diff-more"
          >
            {t('search.changes.nextFields', { n: whole(Math.min(fieldsAtOnce, wanted.length - most), i18n.language) })}
          </button>
        </p>
      )}
      {same > 0 && (
        <button type="button" className={css.more} onClick={() => setAll((was) => !was)} aria-expanded={all}>
          {t(all ? 'search.changes.lessFields' : 'search.changes.moreFields', { count: same })}
        </button>
      )}
    </>
  )
}

function Value({ cell, side, kind }: { cell: Cell | null; side: 'before' | 'after'; kind: FieldChange['kind'] }) {
  const { t, i18n } = useTranslation()
  const [most, setMost] = useState(firstCharacters)
  if (cell === null) return <span className="dim">—</span>
  if (cell.hidden) return <em className="dim">{t('search.changes.hidden')}</em>
  const start = beginning(cell.text, most)
  const text = visible(start)
  const Said = kind === 'same' ? 'span' : side === 'before' ? 'del' : 'ins'
  return (
    <>
      <Said className="mono">{text}</Said>
      {start.length < cell.text.length && (
        <>
          <span className="dim"> {t('search.changes.longValue', { n: whole(cell.text.length, i18n.language) })}</span>{' '}
          <button
            type="button"
            className={css.more}
            onClick={() => setMost((was) => was + charactersAtOnce)}
            data-testid="diff-value-more"
          >
            {t('search.changes.nextCharacters')}
          </button>
        </>
      )}
    </>
  )
}
