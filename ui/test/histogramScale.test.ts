import { describe, expect, it } from 'vitest'
import { zoomed } from '../src/audit/histogramScale'
import { anyTime } from '../src/audit/query'
import type { AuditHistogram } from '../src/backend/types'

const bucket = (start: string) => ({ start, info: 1, warning: 0, critical: 0, none: 0 })
/** Three days, of which the first and the last were asked for in part. */
const data: AuditHistogram = {
  step_seconds: 86_400,
  buckets: ['2026-01-24', '2026-01-25', '2026-01-26'].map((day) => bucket(`${day}T00:00:00Z`)),
  source: 'counted',
  complete: true,
}
const now = Date.parse('2026-01-26T15:40:00Z')
const asked = { when: null, after: '2026-01-24T10:00:00Z', before: '2026-01-26T12:00:00Z' }

describe('a zoom into some bars', () => {
  it('is their time, between the bounds', () => {
    expect(zoomed(data, 1, 1, asked, now)).toEqual({
      when: null,
      after: '2026-01-25T00:00:00Z',
      before: '2026-01-26T00:00:00.000Z',
    })
  })

  it('keeps the bounds of the query, in either direction', () => {
    expect(zoomed(data, 1, 0, asked, now)).toEqual({ ...asked, before: '2026-01-26T00:00:00.000Z' })
    expect(zoomed(data, 2, 2, asked, now)).toEqual({ ...asked, after: '2026-01-26T00:00:00Z' })
    expect(zoomed(data, 0, 2, asked, now)).toEqual(asked)
  })

  it('begins where a period that is counted back from now did', () => {
    expect(zoomed(data, 0, 0, { ...anyTime, when: 'last 2 days' }, now)).toEqual({
      when: null,
      after: '2026-01-24T15:40:00.000Z',
      before: '2026-01-25T00:00:00.000Z',
    })
  })

  it('stays within a period of the calendar, whose bounds are not known here', () => {
    const when = 'last week'
    expect(zoomed(data, 0, 0, { ...anyTime, when }, now)).toEqual({
      when,
      after: null,
      before: '2026-01-25T00:00:00.000Z',
    })
    expect(zoomed(data, 2, 2, { ...anyTime, when }, now)).toEqual({ when, after: '2026-01-26T00:00:00Z', before: null })
    expect(zoomed(data, 1, 1, { ...anyTime, when }, now)?.when).toBeNull()
  })

  it('has the time of the bars where the query has no bounds', () => {
    expect(zoomed(data, 0, 2, anyTime, now)).toEqual({
      when: null,
      after: '2026-01-24T00:00:00Z',
      before: '2026-01-27T00:00:00.000Z',
    })
  })
})
