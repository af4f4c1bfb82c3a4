import { Loader, Progress as Bar } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Progress } from '../backend/types'
import { whole } from '../look/numbers'
import { StepPage } from './StepPage'
import css from './Progress.module.css'

type Props = { title: string; steps: Progress[]; stopped?: boolean }

export function ProgressView({ title, steps, stopped = false }: Props) {
  const { t } = useTranslation()
  return (
    <StepPage title={title} text={t('firstRun.progress.keep')}>
      <ol className={css.steps} aria-live="polite" data-testid="progress">
        {steps.length === 0 && !stopped && (
          <li className={css.step}>
            <Loader size={14} color="amber.6" /> {t('loading')}
          </li>
        )}
        {steps.map((step, index) => (
          <Line key={step.step} step={step} over={index < steps.length - 1} stopped={stopped} />
        ))}
      </ol>
    </StepPage>
  )
}

function Line({ step, over, stopped }: { step: Progress; over: boolean; stopped: boolean }) {
  const { t, i18n } = useTranslation()
  const name = t(`adoption.step.${step.step}`, { defaultValue: step.step })
  const measured = step.total !== null && step.total > 1
  return (
    <li className={css.step} data-over={over || undefined}>
      {over ? (
        <IconCheck size="0.9375rem" stroke={2.25} aria-hidden className={css.done} />
      ) : stopped ? (
        <IconX size="0.9375rem" stroke={2.25} aria-hidden className={css.failed} />
      ) : (
        <Loader size={14} color="amber.6" />
      )}
      <span>{name}</span>
      {step.total === null && step.done > 0 && (
        <span className="dim">{t('firstRun.progress.done', { n: whole(step.done, i18n.language) })}</span>
      )}
      {measured && (
        <span className="dim">
          {t('firstRun.progress.of', {
            done: whole(step.done, i18n.language),
            total: whole(step.total ?? 0, i18n.language),
          })}
        </span>
      )}
      {measured && !over && (
        <Bar
          className={css.bar}
          value={(step.done / (step.total ?? 1)) * 100}
          size={4}
          color="amber.6"
          aria-label={name}
        />
      )}
    </li>
  )
}
