import { useTranslation } from 'react-i18next'
import type { Finding } from '../backend/types'
import { SeverityMark } from '../look/Marks'
import { whole } from '../look/numbers'
import { visibleLine } from '../look/visible'
import css from './Inspection.module.css'
import page from './FirstRun.module.css'

const rank = { blocking: 0, warning: 1, info: 2 }
const shape = { blocking: 'critical', warning: 'warning', info: 'info' } as const

export function Findings({ findings }: { findings: Finding[] }) {
  const { t } = useTranslation()
  const sorted = [...findings].sort((a, b) => rank[a.severity] - rank[b.severity])
  return (
    <section className={page.section}>
      <h2 className={page.heading}>{t('firstRun.inspection.findings')}</h2>
      {sorted.length === 0 && <p>{t('firstRun.inspection.noFindings')}</p>}
      <ul className={css.findings}>
        {sorted.map((finding, index) => (
          <Line key={`${finding.code} ${finding.table ?? ''} ${index}`} finding={finding} />
        ))}
      </ul>
    </section>
  )
}

function Line({ finding }: { finding: Finding }) {
  const { t, i18n } = useTranslation()
  const code = i18n.exists(`adoption.finding.${finding.code}`) ? finding.code : 'unknown'
  const list = finding.examples.map(visibleLine).join(', ')
  return (
    <li className={css.finding} data-testid={`finding-${finding.code}`}>
      <SeverityMark severity={shape[finding.severity]} word={false} />
      <div>
        <div className={css.findingHead}>
          <strong>{t(`adoption.finding.${code}.title`)}</strong>
          <span className="dim">{t(`adoption.findingSeverity.${finding.severity}`)}</span>
          {finding.table && <span className="mono soft">{finding.table}</span>}
          {finding.count !== null && (
            <span className="soft">
              {t('firstRun.inspection.count', { count: finding.count, n: whole(finding.count, i18n.language) })}
            </span>
          )}
        </div>
        <div className="soft">{t(`adoption.finding.${code}.text`)}</div>
        {list && <bdi className={`dim ${css.examples}`}>{t('firstRun.inspection.examples', { list })}</bdi>}
      </div>
    </li>
  )
}
