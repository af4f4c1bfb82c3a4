import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { passphraseChange } from '../backend/sessions'
import { NewPassphrase, usePassphrase } from '../first-run/NewPassphrase'
import { ErrorNote } from '../look/Panels'
import css from './Settings.module.css'

export function PassphraseChange() {
  const { t } = useTranslation()
  const [current, setCurrent] = useState('')
  const next = usePassphrase()
  const change = useMutation({
    mutationFn: () => passphraseChange({ current, next: next.value }),
    onSuccess: () => {
      setCurrent('')
      next.set('')
      next.setRepeat('')
    },
  })
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate()
      }}
    >
      <PasswordInput
        className={css.wide}
        label={t('settings.lock.current')}
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
        autoComplete="current-password"
        data-testid="passphrase-current"
      />
      <div className={css.wide}>
        <NewPassphrase state={next} label={t('settings.lock.next')} />
      </div>
      {change.error && <ErrorNote error={change.error} />}
      {change.isSuccess && next.value === '' && <p role="status">{t('settings.lock.changed')}</p>}
      <Button
        type="submit"
        variant="default"
        loading={change.isPending}
        disabled={!current || !next.good}
        data-testid="passphrase-change"
      >
        {t('settings.lock.changeButton')}
      </Button>
    </form>
  )
}
