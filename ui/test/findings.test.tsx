import { describe, expect, it } from 'vitest'
import type { AuditFindings } from '../src/backend/types'
import { findings } from './fake/data'
import { appError } from './fake/door'
import { calls, expectAccessible, expectNoBareKeys, languages, openWindow, screen, waitFor, within } from './render'

async function openAudit(...args: Parameters<typeof openWindow>) {
  const view = openWindow(...args)
  await view.user.click(await view.find('nav-audit'))
  await screen.findAllByTestId('audit-row')
  return { ...view, field: screen.getByTestId('audit-query') as HTMLInputElement }
}
const found = (): AuditFindings => ({ found: findings(Date.now()), late: [], failed: [], more: [] })

describe.each(languages)('findings in %s', (language) => {
  it('say what was found and why, open as a query, and can be called expected', async () => {
    const { user, fake, field } = await openAudit(language)
    const button = await screen.findByTestId('findings-open')
    await waitFor(() => expect(button.dataset['count']).toBe('3'))
    await user.keyboard('i')
    const burst = await screen.findByTestId('finding-failed_logins')
    expect(burst.textContent).toContain(
      language === 'es' ? '400 inicios de sesión fallidos desde 203.0.113.77' : '400 failed sign-ins from 203.0.113.77',
    )
    await waitFor(() =>
      expect(burst.textContent).toContain(language === 'es' ? '10 fallos o más' : '10 failures or more'),
    )
    await expectAccessible()
    expectNoBareKeys()
    await user.click(screen.getByTestId('finding-failed_logins-open'))
    await waitFor(() => expect(field.value).toBe('type:login_failed ip:203.0.113.77'))
    await waitFor(() => expect(screen.getByTestId('audit-count').dataset['count']).toBe('400'))
    await user.click(screen.getByTestId('finding-mass_reads-expected'))
    await user.type(await screen.findByTestId('finding-mass_reads-note'), 'Informe mensual{Enter}')
    await waitFor(() =>
      expect(calls(fake, 'audit_finding_note_save')[0]?.req).toEqual({
        rule: 'mass_reads',
        subject: 'setter.28@empresa1.example.com',
        note: 'Informe mensual',
      }),
    )
    await waitFor(() => expect(button.dataset['count']).toBe('2'))
    await user.click(screen.getByTestId('findings-expected'))
    expect((await screen.findByTestId('finding-mass_reads')).textContent).toContain('Informe mensual')
    await user.click(screen.getByTestId('finding-mass_reads-undo'))
    await waitFor(() => expect(button.dataset['count']).toBe('3'))
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByTestId('findings')).toBeNull())
  })

  it('say which rules ran out of time, and look again', async () => {
    const { user, fake } = await openAudit(language, {
      answers: { audit_findings: () => ({ found: [], late: ['silent_gap'], failed: [], more: [] }) },
    })
    await user.keyboard('i')
    const late = await screen.findByTestId('findings-late')
    expect(late.textContent).toContain(language === 'es' ? 'No dio tiempo a buscar: Silencios' : 'in time: Silences')
    expect(screen.queryByTestId('findings-none')).toBeNull()
    await expectAccessible()
    expectNoBareKeys()
    fake.answers['audit_findings'] = () => ({ found: [], late: [], failed: [], more: [] })
    await user.click(screen.getByTestId('findings-again'))
    await screen.findByTestId('findings-none')
    expect(screen.queryByTestId('findings-late')).toBeNull()
  })

  it('say which rules could not be looked for, and why', async () => {
    const failed: AuditFindings['failed'] = [
      { rule: 'mass_reads', code: 'INTERNAL', message: 'The database answered something unexpected.', state: '22012' },
      { rule: 'silent_gap', code: 'INTERNAL', message: 'The database answered something unexpected.', state: '22012' },
      { rule: 'new_ip', code: 'DISK_FULL', message: 'The disk is full.', state: null },
    ]
    const { user } = await openAudit(language, {
      answers: { audit_findings: () => ({ ...found(), late: [], failed }) },
    })
    await user.keyboard('i')
    const lines = await screen.findAllByTestId('findings-failed')
    expect(lines).toHaveLength(2)
    expect(lines[0]?.textContent).toContain(
      language === 'es'
        ? 'No se pudo buscar: Lecturas en masa, Silencios en el registro.'
        : 'Could not be looked for: Mass reads, Silences in the log.',
    )
    expect(lines[0]?.textContent).toContain('INTERNAL · 22012')
    expect(lines[1]?.textContent).toContain('DISK_FULL')
    expect(screen.getByTestId('finding-failed_logins')).toBeTruthy()
    expect(screen.getByTestId('findings-again')).toBeTruthy()
    await expectAccessible()
    expectNoBareKeys()
  })

  it('say where there are more than are shown, and lead on', async () => {
    const more: AuditFindings['more'] = [{ rule: 'failed_logins', shown: 200, query: 'type:login_failed' }]
    const { user, field } = await openAudit(language, { answers: { audit_findings: () => ({ ...found(), more }) } })
    expect((await screen.findByTestId('findings-open')).textContent).toContain('3+')
    await user.keyboard('i')
    const line = await screen.findByTestId('findings-more-failed_logins')
    expect(line.textContent).toContain(language === 'es' ? 'se muestran 200; hay más' : '200 shown, there are more')
    await expectAccessible()
    expectNoBareKeys()
    await user.click(screen.getByTestId('findings-more-failed_logins-open'))
    await waitFor(() => expect(field.value).toBe('type:login_failed'))
    await user.click(screen.getByTestId('findings-more-tune'))
    await screen.findByTestId('rule-failed_logins')
  })

  it('say where the query shows more than was found, and who has no name', async () => {
    const [first, second] = findings(Date.now())
    const all = [
      { ...first!, shows: 'found' as const },
      { ...second!, shows: 'others' as const, subject: '' },
      { ...second!, rule: 'mass_reads' as const, shows: 'actor' as const, subject: 'ana' },
    ]
    const { user } = await openAudit(language, { answers: { audit_findings: () => ({ ...found(), found: all }) } })
    await user.keyboard('i')
    const item = await screen.findByTestId('finding-rights_raised')
    expect(item.textContent).toContain(language === 'es' ? '(sin nombre)' : '(no name)')
    expect(screen.getByTestId('finding-rights_raised-shows').textContent).toContain(
      language === 'es' ? 'eventos de otros' : 'events of others',
    )
    expect(screen.getByTestId('finding-mass_reads-shows').textContent).toContain(
      language === 'es' ? 'otros nombres' : 'other names',
    )
    expect(screen.queryByTestId('finding-failed_logins-shows')).toBeNull()
    await expectAccessible()
    expectNoBareKeys()
  })

  it('can be called expected only by who may', async () => {
    const { user } = await openAudit(language, { session: { permissions: ['audit.list', 'audit.read'] } })
    await user.keyboard('i')
    const item = await screen.findByTestId('finding-failed_logins')
    expect(within(item).queryByTestId('finding-failed_logins-expected')).toBeNull()
    await user.click(screen.getByTestId('findings-expected'))
    expect((await screen.findByTestId('finding-new_ip')).textContent).toContain('Trabaja desde casa')
    expect(screen.queryByTestId('finding-new_ip-undo')).toBeNull()
  })

  it('are tuned in the settings', async () => {
    window.location.hash = '#/settings/findings'
    const { user, fake } = openWindow(language)
    const rule = await screen.findByTestId('rule-failed_logins')
    const threshold = screen.getByTestId('rule-failed_logins-threshold')
    await user.clear(threshold)
    await user.type(threshold, '25')
    await waitFor(() => expect(rule.textContent).toContain('25'))
    await expectAccessible()
    expectNoBareKeys()
    await user.click(screen.getByTestId('rule-failed_logins-save'))
    await waitFor(() =>
      expect(calls(fake, 'audit_finding_rule_save')[0]?.req).toEqual({
        rule: 'failed_logins',
        enabled: true,
        threshold: 25,
        window_minutes: 5,
      }),
    )
    await user.click(screen.getByTestId('rule-unusual_hours-enabled'))
    await waitFor(() => expect(calls(fake, 'audit_finding_rule_save')[1]?.req).toMatchObject({ enabled: true }))
  })
})

