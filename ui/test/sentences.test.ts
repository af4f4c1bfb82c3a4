import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { saysItself, sentence } from '../src/audit/sentence'
import { startLanguages } from '../src/i18n'
import { enLater, esLater } from '../src/i18n/later'
import { en, es } from '../src/i18n/texts'
import type { AuditRow } from '../src/backend/types'
import { tenants } from './fake/data'

const root = join(import.meta.dirname, '../..')

/** The types that migrations insert, read from their VALUES; the catalogue of the tests says the same. */
function typesOfMigrations(): string[] {
  const folder = join(root, 'migrations')
  const found = new Set<string>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.sql'))) {
    const text = readFileSync(join(folder, file), 'utf8')
    for (const insert of text.matchAll(/INSERT INTO atalaya\.event_types\b[^;]*;/g)) {
      for (const row of insert[0].matchAll(/\(\s*'([a-z_.]+)',\s*'(?:info|warning|critical)'/g)) found.add(row[1] ?? '')
    }
  }
  return [...found]
}
const typesOfCatalogue = (): string[] =>
  readFileSync(join(root, 'tests/golden/event_types.txt'), 'utf8')
    .split('\n')
    .map((line) => line.split(' | ')[0] ?? '')
    .filter((type) => type !== '')

/** What the CRM of the documents and its fixture write. */
const documented =
  `login_success login_failed token_invalid access_denied read_lead update_lead delete_lead pii_read role_changed
  user_suspended credential_saved server_error export_leads`.split(/\s+/)

const types = [...new Set([...typesOfMigrations(), ...typesOfCatalogue(), ...documented])].sort()

type Sentences = Record<string, { did?: string; on?: string; try?: string; tryOn?: string } | undefined>
type Names = Record<string, { name?: string } | undefined>

