import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Inspection, LockMode } from '../backend/types'
import { range, whole } from '../look/numbers'
import css from './Inspection.module.css'
import page from './FirstRun.module.css'

/** `missing: x`, `extra: y`, `type: z is text`, in words. */
function inWords(t: TFunction, difference: string): string {
  const [kind = '', ...rest] = difference.split(': ')
  return t(`adoption.difference.${kind}`, { what: rest.join(': '), defaultValue: difference })
}

/** What is there and what becomes of it; of a database that was adopted (`done`), what is there. */
export function Tables({ tables, done }: { tables: Inspection['tables']; done: boolean }) {
  const { t, i18n } = useTranslation()
  const i = (key: string) => t(`firstRun.inspection.${key}`)
  return (
    <section className={page.section}>
      <h2 className={page.heading}>{i('tables')}</h2>
      <table className={css.table}>
        <thead>
          <tr>
            <th>{i('table')}</th>
            <th className={css.number}>{i('rows')}</th>
            {!done && <th>{i('willBe')}</th>}
            {!done && <th>{i('differences')}</th>}
          </tr>
        </thead>
        <tbody>
          {tables.map((table) => (
            <tr key={table.name}>
              <td className="mono">{table.name}</td>
              <td className={css.number}>{table.rows < 0 ? '—' : whole(table.rows, i18n.language)}</td>
              {!done && <td>{t(`adoption.action.${table.action}`)}</td>}
              {!done && (
                <td className="soft">{table.differences.map((each) => inWords(t, each)).join(' · ') || '—'}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

export function Plan({ steps }: { steps: Inspection['steps'] }) {
  const { t, i18n } = useTranslation()
  const i = (key: string) => t(`firstRun.inspection.${key}`)
  const all = { from_ms: 0, to_ms: 0 }
  for (const { time } of steps) {
    all.from_ms += time.from_ms
    all.to_ms += time.to_ms
  }
  return (
    <section className={page.section} data-testid="plan">
      <h2 className={page.heading}>{i('plan')}</h2>
      <table className={css.table}>
        <thead>
          <tr>
            <th>{i('step')}</th>
            <th className={css.number}>{i('rows')}</th>
            <th>{i('lock')}</th>
            <th>{i('crm')}</th>
            <th className={css.time}>{i('time')}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.step} data-testid={`plan-${step.step}`}>
              <td>{t(`adoption.step.${step.step}`, { defaultValue: step.step })}</td>
              <td className={css.number}>{step.rows === null ? '—' : whole(step.rows, i18n.language)}</td>
              <td>
                {step.strongest ? (
                  <>
                    <span className={css.mode}>{modes[step.strongest.mode]}</span>
                    <span className="soft">{step.strongest.tables.join(', ')}</span>
                  </>
                ) : (
                  '—'
                )}
              </td>
              <td>{t(`adoption.lock.${step.lock}`)}</td>
              <td className={css.time}>{range(step.time.from_ms, step.time.to_ms, i18n.language)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={4}>{i('planAll')}</td>
            <td className={css.time}>{range(all.from_ms, all.to_ms, i18n.language)}</td>
          </tr>
        </tfoot>
      </table>
      <p className="soft">{i('planHint')}</p>
    </section>
  )
}

/** As Postgres names them. */
const modes = {
  access_share: 'ACCESS SHARE',
  row_exclusive: 'ROW EXCLUSIVE',
  share_update_exclusive: 'SHARE UPDATE EXCLUSIVE',
  share_row_exclusive: 'SHARE ROW EXCLUSIVE',
  access_exclusive: 'ACCESS EXCLUSIVE',
} satisfies Record<LockMode, string>
