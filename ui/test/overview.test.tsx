import { describe, expect, it, vi } from 'vitest'
import type { AuditFinding, AuditFindings, Overview } from '../src/backend/types'
import { findings } from './fake/data'
import { appError, type FakeOptions } from './fake/door'
import { calls, expectAccessible, expectNoBareKeys, languages, openWindow, screen, waitFor } from './render'

const minute = 60_000
const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
const burst = (part: Partial<AuditFinding>): AuditFinding => ({ ...(findings(Date.now())[0] as AuditFinding), ...part })

const foundOf = (found: AuditFinding[]): AuditFindings => ({ found, late: [], failed: [], more: [] })

/** An overview where nothing needs attention. */
const quiet = (): FakeOptions['answers'] => ({ overview: () => quietOverview, audit_findings: () => foundOf([]) })
const quietOverview: Overview = {
  attention: [],
  legacy: { logins: [], events_24h: 0 } as unknown as Overview['legacy'],
  health: [],
  totals: { events_24h: 0, tenants: 7, users: 40, leads: 0, credentials: 0 },
  activity: [],
}
const busy = (count: number): Overview => ({
  ...quietOverview,
  attention: [{ code: 'failed_logins_burst', severity: 'critical', count, detail: '', query: 'type:login_failed' }],
})

describe('a burst of failed logins', () => {
  it.each([
    ['is told beside a finding that ended long ago', 900, { count: 2_000, until: ago(40 * minute) }, true],
    ['is told beside a smaller finding of now', 900, { count: 40, until: ago(minute) }, true],
    ['is told once where the finding of now holds it', 300, { count: 400, until: ago(2 * minute) }, false],
  ])('%s', async (_, count, finding, told) => {
    openWindow('en', { answers: { overview: () => busy(count), audit_findings: () => foundOf([burst(finding)]) } })
    await screen.findByTestId('found-failed_logins')
    expect(screen.queryByTestId('attention-failed_logins_burst') !== null).toBe(told)
  })
})

describe.each(languages)('calm in %s', (language) => {
  it('is said where everything was checked, with how often', async () => {
    openWindow(language, { answers: quiet() })
    const line = await screen.findByTestId('attention-none')
    expect(line.textContent).toContain(language === 'es' ? 'cada 5 minutos' : 'every 5 minutes')
    expectNoBareKeys()
  })

  it('is not said while findings are looked for, nor after they failed', async () => {
    let fail: (error: unknown) => void = () => undefined
    const asked = { ...quiet(), audit_findings: () => new Promise((_, reject) => (fail = reject)) }
    const { fake, user } = openWindow(language, { answers: asked })
    await screen.findByTestId('attention-looking')
    expect(screen.queryByTestId('attention-none')).toBeNull()
    await expectAccessible()
    fail(appError('QUERY_TOO_BROAD'))
    expect((await screen.findByTestId('attention-error')).textContent).not.toBe('')
    expect(screen.queryByTestId('attention-none')).toBeNull()
    await expectAccessible()
    fake.answers['audit_findings'] = () => foundOf([])
    await user.click(screen.getByTestId('retry'))
    await screen.findByTestId('attention-none')
    expect(screen.queryByTestId('attention-error')).toBeNull()
  })

  it('is not said where a rule ran out of time, and what the others found is there', async () => {
    const late = ['mass_reads', 'unusual_hours']
    const asked = { ...quiet(), audit_findings: () => ({ ...foundOf([burst({})]), late }) }
    const { fake, user } = openWindow(language, { answers: asked })
    const line = await screen.findByTestId('findings-late')
    expect(line.textContent).toContain(language === 'es' ? 'No dio tiempo a buscar: Lecturas' : 'in time: Mass reads, ')
    await screen.findByTestId('found-failed_logins')
    fake.answers['audit_findings'] = () => ({ ...foundOf([]), late })
    await user.click(screen.getByTestId('retry'))
    await waitFor(() => expect(screen.queryByTestId('found-failed_logins')).toBeNull())
    expect(screen.queryByTestId('attention-none')).toBeNull()
    await expectAccessible()
    expectNoBareKeys()
    fake.answers['audit_findings'] = () => foundOf([])
    await user.click(screen.getByTestId('retry'))
    await screen.findByTestId('attention-none')
  })
})

