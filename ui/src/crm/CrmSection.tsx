// The CRM that was here before: what its logins may still do, and the two ways to end that.
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../app/queries'
import { useCan, useSession } from '../app/session'
import { queryOf } from '../audit/queryStore'
import { overview } from '../backend/overview'
import { useGo } from '../frame/useGo'
import { ErrorPanel } from '../look/Panels'
import { LoginRights } from './LoginRights'
import { Undo, type UndoKind } from './Undo'
import css from './Crm.module.css'

const permission: Record<UndoKind, string> = { finish: 'adoption.finish', revert: 'adoption.apply' }

export function CrmSection() {
  const { t } = useTranslation()
  const { session } = useSession()
  const can = useCan('audit.list')
  const go = useGo()
  const [undo, setUndo] = useState<UndoKind | null>(null)
  const view = useQuery({ queryKey: keys.overview, queryFn: overview })
  // What is under way stays on screen although the database may answer something else by then.
  if (undo) return <Undo kind={undo} close={() => setUndo(null)} />
  if (view.isError) return <ErrorPanel error={view.error} retry={() => void view.refetch()} />
  if (!view.data)
    return (
      <div role="status" aria-label={t('loading')}>
        <Skeleton height={12} width="60%" />
      </div>
    )
  const { legacy } = view.data
  if (!legacy) {
    const local = session.connection.kind === 'local'
    const history = () => {
      queryOf(session.connection.id).write('type:adoption.applied')
      go('audit')
    }
    return (
      <>
        <p className={css.text} data-testid="crm-none">
          {t(local ? 'crm.local' : 'crm.none')}
        </p>
        {!local && can && (
          <div>
            <Button variant="default" onClick={history} data-testid="crm-history">
              {t('crm.history')}
            </Button>
          </div>
        )}
      </>
    )
  }
  const kinds: UndoKind[] = ['finish', 'revert']
  return (
    <>
      <p className={css.text}>{t('crm.text')}</p>
      <LoginRights access={legacy} />
      {kinds.map((kind) => (
        <section key={kind} className={css.choice} data-testid={`crm-${kind}`}>
          <div>
            <h3 className={css.heading}>{t(`crm.${kind}.title`)}</h3>
            <p className={css.text}>{t(`crm.${kind}.text`)}</p>
          </div>
          {session.permissions.includes(permission[kind]) ? (
            <Button variant="default" onClick={() => setUndo(kind)} data-testid={`crm-${kind}-begin`}>
              {t(`crm.${kind}.begin`)}
            </Button>
          ) : (
            <span className="dim">{t('crm.noRight')}</span>
          )}
        </section>
      ))}
    </>
  )
}
