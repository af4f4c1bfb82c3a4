import { ActionIcon, Button, Skeleton, Tooltip } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useScope } from '../app/scope'
import { useGo } from '../frame/useGo'
import type { AuditFinding } from '../backend/types'
import { ErrorPanel } from '../look/Panels'
import { FindingItem } from './FindingItem'
import { LateRules } from './LateRules'
import { MoreFindings } from './MoreFindings'
import { findingDays, findingsOf, nothing, useFindingRules, useFindings } from './useFindings'
import detail from './DetailPanel.module.css'
import css from './Findings.module.css'

type Props = { current: string; open: (query: string) => void; close: () => void }

/** What stands out, worst and newest first; what somebody called expected comes last. */
export function FindingsPanel({ current, open, close }: Props) {
  const { t } = useTranslation()
  const go = useGo()
  const { choose } = useScope()
  const panel = useRef<HTMLElement>(null)
  const findings = useFindings()
  const rules = useFindingRules()
  const [all, setAll] = useState(false)
  useEffect(() => panel.current?.focus({ preventScroll: true }), [])
  const active = findingsOf(findings.data)
  const expected = findingsOf(findings.data, true)
  const { late, failed, more } = findings.data ?? nothing
  const unanswered = late.length + failed.length > 0
  const press = (event: KeyboardEvent) => {
    if ((event.target as HTMLElement).tagName === 'INPUT') return
    const stops = [...(panel.current?.querySelectorAll<HTMLElement>('[data-finding]') ?? [])]
    const at = stops.findIndex((stop) => stop === document.activeElement)
    const moves: Record<string, () => void> = {
      ArrowDown: () => stops[Math.min(stops.length - 1, at + 1)]?.focus(),
      ArrowUp: () => stops[Math.max(0, at - 1)]?.focus(),
      Escape: close,
    }
    const run = moves[event.key]
    if (!run) return
    event.preventDefault()
    event.stopPropagation()
    run()
  }
  const show = (query: string) => {
    // Rules look at every tenant that is in reach: what they found is not within the one of the top bar.
    choose(null)
    open(query)
  }
  const tune = () => go('settings', 'findings')
  const item = (finding: AuditFinding) => (
    <FindingItem
      key={`${finding.rule} ${finding.subject} ${finding.at}`}
      finding={finding}
      rule={rules.data?.find((rule) => rule.rule === finding.rule)}
      current={finding.query === current}
      open={() => show(finding.query)}
    />
  )
  return (
    <aside
      ref={panel}
      className={detail.panel}
      aria-label={t('search.findings.title')}
      tabIndex={-1}
      onKeyDown={press}
      data-testid="findings"
    >
      <header className={detail.head}>
        <h2 className={`cut ${detail.title}`}>
          {t('search.findings.title')}{' '}
          <span className="dim">{t('search.findings.period', { count: findingDays })}</span>
        </h2>
        <Tooltip label={t('search.findings.tune')}>
          <ActionIcon size="1.75rem" onClick={tune} aria-label={t('search.findings.tune')} data-testid="findings-tune">
            <IconAdjustmentsHorizontal size="1rem" stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('close')}>
          <ActionIcon size="1.75rem" onClick={close} aria-label={t('close')} data-testid="findings-close">
            <IconX size="1rem" />
          </ActionIcon>
        </Tooltip>
      </header>
      <div className={detail.body} tabIndex={-1}>
        {findings.isError ? (
          <ErrorPanel error={findings.error} retry={() => void findings.refetch()} />
        ) : !findings.data ? (
          <div role="status" aria-label={t('loading')} className={detail.skeleton}>
            {[80, 55, 75, 60, 85].map((width) => (
              <Skeleton key={width} height={10} width={`${width}%`} />
            ))}
          </div>
        ) : (
          <>
            {unanswered && (
              <div className={css.unanswered}>
                <LateRules late={late} failed={failed} />
                <Button
                  variant="default"
                  size="compact-sm"
                  loading={findings.isFetching}
                  onClick={() => void findings.refetch()}
                  data-testid="findings-again"
                >
                  {t('retry')}
                </Button>
              </div>
            )}
            {active.length === 0 && !unanswered && more.length === 0 && (
              <p className={css.calm} data-testid="findings-none">
                <strong>{t('search.findings.none')}</strong> {t('search.findings.noneText')}
              </p>
            )}
            {more.length > 0 && (
              <div className={css.unanswered}>
                <MoreFindings cut={more} open={show} tune={tune} />
              </div>
            )}
            <ul className={css.list}>{active.map(item)}</ul>
            {expected.length > 0 && (
              <>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  onClick={() => setAll((was) => !was)}
                  aria-expanded={all}
                  data-testid="findings-expected"
                >
                  {t('search.findings.expected', { count: expected.length })}
                </Button>
                {all && <ul className={css.list}>{expected.map(item)}</ul>}
              </>
            )}
          </>
        )}
      </div>
    </aside>
  )
}
