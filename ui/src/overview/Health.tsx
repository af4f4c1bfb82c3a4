import { useTranslation } from 'react-i18next'
import type { HealthLine } from '../backend/types'
import { StateMark } from '../look/Marks'
import { whole } from '../look/numbers'
import css from './Overview.module.css'

export function Health({ lines }: { lines: HealthLine[] }) {
  const { t, i18n } = useTranslation()
  const detail = (line: HealthLine) => {
    const n = Number(line.detail)
    const numbers = Number.isInteger(n) ? { count: n, n: whole(n, i18n.language) } : {}
    return t(`overview.healthDetail.${line.code}`, { ...numbers, detail: line.detail, defaultValue: line.detail })
  }
  return (
    <section className={css.section} data-testid="health">
      <h2 className={css.heading}>{t('overview.health')}</h2>
      <ul className={css.rows}>
        {lines.map((line) => (
          <li key={line.code} className={css.health}>
            <span>{t(`overview.healthName.${line.code}`, { defaultValue: line.code })}</span>
            <StateMark state={line.state} />
            {line.detail && <span className={css.detail}>{detail(line)}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}
