// Severity and outcome: always a shape and a word, colour only helps.
import {
  IconAlertOctagonFilled,
  IconAlertTriangleFilled,
  IconBan,
  IconCheck,
  IconCircle,
  IconCircleCheckFilled,
  IconX,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import css from './Marks.module.css'

export type Severity = 'info' | 'warning' | 'critical'

const shapes = { info: IconCircle, warning: IconAlertTriangleFilled, critical: IconAlertOctagonFilled }

const isSeverity = (text: string): text is Severity => Object.hasOwn(shapes, text)

/** A legacy row may have no severity, or a word of its own. */
export function SeverityMark({ severity, word = true }: { severity: string | null; word?: boolean }) {
  const { t } = useTranslation()
  if (severity === null) return <span className="dim">{t('noSeverity')}</span>
  if (!isSeverity(severity)) return <span className="soft">{severity}</span>
  const Shape = shapes[severity]
  const text = t(`severity.${severity}`)
  return (
    <span className={css.mark} data-severity={severity}>
      <Shape size={severity === 'info' ? '0.625rem' : '0.875rem'} aria-hidden className={css.shape} />
      {word ? text : <span className={css.hidden}>{text}</span>}
    </span>
  )
}

const outcomeShapes: Record<string, typeof IconCheck> = { ok: IconCheck, denied: IconBan, failed: IconX }

export function OutcomeMark({ outcome }: { outcome: string | null }) {
  const { t } = useTranslation()
  if (!outcome) return <span className="dim">—</span>
  const Shape = outcomeShapes[outcome]
  return (
    <span className={css.mark} data-outcome={outcome}>
      {Shape && <Shape size="0.8125rem" stroke={2.25} aria-hidden className={css.shape} />}
      {t(`outcome.${outcome}`, { defaultValue: outcome })}
    </span>
  )
}

export type State = 'ok' | 'warning' | 'failed'
const stateShapes = { ok: IconCircleCheckFilled, warning: IconAlertTriangleFilled, failed: IconAlertOctagonFilled }

export function StateMark({ state, word = true }: { state: State; word?: boolean }) {
  const { t } = useTranslation()
  const Shape = stateShapes[state]
  return (
    <span className={css.mark} data-state={state}>
      <Shape size="0.875rem" aria-hidden className={css.shape} />
      {word ? t(`state.${state}`) : <span className={css.hidden}>{t(`state.${state}`)}</span>}
    </span>
  )
}
