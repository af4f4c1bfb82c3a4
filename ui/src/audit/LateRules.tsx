import '../i18n/later'
import { useTranslation } from 'react-i18next'
import type { FindingRuleName } from '../backend/types'
import css from './Findings.module.css'

/** The rules that ran out of time: what they would have found is not known. */
export function LateRules({ rules }: { rules: FindingRuleName[] }) {
  const { t } = useTranslation()
  const names = rules.map((rule) => t(`search.findings.name.${rule}`))
  return (
    <p className={css.late} role="status" data-testid="findings-late" data-rules={rules.join(' ')}>
      {t('search.findings.late', { rules: names.join(', ') })}{' '}
      <span className="dim">{t('search.findings.lateHint')}</span>
    </p>
  )
}
