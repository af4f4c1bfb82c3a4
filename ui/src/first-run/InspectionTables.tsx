import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Inspection } from '../backend/types'
import { whole } from '../look/numbers'
import css from './Inspection.module.css'
import page from './FirstRun.module.css'

/** `missing: x`, `extra: y`, `type: z is text`, in words. */
function inWords(t: TFunction, difference: string): string {
  const [kind = '', ...rest] = difference.split(': ')
  return t(`adoption.difference.${kind}`, { what: rest.join(': '), defaultValue: difference })
}

export function Tables({ tables }: { tables: Inspection['tables'] }) {
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
            <th>{i('willBe')}</th>
            <th>{i('differences')}</th>
          </tr>
        </thead>
        <tbody>
          {tables.map((table) => (
            <tr key={table.name}>
              <td className="mono">{table.name}</td>
              <td className={css.number}>{whole(table.rows, i18n.language)}</td>
              <td>{t(`adoption.action.${table.action}`)}</td>
              <td className="soft">{table.differences.map((each) => inWords(t, each)).join(' · ') || '—'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

export function Plan({ steps }: { steps: Inspection['steps'] }) {
  const { t, i18n } = useTranslation()
  return (
    <section className={page.section}>
      <h2 className={page.heading}>{t('firstRun.inspection.plan')}</h2>
      <ol className={css.plan}>
        {steps.map((step) => (
          <li key={step.step}>
            <span>{t(`adoption.step.${step.step}`, { defaultValue: step.step })}</span>
            <span className="dim">{step.rows === null ? '' : whole(step.rows, i18n.language)}</span>
            <span className="dim">{t(`adoption.lock.${step.lock}`)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
