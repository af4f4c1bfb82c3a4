import { describe, expect, it } from 'vitest'
import { appError } from './fake/door'
import { parse } from './fake/language'
import {
  calls,
  expectAccessible,
  expectNoBareKeys,
  fireEvent,
  languages,
  openWindow,
  screen,
  waitFor,
  within,
} from './render'

async function openAudit(...args: Parameters<typeof openWindow>) {
  const view = openWindow(...args)
  await view.user.click(await view.find('nav-audit'))
  await screen.findAllByTestId('audit-row')
  return { ...view, field: screen.getByTestId('audit-query') as HTMLInputElement }
}
const stored = () => JSON.parse(localStorage.getItem('atalaya.audit-query.c1') ?? 'null') as string | null

describe.each(languages)('the query bar in %s', (language) => {
  it('says what is wrong, where, and corrects it with one key', async () => {
    const { user, field } = await openAudit(language)
    await user.type(field, 'seveity:critical{Escape}{Enter}')
    const problem = await screen.findByTestId('query-problem')
    expect(problem.dataset['kind']).toBe('field_unknown')
    expect(problem.textContent).toContain(language === 'es' ? 'No existe ese campo' : 'There is no such field')
    expect(field.getAttribute('aria-invalid')).toBe('true')
    expect(document.querySelector('[data-wrong="true"][data-kind]')?.textContent).toBe('seveity')
    await expectAccessible()
    expectNoBareKeys()
    await user.keyboard('{Tab}')
    expect(field.value).toBe('severity:critical')
    expect(document.activeElement).toBe(field)
    await user.keyboard('{Enter}')
    await waitFor(() => expect(stored()).toBe('severity:critical'))
    expect(screen.queryByTestId('query-problem')).toBeNull()
  })

  it('offers what can be written, with its meaning', async () => {
    const { user, field } = await openAudit(language)
    await user.type(field, 'sev')
    const options = await screen.findByRole('listbox')
    await waitFor(() => expect(within(options).getAllByRole('option')).toHaveLength(1))
    expect(options.textContent).toContain(language === 'es' ? 'Severidad' : 'Severity')
    await expectAccessible()
    await user.keyboard('{Tab}')
    expect(field.value).toBe('severity:')
    await waitFor(() => expect(screen.getByRole('listbox').textContent).toContain('critical'))
    await user.keyboard('cri')
    await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1))
    await user.keyboard('{ArrowDown}')
    expect(field.getAttribute('aria-activedescendant')).toBe(screen.getByRole('option').id)
    await user.keyboard('{Enter}')
    expect(field.value).toBe('severity:critical')
    expect(stored()).toBeNull()
    await user.keyboard('{Enter}')
    await waitFor(() => expect(stored()).toBe('severity:critical'))
    expectNoBareKeys()
  })
})

