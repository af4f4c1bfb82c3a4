import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '../app/queries'
import { useCan } from '../app/session'
import { keychainDoctor } from '../backend/keychain'
import type { KeychainCheck } from '../backend/types'
import { useFrame } from '../frame/context'
import { StateMark } from '../look/Marks'
import { ErrorPanel } from '../look/Panels'
import css from './Settings.module.css'

export function KeychainSection() {
  const { t } = useTranslation()
  const can = useCan('keys.create')
  const { makeKit } = useFrame()
  const doctor = useQuery({ queryKey: keys.doctor, queryFn: keychainDoctor, staleTime: 0 })
  return (
    <>
      <p className={css.text}>{t('settings.keychain.text')}</p>
      {doctor.isPending && <Skeleton height={120} />}
      {doctor.isError && <ErrorPanel error={doctor.error} retry={() => void doctor.refetch()} />}
      {doctor.data && (
        <ul className={css.rows} data-testid="doctor">
          {doctor.data.map((line) => (
            <DoctorLine key={line.code} line={line} />
          ))}
        </ul>
      )}
      <div className={css.form}>
        <Button
          variant="default"
          loading={doctor.isFetching}
          onClick={() => void doctor.refetch()}
          data-testid="doctor-again"
        >
          {t('settings.keychain.check')}
        </Button>
      </div>
      {can && (
        <>
          <h3 className={css.sub}>{t('settings.keychain.kitTitle')}</h3>
          <div className={css.form}>
            <p className={css.text}>{t('settings.keychain.kitText')}</p>
            <Button variant="default" onClick={makeKit} data-testid="kit-begin">
              {t('settings.keychain.kitNew')}
            </Button>
          </div>
        </>
      )}
    </>
  )
}

/** What was tried and how it went; where it failed, in words, and what the system said on request. */
function DoctorLine({ line }: { line: KeychainCheck }) {
  const { t } = useTranslation()
  const fine = line.state === 'ready'
  // Where nothing could be tried at all, what is wrong is all that there is to say.
  const unreached = !fine && line.code === 'keychain_reach'
  const tried = t(`settings.keychain.${fine ? 'line' : 'lineFailed'}.${line.code}`, { defaultValue: line.code })
  return (
    <li className={css.row} data-testid={line.code} data-state={line.state}>
      <div className={css.rowMain}>
        <span className={css.rowTitle}>{unreached ? t(`signIn.keychain.${line.state}`) : tried}</span>
        {!fine && (
          <span className="soft">
            {!unreached && `${t(`signIn.keychain.${line.state}`)}. `}
            {t(`signIn.keychain.${line.state}Text`)}
          </span>
        )}
        {line.detail && (
          <details className={css.detail} data-testid="doctor-detail">
            <summary>{t('signIn.keychain.detail')}</summary>
            <p className="mono soft">{line.detail}</p>
          </details>
        )}
      </div>
      <StateMark state={fine ? 'ok' : 'failed'} />
    </li>
  )
}
