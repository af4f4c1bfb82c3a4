// A time: relative, with the exact one (and its zone) on hover and for screen readers.
import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useNow } from './useNow'
import { beyond, compact, exact, inUtc, relative } from './times'

type Form = 'relative' | 'compact'

export function When({ at, form = 'relative' }: { at: string; form?: Form }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const strange = beyond(at)
  if (strange) return <span title={at}>{t(strange)}</span>
  const locale = i18n.language
  const long = exact(at, locale)
  return (
    <Tooltip label={<WhenDetail at={at} />} multiline>
      <time dateTime={at} aria-label={long}>
        {form === 'relative' ? relative(at, locale, now) : compact(at, locale, now)}
      </time>
    </Tooltip>
  )
}

function WhenDetail({ at }: { at: string }) {
  const { i18n } = useTranslation()
  return (
    <>
      <div>{exact(at, i18n.language)}</div>
      <div className="mono">{inUtc(at)}</div>
      <div>{relative(at, i18n.language, Date.now())}</div>
    </>
  )
}
