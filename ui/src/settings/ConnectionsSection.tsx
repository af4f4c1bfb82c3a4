import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { rememberIntent } from '../app/handover'
import { useSession } from '../app/session'
import type { Connection } from '../backend/types'
import { useLock } from '../frame/useLock'
import { ConnectionDot } from '../look/ConnectionMark'
import { When } from '../look/When'
import { ConnectionEdit } from './ConnectionEdit'
import { ConnectionRedirect } from './ConnectionRedirect'
import { ConnectionRemove } from './ConnectionRemove'
import css from './Settings.module.css'

export function ConnectionsSection() {
  const { t } = useTranslation()
  const c = (key: string) => t(`settings.connections.${key}`)
  const { status, session } = useSession()
  const lock = useLock()
  const [editing, setEditing] = useState<Connection | null>(null)
  const [redirecting, setRedirecting] = useState<Connection | null>(null)
  const [removing, setRemoving] = useState<Connection | null>(null)
  const add = () => {
    rememberIntent('assistant')
    void lock()
  }
  return (
    <>
      <p className={css.text}>{c('text')}</p>
      <ul className={css.rows}>
        {status.connections.map((connection) => (
          <li key={connection.id} className={css.row}>
            <ConnectionDot colour={connection.colour} size={12} />
            <div className={css.rowMain}>
              <span className={css.rowTitle}>
                <span className="cut">{connection.name}</span>
                {connection.id === session.connection.id && <span className={css.tag}>{c('current')}</span>}
                {connection.production && <span className={css.tag}>{t('frame.production')}</span>}
              </span>
              <span className="dim cut">
                {connection.kind === 'local' ? (
                  t('frame.local')
                ) : (
                  <>
                    <span className="mono">
                      {connection.host}:{connection.port} / {connection.database}
                    </span>{' '}
                    · {t(`tls.${connection.tls}`)}
                  </>
                )}
                {connection.last_opened && (
                  <>
                    {' · '}
                    <When at={connection.last_opened} />
                  </>
                )}
              </span>
            </div>
            <Button
              variant="default"
              size="compact-sm"
              onClick={() => setEditing(connection)}
              aria-label={`${c('edit')}: ${connection.name}`}
              data-testid={`connection-edit-${connection.id}`}
            >
              {c('edit')}
            </Button>
            {connection.kind === 'remote' && (
              <Button
                variant="default"
                size="compact-sm"
                onClick={() => setRedirecting(connection)}
                aria-label={`${c('redirect')}: ${connection.name}`}
                data-testid={`connection-redirect-${connection.id}`}
              >
                {c('redirect')}
              </Button>
            )}
            {connection.id !== session.connection.id && (
              <Button
                variant="default"
                size="compact-sm"
                onClick={() => setRemoving(connection)}
                aria-label={`${c('remove')}: ${connection.name}`}
                data-testid={`connection-remove-${connection.id}`}
              >
                {c('remove')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className={css.form}>
        <Button variant="default" onClick={add} data-testid="connection-add">
          {c('add')}
        </Button>
        <p className={css.text}>{c('addText')}</p>
      </div>
      {editing && <ConnectionEdit connection={editing} close={() => setEditing(null)} />}
      {redirecting && <ConnectionRedirect connection={redirecting} close={() => setRedirecting(null)} />}
      {removing && <ConnectionRemove connection={removing} close={() => setRemoving(null)} />}
    </>
  )
}
