import { Anchor, Button, PasswordInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { forgetLock, lastLock } from '../app/handover'
import { later } from '../app/later'
import { keys } from '../app/queries'
import { useStatusChange } from '../app/useStatus'
import { asBackendError } from '../backend/door'
import { signIn } from '../backend/sessions'
import type { AppStatus } from '../backend/types'
import { ErrorNote } from '../look/Panels'
import { ConnectionPicker } from './ConnectionPicker'
import { KeychainNotice } from './KeychainNotice'
import { Stage } from './Stage'
import css from './SignIn.module.css'

const ConnectionRedirect = later(() => import('../settings/ConnectionRedirect').then((it) => it.ConnectionRedirect))

type Props = { status: AppStatus; restore: () => void; assistant: () => void }

export function SignIn({ status, restore, assistant }: Props) {
  const { t } = useTranslation()
  const { opened } = useStatusChange()
  const client = useQueryClient()
  const { connections } = status
  const [id, setId] = useState(status.selected ?? connections[0]?.id ?? '')
  const [passphrase, setPassphrase] = useState('')
  const [reason] = useState(lastLock)
  const [redirecting, setRedirecting] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const connection = connections.find((each) => each.id === id) ?? connections[0]
  const open = useMutation({
    mutationFn: () => signIn({ connection_id: connection?.id ?? '', passphrase }),
    onSuccess: (session) => {
      forgetLock()
      opened(session)
    },
    onSettled: () => setPassphrase(''),
    onError: (error) => {
      field.current?.focus()
      // The notice above says what is wrong with it, and can unlock it.
      if (asBackendError(error).code.startsWith('KEYCHAIN_')) void client.invalidateQueries({ queryKey: keys.keychain })
    },
  })
  const moved =
    connection?.kind === 'remote' &&
    open.error !== null &&
    ['CONNECTION_CHANGED', 'DB_UNREACHABLE', 'DB_CERTIFICATE_INVALID'].includes(asBackendError(open.error).code)
  useEffect(() => field.current?.focus(), [id])
  const pick = (next: string) => {
    setId(next)
    open.reset()
  }

  return (
    <Stage>
      <div className={css.page} data-testid="sign-in">
        {reason && (
          <p className={css.reason} role="status">
            {t(`signIn.locked.${reason}`)}
          </p>
        )}
        <h1 className={css.title}>{connection ? t('signIn.title', { name: connection.name }) : t('signIn.choose')}</h1>
        <ConnectionPicker connections={connections} chosen={connection?.id ?? ''} choose={pick} />
        <KeychainNotice />
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault()
            if (passphrase) open.mutate()
          }}
        >
          <PasswordInput
            ref={field}
            label={t('signIn.passphrase')}
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            autoComplete="off"
            readOnly={open.isPending}
            data-testid="sign-in-passphrase"
          />
          {open.error && <ErrorNote error={open.error} testId="sign-in-error" />}
          {moved && (
            <Button variant="default" onClick={() => setRedirecting(true)} data-testid="sign-in-redirect">
              {t('signIn.redirect')}
            </Button>
          )}
          <Button
            type="submit"
            size="sm"
            loading={open.isPending}
            disabled={!connection || !passphrase}
            data-testid="sign-in-submit"
          >
            {t('signIn.submit')}
          </Button>
        </form>
        {redirecting && connection && (
          <Suspense>
            <ConnectionRedirect connection={connection} close={() => setRedirecting(false)} done={() => open.reset()} />
          </Suspense>
        )}
        <div className={css.others}>
          <Anchor component="button" size="sm" onClick={restore} data-testid="restore">
            {t('signIn.restore')}
          </Anchor>
          <Anchor component="button" size="sm" onClick={assistant} data-testid="another">
            {t('signIn.another')}
          </Anchor>
        </div>
      </div>
    </Stage>
  )
}
