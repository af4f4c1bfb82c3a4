import { describe, expect, it } from 'vitest'
import '../src/i18n/later'
import i18n from 'i18next'
import { startLanguages } from '../src/i18n'
import { periodWords } from '../src/audit/periodWords'

startLanguages()
const inWords = (language: 'es' | 'en', period: string) =>
  periodWords({ t: i18n.getFixedT(language), locale: language }, period)

describe('periods in the reader’s words', () => {
  it.each([
    ['today', 'Hoy', 'Today'],
    ['last night', 'Anoche', 'Last night'],
    ['this quarter', 'Este trimestre', 'This quarter'],
    ['last weekend', 'El fin de semana pasado', 'Last weekend'],
    ['last 1 hour', 'Última hora', 'Last hour'],
    ['last 14 days', 'Últimos 14 días', 'Last 14 days'],
    ['3 weeks ago', 'Hace 3 semanas', '3 weeks ago'],
    ['1 month ago', 'Hace un mes', 'A month ago'],
    ['monday', 'Lunes', 'Monday'],
    ['last sunday', 'El domingo pasado', 'Last Sunday'],
    ['2026', '2026', '2026'],
    ['2026-03', 'Marzo de 2026', 'March 2026'],
    ['march', 'Marzo', 'March'],
    ['2026-03-02', '2 mar 2026', 'Mar 2, 2026'],
    ['2 march', '2 mar', 'Mar 2'],
    ['since monday', 'Desde lunes', 'Since Monday'],
    ['2026-01..2026-03', 'Enero de 2026 – marzo de 2026', 'January 2026 – March 2026'],
    ['yesterday 10:00..yesterday 12:00', 'Ayer, 10:00 – ayer, 12:00', 'Yesterday, 10:00 – yesterday, 12:00'],
    ['3 days ago..today', 'Hace 3 días – hoy', '3 days ago – today'],
  ])('%s', (period, spanish, english) => {
    expect(inWords('es', period)).toBe(spanish)
    expect(inWords('en', period)).toBe(english)
  })

  it('shows what it does not know as it is, without what could turn the line around', () => {
    expect(inWords('en', 'whenever')).toBe('Whenever')
    expect(inWords('en', 'last 3 days ago')).toBe('Last 3 days ago')
    expect(inWords('en', 'x\u202ey')).not.toContain('\u202e')
    expect(inWords('es', 'since whenever')).toBe('Since whenever')
  })
})
