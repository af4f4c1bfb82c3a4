import { Button, CloseButton, Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AuditExport, ExportFormat, ExportResult } from '../backend/types'
import { ErrorNote } from '../look/Panels'
import { bytes, duration, whole } from '../look/numbers'
import {
  cancelExport,
  dismissExport,
  pauseExport,
  resumeExport,
  spentOn,
  useExport,
  type ExportState,
} from './exportStore'
import css from './ExportBar.module.css'

/** At the foot of every screen while an export runs, and until its result was read. */
export function ExportBar() {
  const state = useExport()
  return (
    <>
      <ExportSpoken state={state} />
      {state.stage !== 'idle' && <Bar state={state} />}
    </>
  )
}

const forms: Record<ExportFormat, string> = { csv: 'CSV', excel: 'CSV (;)', jsonl: 'JSON Lines' }
const formOf = ({ format, compress }: AuditExport) => forms[format] + (compress ? ' (gzip)' : '')
const doneValues = (result: ExportResult, locale: string) => ({
  count: result.rows,
  n: whole(result.rows, locale),
  bytes: bytes(result.bytes, locale),
})

/** What is said aloud: what begins and what ends. The numbers in between change all the time, and a failure is an alert. */
function ExportSpoken({ state }: { state: ExportState }) {
  const { t, i18n } = useTranslation()
  const said = () => {
    switch (state.stage) {
      case 'choosing':
      case 'cancelled':
        return t(`audit.export.${state.stage}`)
      case 'running':
        return t(`audit.export.${state.progress.paused ? 'paused' : 'running'}`, { format: formOf(state.what) })
      case 'done':
        return t('audit.export.done', doneValues(state.result, i18n.language))
      case 'failed':
      case 'idle':
        return null
    }
  }
  return (
    <span className="spoken" role="status" data-testid="export-spoken">
      {said()}
    </span>
  )
}

function Bar({ state }: { state: ExportState }) {
  const { t } = useTranslation()
  const over = state.stage === 'done' || state.stage === 'cancelled' || state.stage === 'failed'
  return (
    <div
      className={css.bar}
      role="region"
      aria-label={t('audit.export.menu')}
      data-testid="export-bar"
      data-stage={state.stage}
      data-paused={(state.stage === 'running' && state.progress.paused) || undefined}
    >
      <ExportText state={state} />
      {state.stage === 'running' && (
        <>
          <Button
            variant="default"
            onClick={state.progress.paused ? resumeExport : pauseExport}
            data-testid={state.progress.paused ? 'export-resume' : 'export-pause'}
          >
            {t(state.progress.paused ? 'audit.export.resume' : 'audit.export.pause')}
          </Button>
          <Button variant="default" onClick={cancelExport} data-testid="export-cancel">
            {t('audit.export.cancel')}
          </Button>
        </>
      )}
      {over && <CloseButton size="sm" onClick={dismissExport} aria-label={t('close')} data-testid="export-close" />}
    </div>
  )
}

function ExportText({ state }: { state: ExportState }) {
  const { t, i18n } = useTranslation()
  const locale = i18n.language
  switch (state.stage) {
    case 'choosing':
      return <span className={css.text}>{t('audit.export.choosing')}</span>
    case 'running': {
      const { rows, bytes: size, total, paused } = state.progress
      const values = { rows: whole(rows, locale), bytes: bytes(size, locale), total: whole(total ?? 0, locale) }
      const known = total !== null && total > 0
      const left = known && rows > 0 && !paused ? (spentOn(state) / 1000) * (total / rows - 1) : null
      return (
        <div className={css.text}>
          <span>
            {t(paused ? 'audit.export.paused' : 'audit.export.running', { format: formOf(state.what) })}{' '}
            <span className="soft">
              {t(known ? 'audit.export.ofTotal' : 'audit.export.progress', values)}
              {left !== null && left > 1 && ` · ${t('audit.export.remaining', { time: duration(left, locale) })}`}
            </span>
          </span>
          <Progress
            value={known ? Math.min(100, (rows / total) * 100) : 100}
            animated={!known && !paused}
            size={4}
            color="amber.6"
            aria-label={t('audit.export.menu')}
          />
        </div>
      )
    }
    case 'done':
      return (
        <span className={css.text} data-rows={state.result.rows}>
          {t('audit.export.done', doneValues(state.result, locale))}{' '}
          <span className="mono dim">{state.result.path}</span>
        </span>
      )
    case 'cancelled':
      return <span className={css.text}>{t('audit.export.cancelled')}</span>
    case 'failed':
      return (
        <div className={css.text}>
          <ErrorNote error={state.error} />
        </div>
      )
    case 'idle':
      return null
  }
}
