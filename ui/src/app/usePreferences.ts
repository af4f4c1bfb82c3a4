import { useMantineColorScheme } from '@mantine/core'
import { useCallback, useEffect } from 'react'
import { preferencesSave } from '../backend/app'
import type { Preferences } from '../backend/types'
import { applyLanguage } from '../i18n'
import { useStatus, useStatusChange } from './useStatus'

export const defaults: Preferences = {
  language: 'system',
  theme: 'system',
  density: 'comfortable',
  auto_lock_minutes: 10,
}

/** Makes language, theme and density visible. Mounted once, by the gate. */
export function useApplyPreferences(preferences: Preferences | undefined): void {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  useEffect(() => {
    if (!preferences) return
    applyLanguage(preferences.language)
    document.documentElement.dataset['density'] = preferences.density
    const scheme = preferences.theme === 'system' ? 'auto' : preferences.theme
    // Setting what is set already would draw the whole window once more.
    if (scheme !== colorScheme) setColorScheme(scheme)
  }, [preferences, colorScheme, setColorScheme])
}

/** Takes effect at once; what Rust answers is what stays. */
export function usePreferences() {
  const { data } = useStatus()
  const status = useStatusChange()
  const preferences = data?.preferences ?? defaults
  const change = useCallback(
    async (part: Partial<Preferences>) => {
      const next = { ...preferences, ...part }
      status.preferences(next)
      try {
        status.preferences(await preferencesSave(next))
      } catch {
        status.preferences(preferences)
      }
    },
    [preferences, status],
  )
  /** What asks for the passphrase: it takes effect when Rust took it, and says why it did not. */
  const confirm = useCallback(
    async (part: Partial<Preferences>, passphrase: string) =>
      status.preferences(await preferencesSave({ ...preferences, ...part }, passphrase)),
    [preferences, status],
  )
  return { preferences, change, confirm }
}
