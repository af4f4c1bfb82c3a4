import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconFileImport } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { chooseFile } from '../backend/files'
import { envImport } from '../backend/secrets'
import { ErrorNote } from '../look/Panels'
import { EnvReportView } from './EnvReportView'
import css from './EnvImport.module.css'

/** Choose the file, import, read the report. Used by the assistant and by Overview. */
export function EnvImport({ imported }: { imported?: () => void }) {
  const { t } = useTranslation()
  const work = useMutation({
    mutationFn: async () => {
      const file = await chooseFile('env')
      return file === null ? null : envImport(file)
    },
    onSuccess: (report) => {
      if (report) imported?.()
    },
  })
  return (
    <div className={css.box}>
      {work.error && <ErrorNote error={work.error} />}
      {work.data ? (
        <EnvReportView report={work.data} />
      ) : (
        <Button
          variant="default"
          className={css.choose}
          leftSection={<IconFileImport size="0.9375rem" aria-hidden />}
          loading={work.isPending}
          onClick={() => work.mutate()}
          data-testid="env-choose"
        >
          {t('overview.env.choose')}
        </Button>
      )}
    </div>
  )
}
