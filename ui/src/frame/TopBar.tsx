import { Tooltip, UnstyledButton } from '@mantine/core'
import { spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/session'
import { ConnectionDot } from '../look/ConnectionMark'
import { Keys } from '../look/Keys'
import { TenantSwitcher } from './TenantSwitcher'
import css from './TopBar.module.css'

export function TopBar() {
  const { t } = useTranslation()
  const { session } = useSession()
  const { connection } = session
  // The path of a socket says nothing that the name of the database does not.
  const remote = connection.host.startsWith('/') ? connection.database : `${connection.host} / ${connection.database}`
  const place = connection.kind === 'local' ? t('frame.local') : remote
  return (
    <header className={css.bar}>
      <div className={css.connection} data-testid="connection">
        <ConnectionDot colour={connection.colour} size={12} />
        <span className={`cut ${css.name}`}>{connection.name}</span>
        {connection.production && (
          <Tooltip label={t('frame.productionHint')}>
            <span className={css.production} data-testid="production">
              {t('frame.production')}
            </span>
          </Tooltip>
        )}
        {place !== connection.name && <span className={`mono dim cut ${css.place}`}>{place}</span>}
      </div>
      <TenantSwitcher />
      <UnstyledButton className={css.search} onClick={spotlight.open} data-testid="search">
        <IconSearch size="0.875rem" aria-hidden />
        <span className={`cut ${css.searchText}`}>{t('frame.search')}</span>
        <Keys keys="mod K" />
      </UnstyledButton>
    </header>
  )
}
