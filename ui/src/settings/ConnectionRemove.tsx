import { Button, Modal, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/session'
import { useStatusChange } from '../app/useStatus'
import { connectionRemove } from '../backend/connections'
import type { Connection } from '../backend/types'
import { ErrorNote } from '../look/Panels'
import css from './Settings.module.css'

/**
 * Cannot be undone from here, so the name has to be typed; and the passphrase, so that whoever finds the console open cannot
 * lock its owner out of the others.
 */
export function ConnectionRemove({ connection, close }: { connection: Connection; close: () => void }) {
  const { t } = useTranslation()
  const { change } = useStatusChange()
  const { session } = useSession()
  const { name } = connection
  const [typed, setTyped] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const remove = useMutation({
    mutationFn: () => connectionRemove(connection.id, passphrase),
    onSuccess: (connections) => {
      change((status) => ({ ...status, connections }))
      close()
    },
    onSettled: () => setPassphrase(''),
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
        <PasswordInput
          className={css.wide}
          label={t('settings.connections.removePassphrase', { name: session.connection.name })}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          autoComplete="off"
          readOnly={remove.isPending}
          data-testid="connection-remove-passphrase"
        />
        {remove.error && <ErrorNote error={remove.error} testId="connection-remove-error" />}
        <Button
          type="submit"
          loading={remove.isPending}
          disabled={typed !== name || !passphrase}
          data-testid="connection-remove-submit"
        >
          {t('settings.connections.remove')}
        </Button>
      </form>
    </Modal>
  )
}
