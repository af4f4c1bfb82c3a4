import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ConnectionInput } from '../backend/types'
import { ConnectionForm } from './ConnectionForm'
import { ConnectionTest } from './ConnectionTest'
import { emptyConnection, isComplete, looksLikeDsn } from './connection'
import { StepActions, StepPage } from './StepPage'
import css from './FirstRun.module.css'

type Props = {
  administrator: ConnectionInput
  owner: ConnectionInput | null
  setAdministrator: (value: ConnectionInput) => void
  setOwner: (value: ConnectionInput | null) => void
  back: () => void
  next: () => void
}

/** The owner is on the same server and database: only who it is has to be said. */
function samePlace(administrator: ConnectionInput, owner: ConnectionInput | null): ConnectionInput | null {
  if (owner === null) return null
  if (administrator.dsn !== null) return { ...administrator, dsn: owner.dsn ?? '' }
  return { ...administrator, user: owner.user, password: owner.password }
}

export function ConnectStep({ administrator, owner, setAdministrator, setOwner, back, next }: Props) {
  const { t } = useTranslation()
  const c = (key: string) => t(`firstRun.connection.${key}`)
  const changeAdministrator = (value: ConnectionInput) => {
    setAdministrator(value)
    setOwner(samePlace(value, owner))
  }
  return (
    <StepPage title={c('title')}>
      <form
        className={css.page}
        onSubmit={(event) => {
          event.preventDefault()
          next()
        }}
      >
        <section className={css.section}>
          <h2 className={css.heading}>{c('administrator')}</h2>
          <p>{c('administratorText')}</p>
          <ConnectionForm value={administrator} change={changeAdministrator} prefix="connect-admin" />
          <ConnectionTest input={administrator} role="administrator" prefix="connect-admin" />
        </section>
        <section className={css.section}>
          <h2 className={css.heading}>{c('owner')}</h2>
          <p>{c('ownerText')}</p>
          <Checkbox
            label={c('ownerSame')}
            checked={owner === null}
            onChange={(event) =>
              setOwner(event.currentTarget.checked ? null : samePlace(administrator, { ...emptyConnection }))
            }
            data-testid="connect-owner-same"
          />
          {owner && (
            <>
              <OwnerFields owner={owner} setOwner={setOwner} />
              <ConnectionTest input={owner} role="owner" prefix="connect-owner" />
            </>
          )}
        </section>
        <StepActions>
          <Button variant="default" onClick={back} data-testid="connect-back">
            {t('back')}
          </Button>
          <Button
            type="submit"
            disabled={!isComplete(administrator) || (owner !== null && !isComplete(owner))}
            data-testid="connect-inspect"
          >
            {c('inspect')}
          </Button>
        </StepActions>
      </form>
    </StepPage>
  )
}

function OwnerFields({ owner, setOwner }: { owner: ConnectionInput; setOwner: (value: ConnectionInput) => void }) {
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
        data-testid="connect-owner-dsn"
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
        data-testid="connect-owner-user"
      />
      <PasswordInput
        label={c('password')}
        value={owner.password}
        onChange={(event) => setOwner({ ...owner, password: event.currentTarget.value })}
        autoComplete="off"
        data-testid="connect-owner-password"
      />
    </div>
  )
}
