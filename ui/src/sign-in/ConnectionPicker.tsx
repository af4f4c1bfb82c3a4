import { useTranslation } from 'react-i18next'
import type { Connection } from '../backend/types'
import { ConnectionDot } from '../look/ConnectionMark'
import { PlainTime } from '../look/PlainTime'
import css from './SignIn.module.css'

type Props = { connections: Connection[]; chosen: string; choose: (id: string) => void }

export function ConnectionPicker({ connections, chosen, choose }: Props) {
  const { t } = useTranslation()
  return (
    <div className={css.picker} role="radiogroup" aria-label={t('signIn.connections')}>
      {connections.map((connection) => (
        <label key={connection.id} className={css.connection} data-testid={`connection-${connection.id}`}>
          <input
            type="radio"
            name="connection"
            value={connection.id}
            checked={connection.id === chosen}
            onChange={() => choose(connection.id)}
          />
          <ConnectionDot colour={connection.colour} size={12} />
          <span className={`cut ${css.connectionName}`}>
            {connection.name}
            {connection.production && <span className="soft"> · {t('frame.production')}</span>}
          </span>
          <span className={`dim ${css.place}`} style={{ gridColumn: 3 }}>
            {connection.last_opened ? <PlainTime at={connection.last_opened} /> : t('signIn.neverOpened')}
          </span>
          <span className={`mono dim cut ${css.place}`}>
            {connection.kind === 'local' ? 'PostgreSQL' : `${connection.host} / ${connection.database}`}
          </span>
        </label>
      ))}
    </div>
  )
}
