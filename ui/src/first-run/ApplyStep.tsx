import { useTranslation } from 'react-i18next'
import { adoptionApply, type AdoptionRequest } from '../backend/adoption'
import { WorkStep } from './WorkStep'

export function ApplyStep({ request, back, next }: { request: AdoptionRequest; back: () => void; next: () => void }) {
  const { t } = useTranslation()
  return (
    <WorkStep
      title={t('firstRun.progress.title')}
      work={(report) => adoptionApply(request, report)}
      back={back}
      next={next}
    />
  )
}
