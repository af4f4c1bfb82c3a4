import { Button, Modal, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStatusChange } from '../app/useStatus'
import { connectionRedirect } from '../backend/connections'
import type { Connection, TlsMode } from '../backend/types'
import { ErrorNote } from '../look/Panels'
import { FilePick } from '../sign-in/FilePick'
import css from './Settings.module.css'

type Props = { connection: Connection; close: () => void; done?: () => void }
const modes: TlsMode[] = ['verify_full', 'verify_ca', 'require', 'disable']

/** Where a connection leads, changed on purpose: with the passphrase, because its password will go there. */
export function ConnectionRedirect({ connection, close, done }: Props) {
  const { t } = useTranslation()
  const { change } = useStatusChange()
  const [host, setHost] = useState(connection.host)
  const [port, setPort] = useState(connection.port)
  const [database, setDatabase] = useState(connection.database)
  const [tls, setTls] = useState(connection.tls)
  const [ca, setCa] = useState(connection.ca_file)
  const [passphrase, setPassphrase] = useState('')
  const save = useMutation({
    mutationFn: () =>
      connectionRedirect({ id: connection.id, host: host.trim(), port, database, tls, ca_file: ca, passphrase }),
    onSuccess: (connections) => {
      change((status) => ({ ...status, connections }))
      done?.()
      close()
    },
    onSettled: () => setPassphrase(''),
  })
  const c = (key: string) => t(`firstRun.connection.${key}`)
  return (
    <Modal
      opened
      onClose={close}
      title={t('settings.connections.redirectTitle', { name: connection.name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <p className={css.text}>{t('settings.connections.redirectText')}</p>
        <TextInput
          className={css.wide}
          label={c('host')}
          value={host}
          onChange={(event) => setHost(event.currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
          data-testid="redirect-host"
        />
        <NumberInput
          label={c('port')}
          value={port}
          onChange={(value) => setPort(typeof value === 'number' ? value : 5432)}
          min={1}
          max={65535}
          hideControls
          thousandSeparator={false}
          data-testid="redirect-port"
        />
        <TextInput
          className={css.wide}
          label={c('database')}
          value={database}
          onChange={(event) => setDatabase(event.currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
          data-testid="redirect-database"
        />
        <Select
          className={css.wide}
          label={c('tls')}
          value={tls}
          allowDeselect={false}
          onChange={(mode) => mode && setTls(mode as TlsMode)}
          data={modes.map((mode) => ({ value: mode, label: t(`tls.${mode}`) }))}
          data-testid="redirect-tls"
        />
        <FilePick purpose="ca" label={c('ca')} file={ca} pick={setCa} testId="redirect-ca" empty={c('caNone')} />
        {ca !== null && (
          <Button variant="subtle" size="compact-sm" onClick={() => setCa(null)} data-testid="redirect-ca-none">
            {t('settings.connections.redirectNoCa')}
          </Button>
        )}
        <PasswordInput
          className={css.wide}
          label={t('signIn.passphrase')}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          autoComplete="off"
          data-testid="redirect-passphrase"
        />
        {save.error && <ErrorNote error={save.error} testId="redirect-error" />}
        <Button
          type="submit"
          loading={save.isPending}
          disabled={!host.trim() || !database.trim() || !passphrase}
          data-testid="redirect-save"
        >
          {t('settings.connections.redirectSave')}
        </Button>
      </form>
    </Modal>
  )
}