describe.each(languages)('findings that are not all in %s', (language) => {
  const es = language === 'es'
  it('are told where a rule failed, and calm is not', async () => {
    const failed = [{ rule: 'mass_reads', code: 'INTERNAL', message: '', state: '22012' }]
    openWindow(language, { answers: { ...quiet(), audit_findings: () => ({ ...foundOf([]), failed }) } })
    const line = await screen.findByTestId('findings-failed')
    expect(line.textContent).toContain(es ? 'No se pudo buscar: Lecturas' : 'Could not be looked for: Mass reads')
    expect(screen.queryByTestId('attention-none')).toBeNull()
    expect(screen.getByTestId('retry')).toBeTruthy()
    await expectAccessible()
    expectNoBareKeys()
  })

  it('are told where there are more of them, also where each that is shown is expected', async () => {
    const note = { rule: 'failed_logins', subject: 'x', note: 'Ours', author: 'ana@x', at: ago(0) } as const
    const more = [
      { rule: 'failed_logins', shown: 200, query: 'type:login_failed' },
      { rule: 'new_ip', shown: 200, query: 'type:login_success' },
    ]
    const found = [burst({ note }), burst({ rule: 'new_ip', severity: 'info' })]
    const { user } = openWindow(language, {
      answers: { ...quiet(), audit_findings: () => ({ ...foundOf(found), more }) },
    })
    const line = await screen.findByTestId('findings-more-failed_logins')
    expect(line.textContent).toContain(es ? 'se muestran 200; hay más' : '200 shown, there are more')
    // Of what only informs nothing is told here.
    expect(screen.queryByTestId('findings-more-new_ip')).toBeNull()
    expect(screen.queryByTestId('attention-none')).toBeNull()
    await expectAccessible()
    expectNoBareKeys()
    await user.click(screen.getByTestId('findings-more-failed_logins-open'))
    const field = (await screen.findByTestId('audit-query')) as HTMLInputElement
    await waitFor(() => expect(field.value).toBe('type:login_failed'))
  })
})

it('is calm without findings where the caller may not see them, and says how often that is checked', async () => {
  const { fake } = openWindow('en', { answers: quiet(), session: { permissions: [] } })
  expect((await screen.findByTestId('attention-none')).textContent).not.toContain('findings')
  expect(calls(fake, 'audit_findings')).toHaveLength(0)
})

describe('an overview that stays open', () => {
  const clock = async (run: (fake: ReturnType<typeof openWindow>['fake']) => Promise<void>) => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    try {
      const { fake } = openWindow('en')
      await screen.findByTestId('found-failed_logins')
      await waitFor(() => expect(calls(fake, 'audit_count')).toHaveLength(2))
      await run(fake)
    } finally {
      vi.useRealTimers()
    }
  }

  it('looks for findings every five minutes, and counts pinned views with every round', () =>
    clock(async (fake) => {
      await vi.advanceTimersByTimeAsync(61_000)
      await waitFor(() => expect(calls(fake, 'overview').length).toBeGreaterThan(1))
      await waitFor(() => expect(calls(fake, 'audit_count').length).toBeGreaterThan(2))
      expect(calls(fake, 'audit_findings')).toHaveLength(1)
      fake.answers['audit_findings'] = () => foundOf([burst({ subject: '198.51.100.7' })])
      await vi.advanceTimersByTimeAsync(4 * minute)
      await waitFor(() => expect(screen.getByTestId('found-failed_logins').dataset['subject']).toBe('198.51.100.7'))
    }))

  it('asks for nothing while nobody can see it', () =>
    clock(async (fake) => {
      const hidden = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
      document.dispatchEvent(new Event('visibilitychange'))
      const before = fake.calls.length
      await vi.advanceTimersByTimeAsync(11 * minute)
      expect(fake.calls.length).toBe(before)
      hidden.mockRestore()
      document.dispatchEvent(new Event('visibilitychange'))
    }))
})

describe('with a tenant chosen', () => {
  const chooseFirst = async () => {
    const view = openWindow('en')
    await view.user.click(await view.find('tenant-switcher'))
    await view.user.click(await view.find('tenant-3'))
    return view
  }
  const scope = () => JSON.parse(localStorage.getItem('atalaya.scope.c1') ?? 'null') as number | null

  it('an activity row opens the events of all', async () => {
    const { user } = await chooseFirst()
    expect(scope()).toBe(3)
    await user.click((await screen.findAllByTestId('activity-row'))[0] as HTMLElement)
    await screen.findByTestId('audit-list')
    expect(scope()).toBeNull()
  })

  it('a finding opens the events that it is about', async () => {
    const { user, find } = await chooseFirst()
    await user.click(await find('nav-audit'))
    await user.click(await find('findings-open'))
    await user.click(await find('finding-failed_logins-open'))
    await waitFor(() => expect(screen.getByTestId('audit-count').dataset['count']).toBe('400'))
    expect(scope()).toBeNull()
  })
})
