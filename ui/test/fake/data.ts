// Invented data that looks like the legacy CRM of the fixtures: seven tenants, a burst of failed logins, odd payloads.
import type {
  AuditChange,
  AuditEvent,
  AuditFinding,
  AuditRow,
  Connection,
  FindingRule,
  LegacyAccess,
  LegacyLogin,
  Preferences,
  SavedView,
  Session,
  TenantRef,
  UndoPreview,
} from '../../src/backend/types'

export const tenants: TenantRef[] = [
  { id: 1, name: 'Acme Ventas SA', status: 'active' },
  { id: 2, name: 'Ñandú Inmobiliaria', status: 'active' },
  { id: 3, name: "O'Higgins & Hijos", status: 'active' },
  { id: 4, name: 'Clínica del Sol', status: 'suspended' },
  { id: 5, name: 'Logística "El Rápido", SRL', status: 'active' },
  { id: 6, name: '株式会社テスト', status: 'active' },
  { id: 7, name: 'Café Über GmbH', status: 'active' },
]

export const connection: Connection = {
  id: 'c1',
  name: 'CRM Ventas',
  colour: 'violet',
  production: true,
  kind: 'remote',
  host: 'db.ventas.example.com',
  port: 5432,
  database: 'crm_ventas',
  user: 'atalaya_0f3c_ana_ruiz',
  tls: 'verify_full',
  ca_file: null,
  last_opened: '2026-02-01T09:12:44.120000Z',
}
export const local: Connection = {
  ...connection,
  id: 'c2',
  name: 'Espacio local',
  colour: 'teal',
  production: false,
  kind: 'local',
  host: '/var/lib/atalaya/run',
  database: 'atalaya',
  tls: 'disable',
  last_opened: null,
}

export const preferences: Preferences = {
  language: 'es',
  theme: 'light',
  density: 'comfortable',
  auto_lock_minutes: 10,
}

export const permissions = [
  'audit.list',
  'audit.read',
  'audit.export',
  'audit.review',
  'audit.system',
  'secrets.create',
  'keys.create',
  'secrets.list',
  'tenants.list',
  'users.list',
  'settings.update',
  'adoption.apply',
  'adoption.finish',
]

export const session: Session = {
  connection,
  user_id: 'a242fdf1-1f8f-4b1a-b9f3-c3e693114351',
  name: 'Ana Ruiz',
  email: 'ceo@example.com',
  roles: ['ceo', 'admin', 'operator'],
  permissions,
  all_tenants: true,
  tenants,
  server_version: '15.18',
  opened_at: '2026-02-01T10:00:00.000000Z',
  recipients: 2,
}

const kinds: [string, 'info' | 'warning' | 'critical', 'ok' | 'denied' | 'failed'][] = [
  ['read_lead', 'info', 'ok'],
  ['update_lead', 'info', 'ok'],
  ['login_success', 'info', 'ok'],
  ['read_lead', 'info', 'ok'],
  ['pii_read', 'info', 'ok'],
  ['login_failed', 'warning', 'failed'],
  ['read_lead', 'info', 'ok'],
  ['access_denied', 'warning', 'denied'],
  ['export_leads', 'warning', 'ok'],
  ['role_changed', 'critical', 'ok'],
  ['update_lead', 'info', 'ok'],
  ['log.viewed', 'info', 'ok'],
  ['token_invalid', 'warning', 'failed'],
  ['server_error', 'critical', 'failed'],
  ['credential_saved', 'info', 'ok'],
  ['turno_reprogramado', 'info', 'ok'],
]
export const people = [
  'secretary.1@empresa2.example.com',
  'closer.2@empresa3.example.com',
  'professional.3@empresa4.example.com',
  'setter.28@empresa1.example.com',
  'secretary.27@empresa7.example.com',
]

export const types = [
  ...new Set(kinds.map(([type]) => type)),
  'db.direct_change',
  'delete_lead',
  'user_suspended',
].sort()

