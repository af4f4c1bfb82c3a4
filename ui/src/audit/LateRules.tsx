import '../i18n/later'
import { useTranslation } from 'react-i18next'
import type { AuditFindings, FindingsFailed } from '../backend/types'
import { useErrorText } from '../look/useErrorText'
import css from './Findings.module.css'

/** The rules that ran out of time or failed: what they would have found is not known. */
export function LateRules({ late, failed }: Pick<AuditFindings, 'late' | 'failed'>) {
  const { t } = useTranslation()
  const text = useErrorText()
  const names = (rules: { rule: FindingsFailed['rule'] }[]) =>
    rules.map(({ rule }) => t(`search.findings.name.${rule}`)).join(', ')
  // Mostly they fail for one reason.
  const reasons = [...new Set(failed.map(reasonOf))].map((reason) => failed.filter((each) => reasonOf(each) === reason))
  return (
    <>
      {late.length > 0 && (
        <p className={css.late} role="status" data-testid="findings-late" data-rules={late.join(' ')}>
          {t('search.findings.late', { rules: names(late.map((rule) => ({ rule }))) })}{' '}
          <span className="dim">{t('search.findings.lateHint')}</span>
        </p>
      )}
      {reasons.map((each) => (
        <p key={reasonOf(each[0]!)} className={css.late} role="status" data-testid="findings-failed">
          {t('search.findings.failed', { rules: names(each) })} {text(each[0]).what}{' '}
          <span className={`mono ${css.code}`}>{reasonOf(each[0]!)}</span>{' '}
          <span className="dim">{t('search.findings.failedHint')}</span>
        </p>
      ))}
    </>
  )
}

const reasonOf = ({ code, state }: FindingsFailed): string => (state === null ? code : `${code} · ${state}`)
