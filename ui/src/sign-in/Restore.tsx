import { Button, SegmentedControl } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { kitRestore } from '../backend/setup'
import type { AppStatus } from '../backend/types'
import { ConnectionForm } from '../first-run/ConnectionForm'
import { emptyConnection } from '../first-run/connection'
import { NewPassphrase, usePassphrase } from '../first-run/NewPassphrase'
import { ProgressView } from '../first-run/ProgressView'
import { useProgress } from '../first-run/useProgress'
import { ErrorNote } from '../look/Panels'
import { FilePick } from './FilePick'
import { RestoreKit, wordsOf, type KitInput } from './RestoreKit'
import { Stage } from './Stage'
import css from './Restore.module.css'

type Props = { status: AppStatus; leave: () => void; done: () => void }

/** Back in with the kit: its words or its file, where the database is, and a new passphrase. */
export function Restore({ status, leave, done }: Props) {
  const { t } = useTranslation()
  const [kit, setKit] = useState<KitInput>({ by: 'words', words: '', file: null, passphrase: '' })
  const [remote, setRemote] = useState(!status.connections.some((each) => each.kind === 'local'))
  const [connection, setConnection] = useState(emptyConnection)
  const [recovery, setRecovery] = useState<string | null>(null)
  const passphrase = usePassphrase()
  const progress = useProgress()
  const words = wordsOf(kit.words)
  const restore = useMutation({
    mutationFn: () => {
      progress.clear()
      const byFile = kit.by === 'file'
      return kitRestore(
        {
          words: byFile ? null : words,
          file: byFile ? kit.file : null,
          file_passphrase: byFile ? kit.passphrase : null,
          connection: remote ? connection : null,
          recovery_file: recovery,
          passphrase: passphrase.value,
        },
        progress.report,
      )
    },
    onSuccess: done,
  })
  const kitReady = kit.by === 'words' ? words.length === 24 : kit.file !== null && kit.passphrase !== ''
  if (restore.isPending) {
    return (
      <Stage wide>
        <ProgressView title={t('firstRun.progress.restoreTitle')} steps={progress.steps} />
      </Stage>
    )
  }
  return (
    <Stage wide>
      <form
        className={css.page}
        data-testid="restore-page"
        onSubmit={(event) => {
          event.preventDefault()
          restore.mutate()
        }}
      >
        <div>
          <h1 className={css.title}>{t('signIn.kit.title')}</h1>
          <p className="soft">{t('signIn.kit.text')}</p>
        </div>
        <RestoreKit kit={kit} change={setKit} />
        <section className={css.section}>
          <h2 className={css.heading}>{t('signIn.kit.where')}</h2>
          <SegmentedControl
            className={css.switch}
            value={remote ? 'remote' : 'local'}
            onChange={(value) => setRemote(value === 'remote')}
            data={[
              { value: 'local', label: t('signIn.kit.localWorkspace') },
              { value: 'remote', label: t('signIn.kit.remote') },
            ]}
          />
          {remote && (
            <>
              <p className="soft">{t('signIn.kit.remoteText')}</p>
              <ConnectionForm value={connection} change={setConnection} prefix="restore" />
            </>
          )}
          <FilePick
            purpose="kit"
            label={t('signIn.kit.recoveryFile')}
            hint={t('signIn.kit.recoveryHint')}
            file={recovery}
            pick={setRecovery}
            testId="restore-recovery-file"
          />
        </section>
        <section className={css.section}>
          <NewPassphrase state={passphrase} label={t('signIn.kit.passphrase')} />
        </section>
        {restore.error && <ErrorNote error={restore.error} />}
        <div className={css.actions}>
          <Button variant="default" onClick={leave} data-testid="restore-leave">
            {t('back')}
          </Button>
          <Button type="submit" disabled={!kitReady || !passphrase.good} data-testid="restore-submit">
            {t('signIn.kit.submit')}
          </Button>
        </div>
      </form>
    </Stage>
  )
}
