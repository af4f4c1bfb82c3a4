import { Button, CloseButton, Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ExportFormat } from '../backend/types'
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
  const { t } = useTranslation()
  const state = useExport()
  if (state.stage === 'idle') return null
  const over = state.stage === 'done' || state.stage === 'cancelled' || state.stage === 'failed'
  return (
    <div
      className={css.bar}
      role="status"
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

const forms: Record<ExportFormat, string> = { csv: 'CSV', excel: 'CSV (;)', jsonl: 'JSON Lines' }

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
      const form = forms[state.what.format] + (state.what.compress ? ' (gzip)' : '')
      return (
        <div className={css.text}>
          <span>
            {t(paused ? 'audit.export.paused' : 'audit.export.running', { format: form })}{' '}
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
    case 'done': {
      const values = {
        count: state.result.rows,
        n: whole(state.result.rows, locale),
        bytes: bytes(state.result.bytes, locale),
      }
      return (
        <span className={css.text} data-rows={state.result.rows}>
          {t('audit.export.done', values)} <span className="mono dim">{state.result.path}</span>
        </span>
      )
    }
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
