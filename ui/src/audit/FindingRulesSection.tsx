import '../i18n/later'
import { Button, Checkbox, NumberInput, Skeleton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../app/session'
import type { FindingRule, FindingRuleName } from '../backend/types'
import { ErrorNote, ErrorPanel } from '../look/Panels'
import settings from '../settings/Settings.module.css'
import { ruleInWords } from './findingWords'
import { useFindingChanges, useFindingRules } from './useFindings'
import css from './Findings.module.css'

/** Rules that no number of events decides: they find the first one. */
const withoutThreshold = new Set<FindingRuleName>(['new_ip', 'rights_raised', 'silent_gap'])
const withoutWindow = new Set<FindingRuleName>(['new_ip', 'rights_raised', 'unusual_hours'])

/** Settings: what counts as a finding. */
export function FindingRulesSection() {
  const { t } = useTranslation()
  const rules = useFindingRules()
  if (rules.isError) return <ErrorPanel error={rules.error} retry={() => void rules.refetch()} />
  return (
    <>
      <p className={settings.text}>{t('search.findings.rulesText')}</p>
      {rules.data ? (
        <ul className={css.rules}>
          {rules.data.map((rule) => (
            <Rule key={rule.rule} rule={rule} />
          ))}
        </ul>
      ) : (
        <div role="status" aria-label={t('loading')}>
          <Skeleton height={120} />
        </div>
      )}
    </>
  )
}

function Rule({ rule }: { rule: FindingRule }) {
  const { t, i18n } = useTranslation()
  const can = useCan('settings.update')
  const { rule: change } = useFindingChanges()
  const [draft, setDraft] = useState(rule)
  const set = (part: Partial<FindingRule>) => setDraft((was) => ({ ...was, ...part }))
  // As it is stored, or as it is being stored: what was refused does not stay.
  const enabled = change.isPending ? change.variables.enabled : rule.enabled
  const changed = draft.threshold !== rule.threshold || draft.window_minutes !== rule.window_minutes
  const sound = draft.threshold >= 1 && draft.window_minutes >= 1
  const number = (key: 'threshold' | 'window_minutes', label: string, most: number) => (
    <NumberInput
      label={label}
      value={draft[key] || ''}
      min={1}
      max={most}
      allowDecimal={false}
      clampBehavior="blur"
      disabled={!can || !enabled}
      onChange={(value) => set({ [key]: typeof value === 'number' ? value : 0 })}
      data-testid={`rule-${rule.rule}-${key}`}
    />
  )
  return (
    <li className={css.rule} data-testid={`rule-${rule.rule}`}>
      <Checkbox
        label={t(`search.findings.name.${rule.rule}`)}
        description={sound ? ruleInWords(t, i18n.language, draft) : t('search.findings.invalid')}
        checked={enabled}
        disabled={!can}
        // Numbers that were not saved stay unsaved.
        onChange={(event) => change.mutate({ ...rule, enabled: event.currentTarget.checked })}
        data-testid={`rule-${rule.rule}-enabled`}
      />
      <div className={css.numbers}>
        {!withoutThreshold.has(rule.rule) &&
          number('threshold', t(`search.findings.threshold.${rule.rule}`), 1_000_000)}
        {!withoutWindow.has(rule.rule) &&
          number(
            'window_minutes',
            t(rule.rule === 'silent_gap' ? 'search.findings.gap' : 'search.findings.window'),
            100_000,
          )}
        {changed && (
          <Button
            disabled={!sound || !can}
            loading={change.isPending}
            onClick={() => change.mutate({ ...draft, enabled })}
            data-testid={`rule-${rule.rule}-save`}
          >
            {t('save')}
          </Button>
        )}
      </div>
      <ErrorNote error={change.error} />
    </li>
  )
}
