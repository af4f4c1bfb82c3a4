import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { asBackendError } from '../backend/door'

export type ErrorText = { what: string; todo: string }

/** One table from code to words: what happened, and what to do. An unknown code gets the words of INTERNAL. */
export function useErrorText(): (error: unknown) => ErrorText {
  const { t, i18n } = useTranslation()
  return useCallback(
    (reason: unknown) => {
      const error = asBackendError(reason)
      const key = i18n.exists(`error.${error.code}.what`) ? error.code : 'INTERNAL'
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
