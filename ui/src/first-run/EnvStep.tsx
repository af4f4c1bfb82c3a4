import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EnvImport } from '../overview/EnvImport'
import { StepActions, StepPage } from './StepPage'

export function EnvStep({ done }: { done: () => void }) {
  const { t } = useTranslation()
  const [imported, setImported] = useState(false)
  return (
    <StepPage title={t('firstRun.env.title')} text={t('firstRun.env.text')}>
      <EnvImport imported={() => setImported(true)} />
      <StepActions>
        <Button variant={imported ? 'filled' : 'default'} onClick={done} data-testid="env-done">
          {t(imported ? 'firstRun.env.go' : 'firstRun.env.later')}
        </Button>
      </StepActions>
    </StepPage>
  )
}
