import { describe, expect, it } from 'vitest'
import { tickForm } from '../src/audit/histogramScale'
import { dateFormat } from '../src/look/formats'
import { duration } from '../src/look/numbers'
import { exact } from '../src/look/times'

describe('a length of time', () => {
  it.each([
    [0.2, '1 s'],
    [59, '59 s'],
    [60, '1 min'],
    [89, '89 s'],
    [300, '5 min'],
    [3_600, '1 h'],
    [10_800, '3 h'],
    [86_400, '1 día'],
    [129_600, '36 h'],
    [720 * 3_600, '30 días'],
    [1_000_000, '12 días'],
  ])('of %d seconds is %s', (seconds, text) => {
    expect(duration(seconds, 'es').replace(/\s/g, ' ')).toBe(text)
  })

  it('is told in English too', () => {
    expect(duration(720 * 3_600, 'en')).toBe('30 days')
    expect(duration(60, 'en')).toBe('1 min')
  })
})

it('is an exact time of 24 hours in both languages, as in the rows', () => {
  for (const locale of ['es', 'en']) {
    const said = exact('2026-01-26T20:05:09Z', locale)
    expect(said).not.toMatch(/\bPM\b/i)
    expect(said).toMatch(/\d\d:05:09/)
  }
})

describe('a tick of the histogram', () => {
  const day = 86_400
  it.each([
    [2 * day, '21:00', '21:00'],
    [4 * day, 'mié 4, 21:00', '4 Wed, 21:00'],
    [30 * day, '4 mar', 'Mar 4'],
  ])('over %d seconds names its hour as a time', (span, spanish, english) => {
    const at = new Date(2026, 2, 4, 21)
    expect(dateFormat('es', tickForm(span)).format(at)).toBe(spanish)
    expect(dateFormat('en', tickForm(span)).format(at).replace(' at ', ', ')).toBe(english)
  })
})
