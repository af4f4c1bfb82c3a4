// What first run, adoption and the kit answer.
import type { ConnectionReport, EnvReport, Inspection, KitChallenge, Progress } from '../../src/backend/types'

export const report: ConnectionReport = {
  host: 'db.ventas.example.com',
  port: 5432,
  database: 'crm_ventas',
  user: 'dba',
  tls: 'verify_full',
  tls_default: 'verify_full',
  encrypted: true,
  server_version: '15.18',
  is_superuser: false,
  can_create_roles: true,
  owns_database: false,
  owns_tables: true,
  crm: 'legacy',
  latency_ms: 12,
}

export const inspection: Inspection = {
  database: 'crm_ventas',
  server_version: '15.18',
  kind: 'legacy',
  tables: [
    { name: 'tenants', rows: 7, expected: true, differences: ['missing: status'], action: 'extend' },
    { name: 'users', rows: 40, expected: true, differences: ['missing: db_role'], action: 'extend' },
    { name: 'leads', rows: 2000, expected: true, differences: [], action: 'keep' },
    { name: 'credentials', rows: 133, expected: true, differences: [], action: 'keep' },
    { name: 'system_events', rows: 60450, expected: true, differences: [], action: 'partition' },
    { name: 'turnos', rows: 812, expected: false, differences: ['extra: tenant_id'], action: 'leave' },
  ],
  findings: [
    {
      code: 'credential_duplicates',
      severity: 'warning',
      table: 'credentials',
      count: 1,
      examples: ['SMTP_PASSWORD (tenant 2, 2 rows)'],
      choices: ['newest', 'oldest'],
    },
    { code: 'event_without_tenant', severity: 'info', table: 'system_events', count: 2011, examples: [], choices: [] },
    {
      code: 'event_payload_not_object',
      severity: 'info',
      table: 'system_events',
      count: 604,
      examples: ['5', '8'],
      choices: [],
    },
    {
      code: 'credential_plaintext',
      severity: 'warning',
      table: 'credentials',
      count: 21,
      examples: ['1 / YCLOUD_API_KEY'],
      choices: [],
    },
    {
      code: 'hash_unusable',
      severity: 'warning',
      table: 'users',
      count: 2,
      examples: ['setter.12@empresa6.example.com'],
      choices: [],
    },
    {
      code: 'email_case_duplicates',
      severity: 'warning',
      table: 'users',
      count: 1,
      examples: ['Mayusculas.Mezcladas@…'],
      choices: [],
    },
    { code: 'connect_will_be_revoked', severity: 'warning', table: null, count: null, examples: [], choices: [] },
    { code: 'other_table_with_tenant', severity: 'info', table: 'turnos', count: 812, examples: [], choices: [] },
  ],
  statements: [
    { code: 'event_insert', goes_on: true },
    { code: 'ddl', goes_on: false },
  ],
  steps: [
    { step: 'roles', rows: null, strongest: null, lock: 'none', time: { from_ms: 16, to_ms: 160 } },
    { step: 'legacy_login', rows: null, strongest: null, lock: 'none', time: { from_ms: 16, to_ms: 160 } },
    {
      step: 'ownership',
      rows: null,
      strongest: { mode: 'access_exclusive', tables: ['users', 'tenants', 'leads', 'credentials', 'system_events'] },
      lock: 'brief',
      time: { from_ms: 32, to_ms: 320 },
    },
    {
      step: 'prepare',
      rows: null,
      strongest: { mode: 'access_exclusive', tables: ['users', 'tenants', 'leads', 'credentials', 'system_events'] },
      lock: 'exclusive',
      time: { from_ms: 290, to_ms: 2900 },
    },
    {
      step: 'backfill',
      rows: 60450,
      strongest: { mode: 'row_exclusive', tables: ['system_events'] },
      lock: 'none',
      time: { from_ms: 1120, to_ms: 11_200 },
    },
    {
      step: 'indexes',
      rows: 60450,
      strongest: { mode: 'access_exclusive', tables: ['system_events'] },
      lock: 'brief',
      time: { from_ms: 640, to_ms: 6400 },
    },
    {
      step: 'migrations',
      rows: null,
      strongest: { mode: 'access_exclusive', tables: ['users', 'tenants', 'leads', 'credentials', 'system_events'] },
      lock: 'brief',
      time: { from_ms: 1000, to_ms: 10_000 },
    },
    {
      step: 'grants',
      rows: 40,
      strongest: { mode: 'row_exclusive', tables: ['users', 'tenants', 'system_events'] },
      lock: 'none',
      time: { from_ms: 18, to_ms: 180 },
    },
    {
      step: 'verify',
      rows: null,
      strongest: { mode: 'share_update_exclusive', tables: ['system_events'] },
      lock: 'none',
      time: { from_ms: 60, to_ms: 600 },
    },
  ],
  ceos: [{ user_id: 'a242fdf1-1f8f-4b1a-b9f3-c3e693114351', name: 'Ana Ruiz', email: 'ceo@example.com' }],
  taken: null,
  can_apply: true,
}

const words =
  'legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth title'
const modules = Array.from({ length: 21 }, (_, y) =>
  Array.from({ length: 21 }, (_, x) => ((x * 7 + y * 13 + ((x * y) % 5)) % 3 === 0 ? `M${x} ${y}h1v1h-1z` : '')).join(
    '',
  ),
).join('')
export const kit: KitChallenge = {
  words: words.split(' '),
  qr_svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 23 23"><path fill="#fff" d="M-1-1h23v23h-23z"/><path d="${modules}"/></svg>`,
  ask: [3, 11, 24],
}

export const env: EnvReport = {
  path: '/home/ana/crm/.env',
  imported: [
    { name: 'JWT_SECRET_KEY', strength: 'strong', warning: null },
    { name: 'ADMIN_TOKEN', strength: 'weak', warning: 'too_short' },
    { name: 'CREDENTIALS_FERNET_KEY', strength: 'strong', warning: null },
  ],
  refused: [{ name: 'NC_AUTH_JWT_SECRET', reason: 'known_example' }],
  kept: ['PLATFORM_URL', 'BACKUP_DIR'],
}

export const localSteps = [
  'find_binaries',
  'make_cluster',
  'start',
  'create_database',
  'roles',
  'migrations',
  'sample_data',
]
export const applySteps = ['roles', 'ownership', 'migrations', 'legacy_login', 'backfill', 'grants', 'verify']
export const revertSteps = ['revert_logins', 'revert_indexes', 'revert', 'revert_rights']
export const adminSteps = ['administrator', 'secrets', 'keychain']

export function* progressOf(steps: string[]): Generator<Progress> {
  for (const step of steps) {
    const total = step === 'backfill' ? 60450 : null
    for (const done of total ? [0, 15000, 37500, 60450] : [1]) yield { step, done, total, note: null }
  }
}
