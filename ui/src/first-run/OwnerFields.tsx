import { PasswordInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ConnectionInput } from '../backend/types'
import { looksLikeDsn } from './connection'
import css from './FirstRun.module.css'

/** The owner is on the same server and database: only who it is has to be said. */
export function samePlace(administrator: ConnectionInput, owner: ConnectionInput): ConnectionInput {
  if (administrator.dsn !== null) return { ...administrator, dsn: owner.dsn ?? '' }
  return { ...administrator, user: owner.user, password: owner.password }
}

type Props = { owner: ConnectionInput; setOwner: (value: ConnectionInput) => void; prefix: string }

export function OwnerFields({ owner, setOwner, prefix }: Props) {
  const { t } = useTranslation()
  const c = (key: string) => t(`firstRun.connection.${key}`)
  if (owner.dsn !== null) {
    return (
      <PasswordInput
        label={c('dsn')}
        placeholder={c('dsnPlaceholder')}
        value={owner.dsn}
        error={owner.dsn && !looksLikeDsn(owner.dsn) ? c('dsnInvalid') : undefined}
        onChange={(event) => setOwner({ ...owner, dsn: event.currentTarget.value.trim() })}
        autoComplete="off"
        data-testid={`${prefix}-dsn`}
      />
    )
  }
  return (
    <div className={css.two}>
      <TextInput
        label={c('user')}
        value={owner.user}
        onChange={(event) => setOwner({ ...owner, user: event.currentTarget.value })}
        spellCheck={false}
        autoComplete="off"
        data-testid={`${prefix}-user`}
      />
      <PasswordInput
        label={c('password')}
        value={owner.password}
        onChange={(event) => setOwner({ ...owner, password: event.currentTarget.value })}
        autoComplete="off"
        data-testid={`${prefix}-password`}
      />
    </div>
  )
}