describe('the query bar', () => {
  it('does not correct somebody who is still writing', async () => {
    const { user, field } = await openAudit('en')
    await user.type(field, 'type:')
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(screen.queryByTestId('query-problem')).toBeNull()
    await user.keyboard('{Escape}{Enter}')
    expect((await screen.findByTestId('query-problem')).dataset['kind']).toBe('value_missing')
    expect(stored()).toBeNull()
  })

  it('lets one of several suggestions be chosen', async () => {
    const { user, field } = await openAudit('en')
    await user.type(field, 'outcome:never{Escape}{Enter}')
    await user.click(await screen.findByTestId('query-suggestion-denied'))
    expect(field.value).toBe('outcome:denied')
    expect(document.activeElement).toBe(field)
  })

  it('leaves in steps with Escape: the offers, the change, the field', async () => {
    const { user, field } = await openAudit('en')
    await user.type(field, 'ty')
    await screen.findByRole('listbox')
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('listbox')).toBeNull()
    await user.keyboard('{Escape}')
    expect(field.value).toBe('')
    await user.keyboard('{Escape}{Escape}')
    expect(document.activeElement).toBe(screen.getByTestId('audit-list'))
  })

  it('remembers what was asked, offers it again, and goes back', async () => {
    const { user, field } = await openAudit('en')
    await user.type(field, 'type:login_failed{Escape}{Enter}')
    await waitFor(() => expect(screen.getByTestId('audit-count').dataset['count']).toBe('450'))
    await user.click(screen.getByTestId('filter-clear'))
    await waitFor(() => expect(screen.getByTestId('audit-count').dataset['count']).toBe('1200'))
    await user.click(field)
    await user.keyboard('{Control>} {/Control}')
    const recent = await screen.findByText('type:login_failed')
    await user.click(recent)
    await waitFor(() => expect(stored()).toBe('type:login_failed'))
    await user.keyboard('{Escape}{Escape}b')
    await waitFor(() => expect(stored()).toBe(''))
  })

  it('takes what is typed into the facets, and a facet into the text', async () => {
    const { user, field } = await openAudit('en')
    await user.type(field, 'tipo:login_failed{Escape}{Enter}')
    const failed = await screen.findByTestId('facet-type-login_failed')
    await waitFor(() => expect(failed.getAttribute('aria-pressed')).toBe('true'))
    await user.click(screen.getByTestId('facet-ip-203.0.113.77'))
    await waitFor(() => expect(field.value).toBe('type:login_failed ip:203.0.113.77'))
    await waitFor(() => expect(screen.getByTestId('audit-count').dataset['count']).toBe('400'))
    fireEvent.click(screen.getByTestId('facet-type-login_failed'), { altKey: true })
    await waitFor(() => expect(field.value).toBe('ip:203.0.113.77 -type:login_failed'))
  })

  it('builds two clicks in a row on each other', async () => {
    const { field } = await openAudit('en', { delay: 20 })
    fireEvent.click(await screen.findByTestId('facet-type-login_failed'))
    fireEvent.click(screen.getByTestId('facet-type-read_lead'))
    await waitFor(() => expect(field.value).toBe('type:login_failed,read_lead'))
  })

  it('excludes and walks the facets with the keyboard', async () => {
    const { user, field } = await openAudit('es')
    await screen.findByTestId('facet-type-read_lead')
    screen.getByTestId('audit-list').focus()
    await user.keyboard('f')
    expect(document.activeElement).toBe(screen.getByTestId('facet-type-fold'))
    await user.keyboard('{ArrowDown}')
    const first = document.activeElement as HTMLElement
    expect(first.dataset['testid']).toMatch(/^facet-type-/)
    await user.keyboard('-')
    await waitFor(() => expect(field.value).toMatch(/^-type:/))
    await user.keyboard('{Escape}')
    expect(document.activeElement).toBe(screen.getByTestId('audit-list'))
    await user.keyboard('{[}')
    expect(screen.queryByTestId('facets')).toBeNull()
    expect(JSON.parse(localStorage.getItem('atalaya.audit-panels.c1') ?? '{}')).toMatchObject({ facets: false })
  })

  it('leads from a facet with more values to the query', async () => {
    const { user, field } = await openAudit('en')
    const group = await screen.findByTestId('facet-ip')
    await user.click(await within(group).findByText(/more$/))
    await user.click(await within(group).findByTestId('facet-ip-find'))
    expect(field.value).toBe('ip:')
    expect(document.activeElement).toBe(field)
  })

  it.each([
    ['facet-actor-secretary', 'actor:secretary ip:10.0.0.0/8'],
    ['facet-network-10.0.0.0/8', 'actor:secretary ip:10.0.0.0/8'],
    ['facet-resource-leads/999999', 'resource:leads/999999'],
  ])('claims no number for %s, which nobody counted', async (id, asked) => {
    localStorage.setItem('atalaya.audit-query.c1', JSON.stringify(asked))
    localStorage.setItem('atalaya.audit-panels.c1', JSON.stringify({ facets: true, histogram: false, folded: [] }))
    const { user, find } = openWindow('en')
    await user.click(await find('nav-audit'))
    const chosen = await find(id)
    expect(chosen.getAttribute('aria-pressed')).toBe('true')
    expect(chosen.textContent).not.toMatch(/0chosen|0$/)
    expect(chosen.textContent).toContain('not counted')
    await expectAccessible()
  })

  it('knows a chosen actor in other capitals', async () => {
    localStorage.setItem('atalaya.audit-query.c1', '"actor:CEO@example.com"')
    const { user, find } = openWindow('en')
    await user.click(await find('nav-audit'))
    await find('facet-actor-ceo@example.com')
    expect(screen.queryByTestId('facet-actor-CEO@example.com')).toBeNull()
  })

  it('says which facets are counted over the newest 100,000, and their failures do not touch the list', async () => {
    const { fake, field, user } = await openAudit('en', { events: 150_000 })
    expect((await screen.findByTestId('facets-source')).textContent).toBe(
      'Event, severity, outcome and tenant from roll-ups, the others over the newest 100,000.',
    )
    await user.type(field, '-origin:direct{Escape}{Enter}')
    await waitFor(() =>
      expect(screen.getByTestId('facets-source').textContent).toBe('Counted over the newest 100,000.'),
    )
    fake.answers['audit_facets'] = () => {
      throw appError('QUERY_TOO_BROAD')
    }
    screen.getByTestId('refresh').click()
    expect((await screen.findByTestId('facets-error')).dataset['code']).toBe('QUERY_TOO_BROAD')
    expect(screen.getAllByTestId('audit-row').length).toBeGreaterThan(10)
    await expectAccessible()
  })

  it.each(languages)(
    'says in words what is wrong with a query that can be read but not asked (%s)',
    async (language) => {
      const { field, user, fake } = await openAudit(language)
      fake.answers['audit_facets'] = () => {
        throw appError('VALIDATION_FAILED', { field: 'query', kind: 'period_empty' })
      }
      await user.type(field, 'after:today before:yesterday{Escape}{Enter}')
      const said = (await screen.findByTestId('facets-error')).textContent
      expect(said).toContain(
        language === 'es' ? 'El período termina antes de empezar.' : 'The period ends before it begins.',
      )
      expectNoBareKeys()
    },
  )

  it('chooses a period from the usual ones, in words, and between two times', async () => {
    const { user, field, fake } = await openAudit('en')
    await user.click(screen.getByTestId('filter-time'))
    await user.click(await screen.findByTestId('filter-time-d7'))
    await waitFor(() => expect(field.value).toBe('when:"last 7 days"'))
    expect(screen.getByTestId('filter-time').textContent).toContain('Last 7 days')
    await user.click(screen.getByTestId('filter-time'))
    await user.click(await screen.findByTestId('filter-time-words'))
    await user.type(await screen.findByTestId('filter-time-text'), 'sometime{Enter}')
    expect(await screen.findByText(/Not understood as a time/)).toBeTruthy()
    await user.clear(screen.getByTestId('filter-time-text'))
    await user.type(screen.getByTestId('filter-time-text'), 'yesterday{Enter}')
    await waitFor(() => expect(field.value).toBe('when:yesterday'))
    await user.click(screen.getByTestId('filter-time'))
    await user.click(await screen.findByTestId('filter-time-between'))
    await user.type(await screen.findByTestId('filter-time-after'), '2026-01-26 20:00{Enter}')
    const after = new Date(2026, 0, 26, 20).toISOString()
    await waitFor(() => expect(field.value).toBe(`after:${after}`))
    await user.click(screen.getByTestId('filter-time-clear'))
    await waitFor(() => expect(calls(fake, 'audit_list').at(-1)?.req).toMatchObject({ query: '' }))
  })
})

