import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconFileDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { adoptionPlanSave, type AdoptionRequest } from '../backend/adoption'
import { ErrorNote } from '../look/Panels'
import css from './FirstRun.module.css'

/** The same steps as a script, for who has to read every statement first or runs it themself. */
export function PlanSave({ request, open }: { request: AdoptionRequest; open: boolean }) {
  const { t } = useTranslation()
  const save = useMutation({ mutationFn: () => adoptionPlanSave(request) })
  return (
    <div className={css.page} style={{ gap: 8, justifyItems: 'start' }}>
      <Button
        variant="default"
        leftSection={<IconFileDownload size="0.9375rem" aria-hidden />}
        loading={save.isPending}
        disabled={open}
        onClick={() => save.mutate()}
        data-testid="plan-save"
      >
        {t('firstRun.inspection.planSave')}
      </Button>
      <span className="soft" role="status" data-testid="plan-saved">
        {save.data
          ? t('firstRun.inspection.planSaved', { path: save.data.path })
          : t('firstRun.inspection.planSaveHint')}
      </span>
      {save.error && <ErrorNote error={save.error} />}
    </div>
  )
}
