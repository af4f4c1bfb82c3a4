import { useTranslation } from 'react-i18next'
import { beyond, exact, relative } from './times'
import { useNow } from './useNow'

/** As `When`, with the system's tooltip: for the first screen, which need not wait for one of our own. */
export function PlainTime({ at }: { at: string }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const strange = beyond(at)
  if (strange) return <span title={at}>{t(strange)}</span>
  const long = exact(at, i18n.language)
  return (
    <time dateTime={at} title={long} aria-label={long}>
      {relative(at, i18n.language, now)}
    </time>
  )
}
