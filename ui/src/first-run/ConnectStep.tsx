import { Button, Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ConnectionInput } from '../backend/types'
import { ConnectionForm } from './ConnectionForm'
import { ConnectionTest } from './ConnectionTest'
import { emptyConnection, isComplete } from './connection'
import { OwnerFields, samePlace } from './OwnerFields'
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

export function ConnectStep({ administrator, owner, setAdministrator, setOwner, back, next }: Props) {
  const { t } = useTranslation()
  const c = (key: string) => t(`firstRun.connection.${key}`)
  const changeAdministrator = (value: ConnectionInput) => {
    setAdministrator(value)
    setOwner(owner && samePlace(value, owner))
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
              <OwnerFields owner={owner} setOwner={setOwner} prefix="connect-owner" />
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
