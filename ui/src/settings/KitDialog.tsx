import { Button, Modal, PasswordInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../app/queries'
import { useSession } from '../app/session'
import { useStatusChange } from '../app/useStatus'
import { sessionRefresh } from '../backend/sessions'
import { kitAbandon, kitBegin } from '../backend/setup'
import { KitStep } from '../first-run/KitStep'
import { ErrorNote } from '../look/Panels'
import css from './Settings.module.css'

/**
 * A further recovery kit, for who lost theirs or was interrupted before it was confirmed. The same pages as in the assistant, after
 * the passphrase: a kit opens everything for good, so an unlocked screen alone must not be enough to make one.
 */
export function KitDialog({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { session } = useSession()
  const { opened } = useStatusChange()
  const client = useQueryClient()
  const [passphrase, setPassphrase] = useState('')
  // A mutation and not a query: the words must not lie in a cache.
  const begin = useMutation({ mutationFn: kitBegin, gcTime: 0, onSettled: () => setPassphrase('') })
  const leave = () => {
    // What was drawn and not confirmed is forgotten in Rust too.
    kitAbandon().catch(() => undefined)
    close()
  }
  const confirmed = () => {
    close()
    void client.invalidateQueries({ queryKey: keys.overview })
    sessionRefresh().then(opened, () => undefined)
  }
  return (
    <Modal
      opened
      onClose={leave}
      size={840}
      closeOnClickOutside={false}
      title={t('settings.keychain.kitTitle')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {begin.data ? (
        <KitStep challenge={begin.data} name={session.connection.name} confirmed={confirmed} />
      ) : (
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault()
            if (passphrase) begin.mutate(passphrase)
          }}
        >
          <p className={css.text}>{t('settings.keychain.kitPassphrase')}</p>
          <PasswordInput
            className={css.wide}
            label={t('signIn.passphrase')}
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            autoComplete="off"
            readOnly={begin.isPending}
            data-autofocus
            data-testid="kit-passphrase-current"
          />
          {begin.error && <ErrorNote error={begin.error} testId="kit-begin-error" />}
          <Button type="submit" loading={begin.isPending} disabled={!passphrase} data-testid="kit-begin-submit">
            {t('settings.keychain.kitNew')}
          </Button>
        </form>
      )}
    </Modal>
  )
}
