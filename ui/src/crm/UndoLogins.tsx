import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ConnectionInput } from '../backend/types'
import { ConnectionForm } from '../first-run/ConnectionForm'
import { isComplete } from '../first-run/connection'
import { OwnerFields, samePlace } from '../first-run/OwnerFields'
import { ErrorNote } from '../look/Panels'
import css from './Crm.module.css'

type Props = {
  administrator: ConnectionInput
  owner: ConnectionInput
  setAdministrator: (value: ConnectionInput) => void
  setOwner: (value: ConnectionInput) => void
  looking: boolean
  error: unknown
  back: () => void
  next: () => void
}

/** The same two logins as when taking over. */
export function UndoLogins({ administrator, owner, setAdministrator, setOwner, looking, error, back, next }: Props) {
  const { t } = useTranslation()
  const c = (key: string) => t(`firstRun.connection.${key}`)
  return (
    <form
      className={css.step}
      onSubmit={(event) => {
        event.preventDefault()
        next()
      }}
    >
      <div>
        <h4 className={css.heading}>{c('administrator')}</h4>
        <p className={css.text}>{t('crm.administratorText')}</p>
      </div>
      <ConnectionForm
        value={administrator}
        change={(value) => {
          setAdministrator(value)
          setOwner(samePlace(value, owner))
        }}
        prefix="undo-admin"
      />
      <div>
        <h4 className={css.heading}>{c('owner')}</h4>
        <p className={css.text}>{t('crm.ownerText')}</p>
      </div>
      <OwnerFields owner={owner} setOwner={setOwner} prefix="undo-owner" />
      {error !== null && <ErrorNote error={error} testId="undo-error" />}
      <div className={css.actions}>
        <Button variant="default" onClick={back} data-testid="undo-cancel">
          {t('cancel')}
        </Button>
        <Button
          type="submit"
          loading={looking}
          disabled={!isComplete(administrator) || !isComplete(owner)}
          data-testid="undo-preview"
        >
          {t('crm.preview')}
        </Button>
      </div>
    </form>
  )
}
