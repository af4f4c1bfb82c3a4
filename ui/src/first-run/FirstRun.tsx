// The assistant: choose, connect, inspect, apply, administrator, kit. Each page gets what it needs and says what comes next.
import { Anchor } from '@mantine/core'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { later } from '../app/later'
import { useActivity } from '../app/useActivity'
import type { Decisions } from '../backend/adoption'
import { setupAbandon } from '../backend/setup'
import type { Inspection, KitChallenge } from '../backend/types'
import { KeychainNotice } from '../sign-in/KeychainNotice'
import { Stage } from '../sign-in/Stage'
import { ChooseStep } from './ChooseStep'
import { emptyConnection } from './connection'
import { StepList, type StepName } from './StepList'
import css from './FirstRun.module.css'

// Only the page that is seen first comes with the window.
const ConnectStep = later(() => import('./ConnectStep').then((it) => it.ConnectStep))
const InspectStep = later(() => import('./InspectStep').then((it) => it.InspectStep))
const ApplyStep = later(() => import('./ApplyStep').then((it) => it.ApplyStep))
const LocalStep = later(() => import('./LocalStep').then((it) => it.LocalStep))
const AdministratorStep = later(() => import('./AdministratorStep').then((it) => it.AdministratorStep))
const KitStep = later(() => import('./KitStep').then((it) => it.KitStep))
const EnvStep = later(() => import('./EnvStep').then((it) => it.EnvStep))

type Props = {
  /** Back to the sign-in screen; null when there is none yet. */
  leave: (() => void) | null
  /** Keeps the assistant on screen although a connection exists by now. */
  stay: () => void
  restore: () => void
  done: () => void
}
type Kind = 'local' | 'remote'

export function FirstRun({ leave, stay, restore, done }: Props) {
  const { t } = useTranslation()
  // From the administrator's page on a session is open, and writing 24 words down takes a while.
  useActivity()
  const [step, setStep] = useState<StepName>('choose')
  const [kind, setKind] = useState<Kind>('local')
  const [sample, setSample] = useState(true)
  const [administrator, setAdministrator] = useState(emptyConnection)
  const [owner, setOwner] = useState<typeof emptyConnection | null>(emptyConnection)
  const [decisions, setDecisions] = useState<Decisions>({})
  const [inspection, setInspection] = useState<Inspection | null>(null)
  const [kit, setKit] = useState<{ challenge: KitChallenge; name: string } | null>(null)

  const restart = async () => {
    await setupAbandon().catch(() => undefined)
    setKit(null)
    setInspection(null)
    setStep('choose')
  }
  const confirmed = () => {
    setKit(null)
    setAdministrator(emptyConnection)
    setOwner(emptyConnection)
    if (kind === 'remote' && inspection?.kind === 'legacy') setStep('env')
    else done()
  }
  const request = { administrator, owner, decisions }

  return (
    <Stage wide>
      <div data-testid="first-run" data-step={step}>
        {step !== 'choose' && <StepList kind={kind} current={step} env={inspection?.kind === 'legacy'} />}
        {step === 'choose' && (
          <div className={css.keychain}>
            <KeychainNotice />
          </div>
        )}
        {step === 'choose' && (
          <ChooseStep
            sample={sample}
            setSample={setSample}
            local={() => {
              setKind('local')
              setStep('apply')
            }}
            connect={() => {
              setKind('remote')
              setStep('connect')
            }}
            restore={restore}
          />
        )}
        <Suspense>
          {step === 'connect' && (
            <ConnectStep
              administrator={administrator}
              owner={owner}
              setAdministrator={setAdministrator}
              setOwner={setOwner}
              back={() => setStep('choose')}
              next={() => setStep('inspect')}
            />
          )}
          {step === 'inspect' && (
            <InspectStep
              request={request}
              decide={(code, choice) => setDecisions((made) => ({ ...made, [code]: choice }))}
              back={() => {
                setDecisions({})
                setStep('connect')
              }}
              restore={restore}
              apply={(seen) => {
                setInspection(seen)
                setStep('apply')
              }}
            />
          )}
          {step === 'apply' && kind === 'local' && (
            <LocalStep sample={sample} back={() => setStep('choose')} next={() => setStep('administrator')} />
          )}
          {step === 'apply' && kind === 'remote' && (
            <ApplyStep request={request} back={() => setStep('inspect')} next={() => setStep('administrator')} />
          )}
          {step === 'administrator' && (
            <AdministratorStep
              suggestedName={kind === 'local' ? t('firstRun.administrator.defaultLocal') : administrator.database}
              production={kind === 'remote'}
              made={(challenge, name) => {
                stay()
                setKit({ challenge, name })
                setStep('kit')
              }}
            />
          )}
          {step === 'kit' && kit && <KitStep challenge={kit.challenge} name={kit.name} confirmed={confirmed} />}
          {step === 'env' && <EnvStep done={done} />}
        </Suspense>
        {(step === 'administrator' || step === 'kit') && (
          <Anchor
            component="button"
            size="xs"
            mt={16}
            className={css.screen}
            onClick={() => void restart()}
            data-testid="first-run-restart"
          >
            {t('firstRun.restart')}
          </Anchor>
        )}
        {step === 'choose' && leave && (
          <Anchor component="button" size="sm" mt={16} onClick={leave} data-testid="first-run-leave">
            {t('firstRun.leave')}
          </Anchor>
        )}
      </div>
    </Stage>
  )
}
