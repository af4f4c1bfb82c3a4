import { Button, Modal, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '../app/usePreferences'
import { whole } from '../look/numbers'
import { ErrorNote } from '../look/Panels'
import css from './Settings.module.css'

/** Locking later asks for the passphrase: whoever finds the console open must not be able to keep it so. */
export function LockLater({ minutes, close }: { minutes: number; close: () => void }) {
  const { t, i18n } = useTranslation()
  const { confirm } = usePreferences()
  const [passphrase, setPassphrase] = useState('')
  const save = useMutation({
    mutationFn: () => confirm({ auto_lock_minutes: minutes }, passphrase),
    onSuccess: close,
    onSettled: () => setPassphrase(''),
  })
  const values = { count: minutes, n: whole(minutes, i18n.language) }
  return (
    <Modal opened onClose={close} title={t('settings.lock.laterTitle')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <p className={css.text}>{t('settings.lock.laterText', values)}</p>
        <PasswordInput
          className={css.wide}
          label={t('signIn.passphrase')}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          autoComplete="off"
          readOnly={save.isPending}
          data-autofocus
          data-testid="lock-later-passphrase"
        />
        {save.error && <ErrorNote error={save.error} testId="lock-later-error" />}
        <Button type="submit" loading={save.isPending} disabled={!passphrase} data-testid="lock-later-submit">
          {t('settings.lock.laterSubmit')}
        </Button>
      </form>
    </Modal>
  )
}
