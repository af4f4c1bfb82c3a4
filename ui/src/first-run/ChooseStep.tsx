import { Anchor, Button, Checkbox } from '@mantine/core'
import { IconDatabase, IconPlugConnected } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { StepPage } from './StepPage'
import css from './FirstRun.module.css'

type Props = {
  postgresFound: boolean
  sample: boolean
  setSample: (sample: boolean) => void
  local: () => void
  connect: () => void
  restore: () => void
}

export function ChooseStep({ postgresFound, sample, setSample, local, connect, restore }: Props) {
  const { t } = useTranslation()
  const c = (key: string) => t(`firstRun.choose.${key}`)
  return (
    <StepPage title={t('firstRun.welcome')} text={t('firstRun.intro')}>
      <div className={css.choices}>
        <section className={css.choice}>
          <h2>
            <IconDatabase size={18} stroke={1.6} aria-hidden /> {c('local')}
          </h2>
          <p className={css.grow}>{c('localText')}</p>
          {postgresFound ? (
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
          <Button size="sm" mt={8} onClick={local} disabled={!postgresFound} data-testid="first-run-local">
            {c('create')}
          </Button>
        </section>
        <section className={css.choice}>
          <h2>
            <IconPlugConnected size={18} stroke={1.6} aria-hidden /> {c('connect')}
          </h2>
          <p className={css.grow}>{c('connectText')}</p>
          <Button size="sm" mt={8} variant="default" onClick={connect} data-testid="first-run-connect">
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
