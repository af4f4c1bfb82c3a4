import { NumberInput, PasswordInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ConnectionInput, TlsMode } from '../backend/types'
import { FilePick } from '../sign-in/FilePick'
import { looksLikeDsn } from './connection'
import css from './FirstRun.module.css'

type Props = { value: ConnectionInput; change: (value: ConnectionInput) => void; prefix: string }
const modes: TlsMode[] = ['verify_full', 'verify_ca', 'require', 'disable']

/** Where a database is and who asks: by fields, or by a pasted connection string. */
export function ConnectionForm({ value, change, prefix }: Props) {
  const { t } = useTranslation()
  const c = (key: string) => t(`firstRun.connection.${key}`)
  const set = (part: Partial<ConnectionInput>) => change({ ...value, ...part })
  const byDsn = value.dsn !== null
  const text = (key: 'host' | 'database' | 'user') => (
    <TextInput
      label={c(key)}
      value={value[key]}
      onChange={(event) => set({ [key]: event.currentTarget.value })}
      spellCheck={false}
      autoComplete="off"
      data-testid={`${prefix}-${key}`}
    />
  )
  return (
    <div className={css.fields}>
      <SegmentedControl
        className={css.left}
        value={byDsn ? 'dsn' : 'fields'}
        onChange={(mode) => set({ dsn: mode === 'dsn' ? '' : null })}
        data={[
          { value: 'fields', label: c('byFields') },
          { value: 'dsn', label: c('byDsn') },
        ]}
        data-testid={`${prefix}-mode`}
      />
      {byDsn ? (
        <PasswordInput
          label={c('dsn')}
          description={c('dsnHint')}
          placeholder={c('dsnPlaceholder')}
          value={value.dsn ?? ''}
          error={value.dsn && !looksLikeDsn(value.dsn) ? c('dsnInvalid') : undefined}
          onChange={(event) => set({ dsn: event.currentTarget.value.trim() })}
          autoComplete="off"
          data-testid={`${prefix}-dsn`}
        />
      ) : (
        <>
          <div className={css.hostPort}>
            {text('host')}
            <NumberInput
              label={c('port')}
              value={value.port}
              onChange={(port) => set({ port: typeof port === 'number' ? port : 5432 })}
              min={1}
              max={65535}
              hideControls
              thousandSeparator={false}
              data-testid={`${prefix}-port`}
            />
          </div>
          {text('database')}
          <div className={css.two}>
            {text('user')}
            <PasswordInput
              label={c('password')}
              value={value.password}
              onChange={(event) => set({ password: event.currentTarget.value })}
              autoComplete="off"
              data-testid={`${prefix}-password`}
            />
          </div>
        </>
      )}
      <div className={css.two}>
        <Select
          label={c('tls')}
          value={value.tls ?? 'default'}
          onChange={(mode) => set({ tls: mode === 'default' || mode === null ? null : (mode as TlsMode) })}
          data={[
            { value: 'default', label: c('tlsDefault') },
            ...modes.map((mode) => ({ value: mode, label: t(`tls.${mode}`) })),
          ]}
          data-testid={`${prefix}-tls`}
        />
        <FilePick
          purpose="ca"
          label={c('ca')}
          file={value.ca_file}
          pick={(file) => set({ ca_file: file })}
          testId={`${prefix}-ca`}
          empty={c('caNone')}
        />
      </div>
    </div>
  )
}