/** Newest first. The burst of failed logins is the rows 12 to 411, half a second apart. */
export function eventAt(index: number, newest: number): AuditRow {
  const burst = index >= 12 && index < 412
  const [type, severity, outcome] = burst ? (['login_failed', 'warning', 'failed'] as const) : kinds[(index * 7) % 16]!
  // By day there is more going on than by night.
  const day = 1_416
  const calm = index - 412 + (0.85 * day * Math.sin((2 * Math.PI * (index - 412)) / day)) / (2 * Math.PI)
  const back =
    index < 12 ? index * 97_000 : burst ? 1_200_000 + (index - 12) * 500 : 2_000_000 + Math.round(calm * 61_000)
  const tenant = burst ? null : index % 9 === 4 ? null : (tenants[index % 7]?.id ?? null)
  const who = burst ? 'ceo@example.com' : people[index % people.length]!
  const lead = /lead/.test(type) && type !== 'export_leads'
  return {
    id: String(9_007_199_254_800_000n - BigInt(index)),
    occurred_at: new Date(newest - back).toISOString().replace('Z', '456Z'),
    event_type: type,
    severity,
    message: `${who.split('.')[0]}@${who}: ${type}`,
    tenant_id: tenant,
    actor_id: '0b30a32a-d97e-46e9-8d0c-c8896b158536',
    actor_label: type === 'token_invalid' ? null : who,
    actor_kind: 'user',
    resource_type: lead ? 'leads' : null,
    resource_id: lead ? String(1000 + index) : null,
    ip: burst ? '203.0.113.77' : index % 11 === 3 ? '2001:db8::c7f9' : `10.0.${index % 32}.${(index * 37) % 250}`,
    origin: type.includes('.') ? 'console' : 'legacy',
    outcome,
  }
}

export function detailOf(row: AuditRow): AuditEvent {
  return {
    ...row,
    payload: `{"user_id": "${row.actor_id}", "user_email": "${row.actor_label}", "user_role": "ceo", "resource_id": null, "details": {"lista": [1, 2.50, 1e-07, 12345678901234567890123, null, true, {"b": 1, "a": 2}], "texto": "línea uno\\nlínea dos, \u202eodnauges", "vacío": {}}, "ip_address": "${row.ip}", "user_agent": "python-requests/2.32", "path": "/admin/core/crm/leads/78", "method": "GET"}`,
    db_user: 'crm_app',
    request_id: 'b7c1f3de-6f2e-4f0c-9a3b-5f3f6b6a9d10',
    recorded_at: row.occurred_at,
    session_id: '3f0e6a52-6d55-4d1e-8f5a-0c8a52b1d9e4',
    late: row.event_type === 'role_changed',
  }
}

const legacyLogin = (name: string, connections: number, owns_database: boolean): LegacyLogin => ({
  name,
  connections,
  owns_database,
  tables: [
    ...['tenants', 'users', 'leads', 'credentials'].map((table) => ({
      table,
      rights: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    })),
    { table: 'system_events', rights: ['SELECT', 'INSERT'] },
  ],
})
export const legacy: LegacyAccess = {
  logins: [legacyLogin('crm_app', 0, true), legacyLogin('crm_web', 6, false)],
  events_24h: 1240,
}
export const undo: UndoPreview = {
  database: connection.database,
  taken_at: '2026-01-20T09:12:00Z',
  logins: ['crm_app', 'crm_web'],
  connections: 6,
  tables: [
    { table: 'credentials', before: 133, now: 135 },
    { table: 'leads', before: 2000, now: 2071 },
    { table: 'system_events', before: 60_450, now: 75_912 },
    { table: 'tenants', before: 7, now: 7 },
    { table: 'users', before: 40, now: 42 },
  ],
  events_of_crm: 14_880,
  events_of_atalaya: 582,
  set_aside: 0,
  operators: 3,
  secrets: 5,
  completed: true,
}

