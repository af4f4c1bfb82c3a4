// Rows and answers that nobody expects: they cost their own place on the screen and nothing else.
import { describe, expect, it, vi } from 'vitest'
import type { AuditEvent } from '../src/backend/types'
import { eventAt, detailOf } from './fake/data'
import { expectAccessible, expectNoBareKeys, languages, openAudit, openWindow, screen, waitFor } from './render'

describe.each(['infinity', '-infinity', 'pg:9223371331200000000', '9999-12-31T23:59:00.000000Z'])(
  'an event at %s',
  (occurred_at) => {
    it('is shown, without the minutes around it', async () => {
      const row = { ...eventAt(0, Date.now()), occurred_at }
      const { user } = await openAudit('en', {
        answers: {
          audit_list: () => ({ rows: [row], next: null, searched: null }),
          audit_read: (): AuditEvent => ({ ...detailOf(row), occurred_at }),
        },
      })
      await user.click(screen.getAllByTestId('audit-row')[0]!)
      expect(await screen.findByTestId('payload')).toBeTruthy()
      expect(screen.getByTestId('related-type')).toBeTruthy()
      expect(screen.queryByTestId('related-around')).toBeNull()
    })
  },
)

describe.each(languages)('a screen that cannot be drawn (%s)', (language) => {
  it('says so in its place and leaves the way to the others', async () => {
    const told = (['error', 'warn'] as const).map((name) => vi.spyOn(console, name).mockImplementation(() => undefined))
    const { user, fake } = openWindow(language, { answers: { audit_facets: () => ({ facets: 5 }) } })
    await user.click(await screen.findByTestId('nav-audit'))
    const panel = await screen.findByTestId('error-panel')
    expect(panel.textContent).toContain(language === 'es' ? 'Algo falló' : 'Something failed')
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(panel.querySelector('h1')?.textContent)
    expect(screen.getByTestId('reload').textContent).toBe(
      language === 'es' ? 'Recargar la ventana' : 'Reload the window',
    )
    await expectAccessible()
    expectNoBareKeys()
    await user.click(screen.getByTestId('nav-overview'))
    await screen.findByTestId('overview')
    await user.click(screen.getByTestId('nav-audit'))
    await screen.findByTestId('error-panel')
    fake.answers['audit_facets'] = () => ({ facets: [], source: 'rollup', newest: null })
    await user.click(screen.getByTestId('retry'))
    await waitFor(() => expect(screen.getAllByTestId('audit-row').length).toBeGreaterThan(0))
    for (const each of told) each.mockRestore()
  })
})