it('keeps the focus among the findings when one goes to the other list', async () => {
  const { user } = await openAudit('en')
  await user.keyboard('i')
  await user.click(await screen.findByTestId('finding-mass_reads-expected'))
  await user.type(await screen.findByTestId('finding-mass_reads-note'), 'Monthly report{Enter}')
  await waitFor(() => expect(screen.queryByTestId('finding-mass_reads')).toBeNull())
  // It was the last one.
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('finding-rights_raised-open')))
})

describe('a rule of findings', () => {
  const settings = async () => {
    window.location.hash = '#/settings/findings'
    const view = openWindow('en')
    await screen.findByTestId('rule-failed_logins')
    return view
  }
  const box = () => screen.getByTestId('rule-failed_logins-enabled') as HTMLInputElement

  it('is turned off without the numbers that nobody saved', async () => {
    const { user, fake } = await settings()
    const threshold = screen.getByTestId('rule-failed_logins-threshold')
    await user.clear(threshold)
    await user.type(threshold, '25')
    await user.click(box())
    await waitFor(() =>
      expect(calls(fake, 'audit_finding_rule_save')[0]?.req).toMatchObject({ enabled: false, threshold: 10 }),
    )
    await waitFor(() => expect(box().checked).toBe(false))
  })

  it('shows itself as it is after a refusal', async () => {
    const { user, fake } = await settings()
    fake.answers['audit_finding_rule_save'] = () => {
      throw appError('ACCESS_DENIED')
    }
    await user.click(box())
    await screen.findByTestId('error-note')
    expect(box().checked).toBe(true)
  })
})
