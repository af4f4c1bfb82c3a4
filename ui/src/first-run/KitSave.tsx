import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { setupSaveKit } from '../backend/setup'
import { ErrorNote } from '../look/Panels'
import { StrengthMeter } from './StrengthMeter'
import { isAccepted, usePassphrase } from './usePassphrase'
import css from './Kit.module.css'

export function KitSave() {
  const { t } = useTranslation()
  const k = (key: string) => t(`firstRun.kit.${key}`)
  const passphrase = usePassphrase()
  const field = useRef<HTMLInputElement>(null)
  const save = useMutation({ mutationFn: () => setupSaveKit(passphrase.value) })
  useEffect(() => field.current?.focus(), [])
  return (
    <form
      className={css.save}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <PasswordInput
        ref={field}
        label={k('savePassphrase')}
        description={k('saveHint')}
        value={passphrase.value}
        onChange={(event) => passphrase.set(event.currentTarget.value)}
        autoComplete="new-password"
        data-testid="kit-save-passphrase"
      />
      <StrengthMeter strength={passphrase.strength} />
      {save.error && <ErrorNote error={save.error} />}
      {save.data && (
        <div role="status" data-testid="kit-saved">
          {t('firstRun.kit.saved', { path: save.data.path })}
        </div>
      )}
      <Button
        type="submit"
        variant="default"
        loading={save.isPending}
        disabled={!isAccepted(passphrase.strength)}
        data-testid="kit-save-submit"
      >
        {k('save')}
      </Button>
    </form>
  )
}
