// To the clipboard, for the keys that do without the panel.
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EventKey } from '../backend/audit'
import { BackendError } from '../backend/door'
import type { AuditRow } from '../backend/types'
import { useErrorText } from '../look/useErrorText'
import { eventAsJson } from './eventJson'
import { linkTo } from './link'
import { filterOf } from './related'
import { eventQuery } from './useAudit'

export type CopyForm = 'json' | 'link' | 'filter'

const shownFor = 1_500
const failureShownFor = 8_000

/** The text, at once where it is known: a row says what its filter needs, and an event that is open was read. */
function textOf(client: QueryClient, as: CopyForm, at: EventKey | AuditRow | null, query: string) {
  if (as === 'link' || !at) return linkTo({ query, event: at })
  if (as === 'filter' && 'event_type' in at) return filterOf(at)
  const print = as === 'json' ? eventAsJson : filterOf
  const known = client.getQueryData(eventQuery(at).queryKey)
  return known ? print(known) : client.fetchQuery(eventQuery(at)).then(print)
}

/**
 * WebKit lets a page write to the clipboard in answer to a key, and no longer once an answer from elsewhere was awaited. What
 * is still on its way is therefore given to it as a promise.
 */
async function toClipboard(text: string | Promise<string>): Promise<void> {
  if (typeof text === 'string') return navigator.clipboard.writeText(text)
  if (typeof ClipboardItem === 'undefined') return navigator.clipboard.writeText(await text)
  const plain = text.then((value) => new Blob([value], { type: 'text/plain' }))
  plain.catch(() => undefined)
  // Why there is no text is told as it happened; the clipboard only says that it got none.
  await Promise.all([text, navigator.clipboard.write([new ClipboardItem({ 'text/plain': plain })])])
}

/** `said` is what became of the last copy, for a moment. */
export function useCopyEvent(query: string) {
  const { t } = useTranslation()
  const words = useErrorText()
  const client = useQueryClient()
  const [outcome, setOutcome] = useState<{ error: unknown } | null>(null)
  useEffect(() => {
    if (!outcome) return
    const timer = setTimeout(() => setOutcome(null), outcome.error ? failureShownFor : shownFor)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = useCallback(
    (as: CopyForm, at: EventKey | AuditRow | null) =>
      void toClipboard(textOf(client, as, at, query)).then(
        () => setOutcome({ error: null }),
        (error: unknown) => setOutcome({ error }),
      ),
    [client, query],
  )
  const why = outcome?.error instanceof BackendError ? words(outcome.error) : null
  const failed = [t('search.detail.notCopied'), why?.what, why?.todo].filter(Boolean).join(' ')
  return { copy, said: outcome && (outcome.error ? failed : t('copied')) }
}
