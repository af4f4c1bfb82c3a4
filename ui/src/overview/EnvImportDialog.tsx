import { Button, Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '../app/queries'
import { EnvImport } from './EnvImport'

export function EnvImportDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('overview.env.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <p className="soft" style={{ marginTop: 0 }}>
        {t('overview.env.text')}
      </p>
      <EnvImport imported={() => void client.invalidateQueries({ queryKey: keys.overview })} />
      <Button mt={16} variant="default" onClick={close}>
        {t('close')}
      </Button>
    </Modal>
  )
}
