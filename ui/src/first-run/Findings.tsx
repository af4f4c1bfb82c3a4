import { Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Decisions } from '../backend/adoption'
import type { Finding } from '../backend/types'
import { SeverityMark } from '../look/Marks'
import { whole } from '../look/numbers'
import { visibleLine } from '../look/visible'
import css from './Inspection.module.css'
import page from './FirstRun.module.css'

const rank = { blocking: 0, warning: 1, info: 2 }
const shape = { blocking: 'critical', warning: 'warning', info: 'info' } as const

type Props = { findings: Finding[]; decisions: Decisions; decide: (code: string, choice: string) => void }

export function Findings({ findings, decisions, decide }: Props) {
  const { t } = useTranslation()
  const sorted = [...findings].sort((a, b) => rank[a.severity] - rank[b.severity])
  return (
    <section className={page.section}>
      <h2 className={page.heading}>{t('firstRun.inspection.findings')}</h2>
      {sorted.length === 0 && <p>{t('firstRun.inspection.noFindings')}</p>}
      <ul className={css.findings}>
        {sorted.map((finding, index) => (
          <Line
            key={`${finding.code} ${finding.table ?? ''} ${index}`}
            finding={finding}
            chosen={decisions[finding.code] ?? null}
            choose={(choice) => decide(finding.code, choice)}
          />
        ))}
      </ul>
    </section>
  )
}

type LineProps = { finding: Finding; chosen: string | null; choose: (choice: string) => void }

function Line({ finding, chosen, choose }: LineProps) {
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
        {finding.choices.length > 0 && (
          <Radio.Group
            mt={8}
            label={t('firstRun.inspection.choose')}
            value={chosen}
            onChange={choose}
            data-testid={`choice-${finding.code}`}
          >
            <Stack gap={4} mt={4}>
              {finding.choices.map((choice) => (
                <Radio
                  key={choice}
                  size="xs"
                  value={choice}
                  label={t(`adoption.choice.${finding.code}.${choice}`)}
                  data-testid={`choice-${finding.code}-${choice}`}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
      </div>
    </li>
  )
}
