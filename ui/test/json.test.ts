import { describe, expect, it } from 'vitest'
import { diff, diffOfTexts, pairIn } from '../src/audit/diff'
import { eventAsJson } from '../src/audit/eventJson'
import { leaf, member, readJson, written } from '../src/audit/json'
import { filterOf, relatedTo } from '../src/audit/related'
import { detailOf, eventAt } from './fake/data'
import { parse } from './fake/language'

const event = { ...detailOf(eventAt(0, Date.parse('2026-02-01T10:00:00Z'))) }

describe('JSON as a tree', () => {
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
    const found = diffOfTexts(
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
    const found = diffOfTexts('{"phone": {"digest": "a1"}}', '{"phone": {"digest": "b2"}}')
    expect(found).toEqual([
      {
        path: 'phone',
        kind: 'changed',
        before: { text: '{"digest": "a1"}', hidden: true },
        after: { text: '{"digest": "b2"}', hidden: true },
      },
    ])
  })
  it('reads rows that were created or deleted', () => {
    expect(diffOfTexts(null, '{"id": 1}')[0]?.kind).toBe('added')
    expect(diffOfTexts('{"id": 1}', null)[0]?.kind).toBe('removed')
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
