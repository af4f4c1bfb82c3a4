import { Anchor, Button, Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconDatabase, IconPlugConnected } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { forgetLock, lastLock } from '../app/handover'
import { keys } from '../app/queries'
import { postgresFound } from '../backend/app'
import { StepPage } from './StepPage'
import css from './FirstRun.module.css'

type Props = {
  sample: boolean
  setSample: (sample: boolean) => void
  local: () => void
  connect: () => void
  restore: () => void
}

export function ChooseStep({ sample, setSample, local, connect, restore }: Props) {
  const { t } = useTranslation()
  // Looked for beside the page; what has not been found yet is not said to be missing.
  const postgres = useQuery({ queryKey: keys.postgres, queryFn: postgresFound, staleTime: 0 })
  // A set-up that was put away with the lock; at the sign-in screen the same is said there.
  const [reason] = useState(lastLock)
  const begin = (what: () => void) => () => {
    forgetLock()
    what()
  }
  const missing = postgres.data === false
  const c = (key: string) => t(`firstRun.choose.${key}`)
  return (
    <StepPage title={t('firstRun.welcome')} text={t('firstRun.intro')}>
      {(reason === 'idle' || reason === 'suspend') && (
        <p className={css.putAway} role="status" data-testid="set-up-put-away">
          {c(`putAway.${reason}`)}
        </p>
      )}
      <div className={css.choices}>
        <section className={css.choice}>
          <h2>
            <IconDatabase size="1.125rem" stroke={1.6} aria-hidden /> {c('local')}
          </h2>
          <p className={css.grow}>{c('localText')}</p>
          {!missing ? (
            <Checkbox
              label={c('sample')}
              description={c('sampleHint')}
              checked={sample}
              onChange={(event) => setSample(event.currentTarget.checked)}
              data-testid="first-run-sample"
            />
          ) : (
            <div className={css.notice} role="status" data-testid="no-postgres">
              <strong>{c('noPostgres')}</strong> {c('noPostgresTodo')}
            </div>
          )}
          <Button size="sm" mt={8} onClick={begin(local)} disabled={missing} data-testid="first-run-local">
            {c('create')}
          </Button>
        </section>
        <section className={css.choice}>
          <h2>
            <IconPlugConnected size="1.125rem" stroke={1.6} aria-hidden /> {c('connect')}
          </h2>
          <p className={css.grow}>{c('connectText')}</p>
          <Button size="sm" mt={8} variant="default" onClick={begin(connect)} data-testid="first-run-connect">
            {c('connectButton')}
          </Button>
        </section>
      </div>
      <div>
        <Anchor component="button" size="sm" onClick={restore} data-testid="first-run-restore">
          {c('restore')}
        </Anchor>
      </div>
    </StepPage>
  )
}
