import type { TFunction } from 'i18next'
import type { AuditFinding } from '../backend/audit'
import type { FindingRule } from '../backend/types'
import { duration, whole } from '../look/numbers'
import { visibleLine } from '../look/visible'
import { isAddress } from './address'

/** What was found, in a sentence. */
export function foundInWords(t: TFunction, locale: string, finding: AuditFinding): string {
  const seconds = Math.max(1, Math.round((Date.parse(finding.until) - Date.parse(finding.at)) / 1000))
  // Failed sign-ins come from an address, or are tried against an account.
  const form = finding.rule === 'failed_logins' && isAddress(finding.subject) ? 'failed_logins_from' : finding.rule
  return t(`search.findings.found.${form}`, {
    count: finding.count,
    n: whole(finding.count, locale),
    subject: visibleLine(finding.subject),
    time: duration(seconds, locale),
  })
}

/** Why: the rule with its threshold and its window. */
export const ruleInWords = (t: TFunction, locale: string, rule: FindingRule): string =>
  t(`search.findings.why.${rule.rule}`, {
    count: rule.threshold,
    n: whole(rule.threshold, locale),
    window: duration(rule.window_minutes * 60, locale),
  })
