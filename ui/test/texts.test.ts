import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { enLater, esLater } from '../src/i18n/later'
import { en, es } from '../src/i18n/texts'

type Tree = { [key: string]: string | Tree }
const flat = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flat(value, `${path}${key}.`),
  )
const spanish = new Map(flat({ ...es, ...esLater }))
const english = new Map(flat({ ...en, ...enLater }))
const variables = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((found) => found[1]).sort()

const source = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? source(join(folder, entry.name))
      : /\.tsx?$/.test(entry.name)
        ? [readFileSync(join(folder, entry.name), 'utf8')]
        : [],
  )

const types = readFileSync('src/backend/types.ts', 'utf8')
const valuesOf = (type: string) =>
  [...(new RegExp(`export type ${type} = ([^;]+);`).exec(types)?.[1] ?? '').matchAll(/"(\w+)"/g)].map(
    (found) => found[1]!,
  )
const codes = valuesOf('Code')

describe('texts', () => {
  it('has the same keys in both languages, none of them empty by mistake', () => {
    expect([...english.keys()].sort()).toEqual([...spanish.keys()].sort())
    for (const [key, text] of [...spanish, ...english]) {
      if (!key.endsWith('.unknown')) expect(text.trim(), key).not.toBe('')
    }
  })

  it('uses the same variables in both languages', () => {
    for (const [key, text] of spanish) expect(variables(english.get(key) ?? ''), key).toEqual(variables(text))
  })

  it('says what happened and what to do for every error code', () => {
    expect(codes.length).toBeGreaterThan(30)
    for (const code of codes) {
      for (const texts of [spanish, english]) {
        expect(texts.get(`error.${code}.what`), code).toBeTruthy()
        expect(texts.get(`error.${code}.todo`), code).toBeTruthy()
      }
    }
    expect(Object.keys(es.error).sort()).toEqual([...codes].sort())
  })

  it.each(
    `hash_unusable hash_cheap email_case_duplicates event_without_tenant event_payload_not_object event_ip_unreadable
    event_future credential_plaintext credential_not_a_token user_without_tenant role_unknown role_superuser missing_column
    extra_column missing_table other_table_with_tenant occurred_at_missing constraint_missing version_unsupported
    right_missing connect_will_be_revoked`.split(/\s+/),
  )('explains the finding %s', (code) => {
    expect(spanish.get(`adoption.finding.${code}.title`)).toBeTruthy()
    expect(english.get(`adoption.finding.${code}.text`)).toBeTruthy()
  })

  it.each([
    ['ErrorKind', 'search.problem', 12],
    ['FacetField', 'search.facets', 8],
    ['FindingRuleName', 'search.findings.name', 5],
    ['FindingRuleName', 'search.findings.threshold', 5],
    ['CountSource', 'search.source', 1],
  ])('has words for every %s in %s', (type, area, least) => {
    const values = valuesOf(type)
    expect(values.length).toBeGreaterThan(least)
    for (const value of values) {
      expect(spanish.get(`${area}.${value}`), value).toBeTruthy()
      expect(english.get(`${area}.${value}`), value).toBeTruthy()
    }
  })

  it.each(valuesOf('FindingRuleName'))('says what the rule %s found, and why', (rule) => {
    for (const texts of [spanish, english]) {
      expect(texts.get(`search.findings.found.${rule}_other`)).toBeTruthy()
      expect(texts.get(`search.findings.why.${rule}_other`)).toBeTruthy()
    }
  })

  it('has a text for every key that the source names', () => {
    const named = source('src').flatMap((text) => [...text.matchAll(/\bt\(\s*'([\w.-]+)'/g)].map((found) => found[1]!))
    const missing = named.filter((key) => !spanish.has(key) && !spanish.has(`${key}_other`))
    expect(missing).toEqual([])
  })

  it('fixes no number to the signs of one region', () => {
    for (const [key, text] of [...spanish, ...english]) {
      // Addresses are no numbers.
      expect(text.replace(/\d+(\.\d+){3}(\/\d+)?/g, ''), key).not.toMatch(/\d[.,]\d{3}/)
    }
  })

  it('calls fields without a final full stop, one like the other', () => {
    for (const [key, text] of [...spanish, ...english]) {
      if (key.startsWith('search.field.')) expect(text, key).not.toMatch(/\.$/)
    }
  })
})
