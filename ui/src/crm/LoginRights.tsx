import { useTranslation } from 'react-i18next'
import type { LegacyAccess, LegacyLogin } from '../backend/types'
import { whole } from '../look/numbers'
import { visible } from '../look/visible'
import css from './Crm.module.css'

const rights = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const

/** Per login: its connections, and a table of what it may do where. */
export function LoginRights({ access }: { access: LegacyAccess }) {
  const { t, i18n } = useTranslation()
  const n = whole(access.events_24h, i18n.language)
  return (
    <>
      {access.logins.map((login) => (
        <Login key={login.name} login={login} />
      ))}
      <p className={css.text}>{t('crm.events', { count: access.events_24h, n })}</p>
    </>
  )
}

function Login({ login }: { login: LegacyLogin }) {
  const { t, i18n } = useTranslation()
  const n = whole(login.connections, i18n.language)
  return (
    <section className={css.login} data-testid={`crm-login-${login.name}`}>
      <h3 className={css.heading}>
        <span className="mono">{visible(login.name)}</span>
        <span className="dim">{t('crm.connections', { count: login.connections, n })}</span>
      </h3>
      <table className={css.table}>
        <caption className={css.caption}>{t('crm.may', { login: visible(login.name) })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('crm.table')}</th>
            {rights.map((right) => (
              <th scope="col" key={right} className={css.mark}>
                {t(`crm.right.${right}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {login.tables.map(({ table, rights: held }) => (
            <tr key={table}>
              <th scope="row" className="mono">
                {table}
              </th>
              {rights.map((right) => (
                <td key={right} className={css.mark}>
                  {held.includes(right) ? t('crm.yes') : <span className="dim">{t('crm.no')}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {login.owns_database && <p className={css.text}>{t('crm.ownsDatabase')}</p>}
    </section>
  )
}
