import type { TFunction } from 'i18next'
import type { AuditFinding, FindingRule } from '../backend/types'
import { duration, whole } from '../look/numbers'
import { visibleLine } from '../look/visible'

/** What was found, in a sentence. */
export function foundInWords(t: TFunction, locale: string, finding: AuditFinding): string {
  const seconds = Math.max(1, Math.round((Date.parse(finding.until) - Date.parse(finding.at)) / 1000))
  // A new address: the actor, a space, the address.
  const space = finding.subject.lastIndexOf(' ')
  const named = (name: string) => (name.trim() === '' ? t('search.findings.unnamed') : visibleLine(name))
  return t(`search.findings.found.${finding.rule}`, {
    count: finding.count,
    n: whole(finding.count, locale),
    subject: named(finding.subject),
    actor: named(finding.subject.slice(0, Math.max(space, 0))),
    ip: visibleLine(finding.subject.slice(space + 1)),
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
