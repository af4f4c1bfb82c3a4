import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { IconKey } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { keys } from '../app/queries'
import { keychainCheck, keychainUnlock } from '../backend/keychain'
import type { KeychainStatus } from '../backend/types'
import { ErrorNote } from '../look/Panels'
import css from './SignIn.module.css'

/**
 * Only shown when the keychain is not ready: what that means, what to do, and a retry. It asks by itself, so that a keychain
 * that takes its time holds no screen up.
 */
export function KeychainNotice() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { data: status } = useQuery({ queryKey: keys.keychain, queryFn: keychainCheck, staleTime: 0 })
  const check = useMutation({
    mutationFn: (ask: () => Promise<KeychainStatus>) => ask(),
    onSuccess: (answer) => client.setQueryData(keys.keychain, answer),
  })
  if (!status || status.state === 'ready') return null
  return (
    <div className={css.notice} role="alert" data-testid="keychain-notice" data-state={status.state}>
      <div className={css.noticeTitle}>
        <IconKey size="0.9375rem" aria-hidden />
        {t(`signIn.keychain.${status.state}`)}
      </div>
      <p>{t(`signIn.keychain.${status.state}Text`)}</p>
      {status.detail && (
        <details data-testid="keychain-detail">
          <summary>{t('signIn.keychain.detail')}</summary>
          <p className="mono soft">{[status.store, status.detail].filter(Boolean).join(' · ')}</p>
        </details>
      )}
      {check.error && <ErrorNote error={check.error} />}
      <div className={css.actions}>
        {(status.state === 'locked' || status.state === 'no_keyring') && (
          <Button
            variant="default"
            loading={check.isPending}
            onClick={() => check.mutate(keychainUnlock)}
            data-testid="keychain-unlock"
          >
            {t(status.state === 'locked' ? 'signIn.keychain.unlock' : 'signIn.keychain.create')}
          </Button>
        )}
        <Button
          variant="default"
          loading={check.isPending}
          onClick={() => check.mutate(keychainCheck)}
          data-testid="keychain-retry"
        >
          {t('retry')}
        </Button>
      </div>
    </div>
  )
}
