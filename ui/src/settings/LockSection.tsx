import { Button, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '../app/usePreferences'
import { useLock } from '../frame/useLock'
import { whole } from '../look/numbers'
import { LockLater } from './LockLater'
import { PassphraseChange } from './PassphraseChange'
import css from './Settings.module.css'

const choices = [1, 5, 10, 15, 30, 60]

export function LockSection() {
  const { t, i18n } = useTranslation()
  const l = (key: string) => t(`settings.lock.${key}`)
  const { preferences, change } = usePreferences()
  const lock = useLock()
  const [later, setLater] = useState<number | null>(null)
  const minutes = preferences.auto_lock_minutes
  const offered = choices.includes(minutes) ? choices : [...choices, minutes].sort((a, b) => a - b)
  const choose = (wanted: number) => (wanted > minutes ? setLater(wanted) : void change({ auto_lock_minutes: wanted }))
  return (
    <>
      <p className={css.text}>
        {l('text')} {l('suspend')}
      </p>
      <div className={css.form}>
        <Select
          label={l('minutes')}
          value={String(minutes)}
          onChange={(value) => value && choose(Number(value))}
          data={offered.map((count) => ({
            value: String(count),
            label: t('settings.lock.minutesValue', { count, n: whole(count, i18n.language) }),
          }))}
          data-testid="lock-minutes"
        />
        <Button variant="default" onClick={() => void lock()} data-testid="lock-now">
          {l('now')}
        </Button>
      </div>
      {later !== null && <LockLater minutes={later} close={() => setLater(null)} />}
      <h3 className={css.sub}>{l('change')}</h3>
      <PassphraseChange />
    </>
  )
}
