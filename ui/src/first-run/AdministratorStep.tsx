import { Button, Checkbox, PasswordInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setupAdministrator, setupCandidates } from '../backend/setup'
import type { Colour, KitChallenge } from '../backend/types'
import { ErrorNote } from '../look/Panels'
import { ColourPicker } from './ColourPicker'
import { NewPassphrase, usePassphrase } from './NewPassphrase'
import { ProgressView } from './ProgressView'
import { StepActions, StepPage } from './StepPage'
import { useProgress } from './useProgress'
import css from './FirstRun.module.css'

type Props = { suggestedName: string; production: boolean; made: (kit: KitChallenge, name: string) => void }
const emailForm = /^\S+@\S+\.\S+$/
const shortestPassword = 12

export function AdministratorStep({ suggestedName, production: startProduction, made }: Props) {
  const { t } = useTranslation()
  const a = (key: string) => t(`firstRun.administrator.${key}`)
  const candidates = useQuery({ queryKey: ['candidates'], queryFn: setupCandidates, gcTime: 0, retry: false })
  const ceos = candidates.data ?? []
  const [link, setLink] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [connectionName, setConnectionName] = useState(suggestedName)
  const [colour, setColour] = useState<Colour>(startProduction ? 'violet' : 'slate')
  const [production, setProduction] = useState(startProduction)
  const [crmNow, setCrmNow] = useState(false)
  const [crmPassword, setCrmPassword] = useState('')
  const passphrase = usePassphrase()
  const progress = useProgress()
  const linked = ceos.find((ceo) => ceo.user_id === link)
  const make = useMutation({
    mutationFn: () => {
      progress.clear()
      return setupAdministrator(
        {
          link_user_id: linked?.user_id ?? null,
          name: linked?.name ?? name.trim(),
          email: linked?.email ?? email.trim(),
          passphrase: passphrase.value,
          crm_password: crmNow && !linked ? crmPassword : null,
          connection_name: connectionName.trim(),
          colour,
          production,
        },
        progress.report,
      )
    },
    onSuccess: (kit) => made(kit, connectionName.trim()),
  })
  if (make.isPending) return <ProgressView title={t('firstRun.progress.administratorTitle')} steps={progress.steps} />

  const emailWrong = email !== '' && !emailForm.test(email.trim())
  const crmShort = crmNow && crmPassword !== '' && crmPassword.length < shortestPassword
  const person = linked ? true : name.trim() !== '' && emailForm.test(email.trim())
  const password = !crmNow || linked || crmPassword.length >= shortestPassword
  const ready = person && password && passphrase.good && connectionName.trim() !== ''
  return (
    <StepPage title={a('title')} text={a('text')}>
      <form
        className={css.page}
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) make.mutate()
        }}
      >
        <section className={css.section}>
          <h2 className={css.heading}>{a('who')}</h2>
          {ceos.length > 0 && (
            <SegmentedControl
              className={css.left}
              value={link === null ? 'new' : 'link'}
              onChange={(value) => setLink(value === 'link' ? (ceos[0]?.user_id ?? null) : null)}
              data={[
                { value: 'new', label: a('newPerson') },
                { value: 'link', label: a('link') },
              ]}
              data-testid="admin-who"
            />
          )}
          {linked ? (
            <Select
              label={a('candidate')}
              value={link}
              onChange={setLink}
              data={ceos.map((ceo) => ({ value: ceo.user_id, label: `${ceo.name} · ${ceo.email}` }))}
              data-testid="admin-candidate"
            />
          ) : (
            <div className={css.two}>
              <TextInput
                label={a('name')}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                autoComplete="name"
                data-testid="admin-name"
              />
              <TextInput
                label={a('email')}
                type="email"
                value={email}
                error={emailWrong && a('emailInvalid')}
                onChange={(event) => setEmail(event.currentTarget.value)}
                autoComplete="email"
                data-testid="admin-email"
              />
            </div>
          )}
        </section>
        <section className={css.section}>
          <h2 className={css.heading}>{a('passphrase')}</h2>
          <NewPassphrase state={passphrase} label={a('passphrase')} />
        </section>
        {!linked && (
          <section className={css.section}>
            <h2 className={css.heading}>{a('crmPassword')}</h2>
            <p>{a('crmHint')}</p>
            <Checkbox
              label={a('crmNow')}
              checked={crmNow}
              onChange={(event) => setCrmNow(event.currentTarget.checked)}
              data-testid="admin-crm-now"
            />
            {crmNow && (
              <PasswordInput
                label={a('crmPassword')}
                value={crmPassword}
                error={crmShort && a('crmShort')}
                onChange={(event) => setCrmPassword(event.currentTarget.value)}
                autoComplete="new-password"
                data-testid="admin-crm-password"
              />
            )}
          </section>
        )}
        <section className={css.section}>
          <h2 className={css.heading}>{a('connection')}</h2>
          <div className={css.two}>
            <TextInput
              label={a('connectionName')}
              value={connectionName}
              onChange={(event) => setConnectionName(event.currentTarget.value)}
              data-testid="connection-name"
            />
            <ColourPicker colour={colour} change={setColour} />
          </div>
          <Checkbox
            label={a('production')}
            description={a('productionHint')}
            checked={production}
            onChange={(event) => setProduction(event.currentTarget.checked)}
            data-testid="connection-production"
          />
        </section>
        {make.error && <ErrorNote error={make.error} testId="admin-error" />}
        <StepActions>
          <Button type="submit" disabled={!ready} data-testid="admin-submit">
            {a('submit')}
          </Button>
        </StepActions>
      </form>
    </StepPage>
  )
}
