import { describe, expect, it } from 'vitest'
import { appError } from './fake/door'
import { calls, expectAccessible, expectNoBareKeys, languages, openWindow, screen, waitFor } from './render'

async function openAudit(...args: Parameters<typeof openWindow>) {
  const view = openWindow(...args)
  await view.user.click(await view.find('nav-audit'))
  return view
}
const selected = () =>
  document.querySelector('[data-testid="audit-row"][aria-selected="true"]')?.getAttribute('data-event-id')
const firstId = 9_007_199_254_800_000n

describe.each(languages)('audit in %s', (language) => {
  it('shows rows and their number, without violations', async () => {
    await openAudit(language)
    expect((await screen.findAllByTestId('audit-row')).length).toBeGreaterThan(10)
    const count = await screen.findByTestId('audit-count')
    expect(count.dataset['count']).toBe('1200')
    await expectAccessible()
    expectNoBareKeys()
  })

  it('shows the detail in words and keeps the digits of the payload', async () => {
    const { user } = await openAudit(language)
    await user.click((await screen.findAllByTestId('audit-row'))[0]!)
    expect((await screen.findByTestId('detail-sentence')).textContent).toContain('secretary.1@empresa2.example.com')
    const payload = await screen.findByTestId('payload')
    expect(payload.textContent).toContain('12345678901234567890123')
    expect(payload.textContent).toContain('1e-07')
    expect(payload.textContent).toContain('\\u202e')
    await expectAccessible()
    expectNoBareKeys()
  })
})

