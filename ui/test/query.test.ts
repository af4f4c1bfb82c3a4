import { describe, expect, it } from 'vitest'
import { forgetPersisted } from '../src/app/persisted'
import { isAddress } from '../src/audit/address'
import { highlight } from '../src/audit/highlight'
import { linkTo, placeOf } from '../src/audit/link'
import { panelsOf } from '../src/audit/panelStore'
import { fromLocalInput, instantOf, isNoDate, toLocalInput } from '../src/audit/period'
import { around, chosen, emptyQuery, place, sideOf, term, toggle, within, word } from '../src/audit/query'
import { queryOf, recentOf, remember } from '../src/audit/queryStore'
import { parse, print } from './fake/language'

describe('facets of a query', () => {
  const fields = [
    ['type', 'login_failed'],
    ['severity', 'critical'],
    ['outcome', 'denied'],
    ['actor', 'ana@example.com'],
    ['tenant', '5'],
    ['tenant', 'system'],
    ['resource', 'leads'],
    ['resource', 'leads/78'],
    ['ip', '203.0.113.77'],
    ['network', '10.0.0.0/16'],
    ['origin', 'api'],
  ] as const

  it.each(fields)('puts %s:%s on one side, moves it to the other, and takes it off', (field, value) => {
    const only = toggle(emptyQuery(), field, value, 'only')
    expect(sideOf(only, field, value)).toBe('only')
    expect(chosen(only, field, 'only')).toEqual([value])
    const except = toggle(only, field, value, 'except')
    expect(sideOf(except, field, value)).toBe('except')
    expect(toggle(except, field, value, 'except')).toEqual(emptyQuery())
    expect(parse(print(except))).toMatchObject({ state: 'ok', query: except })
  })

  it('keeps the other values of the field, and the rest of the query', () => {
    const query = { ...place(emptyQuery(), 'type', 'a', 'only'), text: ['x'], when: 'yesterday' }
    const both = place(query, 'type', 'b', 'only')
    expect(both.only.types).toEqual(['a', 'b'])
    expect(place(both, 'type', 'a', null)).toEqual({ ...query, only: { ...query.only, types: ['b'] } })
  })

  it('knows an actor in any case of letters', () => {
    const query = place(emptyQuery(), 'actor', 'Ana@Example.com', 'only')
    expect(sideOf(query, 'actor', 'ana@example.COM')).toBe('only')
    expect(toggle(query, 'actor', 'ana@example.com', 'only')).toEqual(emptyQuery())
  })

  it('tells addresses from networks', () => {
    const query = place(place(emptyQuery(), 'ip', '10.0.0.1', 'only'), 'network', '10.0.0.0/16', 'only')
    expect(chosen(query, 'ip', 'only')).toEqual(['10.0.0.1'])
    expect(chosen(query, 'network', 'only')).toEqual(['10.0.0.0/16'])
  })

  it('lets the tenant of the top bar win', () => {
    const query = place(place(emptyQuery(), 'tenant', '1', 'only'), 'tenant', 'system', 'except')
    expect(print(within(query, 5))).toBe('tenant:5')
  })
})

describe('texts of the language', () => {
  it.each([
    ['plain', 'plain'],
    ['two words', '"two words"'],
    ['a,b', '"a,b"'],
    ['say "hi" \\', '"say \\"hi\\" \\\\"'],
    ['', '""'],
  ])('writes %j as %s', (text, written) => {
    expect(word(text)).toBe(written)
    if (text !== '') expect(parse(term('type', text))).toMatchObject({ query: { only: { types: [text] } } })
  })

  it('knows the minutes around an instant', () => {
    expect(around('2026-01-26T20:00:00.123456Z', 5)).toEqual({
      when: null,
      after: '2026-01-26T19:55:00.123Z',
      before: '2026-01-26T20:05:00.123Z',
    })
  })

  it.each(['infinity', '-infinity', 'pg:9223371331200000000', '9999-12-31T23:57:00Z', '0000-01-01T00:02:00Z'])(
    'knows no minutes around %s',
    (instant) => expect(around(instant, 5)).toBeNull(),
  )

  it('draws fields, signs and quotes, and the place that is wrong', () => {
    const text = '-type:a,b "x y" nope:1'
    const parts = highlight(text, { from: 16, to: 20 })
    expect(parts.map((part) => part.text).join('')).toBe(text)
    expect(parts.filter((part) => part.kind === 'field').map((part) => part.text)).toEqual(['type:', 'nope', ':'])
    expect(parts.find((part) => part.kind === 'sign')?.text).toBe('-')
    expect(parts.find((part) => part.kind === 'quoted')?.text).toBe('"x y"')
    expect(parts.filter((part) => part.wrong).map((part) => part.text)).toEqual(['nope'])
  })

  it('has a place for what is missing at the end', () => {
    expect(highlight('type:', { from: 5, to: 5 }).at(-1)).toMatchObject({ wrong: true })
  })
})

