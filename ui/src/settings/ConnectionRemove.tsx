import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStatusChange } from '../app/useStatus'
import { connectionRemove } from '../backend/connections'
import type { Connection } from '../backend/types'
import { ErrorNote } from '../look/Panels'
import css from './Settings.module.css'

/** Cannot be undone from here, so the name has to be typed. */
export function ConnectionRemove({ connection, close }: { connection: Connection; close: () => void }) {
  const { t } = useTranslation()
  const { change } = useStatusChange()
  const { name } = connection
  const [typed, setTyped] = useState('')
  const remove = useMutation({
    mutationFn: () => connectionRemove(connection.id),
    onSuccess: (connections) => {
      change((status) => ({ ...status, connections }))
      close()
    },
  })
  return (
    <Modal
      opened
      onClose={close}
      title={t('settings.connections.removeTitle', { name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          remove.mutate()
        }}
      >
        <p className={css.text}>{t('settings.connections.removeText')}</p>
        <TextInput
          className={css.wide}
          label={t('settings.connections.removeType', { name })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
          data-testid="connection-remove-name"
        />
        {remove.error && <ErrorNote error={remove.error} />}
        <Button
          type="submit"
          loading={remove.isPending}
          disabled={typed !== name}
          data-testid="connection-remove-submit"
        >
          {t('settings.connections.remove')}
        </Button>
      </form>
    </Modal>
  )
}