describe('audit', () => {
  it('is walked with the keyboard alone', async () => {
    const { user, fake } = await openAudit('en')
    await screen.findAllByTestId('audit-row')
    await user.keyboard('{ArrowDown}')
    await waitFor(() => expect(selected()).toBe(String(firstId)))
    await user.keyboard('{ArrowDown}{ArrowDown}{Enter}')
    await screen.findByTestId('audit-detail')
    expect(selected()).toBe(String(firstId - 2n))
    await user.keyboard('{ArrowDown}')
    await waitFor(() => expect(selected()).toBe(String(firstId - 3n)))
    await waitFor(() => expect(calls(fake, 'audit_read').length).toBeGreaterThan(0))
    await user.keyboard('{Escape}')
    expect(screen.queryByTestId('audit-detail')).toBeNull()
    expect(document.activeElement).toBe(screen.getByTestId('audit-list'))
    await user.keyboard('/')
    expect(document.activeElement).toBe(screen.getByTestId('audit-query'))
    screen.getByTestId('audit-list').focus()
    await user.keyboard('?')
    expect(await screen.findByText('Keyboard shortcuts')).toBeTruthy()
  })

  it('goes to the last row of all with End, not to the last that was loaded', async () => {
    const { user, fake } = await openAudit('en')
    await screen.findAllByTestId('audit-row')
    screen.getByTestId('audit-list').focus()
    await user.keyboard('{End}')
    await waitFor(() => expect(screen.getByTestId('audit-position').dataset['loaded']).toBe('1200'))
    // Nothing is laid out here, so the row itself is not drawn; what is opened is the one that was walked to.
    await user.keyboard('{Enter}')
    const last = String(firstId - 1_199n)
    await waitFor(() => expect(calls(fake, 'audit_read').at(-1)?.req).toMatchObject({ id: last }))
  })

  it('walks with j and k from anywhere, by pages, and back to the first', async () => {
    const { user } = await openAudit('en')
    await screen.findAllByTestId('audit-row')
    await user.keyboard('jjk')
    await waitFor(() => expect(selected()).toBe(String(firstId)))
    await user.keyboard('{PageDown}')
    await waitFor(() => expect(Number(firstId - BigInt(selected() ?? 0))).toBeGreaterThan(10))
    await user.keyboard('{Home}')
    await waitFor(() => expect(selected()).toBe(String(firstId)))
    expect(screen.getByTestId('audit-position').textContent).toContain('loaded')
  })

  it('asks with the tenant of the top bar, whatever the query says', async () => {
    const { user, fake } = await openAudit('en')
    await user.type(await screen.findByTestId('audit-query'), 'tenant:1 severity:critical{Escape}{Enter}')
    await user.click(screen.getByTestId('tenant-switcher'))
    await user.click(await screen.findByTestId('tenant-5'))
    await waitFor(() =>
      expect(calls(fake, 'audit_list').at(-1)?.req).toMatchObject({ query: 'severity:critical tenant:5' }),
    )
  })

  it('opens an address with its query and event, and copies one', async () => {
    window.location.hash = `#/audit?q=type%3Alogin_failed&event=${firstId - 20n}~2026-02-01T10:00:26.123456Z`
    const { user } = openWindow('en')
    expect((await screen.findByTestId('audit-detail')).textContent).toContain('Failed sign-in')
    expect((screen.getByTestId('audit-query') as HTMLInputElement).value).toBe('type:login_failed')
    const link = await screen.findByTestId('detail-copy-link')
    expect(link.dataset['value']).toContain(`#/audit?q=type%3Alogin_failed&event=${firstId - 20n}%7E`)
    await user.keyboard('{Escape}')
    expect(screen.queryByTestId('audit-detail')).toBeNull()
  })

  it('says how far a search got, and goes on when asked', async () => {
    const searched = { until: '2026-01-01T00:00:00Z', complete: false }
    const next = { id: '5', occurred_at: '2026-01-01T00:00:00Z', now: '2026-02-01T00:00:00Z' }
    const { user, fake } = await openAudit('en', { answers: { audit_list: () => ({ rows: [], next, searched }) } })
    expect((await screen.findByTestId('audit-search-on')).textContent).toBe('Search on')
    expect(screen.getByTestId('audit-end').textContent).toContain('Searched back to')
    const before = calls(fake, 'audit_list').length
    await user.click(screen.getByTestId('audit-search-on'))
    await waitFor(() => expect(calls(fake, 'audit_list').length).toBeGreaterThan(before))
  })

  it('says so when the count stops early', async () => {
    await openAudit('en', { answers: { audit_count: () => ({ count: 100_000, capped: true }) } })
    expect((await screen.findByTestId('audit-count')).textContent).toBe('≥ 100,000 events')
  })

  it('explains an error and works again after a retry', async () => {
    const { user, fake } = await openAudit('es', {
      answers: {
        audit_list: () => {
          throw appError('DB_UNREACHABLE', { host: 'db.example' })
        },
      },
    })
    expect((await screen.findByTestId('error-panel')).textContent).toContain('db.example')
    await expectAccessible()
    fake.answers['audit_list'] = () => ({ rows: [], next: null, searched: null })
    await user.click(screen.getByTestId('retry'))
    expect(await screen.findByTestId('audit-empty')).toBeTruthy()
  })

  it.each([
    ['en', 'has the type “no_such_type”'],
    ['es', 'tiene el tipo «no_such_type»'],
  ] as const)('says that no event has the type that was asked for (%s)', async (language, words) => {
    const { user, fake } = await openAudit(language)
    await screen.findAllByTestId('audit-row')
    fake.answers['audit_list'] = () => ({ rows: [], next: null, searched: null })
    await user.type(screen.getByTestId('audit-query'), 'type:no_such_type,login_failed{Escape}{Enter}')
    await waitFor(() => expect(screen.getByTestId('audit-empty').textContent).toContain(words))
    expect(screen.getByTestId('audit-empty').textContent).not.toContain('login_failed')
    await expectAccessible()
  })

  it('asks for a type that is not among those listed, where there may be more', async () => {
    const { user, fake } = await openAudit('en')
    await screen.findAllByTestId('audit-row')
    const types = Array.from({ length: 1_000 }, (_, n) => `a${n}`)
    fake.answers['audit_options'] = () => ({ types, tenants: [] })
    fake.answers['audit_list'] = (args) => ({
      rows: args.req?.['query'] === 'type:rare' ? [{ id: '1' }] : [],
      next: null,
      searched: null,
    })
    await user.type(screen.getByTestId('audit-query'), 'type:rare,raer{Escape}{Enter}')
    await waitFor(() => expect(screen.getByTestId('audit-empty').textContent).toContain('raer'))
    expect(screen.getByTestId('audit-empty').textContent).not.toContain('rare')
  })

  it('offers the type that was meant', async () => {
    const { user, fake } = await openAudit('es')
    await screen.findAllByTestId('audit-row')
    const list = fake.answers['audit_list']!
    fake.answers['audit_list'] = () => ({ rows: [], next: null, searched: null })
    const complete = fake.answers['audit_complete']!
    fake.answers['audit_complete'] = (args) => ({
      ...(complete(args) as object),
      offers: [{ insert: 'login_failed', label: null }],
    })
    await user.type(screen.getByTestId('audit-query'), 'type:login_faild severity:warning{Escape}{Enter}')
    const offered = await screen.findByTestId('audit-empty-meant')
    expect(offered.textContent).toContain('«login_failed»')
    fake.answers['audit_list'] = list
    await user.click(offered)
    await waitFor(() => expect(screen.getAllByTestId('audit-row').length).toBeGreaterThan(0))
    expect((screen.getByTestId('audit-query') as HTMLInputElement).value).toBe('type:login_failed severity:warning')
  })

  it.each([
    ['en', 'last week', 'Did you mean the period “last week”?'],
    ['es', 'yesterday', '¿Quiso decir el periodo «ayer»?'],
  ] as const)('offers the period that was typed without its field (%s)', async (language, typed, words) => {
    const { user, fake } = await openAudit(language)
    await screen.findAllByTestId('audit-row')
    fake.answers['audit_list'] = () => ({ rows: [], next: null, searched: null })
    await user.type(screen.getByTestId('audit-query'), `type:login_failed ${typed}{Escape}{Enter}`)
    const offered = await screen.findByTestId('audit-empty-period')
    expect(offered.textContent).toBe(words)
    await expectAccessible()
    await user.click(offered)
    const field = screen.getByTestId('audit-query') as HTMLInputElement
    await waitFor(() => expect(field.value).toMatch(/^type:login_failed when:"?(last week|yesterday)"?$/))
    expect(screen.queryByTestId('audit-empty-period')).toBeNull()
  })

  it('tells that it is not allowed, without a retry', async () => {
    await openAudit('en', {
      answers: {
        audit_list: () => {
          throw appError('ACCESS_DENIED')
        },
      },
    })
    expect((await screen.findByTestId('denied-panel')).textContent).toContain('Your role does not allow this.')
    expect(screen.queryByTestId('retry')).toBeNull()
  })

  it('shows legacy rows with odd values', async () => {
    const { fake } = await openAudit('es', { events: 3 })
    await screen.findAllByTestId('audit-row')
    const odd = {
      id: '1', occurred_at: 'infinity', event_type: 'raro', severity: null, message: null, tenant_id: 99, actor_id: null,
      actor_label: 'a\u202eb', actor_kind: null, resource_type: null, resource_id: null, ip: null, origin: null, outcome: null,
    } // prettier-ignore
    fake.answers['audit_list'] = () => ({
      rows: [odd, { ...odd, id: '2', occurred_at: 'pg:9223371331200000000' }],
      next: null,
      searched: null,
    })
    screen.getByTestId('refresh').click()
    expect(await screen.findByText('sin fin (infinito)')).toBeTruthy()
    expect(screen.getByText('fuera del calendario')).toBeTruthy()
    expect(screen.getAllByText('a\\u202eb').length).toBe(2)
    expect(screen.getAllByText('Empresa 99').length).toBe(2)
  })
})
