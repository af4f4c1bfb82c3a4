import { useTranslation } from 'react-i18next'
import type { EnvReport } from '../backend/types'
import { whole } from '../look/numbers'
import css from './EnvImport.module.css'

export function EnvReportView({ report }: { report: EnvReport }) {
  const { t, i18n } = useTranslation()
  const count = report.imported.length
  const word = (strength: string) => t(`overview.env.strength.${strength}`, { defaultValue: strength })
  const finding = (code: string) => t(`overview.env.finding.${code}`, { defaultValue: code })
  return (
    <div data-testid="env-report">
      <div className={`mono dim ${css.path}`}>{report.path}</div>
      <h2 className={css.title}>{t('overview.env.imported', { count, n: whole(count, i18n.language) })}</h2>
      <ul className={css.list}>
        {report.imported.map((line) => (
          <li key={line.name}>
            <span className="mono">{line.name}</span>
            <span className={line.strength === 'weak' ? css.weak : 'soft'}>{word(line.strength)}</span>
            {line.warning && <span className={css.note}>{finding(line.warning)}</span>}
          </li>
        ))}
      </ul>
      {report.refused.length > 0 && (
        <>
          <h2 className={css.title}>{t('overview.env.refused')}</h2>
          <ul className={css.list}>
            {report.refused.map((line) => (
              <li key={line.name}>
                <span className="mono">{line.name}</span>
                <span className={css.note}>{finding(line.reason)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {report.kept.length > 0 && (
        <>
          <h2 className={css.title}>{t('overview.env.kept')}</h2>
          <p className={`mono soft ${css.kept}`}>{report.kept.join(' · ')}</p>
        </>
      )}
    </div>
  )
}