describe('the menu of periods', () => {
  const open = async (asked = '') => {
    if (asked) localStorage.setItem('atalaya.audit-query.c1', JSON.stringify(asked))
    const view = openWindow('en')
    await view.user.click(await view.find('nav-audit'))
    await view.user.click(await view.find('filter-time'))
    await view.find('filter-time-apply')
    return { ...view, field: screen.getByTestId('audit-query') as HTMLInputElement }
  }
  const radio = (name: string) => screen.getByTestId(`filter-time-${name}`) as HTMLInputElement
  const closed = () => waitFor(() => expect(screen.queryByTestId('filter-time-apply')).toBeNull())

  it.each([
    ['{Enter}', 'Enter'],
    [' ', 'Space'],
  ])('is walked with arrows and applied with %j', async (key) => {
    const { user, field } = await open()
    radio('all').focus()
    await user.keyboard('{ArrowDown}{ArrowDown}')
    expect(radio('h24').checked).toBe(true)
    expect(field.value).toBe('')
    await user.keyboard('{ArrowDown}')
    expect(radio('d7').checked).toBe(true)
    await user.keyboard(key)
    await closed()
    await waitFor(() => expect(field.value).toBe('when:"last 7 days"'))
    await expectAccessible()
  })

  it('opens with the focus at what is chosen', async () => {
    await open('when:"last 30 days"')
    await waitFor(() => expect(document.activeElement).toBe(radio('d30')))
  })

  it('applies with a click what arrows have already chosen', async () => {
    const { user, field } = await open()
    radio('all').focus()
    await user.keyboard('{ArrowDown}')
    await user.click(radio('h1'))
    await closed()
    await waitFor(() => expect(field.value).toBe('when:"last 1 hour"'))
  })

  it.each(['after:2026-01-15', 'after:yesterday', 'after:2026-01-26T20:00:05.123456Z before:"2026-02-01 10:00"'])(
    'leaves %s as it is where nobody changed it',
    async (asked) => {
      const { user, fake } = await open(asked)
      await user.click(screen.getByTestId('filter-time-apply'))
      await closed()
      const said = parse(asked)
      await waitFor(() =>
        expect(calls(fake, 'audit_print').at(-1)?.req).toEqual({ query: said.state === 'ok' && said.query }),
      )
    },
  )

  it('takes words for a bound, keeps the other one, and says what is no time', async () => {
    const { user, field } = await open('after:2026-01-15')
    expect((screen.getByTestId('filter-time-after') as HTMLInputElement).value).toBe('2026-01-15')
    const before = screen.getByTestId('filter-time-before')
    await user.type(before, 'sometime{Enter}')
    expect(await screen.findByText(/words such as yesterday 10:00\.$/)).toBeTruthy()
    await user.clear(before)
    await user.type(before, 'yesterday 10:00{Enter}')
    await closed()
    await waitFor(() => expect(field.value).toBe('after:2026-01-15 before:"yesterday 10:00"'))
    expect(screen.getByTestId('filter-time').textContent).toContain('Jan 15, 2026 – yesterday, 10:00')
  })
})

