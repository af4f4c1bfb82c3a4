import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStatusChange } from '../app/useStatus'
import { connectionUpdate } from '../backend/connections'
import type { Connection } from '../backend/types'
import { ColourPicker } from '../first-run/ColourPicker'
import { ErrorNote } from '../look/Panels'
import css from './Settings.module.css'

export function ConnectionEdit({ connection, close }: { connection: Connection; close: () => void }) {
  const { t } = useTranslation()
  const { change } = useStatusChange()
  const [name, setName] = useState(connection.name)
  const [colour, setColour] = useState(connection.colour)
  const [production, setProduction] = useState(connection.production)
  const save = useMutation({
    mutationFn: () => connectionUpdate({ id: connection.id, name: name.trim(), colour, production }),
    onSuccess: (connections) => {
      change((status) => {
        const mine = connections.find((each) => each.id === status.session?.connection.id)
        const session = status.session && mine ? { ...status.session, connection: mine } : status.session
        return { ...status, connections, session }
      })
      close()
    },
  })
  return (
    <Modal
      opened
      onClose={close}
      title={t('settings.connections.editTitle')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <TextInput
          className={css.wide}
          label={t('settings.connections.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
          data-testid="connection-edit-name"
        />
        <ColourPicker colour={colour} change={setColour} />
        <Checkbox
          label={t('firstRun.administrator.production')}
          description={t('firstRun.administrator.productionHint')}
          checked={production}
          onChange={(event) => setProduction(event.currentTarget.checked)}
        />
        {save.error && <ErrorNote error={save.error} />}
        <Button type="submit" loading={save.isPending} disabled={name.trim() === ''} data-testid="connection-edit-save">
          {t('save')}
        </Button>
      </form>
    </Modal>
  )
}