describe('links', () => {
  const event = { id: '9007199254740993', occurred_at: '2026-01-26T20:00:00.123456Z' }
  it.each(['', 'type:login_failed "á b" 100%&x=1', '123'])('come back from an address: %j', (query) => {
    expect(placeOf(linkTo({ query, event }))).toEqual({ query, event })
    expect(placeOf(linkTo({ query, event: null }))).toEqual({ query, event: null })
  })
  it.each(['', 'type:a', 'https://example.com/?q=1', '#/overview'])('are not found in %j', (text) => {
    expect(placeOf(text)).toBeNull()
  })
  it.each(['infinity', '-infinity', 'pg:9214646400000000000', 'pg:-9214646400000000'])(
    'come back with an event at %s',
    (occurred_at) => {
      const place = { query: 'a', event: { id: '1', occurred_at } }
      expect(placeOf(linkTo(place))).toEqual(place)
    },
  )
  it('drop an event that is none', () => {
    expect(placeOf('#/audit?q=a&event=x~y')).toEqual({ query: 'a', event: null })
  })
})

describe('what is remembered', () => {
  it('is kept per connection and across windows', () => {
    queryOf('one').write('ip:203.0.113.77')
    forgetPersisted()
    expect(queryOf('one').read()).toBe('ip:203.0.113.77')
    expect(queryOf('two').read()).toBe('')
  })

  it('keeps the latest queries, each once', () => {
    for (let index = 0; index < 20; index += 1) remember('one', `text${index}`)
    remember('one', 'text15')
    remember('one', '')
    expect(recentOf('one').read().slice(0, 3)).toEqual(['text15', 'text19', 'text18'])
    expect(recentOf('one').read()).toHaveLength(12)
  })

  it.each(['5', '{"a":1}', '"' + 'x'.repeat(5000) + '"', '{'])('drops what is no query: %.20s', (stored) => {
    localStorage.setItem('atalaya.audit-query.bad', stored)
    expect(queryOf('bad').read()).toBe('')
  })

  it.each(['[1]', '"text"', '{'])('drops what are no recent queries: %s', (stored) => {
    localStorage.setItem('atalaya.audit-recent.bad', stored)
    expect(recentOf('bad').read()).toEqual([])
  })

  it.each(['{"facets":1}', '{"folded":[3]}', '[]', 'null'])('drops what are no panels: %s', (stored) => {
    localStorage.setItem('atalaya.audit-panels.bad', stored)
    expect(panelsOf('bad').read()).toMatchObject({ facets: true, histogram: true })
  })
})

describe('isAddress', () => {
  it.each([
    '203.0.113.77',
    '10.0.0.0/8',
    '::',
    '::1',
    '2001:db8::c7f9',
    '2001:db8::/32',
    '::ffff:10.0.0.1',
    '1:2:3:4:5:6:7:8',
  ])('takes %s', (text) => expect(isAddress(text)).toBe(true))
  it.each([
    '',
    'unknown',
    '10.0.0',
    '256.1.1.1',
    '10.0.0.0/33',
    '10.0.0.0/',
    ':::',
    '1:2:3',
    '2001:db8::1::2',
    '::1/129',
    'a/b/c',
  ])('refuses %s', (text) => expect(isAddress(text)).toBe(false))
})

describe('typed times', () => {
  it('reads a day, a minute and a second in local time', () => {
    const typed = '2026-01-26 20:00:05'
    expect(fromLocalInput(typed)).toBe(new Date(2026, 0, 26, 20, 0, 5).toISOString())
    expect(toLocalInput(fromLocalInput(typed))).toBe(typed)
    expect(fromLocalInput('2026-01-26')).toBe(new Date(2026, 0, 26).toISOString())
  })
  it.each(['', '26/01/2026', '2026-02-31', '2026-01-26 20:75', 'ayer'])('is nothing for %j', (text) => {
    expect(fromLocalInput(text)).toBeNull()
  })
  it('shows a day as that day, wherever the reader is', () => {
    expect(toLocalInput('2026-01-15')).toBe('2026-01-15')
    expect(instantOf('2026-01-15')).toBe(new Date(2026, 0, 15).getTime())
    expect(toLocalInput('2026-03-01T10:00:00')).toBe('2026-03-01 10:00:00')
  })
  it.each(['yesterday', '2 march', 'last 7 days', 'monday 10:00'])('keeps %s as the words that they are', (moment) => {
    expect(toLocalInput(moment)).toBe(moment)
    expect(instantOf(moment)).toBeNull()
  })
  it('tells a day that no month has from what is still being typed', () => {
    expect(['2026-02-31', '2026-02-31 10:00'].map(isNoDate)).toEqual([true, true])
    expect(['2026-02-3', '2026-02-28 1', 'yesterday 10:00', ''].map(isNoDate)).toEqual([false, false, false, false])
  })
})
