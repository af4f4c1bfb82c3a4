import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Progress } from '../backend/types'
import { ErrorNote } from '../look/Panels'
import { ProgressView } from './ProgressView'
import { StepActions } from './StepPage'
import { useProgress } from './useProgress'
import css from './FirstRun.module.css'

type Props = {
  title: string
  work: (report: (progress: Progress) => void) => Promise<unknown>
  back: () => void
  next: () => void
}

/** Starts its work when it appears and goes on by itself; on an error it stays, says why, and offers to go on. */
export function WorkStep({ title, work, back, next }: Props) {
  const { t } = useTranslation()
  const progress = useProgress()
  const [error, setError] = useState<unknown>(null)
  const running = useRef(false)
  const run = () => {
    if (running.current) return
    running.current = true
    setError(null)
    progress.clear()
    work(progress.report)
      .then(next, setError)
      .finally(() => (running.current = false))
  }
  useEffect(run, [])
  return (
    <div className={css.page}>
      <ProgressView title={title} steps={progress.steps} stopped={error !== null} />
      {error !== null && (
        <>
          <ErrorNote error={error} />
          <StepActions>
            <Button variant="default" onClick={back} data-testid="work-back">
              {t('back')}
            </Button>
            <Button onClick={run} data-testid="work-retry">
              {t('retry')}
            </Button>
          </StepActions>
        </>
      )}
    </div>
  )
}
