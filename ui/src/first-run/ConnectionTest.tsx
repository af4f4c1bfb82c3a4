import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { connectionTest } from '../backend/connections'
import type { ConnectionInput, ConnectionReport } from '../backend/types'
import { StateMark, type State } from '../look/Marks'
import { ErrorNote } from '../look/Panels'
import { isComplete } from './connection'
import css from './FirstRun.module.css'

type Props = { input: ConnectionInput; role: 'administrator' | 'owner'; prefix: string }

export function ConnectionTest({ input, role, prefix }: Props) {
  const { t } = useTranslation()
  const test = useMutation({ mutationFn: connectionTest })
  const current = test.variables === input
  return (
    <div className={css.test}>
      <Button
        variant="default"
        className={css.left}
        loading={test.isPending}
        disabled={!isComplete(input)}
        onClick={() => test.mutate(input)}
        data-testid={`${prefix}-test`}
      >
        {t('firstRun.connection.test')}
      </Button>
      {current && test.error && <ErrorNote error={test.error} testId={`${prefix}-test-error`} />}
      {current && test.data && <Report report={test.data} role={role} prefix={prefix} />}
    </div>
  )
}

function Report({ report, role, prefix }: { report: ConnectionReport; role: Props['role']; prefix: string }) {
  const { t } = useTranslation()
  const r = (key: string, values?: Record<string, unknown>) => t(`firstRun.connection.report.${key}`, values ?? {})
  const lines: [State, string][] = [
    ['ok', r('server', { version: report.server_version, ms: report.latency_ms })],
    [report.encrypted ? 'ok' : 'warning', report.encrypted ? r('encrypted') : r('plain')],
    [report.crm === 'legacy' || report.crm === 'empty' ? 'ok' : 'warning', r(`crm.${report.crm}`)],
  ]
  if (report.is_superuser) lines.push(['failed', r('superuser')])
  if (role === 'administrator') {
    lines.push([
      report.can_create_roles ? 'ok' : 'failed',
      r(report.can_create_roles ? 'createRoles' : 'noCreateRoles'),
    ])
  } else {
    lines.push([report.owns_tables ? 'ok' : 'failed', r(report.owns_tables ? 'ownsTables' : 'noOwnsTables')])
  }
  return (
    <div role="status" data-testid={`${prefix}-report`}>
      <ul className={css.report}>
        {lines.map(([state, text]) => (
          <li key={text}>
            <StateMark state={state} word={false} /> {text}
          </li>
        ))}
      </ul>
    </div>
  )
}