describe('sentences', () => {
  it('reads the types from the repository', () => {
    expect(typesOfMigrations().length).toBeGreaterThan(50)
    expect(typesOfCatalogue().sort()).toEqual(expect.arrayContaining(typesOfMigrations()))
  })

  it.each(types)('has words for %s in both languages', (type) => {
    const key = type.replaceAll('.', '-')
    for (const [names, sentences] of [
      [es.event, esLater.sentence],
      [en.event, enLater.sentence],
    ] as [Names, Sentences][]) {
      expect(names[key]?.name, `name of ${type}`).toBeTruthy()
      expect(sentences[key]?.did, `phrase of ${type}`).toBeTruthy()
      expect(!sentences[key]?.try, `phrase of ${type} where it was not done`).toBe(saysItself.has(type))
      expect(!sentences[key]?.tryOn, type).toBe(!sentences[key]?.on || saysItself.has(type))
    }
  })

  describe.each(['es', 'en'] as const)('in %s', (language) => {
    let t: ReturnType<typeof startLanguages>['t']
    beforeAll(async () => {
      const i18n = startLanguages()
      await i18n.changeLanguage(language)
      t = i18n.t
    })
    const row = (part: Partial<AuditRow>): AuditRow => ({
      id: '1', occurred_at: '2026-01-26T20:00:00Z', event_type: 'read_lead', severity: 'info', message: null, tenant_id: 1,
      actor_id: null, actor_label: 'ana@example.com', actor_kind: 'user', resource_type: 'lead', resource_id: '78',
      ip: '203.0.113.77', origin: 'legacy', outcome: 'ok', ...part,
    }) // prettier-ignore

    it.each(types)('%s is one sentence without a bare key', (type) => {
      for (const resource_id of [null, '78']) {
        const text = sentence(t, row({ event_type: type, resource_id }), tenants)
        expect(text).toMatch(/^ana@example\.com .+ Acme Ventas SA .+ 203\.0\.113\.77\.$/)
        expect(text).not.toMatch(/sentence\.|audit\.|search\.|{{|«|“/)
      }
    })

    it('names the resource, the change and the place where they are known', () => {
      const es = language === 'es'
      const plain = sentence(t, row({}), tenants)
      expect(plain).toBe(
        es
          ? 'ana@example.com leyó el lead 78 en Acme Ventas SA desde 203.0.113.77.'
          : 'ana@example.com read lead 78 in Acme Ventas SA from 203.0.113.77.',
      )
      const changed = sentence(
        t,
        row({ event_type: 'role_changed' }),
        tenants,
        '{"before": "setter", "after": "closer"}',
      )
      expect(changed).toContain(es ? ': de «setter» a «closer»' : ': from “setter” to “closer”')
      const denied = row({ event_type: 'access_denied', outcome: 'denied', resource_id: null, resource_type: null })
      expect(sentence(t, denied, tenants, '{"method": "GET", "path": "/admin/leads"}')).toContain('(GET /admin/leads)')
    })

    it('stays one that can be read where names are endless', () => {
      const endless = 'x'.repeat(10_000)
      const names = { event_type: `${endless}1`, actor_label: `${endless}2`, resource_id: `${endless}3` }
      const text = sentence(t, row(names), tenants)
      expect(text.length).toBeLessThan(400)
      expect(text).toMatch(/^x{80}… .*x{80}….*x{74}….* Acme Ventas SA .+ 203\.0\.113\.77\.$/)
    })

    it('does not say of a denied or failed event that it happened', () => {
      const es = language === 'es'
      const lead = { event_type: 'delete_lead', resource_id: '5' }
      expect(sentence(t, row({ ...lead, outcome: 'denied' }), tenants)).toBe(
        es
          ? 'Intento denegado: ana@example.com quiso eliminar el lead 5 en Acme Ventas SA desde 203.0.113.77.'
          : 'Denied attempt: ana@example.com tried to delete lead 5 in Acme Ventas SA from 203.0.113.77.',
      )
      expect(sentence(t, row({ ...lead, outcome: 'failed', actor_label: null }), tenants)).toMatch(
        es
          ? /^Intento fallido: alguien sin identificar quiso eliminar el lead 5 /
          : /^Failed attempt: somebody unidentified tried to delete lead 5 /,
      )
      const finish = '{"details": {"step": "finish"}}'
      expect(sentence(t, row({ event_type: 'adoption.applied', outcome: 'failed' }), tenants, finish)).toContain(
        es ? 'quiso terminar de forma irreversible la adopción' : 'tried to irreversibly finish the adoption',
      )
      expect(sentence(t, row({ event_type: 'turno_reprogramado', outcome: 'denied' }), tenants)).toContain(
        es ? 'quiso hacer «turno_reprogramado»' : 'tried to do “turno_reprogramado”',
      )
      const login = row({ event_type: 'login_failed', outcome: 'failed', resource_id: null })
      expect(sentence(t, login, tenants)).toMatch(es ? /^ana@example\.com no pudo/ : /^ana@example\.com failed to/)
    })

    it.each(types.filter((type) => !saysItself.has(type)))('%s, denied, is one sentence too', (type) => {
      for (const resource_id of [null, '78']) {
        const text = sentence(t, row({ event_type: type, resource_id, outcome: 'denied' }), tenants)
        expect(text).toMatch(
          /^(Intento denegado|Denied attempt): ana@example\.com (quiso|tried to) .+ 203\.0\.113\.77\.$/,
        )
        expect(text).not.toMatch(/sentence\.|audit\.|search\.|{{|«|“/)
      }
    })

    it('tells the steps of an adoption apart', () => {
      const es = language === 'es'
      const said = (payload: string | null) => sentence(t, row({ event_type: 'adoption.applied' }), tenants, payload)
      const of = (step: string) => said(JSON.stringify({ event_type: 'adoption.applied', details: { step } }))
      expect(of('finish')).toContain(
        es ? 'terminó de forma irreversible la adopción' : 'irreversibly finished the adoption',
      )
      expect(of('grants')).toContain(es ? 'convirtió sus roles en permisos' : 'turned its roles into rights')
      for (const other of ['did', 'x.y', '']) expect(of(other)).toBe(said(null))
    })

    it('shows a type that nobody knows as it is', () => {
      const text = sentence(
        t,
        row({ event_type: 'turno_reprogramado', actor_label: null, tenant_id: null, ip: null }),
        tenants,
      )
      expect(text).toContain('turno_reprogramado')
    })
  })
})
