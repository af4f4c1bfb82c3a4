// A Rust side that is not there: answers each command from invented data. For tests and for the preview; never shipped.
import { mockIPC } from '@tauri-apps/api/mocks'
import { emit } from '@tauri-apps/api/event'
import type { AppError, AppStatus, AuditRow, KeychainStatus, Overview, Session } from '../../src/backend/types'
import { auditAnswers } from './audit'
import * as data from './data'
import * as setup from './setup'

export type Args = Record<string, never> & {
  req?: Record<string, unknown>
  progress?: { onmessage: (value: unknown) => void }
}
export type Answer = (args: Args) => unknown

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
    adoption_revert: async (args) => (await steps(args, setup.revertSteps), { differs: [] }),
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
    overview: () => overviewOf(Array.from({ length: Math.min(size, 12) }, (_, index) => data.eventAt(index, newest))),
    ...auditAnswers({ size, newest, delay, appError }),
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

function overviewOf(activity: AuditRow[]): Overview {
  const item = (code: string, severity: 'info' | 'warning' | 'critical', count: number, linked = false) => ({
    code,
    severity,
    count,
    detail: code === 'recipients_untrusted' ? 'kit 6ba7b810-9dad-41d1-80b4-00c04fd430c8' : '',
    query: linked ? 'type:login_failed ip:203.0.113.77' : null,
  })
  return {
    attention: [
      item('failed_logins_burst', 'critical', 400, true),
      item('direct_changes', 'critical', 1, true),
      item('recipients_untrusted', 'critical', 1, true),
      item('plaintext_credentials', 'warning', 21),
      item('secrets_not_imported', 'info', 1),
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
