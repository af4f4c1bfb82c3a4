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
    expect(document.activeElement).toBe(screen.getByTestId('filter-time'))
    screen.getByTestId('audit-list').focus()
    await user.keyboard('?')
    expect(await screen.findByText('Keyboard shortcuts')).toBeTruthy()
  })

  it('filters by type and address, remembers it, and clears it', async () => {
    const { user, fake } = await openAudit('es')
    await user.click(await screen.findByTestId('filter-type'))
    await user.click(await screen.findByTestId('filter-type-login_failed'))
    await user.keyboard('{Escape}')
    await user.click(screen.getByTestId('filter-ip'))
    await user.type(await screen.findByTestId('filter-ip-input'), 'unknown{Enter}')
    expect(await screen.findByText(/Escriba una dirección IP/)).toBeTruthy()
    await user.clear(screen.getByTestId('filter-ip-input'))
    await user.type(screen.getByTestId('filter-ip-input'), '203.0.113.77{Enter}')
    await waitFor(() => expect(screen.getByTestId('audit-count').dataset['count']).toBe('400'))
    expect(JSON.parse(localStorage.getItem('atalaya.audit-filter.c1') ?? '{}')).toMatchObject({
      types: ['login_failed'],
      ip: '203.0.113.77',
    })
    expect(calls(fake, 'audit_list').at(-1)?.req).toMatchObject({ filter: { ip: '203.0.113.77' }, cursor: null })
    await user.click(screen.getByTestId('filter-clear'))
    await waitFor(() => expect(screen.getByTestId('audit-count').dataset['count']).toBe('1200'))
  })

  it('exports what the filter shows, reports and can be dismissed', async () => {
    const { user, fake } = await openAudit('es')
    await screen.findAllByTestId('audit-row')
    await user.click(screen.getByTestId('export'))
    await user.click(await screen.findByTestId('export-jsonl'))
    await waitFor(() => expect(screen.getByTestId('export-bar').dataset['stage']).toBe('done'))
    expect(screen.getByTestId('export-bar').textContent).toContain('/home/ana/auditoria.jsonl')
    expect(calls(fake, 'audit_export')[0]?.req).toMatchObject({ format: 'jsonl' })
    await expectAccessible()
    await user.click(screen.getByTestId('export-close'))
    expect(screen.queryByTestId('export-bar')).toBeNull()
  })

  it('cancels an export', async () => {
    const { user } = await openAudit('en', { delay: 15 })
    await screen.findAllByTestId('audit-row')
    await user.click(screen.getByTestId('export'))
    await user.click(await screen.findByTestId('export-csv'))
    await user.click(await screen.findByTestId('export-cancel'))
    await waitFor(() => expect(screen.getByTestId('export-bar').dataset['stage']).toBe('cancelled'))
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
    fake.answers['audit_list'] = () => ({ rows: [], next: null })
    await user.click(screen.getByTestId('retry'))
    expect(await screen.findByTestId('audit-empty')).toBeTruthy()
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
    })
    screen.getByTestId('refresh').click()
    expect(await screen.findByText('sin fin (infinito)')).toBeTruthy()
    expect(screen.getByText('fuera del calendario')).toBeTruthy()
    expect(screen.getAllByText('a\\u202eb').length).toBe(2)
    expect(screen.getAllByText('Empresa 99').length).toBe(2)
  })
})
