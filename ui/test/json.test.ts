import { describe, expect, it } from 'vitest'
import { diff, diffOfRows, pairIn } from '../src/audit/diff'
import { eventAsJson } from '../src/audit/eventJson'
import { leaf, member, readJson, written } from '../src/audit/json'
import { filterOf, relatedTo } from '../src/audit/related'
import { detailOf, eventAt } from './fake/data'
import { parse } from './fake/language'

const event = { ...detailOf(eventAt(0, Date.parse('2026-02-01T10:00:00Z'))) }

describe('JSON as a tree', () => {
  it('is not built of what would take the memory of the window', () => {
    expect(readJson(`[${'1,'.repeat(150_000)}1]`)).toBeNull()
    expect(readJson(`{"a": "${'x'.repeat(20_000_000)}"}`)).not.toBeNull()
  })

  it('keeps digits, order and repeated keys', () => {
    const text = '{"b": 12345678901234567890123, "a": [1.50, 1e-07, {}], "b": "\\u00e1\\"", "c": []}'
    const json = readJson(text)
    expect(json && written(json)).toBe(text)
    expect(leaf(member(json, 'b'))).toBe('12345678901234567890123')
  })
  it.each(['', '{', '{"a" 1}', '[1,]', '{"a":1}}', '[1 2]', 'nope', '{"a":}', '[' + '['.repeat(500)])(
    'is nothing for %.20s',
    (text) => expect(readJson(text)).toBeNull(),
  )
})

describe('before and after', () => {
  it('tells what was added, removed, changed and kept, to the last digit', () => {
    const found = diffOfRows(
      '{"a": 1.50, "b": "x", "c": null, "d": {"e": 1, "f": 2}}',
      '{"a": 1.5, "b": "x", "d": {"e": 1, "g": 3}}',
    )
    expect(Object.fromEntries(found.map((each) => [each.path, each.kind]))).toEqual({
      a: 'changed',
      b: 'same',
      c: 'removed',
      'd.e': 'same',
      'd.f': 'removed',
      'd.g': 'added',
    })
    expect(found.find((each) => each.path === 'a')).toMatchObject({ before: { text: '1.50' }, after: { text: '1.5' } })
  })
  it('knows a value that is only a digest', () => {
    const found = diffOfRows('{"phone": {"digest": "a1"}}', '{"phone": {"digest": "b2"}}')
    expect(found).toEqual([
      {
        path: 'phone',
        kind: 'changed',
        before: { text: '{"digest": "a1"}', hidden: true },
        after: { text: '{"digest": "b2"}', hidden: true },
      },
    ])
  })
  it('hides nothing where a writer imitates a digest, nor within a column', () => {
    const faked = readJson('{"salary": {"digest": "a1"}}')
    expect(diff(faked, faked)).toEqual([
      {
        path: 'salary.digest',
        kind: 'same',
        before: { text: '"a1"', hidden: false },
        after: { text: '"a1"', hidden: false },
      },
    ])
    const nested = diffOfRows('{"settings": {"key": {"digest": "a1"}}, "other": {"digest": 5}}', null)
    expect(nested.map((each) => each.before?.hidden)).toEqual([false, false])
  })
  it('tells keys with dots from levels, and shows a key that is said twice', () => {
    const found = diffOfRows('{"a.b": 1, "a": {"b": 2}, "c": 3, "c": 4, "c (2)": 5, "": 6}', null)
    expect(Object.fromEntries(found.map((each) => [each.path, each.before?.text]))).toEqual({
      '"a.b"': '1',
      'a.b': '2',
      c: '3',
      'c (2)': '4',
      '"c (2)"': '5',
      '""': '6',
    })
  })
  it('reads rows that were created or deleted', () => {
    expect(diffOfRows(null, '{"id": 1}')[0]?.kind).toBe('added')
    expect(diffOfRows('{"id": 1}', null)[0]?.kind).toBe('removed')
  })
  it.each([
    '{"before": {"role": "setter"}, "after": {"role": "closer"}}',
    '{"details": {"antes": {"role": "setter"}, "despues": {"role": "closer"}}}',
    '{"note": {"old": {"role": "setter"}, "new": {"role": "closer"}}}',
  ])('finds what the writer said: %.30s', (payload) => {
    const pair = pairIn(readJson(payload))
    expect(pair && diff(pair.before, pair.after)).toMatchObject([{ path: 'role', kind: 'changed' }])
  })
  it('finds nothing where nothing was said', () => expect(pairIn(readJson('{"before": 1}'))).toBeNull())
})

describe('the event, taken elsewhere', () => {
  it('is JSON with the payload to the last digit', () => {
    const text = eventAsJson(event)
    expect(text).toContain('12345678901234567890123')
    expect(JSON.parse(text)).toMatchObject({ id: event.id, payload: { user_role: 'ceo' } })
    expect(JSON.parse(eventAsJson({ ...event, payload: null })).payload).toBeNull()
  })
  it('becomes queries that the language reads', () => {
    const related = relatedTo(event)
    expect(related.map((each) => each.name)).toEqual([
      'request',
      'actor',
      'resource',
      'session',
      'ip',
      'type',
      'around',
    ])
    for (const { query } of [...related, { query: filterOf(event) }])
      expect(parse(query), query).toMatchObject({ state: 'ok' })
  })
  it('offers only what it says', () => {
    const bare = {
      ...event,
      actor_id: null,
      actor_label: null,
      resource_id: null,
      request_id: null,
      session_id: null,
      ip: null,
    }
    expect(relatedTo(bare).map((each) => each.name)).toEqual(['type', 'around'])
    expect(filterOf(bare)).toBe('type:read_lead')
  })
})
