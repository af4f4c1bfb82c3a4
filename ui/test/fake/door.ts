// A Rust side that is not there: answers each command from invented data. For tests and for the preview; never shipped.
import { mockIPC } from '@tauri-apps/api/mocks'
import { emit } from '@tauri-apps/api/event'
import type {
  AppError,
  AppStatus,
  AuditFilter,
  AuditRow,
  KeychainStatus,
  Overview,
  Session,
} from '../../src/backend/types'
import * as data from './data'
import * as setup from './setup'

type Args = Record<string, never> & {
  req?: Record<string, unknown>
  progress?: { onmessage: (value: unknown) => void }
}
type Answer = (args: Args) => unknown

export type FakeOptions = {
  stage?: AppStatus['stage']
  status?: Partial<AppStatus>
  session?: Partial<Session>
  keychain?: KeychainStatus
  /** Whether PostgreSQL is installed. */
  postgres?: boolean
  events?: number
  /** Milliseconds that each command takes, and each message of a progress. */
  delay?: number
  newest?: number
  answers?: Record<string, Answer>
}

export function appError(code: string, detail: Record<string, string> = {}): AppError {
  return { code, message: code, request_id: 'b7c1f3de-6f2e-4f0c-9a3b-5f3f6b6a9d10', detail } as AppError
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export type Fake = { calls: { command: string; req: unknown }[]; status: AppStatus; answers: Record<string, Answer> }

export function installFake(options: FakeOptions = {}): Fake {
  const delay = options.delay ?? 0
  const newest = options.newest ?? Date.parse('2026-02-01T10:20:30.123Z')
  const size = options.events ?? 60_450
  const session = { ...data.session, ...options.session }
  const status: AppStatus = {
    version: '0.1.0',
    stage: options.stage ?? 'open',
    connections: options.stage === 'first_run' ? [] : [data.connection, data.local],
    selected: options.stage === 'first_run' ? null : 'c1',
    session: (options.stage ?? 'open') === 'open' ? session : null,
    preferences: data.preferences,
    os: 'linux',
    ...options.status,
  }
  let keychain: KeychainStatus = options.keychain ?? { state: 'ready', store: 'Secret Service', detail: '' }
  let cancelled = false
  let rows: AuditRow[] | null = null
  const all = () => (rows ??= Array.from({ length: size }, (_, index) => data.eventAt(index, newest)))
  const steps = async (args: Args, names: string[]) => {
    for (const progress of setup.progressOf(names)) {
      args.progress?.onmessage(progress)
      await wait(delay * 2)
    }
  }
  const open = (part: Partial<Session> = {}) => {
    Object.assign(status, {
      stage: 'open',
      session: { ...session, ...part },
      connections: status.connections.length ? status.connections : [data.connection],
    })
    return status.session
  }
  const filterOf = (args: Args) => args.req?.['filter'] as AuditFilter

  const answers: Record<string, Answer> = {
    app_status: () => structuredClone(status),
    postgres_found: () => options.postgres ?? true,
    keychain_check: () => keychain,
    keychain_unlock: () => (keychain = { ...keychain, state: 'ready' }),
    keychain_doctor: () =>
      ['reach', 'write', 'read', 'delete'].map((check) => ({ code: `keychain_${check}`, state: 'ready', detail: '' })),
    kit_begin: (args) => {
      if (args.req?.['passphrase'] === 'mal') throw appError('WRONG_PASSPHRASE')
      return setup.kit
    },
    kit_abandon: () => null,
    connection_redirect: (args) =>
      (status.connections = status.connections.map((each) =>
        each.id === args.req?.['id'] ? { ...each, host: String(args.req?.['host']) } : each,
      )),
    preferences_save: (args) => {
      const { passphrase, ...preferences } = args.req as AppStatus['preferences'] & { passphrase: string }
      const later = preferences.auto_lock_minutes > status.preferences.auto_lock_minutes
      if (later && (passphrase === '' || passphrase === 'mal')) throw appError('WRONG_PASSPHRASE')
      return (status.preferences = preferences)
    },
    connection_test: () => setup.report,
    choose_file: () => '/home/ana/crm/.env',
    adoption_inspect: () => setup.inspection,
    adoption_apply: async (args) => (await steps(args, setup.applySteps), setup.inspection),
    adoption_plan_save: () => ({ path: '/home/ana/atalaya-crm.sql', bytes: 212_480 }),
    adoption_preview: () => data.undo,
    adoption_finish: () => null,
    adoption_revert: async (args) => (await steps(args, setup.revertSteps), null),
    workspace_create: async (args) => (await steps(args, setup.localSteps), null),
    setup_candidates: () => setup.inspection.ceos,
    setup_administrator: async (args) => (await steps(args, setup.adminSteps), setup.kit),
    setup_save_kit: () => ({ path: '/home/ana/kit-atalaya.age', bytes: 412 }),
    setup_confirm_kit: (args) => {
      const given = args.req?.['words'] as string[]
      if (given.some((word, index) => word !== setup.kit.words[(setup.kit.ask[index] ?? 1) - 1]))
        throw appError('KIT_WORDS_WRONG')
      return open()
    },
    setup_abandon: () => null,
    kit_restore: async (args) => (await steps(args, setup.adminSteps), open()),
    passphrase_strength: (args) => {
      const length = String(args.req?.['passphrase']).length
      const score = Math.min(4, Math.floor(length / 6))
      return { score, warning: length < 12 ? 'too_short' : score < 3 ? 'guessable' : null }
    },
    sign_in: (args) => {
      if (args.req?.['passphrase'] === 'mal') throw appError('WRONG_PASSPHRASE')
      return open()
    },
    lock: async () => {
      Object.assign(status, { stage: 'locked', session: null })
      await emit('session-locked', { reason: 'manual' })
      return null
    },
    activity: () => null,
    overview: () => overviewOf(all().slice(0, 12)),
    audit_options: () => ({ types: data.types, tenants: data.tenants }),
    audit_list: (args) => {
      const matching = all().filter((row) => matches(row, filterOf(args)))
      const cursor = args.req?.['cursor'] as { id: string } | null
      const from = cursor ? matching.findIndex((row) => row.id === cursor.id) + 1 : 0
      const page = matching.slice(from, from + (args.req?.['limit'] as number))
      const last = page.at(-1)
      const more = last !== undefined && from + page.length < matching.length
      return { rows: page, next: more ? { occurred_at: last.occurred_at, id: last.id } : null }
    },
    audit_count: (args) => {
      const count = all().filter((row) => matches(row, filterOf(args))).length
      return { count: Math.min(count, 100_000), capped: count > 100_000 }
    },
    audit_count_cancel: () => null,
    audit_read: (args) => {
      const row = all().find((each) => each.id === args.req?.['id'])
      if (!row) throw appError('ENTITY_NOT_FOUND')
      return data.detailOf(row)
    },
    audit_export: async (args) => {
      cancelled = false
      const total = all().filter((row) => matches(row, filterOf(args))).length
      for (let part = 0; part <= 10; part += 1) {
        if (cancelled) throw appError('CANCELLED')
        args.progress?.onmessage({ rows: Math.round((total * part) / 10), bytes: total * part * 61, total })
        await wait(delay * 4)
      }
      return { path: `/home/ana/auditoria.${String(args.req?.['format'])}`, rows: total, bytes: total * 610 }
    },
    audit_export_cancel: () => ((cancelled = true), null),
    env_import: () => setup.env,
    profile_update: (args) => open({ name: `${String(args.req?.['first_name'])} ${String(args.req?.['last_name'])}` }),
    passphrase_change: () => null,
    connection_update: (args) =>
      (status.connections = status.connections.map((each) =>
        each.id === args.req?.['id'] ? { ...each, ...(args.req as object) } : each,
      )),
    connection_remove: (args) => {
      if (args.req?.['passphrase'] === 'mal') throw appError('WRONG_PASSPHRASE')
      return (status.connections = status.connections.filter((each) => each.id !== args.req?.['id']))
    },
    session_refresh: () => status.session,
    ...options.answers,
  }
  const fake: Fake = { calls: [], status, answers }
  mockIPC(
    async (command, payload) => {
      const args = (payload ?? {}) as Args
      fake.calls.push({ command, req: args.req })
      const answer = fake.answers[command]
      if (!answer) throw appError('INTERNAL')
      if (delay) await wait(delay)
      return answer(args)
    },
    { shouldMockEvents: true },
  )
  return fake
}

function matches(row: AuditRow, filter: AuditFilter): boolean {
  const among = (list: string[], value: string | null) => list.length === 0 || (value !== null && list.includes(value))
  const inTenants =
    filter.tenants.length === 0 && !filter.system
      ? true
      : row.tenant_id === null
        ? filter.system
        : filter.tenants.includes(row.tenant_id)
  return (
    among(filter.types, row.event_type) &&
    among(filter.severities, row.severity) &&
    among(filter.outcomes, row.outcome) &&
    inTenants &&
    (!filter.actor || filter.actor === row.actor_label || filter.actor === row.actor_id) &&
    (!filter.ip || filter.ip === row.ip) &&
    (!filter.after || row.occurred_at >= filter.after) &&
    (!filter.before || row.occurred_at < filter.before)
  )
}

function overviewOf(activity: AuditRow[]): Overview {
  const filter: AuditFilter = {
    types: ['login_failed'],
    severities: [],
    outcomes: [],
    actor: null,
    tenants: [],
    system: false,
    ip: '203.0.113.77',
    after: null,
    before: null,
  }
  const item = (code: string, severity: 'info' | 'warning' | 'critical', count: number, linked = false) => ({
    code,
    severity,
    count,
    detail: code === 'recipients_untrusted' ? 'kit 6ba7b810-9dad-41d1-80b4-00c04fd430c8' : '',
    filter: linked ? filter : null,
  })
  return {
    attention: [
      item('failed_logins_burst', 'critical', 400, true),
      item('direct_changes', 'critical', 1, true),
      item('recipients_untrusted', 'critical', 1, true),
      item('plaintext_credentials', 'warning', 21),
      item('secrets_not_imported', 'warning', 1),
      { ...item('legacy_login_active', 'warning', 2), detail: 'crm_app, crm_web' },
    ],
    legacy: data.legacy,
    health: [
      { code: 'database', state: 'ok', detail: '15.18' },
      { code: 'keychain', state: 'ok', detail: 'Secret Service' },
      { code: 'partitions', state: 'warning', detail: '2026-03' },
      { code: 'kit', state: 'ok', detail: '2' },
    ],
    totals: { events_24h: 1284, tenants: 7, users: 40, leads: 2000, credentials: 133 },
    activity,
  }
}