describe('the histogram', () => {
  const chart = () => screen.findByTestId('histogram-chart')

  it.each(languages)('says what it shows, and where its numbers are from (%s)', async (language) => {
    await openAudit(language)
    await chart()
    const counts = ['critical', 'warning', 'info'].map((layer) =>
      Number(screen.getByTestId(`histogram-${layer}`).dataset['count']),
    )
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1200)
    expect(screen.getByTestId('histogram-source').textContent).toBe(
      language === 'es' ? 'De los resúmenes por hora y día' : 'From hourly and daily roll-ups',
    )
    await expectAccessible()
  })

  it('zooms with the keyboard, and back', async () => {
    const { user, field } = await openAudit('en')
    const bars = await chart()
    await user.keyboard('h')
    expect(document.activeElement).toBe(bars)
    await user.keyboard('{ArrowLeft}{ArrowLeft}{Shift>}{ArrowLeft}{ArrowLeft}{/Shift}')
    expect(bars.getAttribute('aria-valuetext')).toMatch(/events?; /)
    expect(screen.getByTestId('histogram-hint')).toBeTruthy()
    await user.keyboard('{Enter}')
    await waitFor(() => expect(field.value).toMatch(/^after:2026-\S+ before:2026-\S+$/))
    const [, after = '', before = ''] = /after:(\S+) before:(\S+)/.exec(field.value) ?? []
    expect(after < before).toBe(true)
    ;(await chart()).focus()
    await user.keyboard('{Escape}')
    await waitFor(() => expect(field.value).toBe(''))
  })

  it('zooms by dragging', async () => {
    const { field } = await openAudit('en')
    const bars = await chart()
    bars.getBoundingClientRect = () => ({ left: 0, width: 1000, top: 0, height: 56 }) as DOMRect
    fireEvent.pointerDown(bars, { button: 0, clientX: 200, pointerId: 1 })
    fireEvent.pointerMove(bars, { clientX: 600, pointerId: 1 })
    expect(screen.getByTestId('histogram-hint').textContent).toMatch(/events/)
    fireEvent.pointerUp(bars, { clientX: 600, pointerId: 1 })
    await waitFor(() => expect(field.value).toMatch(/^after:\S+ before:\S+$/))
  })

  it('says when its time ran out, and fails alone', async () => {
    const { fake } = await openAudit('en', {
      answers: {
        audit_histogram: () => ({
          step_seconds: 60,
          buckets: [{ start: '2026-02-01T10:00:00Z', info: 1, warning: 0, critical: 0, none: 2 }],
          source: 'counted',
          complete: false,
        }),
      },
    })
    expect((await screen.findByTestId('histogram-source')).textContent).toContain('time ran out')
    fake.answers['audit_histogram'] = () => {
      throw appError('QUERY_TOO_BROAD')
    }
    screen.getByTestId('refresh').click()
    expect((await screen.findByTestId('histogram-error')).dataset['code']).toBe('QUERY_TOO_BROAD')
    expect(screen.getAllByTestId('audit-row').length).toBeGreaterThan(10)
  })

  it('is counted anew on the server only for the newest question', async () => {
    const { user, fake, field } = await openAudit('en')
    await chart()
    await user.type(field, 'type:login_failed{Escape}{Enter}')
    await waitFor(() => expect(screen.getByTestId('histogram-warning').dataset['count']).toBe('450'))
    await new Promise((resolve) => setTimeout(resolve, 120))
    // The newer one stopped the older by itself: cancelling would have hit the newer.
    expect(calls(fake, 'audit_histogram_cancel')).toHaveLength(0)
  })
})
