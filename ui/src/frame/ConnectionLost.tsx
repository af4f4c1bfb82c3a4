import { useQueryClient } from '@tanstack/react-query'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { onConnectionState } from '../backend/connections'
import css from './ConnectionLost.module.css'

/** Above every screen while the database does not answer. What is on screen stays; what failed is asked for again by itself. */
export function ConnectionLost() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [lost, setLost] = useState(false)
  useEffect(
    () =>
      onConnectionState((alive) => {
        setLost(!alive)
        if (alive) void client.refetchQueries({ predicate: ({ state }) => state.data === undefined && !!state.error })
      }),
    [client],
  )
  if (!lost) return null
  return (
    <div className={css.bar} role="status" data-testid="connection-lost">
      <IconPlugConnectedX size="1rem" stroke={1.75} aria-hidden className={css.icon} />
      <span>
        <strong>{t('frame.lost')}</strong> {t('frame.lostText')}
      </span>
    </div>
  )
}
