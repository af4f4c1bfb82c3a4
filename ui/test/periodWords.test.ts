import { describe, expect, it } from 'vitest'
import '../src/i18n/later'
import i18n from 'i18next'
import { startLanguages } from '../src/i18n'
import { periodInWords } from '../src/audit/period'
import { periodWords } from '../src/audit/periodWords'
import { anyTime, type Period } from '../src/audit/query'

startLanguages()
const shown = (language: 'es' | 'en', period: Partial<Period>) =>
  periodInWords(i18n.getFixedT(language), language, { ...anyTime, ...period })
const inWords = (language: 'es' | 'en', when: string) => shown(language, { when })

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
    ['this friday', 'Este viernes', 'This Friday'],
    ['Q3', 'Tercer trimestre', 'Third quarter'],
    ['2026-Q1', 'Primer trimestre de 2026', 'First quarter of 2026'],
    ['2025-H2', 'Segundo semestre de 2025', 'Second half of 2025'],
    ['last sunday', 'El domingo pasado', 'Last Sunday'],
    ['2026', '2026', '2026'],
    ['2026-03', 'Marzo de 2026', 'March 2026'],
    ['march', 'Marzo', 'March'],
    ['2026-03-02', '2 mar 2026', 'Mar 2, 2026'],
    ['2 march', '2 mar', 'Mar 2'],
    ['yesterday 10:00', 'Ayer, 10:00', 'Yesterday, 10:00'],
    ['last 4000 days', 'Últimos 4000 días', 'Last 4,000 days'],
    ['last 40000 days', 'Últimos 40.000 días', 'Last 40,000 days'],
    ['since monday', 'Desde el lunes', 'Since Monday'],
    ['since monday 10:00', 'Desde el lunes, 10:00', 'Since Monday, 10:00'],
    ['since 2026-03-02', 'Desde el 2 mar 2026', 'Since Mar 2, 2026'],
    ['since 2 march', 'Desde el 2 mar', 'Since Mar 2'],
    ['since march', 'Desde marzo', 'Since March'],
    ['since 2026', 'Desde 2026', 'Since 2026'],
    ['since last sunday', 'Desde el domingo pasado', 'Since last Sunday'],
    ['since yesterday', 'Desde ayer', 'Since yesterday'],
    ['2026-01..2026-03', 'Enero de 2026 – marzo de 2026', 'January 2026 – March 2026'],
    [
      '2026-Q1..2026-Q3',
      'Primer trimestre de 2026 – tercer trimestre de 2026',
      'First quarter of 2026 – third quarter of 2026',
    ],
    ['yesterday 22:00..06:00', 'Ayer, 22:00 – 06:00', 'Yesterday, 22:00 – 06:00'],
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

  it.each<[Partial<Period>, string, string]>([
    [{ after: 'yesterday 10:00' }, 'Desde ayer, 10:00', 'From yesterday, 10:00'],
    [{ after: 'yesterday 10:00', before: 'today' }, 'Ayer, 10:00 – hoy', 'Yesterday, 10:00 – today'],
    [{ after: 'monday' }, 'Desde el lunes', 'From Monday'],
    [{ before: 'monday' }, 'Hasta el lunes', 'Until Monday'],
    [{ after: '2026-03-02' }, 'Desde el 2 mar 2026', 'From Mar 2, 2026'],
    [{ after: '2019-03-02T10:00:00' }, 'Desde el 2 mar 2019, 10:00', 'From Mar 2, 2019, 10:00'],
    [{ after: 'this month' }, 'Desde este mes', 'From this month'],
    [{ after: 'last 7 days' }, 'Últimos 7 días', 'Last 7 days'],
    [{ before: 'last 7 days' }, 'Hasta el comienzo de «últimos 7 días»', 'Until the beginning of “last 7 days”'],
    [{ after: 'since monday' }, 'Desde el lunes', 'From Monday'],
    [{ after: 'monday..friday' }, 'Desde el lunes', 'From Monday'],
    [{ when: 'yesterday', before: 'today' }, 'Ayer, hasta hoy', 'Yesterday, until today'],
    [{ when: 'last 7 days', after: 'monday' }, 'Últimos 7 días, desde el lunes', 'Last 7 days, from Monday'],
  ])('%j', (period, spanish, english) => {
    expect(shown('es', period)).toBe(spanish)
    expect(shown('en', period)).toBe(english)
  })

  it('shows a period between times with their zones as its bounds', () => {
    const [after, before] = ['2019-03-02T10:00:00.000000Z', '2019-03-02T11:30:00.000000Z']
    for (const language of ['es', 'en'] as const) {
      expect(inWords(language, `${after}..${before}`)).toBe(shown(language, { after, before }))
    }
  })

  it('has no capital in the middle of a phrase', () => {
    expect(periodWords({ t: i18n.getFixedT('es'), locale: 'es' }, 'yesterday')).toBe('ayer')
  })
})