/** What comes in while somebody follows: its number is its place after the newest. */
export function liveEvent(number: number): AuditRow {
  const row = eventAt(500 + (number % 900), Date.now())
  const at = new Date(Date.parse('2026-02-01T10:20:31.000Z') + number * 5).toISOString()
  return { ...row, id: String(9_007_199_254_800_000n + BigInt(number)), occurred_at: at }
}
export const liveRate = { perSecond: 3 }

export function changesOf(row: AuditRow): AuditChange[] {
  if (row.event_type === 'update_lead') {
    const before =
      '{"id": 1003, "status": "contacted", "phone_number": {"digest": "a1"}, "score": 1.50, "owner": null, "source": "web"}'
    const after =
      '{"id": 1003, "status": "won", "phone_number": {"digest": "b2"}, "score": 12345678901234567890, "owner": "closer.2", "source": "web"}'
    return [{ table: 'public.leads', operation: 'UPDATE', count: 1, rows: [{ before, after }] }]
  }
  if (row.event_type === 'role_changed') {
    return [
      {
        table: 'atalaya.grants',
        operation: 'INSERT',
        count: 25,
        rows: Array.from({ length: 20 }, (_, index) => ({
          before: null,
          after: `{"role": "closer", "tenant_id": ${index}}`,
        })),
      },
    ]
  }
  return []
}

const view = (id: string, name: string, query: string, more: Partial<SavedView> = {}): SavedView => ({
  id, name, query, shared: false, pinned: false, own: true, owner: 'Ana Ruiz', updated_at: '2026-01-30T09:00:00Z', ...more,
}) // prettier-ignore
export const views: SavedView[] = [
  view('v1', 'Accesos denegados', 'outcome:denied when:"last 7 days"'),
  view('v2', 'Críticos sin lecturas', 'severity:critical -type:read_lead', { pinned: true }),
  view('v3', 'Inicios fallidos', 'type:login_failed when:"last 30 days"', { shared: true, own: false, owner: 'Bruno Peña', pinned: true }),
] // prettier-ignore

export const rules: FindingRule[] = [
  { rule: 'failed_logins', enabled: true, threshold: 10, window_minutes: 5 },
  { rule: 'new_ip', enabled: true, threshold: 1, window_minutes: 1440 },
  { rule: 'rights_raised', enabled: true, threshold: 1, window_minutes: 1440 },
  { rule: 'mass_reads', enabled: true, threshold: 200, window_minutes: 60 },
  { rule: 'unusual_hours', enabled: false, threshold: 5, window_minutes: 60 },
  { rule: 'silent_gap', enabled: true, threshold: 1, window_minutes: 180 },
]

export function findings(newest: number): AuditFinding[] {
  const at = (back: number) => new Date(newest - back).toISOString()
  const burst = 1_200_000
  return [
    {
      rule: 'failed_logins', severity: 'critical', at: at(burst + 200_000), until: at(burst), count: 400, subject: '203.0.113.77',
      query: 'type:login_failed ip:203.0.113.77', shows: 'found', note: null,
    },
    {
      rule: 'rights_raised', severity: 'warning', at: at(4_000_000), until: at(4_000_000), count: 1, subject: 'closer.2@empresa3.example.com',
      query: 'type:role_changed', shows: 'found', note: null,
    },
    {
      rule: 'mass_reads', severity: 'warning', at: at(9_000_000), until: at(7_000_000), count: 812, subject: 'setter.28@empresa1.example.com',
      query: 'type:read_lead actor:setter.28@empresa1.example.com', shows: 'found', note: null,
    },
    {
      rule: 'new_ip', severity: 'info', at: at(90_000_000), until: at(90_000_000), count: 3, subject: 'secretary.27@empresa7.example.com',
      query: 'actor:secretary.27@empresa7.example.com ip:2001:db8::c7f9', shows: 'found',
      note: { rule: 'new_ip', subject: 'secretary.27@empresa7.example.com', note: 'Trabaja desde casa', author: 'Bruno Peña', at: at(80_000_000) },
    },
  ] // prettier-ignore
}
