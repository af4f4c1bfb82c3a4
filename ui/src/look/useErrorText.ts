import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { asBackendError } from '../backend/door'
import { isProblem, problemText } from './problemText'

export type ErrorText = { what: string; todo: string }

/** One table from code to words: what happened, and what to do. An unknown code gets the words of INTERNAL. */
export function useErrorText(): (error: unknown) => ErrorText {
  const { t, i18n } = useTranslation()
  return useCallback(
    (reason: unknown) => {
      const error = asBackendError(reason)
      const key = i18n.exists(`error.${error.code}.what`) ? error.code : 'INTERNAL'
      // A query that can be read but not asked: its words say what to do, too.
      const kind = error.detail['kind']
      if (error.code === 'VALIDATION_FAILED' && isProblem(i18n, kind))
        return { what: problemText(t, kind, i18n.language), todo: '' }
      const detail = {
        host: '',
        database: '',
        user: '',
        field: '',
        version: '',
        path: '',
        sealed: '',
        found: '',
        grant: '',
        ...error.detail,
      }
      return { what: t(`error.${key}.what`, detail), todo: t(`error.${key}.todo`, detail) }
    },
    [t, i18n],
  )
}
