import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import css from './AuditList.module.css'

const widths = ['80%', '60%', '75%', '85%', '65%', '50%', '70%', '55%']
const cells = ['time', 'severity', 'event', 'actor', 'tenant', 'resource', 'ip', 'outcome']

export function AuditSkeleton() {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('loading')} data-testid="audit-loading">
      <div className={css.head} />
      {Array.from({ length: 18 }, (_, index) => (
        <div key={index} className={css.line} style={{ position: 'static', height: 'var(--row)', cursor: 'default' }}>
          {cells.map((cell, column) => (
            <span key={cell} className={cell === 'time' ? undefined : css[cell]}>
              <Skeleton height={9} width={widths[(index + column * 3) % widths.length]} />
            </span>
          ))}
        </div>
      ))}
    </div>
  )
}
