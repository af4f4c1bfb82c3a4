import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/session'
import { usePreferences } from '../app/usePreferences'
import { useStatusChange } from '../app/useStatus'
import { profileUpdate } from '../backend/sessions'
import { whole } from '../look/numbers'
import { ErrorNote } from '../look/Panels'
import css from './Settings.module.css'

/** The session carries one name; what stands before its first space is taken as the first name. */
function split(name: string): [string, string] {
  const [first = '', ...rest] = name.split(' ')
  return [first, rest.join(' ')]
}

export function ProfileSection() {
  const { t, i18n } = useTranslation()
  const p = (key: string) => t(`settings.profile.${key}`)
  const { session } = useSession()
  const { opened } = useStatusChange()
  const { preferences, change } = usePreferences()
  const [names] = useState(() => split(session.name))
  const [first, setFirst] = useState(names[0])
  const [last, setLast] = useState(names[1])
  const save = useMutation({
    mutationFn: () => profileUpdate({ first_name: first.trim(), last_name: last.trim() }),
    onSuccess: opened,
  })
  const count = session.tenants.length
  const reach = session.all_tenants
    ? p('allTenants')
    : t('settings.profile.tenants', { count, n: whole(count, i18n.language) })
  return (
    <>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <div className={css.two}>
          <TextInput
            label={p('firstName')}
            value={first}
            onChange={(event) => setFirst(event.currentTarget.value)}
            data-testid="profile-first-name"
          />
          <TextInput
            label={p('lastName')}
            value={last}
            onChange={(event) => setLast(event.currentTarget.value)}
            data-testid="profile-last-name"
          />
        </div>
        {save.error && <ErrorNote error={save.error} />}
        <Button type="submit" loading={save.isPending} disabled={first.trim() === ''} data-testid="profile-save">
          {save.isSuccess ? t('saved') : t('save')}
        </Button>
      </form>
      <dl className={css.facts}>
        <dt>{p('email')}</dt>
        <dd className="mono">{session.email}</dd>
        <dt>{p('roles')}</dt>
        <dd>{session.roles.map((role) => t(`settings.role.${role}`, { defaultValue: role })).join(', ')}</dd>
        <dt>{p('reach')}</dt>
        <dd>{reach}</dd>
      </dl>
      <h3 className={css.sub}>{p('language')}</h3>
      <div className={css.form}>
        <SegmentedControl
          value={preferences.language}
          onChange={(language) => void change({ language: language as typeof preferences.language })}
          data={(['system', 'es', 'en'] as const).map((value) => ({ value, label: t(`language.${value}`) }))}
          aria-label={p('language')}
          data-testid="settings-language"
        />
        <p className={css.text}>{p('languageHint')}</p>
      </div>
    </>
  )
}
