// Finishing or undoing a take-over, step by step: who may, what will change, the name typed, the work, the end of it.
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../app/queries'
import { useSession } from '../app/session'
import { adoptionFinish, adoptionPreview, adoptionRevert } from '../backend/adoption'
import type { ConnectionInput, Reverted, UndoPreview } from '../backend/types'
import { ProgressView } from '../first-run/ProgressView'
import { useProgress } from '../first-run/useProgress'
import { useLock } from '../frame/useLock'
import { ErrorNote } from '../look/Panels'
import { visible } from '../look/visible'
import { UndoConfirm } from './UndoConfirm'
import { UndoLogins } from './UndoLogins'
import css from './Crm.module.css'

export type UndoKind = 'finish' | 'revert'

export function Undo({ kind, close }: { kind: UndoKind; close: () => void }) {
  const { t } = useTranslation()
  const { session } = useSession()
  const client = useQueryClient()
  const lock = useLock()
  const progress = useProgress()
  // Passwords live here, for as long as this is on screen, and nowhere else.
  const [administrator, setAdministrator] = useState(() => at(session.connection))
  const [owner, setOwner] = useState(() => at(session.connection))
  const [preview, setPreview] = useState<UndoPreview | null>(null)
  const look = useMutation({
    mutationFn: () => adoptionPreview({ administrator, owner, confirm: '' }),
    onSuccess: setPreview,
  })
  const work = useMutation({
    mutationFn: async (confirm: string): Promise<Reverted | null> => {
      const request = { administrator, owner, confirm }
      progress.clear()
      return (kind === 'revert' ? adoptionRevert : adoptionFinish)(request, progress.report)
    },
    onSuccess: () => {
      setAdministrator(at(session.connection))
      setOwner(at(session.connection))
      if (kind === 'finish') void client.invalidateQueries({ queryKey: keys.overview })
    },
  })
  const differs = work.data?.differs ?? []
  const leave = () => (kind === 'revert' ? void lock() : close())
  if (work.isSuccess)
    return (
      <section className={css.step} data-testid="undo-done">
        <div>
          <h3 className={css.heading}>{t(`crm.${kind}.done`)}</h3>
          <p className={css.text}>{t(`crm.${kind}.doneText`)}</p>
          {differs.length > 0 && (
            <>
              <p className={css.text}>{t('crm.differs')}</p>
              <ul className={css.effects} data-testid="undo-differs">
                {differs.map((line) => (
                  <li key={line} className="mono">
                    {visible(line)}
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
        <Button onClick={leave} data-testid="undo-leave">
          {t(`crm.${kind}.leave`)}
        </Button>
      </section>
    )
  return (
    <section className={css.step} data-testid="undo" data-kind={kind}>
      <div>
        <h3 className={css.heading}>{t(`crm.${kind}.title`)}</h3>
        <p className={css.text}>{t(`crm.${kind}.text`)}</p>
      </div>
      {work.isPending ? (
        <ProgressView title={t(`crm.${kind}.working`)} steps={progress.steps} />
      ) : preview === null ? (
        <UndoLogins
          administrator={administrator}
          owner={owner}
          setAdministrator={setAdministrator}
          setOwner={setOwner}
          looking={look.isPending}
          error={look.error}
          back={close}
          next={() => look.mutate()}
        />
      ) : (
        <>
          {work.error && <ErrorNote error={work.error} testId="undo-error" />}
          <UndoConfirm
            kind={kind}
            preview={preview}
            back={() => {
              work.reset()
              setPreview(null)
            }}
            go={(typed) => work.mutate(typed)}
          />
        </>
      )}
    </section>
  )
}

/** Where the open connection leads; who, is asked. */
function at({
  host,
  port,
  database,
  tls,
  ca_file,
}: Omit<ConnectionInput, 'dsn' | 'user' | 'password'>): ConnectionInput {
  return { dsn: null, host, port, database, tls, ca_file, user: '', password: '' }
}
