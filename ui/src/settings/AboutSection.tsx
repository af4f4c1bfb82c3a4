import { TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/session'
import licences from '../licences.json'
import { whole } from '../look/numbers'
import css from './Settings.module.css'

type Licence = { name: string; version: string; license: string; kind: string }

export function AboutSection() {
  const { t, i18n } = useTranslation()
  const a = (key: string) => t(`settings.about.${key}`)
  const { status, session } = useSession()
  const [find, setFind] = useState('')
  const shown = useMemo(() => {
    const wanted = find.trim().toLowerCase()
    return (licences as Licence[]).filter((each) => `${each.name} ${each.license}`.toLowerCase().includes(wanted))
  }, [find])
  return (
    <>
      <p className={css.text}>{a('text')}</p>
      <dl className={css.facts}>
        <dt>{a('version')}</dt>
        <dd className="mono">{status.version}</dd>
        <dt>{a('database')}</dt>
        <dd className="mono">PostgreSQL {session.server_version}</dd>
        <dt>{a('licence')}</dt>
        <dd>{a('licenceText')}</dd>
      </dl>
      <h3 className={css.sub}>{a('licences')}</h3>
      <p className={css.text}>{licences.length > 0 ? a('licencesText') : a('noLicences')}</p>
      {licences.length > 0 && (
        <>
          <TextInput
            aria-label={a('find')}
            placeholder={a('find')}
            value={find}
            onChange={(event) => setFind(event.currentTarget.value)}
            data-testid="licence-find"
          />
          <span className="dim" role="status">
            {t('settings.about.shown', { count: shown.length, n: whole(shown.length, i18n.language) })}
          </span>
          <div className={css.licences} tabIndex={0} role="group" aria-label={a('licences')}>
            {shown.map((each) => (
              <div key={`${each.kind} ${each.name} ${each.version}`} className={css.licence}>
                <span className="mono cut">{each.name}</span>
                <span className="mono dim">{each.version}</span>
                <span className="soft cut">{each.license}</span>
              </div>
            ))}
          </div>
        </>
      )}
    </>
  )
}
