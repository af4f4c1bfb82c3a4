import { PasswordInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { StrengthMeter } from './StrengthMeter'
import type { PassphraseState } from './usePassphrase'
import css from './FirstRun.module.css'

export { usePassphrase } from './usePassphrase'

export function NewPassphrase({ state, label }: { state: PassphraseState; label: string }) {
  const { t } = useTranslation()
  const wrong = state.repeat !== '' && !state.same
  return (
    <div className={css.fields}>
      <div className={css.two}>
        <PasswordInput
          label={label}
          value={state.value}
          onChange={(event) => state.set(event.currentTarget.value)}
          autoComplete="new-password"
          data-testid="passphrase"
        />
        <PasswordInput
          label={t('firstRun.administrator.repeat')}
          value={state.repeat}
          error={wrong && t('firstRun.administrator.repeatWrong')}
          onChange={(event) => state.setRepeat(event.currentTarget.value)}
          autoComplete="new-password"
          data-testid="passphrase-repeat"
        />
      </div>
      <StrengthMeter strength={state.strength} />
    </div>
  )
}
