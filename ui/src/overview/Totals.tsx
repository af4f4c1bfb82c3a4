import { useTranslation } from 'react-i18next'
import type { Overview } from '../backend/types'
import { whole } from '../look/numbers'
import css from './Overview.module.css'

const order = ['events_24h', 'tenants', 'users', 'leads', 'credentials'] as const

export function Totals({ totals }: { totals: Overview['totals'] }) {
  const { t, i18n } = useTranslation()
  return (
    <dl className={css.totals}>
      {order.map((key) => (
        <div key={key}>
          <dt>{t(`overview.totals.${key}`)}</dt>
          <dd data-testid={`total-${key}`}>{whole(totals[key], i18n.language)}</dd>
        </div>
      ))}
    </dl>
  )
}
