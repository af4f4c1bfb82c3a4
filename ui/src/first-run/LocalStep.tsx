import { workspaceCreate } from '../backend/adoption'
import { WorkStep } from './WorkStep'
import { useTranslation } from 'react-i18next'

export function LocalStep({ sample, back, next }: { sample: boolean; back: () => void; next: () => void }) {
  const { t } = useTranslation()
  return (
    <WorkStep
      title={t('firstRun.progress.localTitle')}
      work={(report) => workspaceCreate({ sample_data: sample }, report)}
      back={back}
      next={next}
    />
  )
}
