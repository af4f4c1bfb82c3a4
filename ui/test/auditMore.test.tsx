import { describe, expect, it } from 'vitest'
import type { AuditFindings, SavedView } from '../src/backend/types'
import { whole } from '../src/look/numbers'
import { liveRate, views as savedViews } from './fake/data'
import { appError } from './fake/door'
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
const rowOf = (type: string) => document.querySelector(`[data-event-type="${type}"]`) as HTMLElement

describe.each(languages)('the detail in %s', (language) => {
  const es = language === 'es'
  it('shows what changed, field by field, and leads on', async () => {
    const { user, field } = await openAudit(language)
    await user.click(rowOf('update_lead'))
    const changes = await screen.findByTestId('diff')
    expect(within(changes).getByText('"contacted"').tagName).toBe('DEL')
    expect(within(changes).getByText('12345678901234567890').tagName).toBe('INS')
    expect(within(changes).getAllByText(es ? 'valor oculto' : 'hidden value')).toHaveLength(2)
    expect(changes.textContent).not.toContain('source')
    await user.click(screen.getByText(es ? 'Ver 2 campos que no cambiaron' : 'Show 2 fields that did not change'))
    expect(screen.getByTestId('diff').textContent).toContain('source')
    await expectAccessible()
    expectNoBareKeys()
    await user.click(screen.getByTestId('related-resource'))
    await waitFor(() => expect(field.value).toMatch(/^resource:leads\/\d+$/))
  })

  it('folds the fields that did not change for each event anew', async () => {
    const { user } = await openAudit(language)
    const changed = [...document.querySelectorAll<HTMLElement>('[data-event-type="update_lead"]')]
    for (const row of [changed[1], changed[0]]) {
      await user.click(row as HTMLElement)
      await screen.findByTestId('diff')
      await screen.findByText(es ? 'Ver 2 campos que no cambiaron' : 'Show 2 fields that did not change')
    }
    await user.click(screen.getByText(es ? 'Ver 2 campos que no cambiaron' : 'Show 2 fields that did not change'))
    // Both have been read: there is no moment without a detail between them.
    await user.click(changed[1] as HTMLElement)
    await screen.findByText(es ? 'Ver 2 campos que no cambiaron' : 'Show 2 fields that did not change')
  })

  it('draws the beginning of what is very long, says so, and copies all of it', async () => {
    const fields = JSON.stringify(
      Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`f${n}`, 'x'.repeat(n * 10)])),
    )
    const payload = `{"after": ${fields}, "before": {}, "text": "${'y'.repeat(200_000)}"}`
    const { user, fake } = await openAudit(language)
    const read = fake.answers['audit_read'] as (args: unknown) => object
    fake.answers['audit_read'] = (args) => ({ ...read(args), payload, message: 'z'.repeat(12_345) })
    await user.click(rowOf('read_lead'))
    const cut = await screen.findByTestId('payload-cut')
    expect(cut.textContent).toContain(whole(payload.length, language))
    expect(screen.getByTestId('payload').textContent?.length).toBeLessThan(110_000)
    expect(screen.getByTestId('diff').querySelectorAll('tbody tr')).toHaveLength(200)
    // The field that was there before goes too.
    expect(screen.getByTestId('diff-cut').textContent).toContain('301')
    const lengthOf = (field: number) =>
      screen.getByText(`f${field}`).closest('tr')!.querySelector('ins')!.textContent!.length
    expect(lengthOf(20)).toBe(200)
    expect(lengthOf(198)).toBe(200)
    await user.click(screen.getAllByTestId('diff-value-more').at(-1)!)
    // Both quotation marks belong to it.
    expect(lengthOf(198)).toBe(1_982)
    expect(lengthOf(197)).toBe(200)
    await user.click(screen.getByTestId('diff-more'))
    expect(screen.getByTestId('diff').querySelectorAll('tbody tr')).toHaveLength(301)
    expect(screen.queryByTestId('diff-cut')).toBeNull()
    expect(screen.getByTestId('audit-detail').textContent).toContain(whole(12_345, language))
    expectNoBareKeys()
    await user.click(screen.getByLabelText(es ? 'Copiar los datos' : 'Copy the data'))
    expect(await navigator.clipboard.readText()).toBe(payload)
  })

  it('says how many rows of a change were not kept', async () => {
    const { user, field } = await openAudit(language)
    await user.type(field, 'type:role_changed{Escape}{Enter}')
    await waitFor(() => expect(rowOf('role_changed')).toBeTruthy())
    await user.click(rowOf('role_changed'))
    const changes = await screen.findByTestId('changes')
    await waitFor(() => expect(changes.textContent).toContain(es ? '25 filas creadas' : '25 rows created'))
    await user.click(within(changes).getByText(es ? 'Ver 17 filas más' : 'Show 17 more rows'))
    expect(changes.textContent).toContain(es ? 'De 5 filas más' : 'Of 5 more rows')
  })
})

describe.each(languages)('saved views in %s', (language) => {
  it('are applied, made, pinned, renamed and removed', async () => {
    const { user, fake, field } = await openAudit(language)
    await user.click(screen.getByTestId('views'))
    await screen.findByTestId('view-v1')
    expect(screen.queryByTestId('view-v3-edit')).toBeNull()
    await expectAccessible()
    expectNoBareKeys()
    await user.click(screen.getByTestId('view-v2-apply'))
    await waitFor(() => expect(field.value).toBe('severity:critical -type:read_lead'))
    expect(screen.getByTestId('views').textContent).toBe('Críticos sin lecturas')
    await user.click(await screen.findByTestId('facet-outcome-failed'))
    await waitFor(() => expect(field.value).toContain('outcome:failed'))
    await user.click(screen.getByTestId('views'))
    expect(await screen.findByTestId('view-update')).toBeTruthy()
    await user.click(screen.getByTestId('view-new'))
    const save = await screen.findByTestId('view-save')
    expect(save).toHaveProperty('disabled', true)
    await user.type(screen.getByTestId('view-name'), 'Noche')
    await user.click(screen.getByTestId('view-shared'))
    await expectAccessible()
    await user.click(save)
    await waitFor(() =>
      expect(calls(fake, 'audit_view_save').at(-1)?.req).toEqual({
        id: null,
        name: 'Noche',
        query: field.value,
        shared: true,
        pinned: false,
      }),
    )
    await waitFor(() => expect(screen.queryByTestId('view-save')).toBeNull())
    await user.click(screen.getByTestId('views'))
    await user.click(await screen.findByTestId('view-v1-pin'))
    await waitFor(() => expect(calls(fake, 'audit_view_save').at(-1)?.req).toMatchObject({ id: 'v1', pinned: true }))
    await user.click(screen.getByTestId('view-v1-remove'))
    await user.click(await screen.findByTestId('view-remove-submit'))
    await waitFor(() => expect(calls(fake, 'audit_view_remove')[0]?.req).toEqual({ id: 'v1' }))
    await user.click(screen.getByTestId('views'))
    await waitFor(() => expect(screen.queryByTestId('view-v1')).toBeNull())
  })
})

it.each(languages)('shows pinned views with their numbers on the overview (%s)', async (language) => {
  const { user, fake } = openWindow(language)
  await waitFor(async () => expect((await screen.findByTestId('pinned-v3')).dataset['count']).toBe('450'))
  expect(screen.queryByTestId('pinned-v1')).toBeNull()
  // One count at a time: a second one would cancel the first.
  expect(calls(fake, 'audit_count').map((call) => call.req)).toEqual([
    { query: 'severity:critical -type:read_lead' },
    { query: 'type:login_failed when:"last 30 days"' },
  ])
  await expectAccessible()
  expectNoBareKeys()
  await user.click(screen.getByTestId('pinned-v3'))
  await waitFor(() =>
    expect((screen.getByTestId('audit-query') as HTMLInputElement).value).toBe('type:login_failed when:"last 30 days"'),
  )
})

it.each(languages)('counts a dozen pinned views, whoever pins more (%s)', async (language) => {
  const { fake } = openWindow(language)
  const many = Array.from({ length: 20 }, (_, index) => ({
    ...(savedViews[2] as SavedView),
    id: `shared-${index}`,
    query: `actor:a${index}@example.com`,
  }))
  fake.answers['audit_views'] = () => [...many, savedViews[1]]
  const more = await screen.findByTestId('pinned-more')
  expect(more.textContent).toContain('9')
  expect(document.querySelectorAll('[data-testid="pinned-views"] li')).toHaveLength(12)
  // One's own comes first.
  await waitFor(() => expect(calls(fake, 'audit_count')).toHaveLength(12))
  expect(calls(fake, 'audit_count')[0]?.req).toEqual({ query: 'severity:critical -type:read_lead' })
})

it('finds a saved view in the palette', async () => {
  const { user } = openWindow('en')
  await screen.findByTestId('overview')
  await user.keyboard('{Control>}k{/Control}')
  await user.type(await screen.findByTestId('palette-search'), 'denegados')
  await user.click(await screen.findByTestId('palette-view-v1'))
  await waitFor(() =>
    expect((screen.getByTestId('audit-query') as HTMLInputElement).value).toBe('outcome:denied when:"last 7 days"'),
  )
})

it('says in the menu of views that a change could not be saved, and closes it once it was', async () => {
  const { user, fake } = await openAudit('en')
  await user.click(screen.getByTestId('views'))
  await user.click(await screen.findByTestId('view-v2-apply'))
  await user.click(await screen.findByTestId('facet-outcome-failed'))
  await user.click(screen.getByTestId('views'))
  const save = fake.answers['audit_view_save']
  fake.answers['audit_view_save'] = () => {
    throw appError('DB_LOST')
  }
  await user.click(await screen.findByTestId('view-update'))
  expect((await screen.findByTestId('error-note')).dataset['code']).toBe('DB_LOST')
  if (save) fake.answers['audit_view_save'] = save
  await user.click(screen.getByTestId('view-update'))
  await waitFor(() => expect(screen.queryByTestId('view-update')).toBeNull())
})

describe('the export', () => {
  it.each(languages)('says what it will hold, and does it (%s)', async (language) => {
    const { user, fake, field } = await openAudit(language)
    await user.type(field, 'type:login_failed{Escape}{Enter}')
    await waitFor(() => expect(screen.getByTestId('audit-count').dataset['count']).toBe('450'))
    await user.click(screen.getByTestId('export'))
    const dialog = await screen.findByTestId('export-dialog')
    expect(dialog.textContent).toContain('type:login_failed')
    expect(screen.getByTestId('export-count').textContent).toContain('450')
    await expectAccessible()
    expectNoBareKeys()
    await user.click(screen.getByTestId('export-jsonl'))
    await user.click(screen.getByTestId('export-compress'))
    await user.click(screen.getByTestId('export-start'))
    await waitFor(() => expect(screen.getByTestId('export-bar').dataset['stage']).toBe('done'))
    expect(screen.getByTestId('export-bar').textContent).toContain('/home/ana/auditoria.jsonl.gz')
    expect(calls(fake, 'audit_export')[0]?.req).toEqual({ query: 'type:login_failed', format: 'jsonl', compress: true })
    await expectAccessible()
    await user.click(screen.getByTestId('export-close'))
    expect(screen.queryByTestId('export-bar')).toBeNull()
  })

  it('is paused, goes on, and is cancelled', async () => {
    const { user, fake } = await openAudit('en', { delay: 15 })
    await user.keyboard('e')
    await user.click(await screen.findByTestId('export-start'))
    await user.click(await screen.findByTestId('export-pause'))
    const bar = screen.getByTestId('export-bar')
    await waitFor(() => expect(bar.dataset['paused']).toBe('true'))
    expect(bar.textContent).toContain('Export paused')
    await user.click(screen.getByTestId('export-resume'))
    await waitFor(() => expect(calls(fake, 'audit_export_resume')).toHaveLength(1))
    await user.click(await screen.findByTestId('export-cancel'))
    await waitFor(() => expect(screen.getByTestId('export-bar').dataset['stage']).toBe('cancelled'))
  })

  it('is not offered to who may not', async () => {
    await openAudit('en', { session: { permissions: ['audit.list', 'audit.read'] } })
    expect(screen.getByTestId('export')).toHaveProperty('disabled', true)
  })
})

describe('following live', () => {
  it.each(languages)('shows what comes in, pauses, counts and catches up (%s)', async (language) => {
    liveRate.perSecond = 5
    const { user, fake } = await openAudit(language)
    let known = 1_200
    fake.answers['audit_count'] = () => ({ count: known, capped: false })
    const background = ['audit_count', 'audit_facets', 'audit_histogram']
    const asked = () => background.map((command) => calls(fake, command).length)
    const count = () => Number(screen.getByTestId('audit-position').dataset['loaded'])
    const before = count()
    screen.getByTestId('audit-list').focus()
    await user.keyboard('l')
    await waitFor(() => expect(screen.getByTestId('live').dataset['state']).toBe('following'))
    await waitFor(() => expect(count()).toBeGreaterThan(before))
    await expectAccessible()
    expectNoBareKeys()
    expect(Number(screen.getByTestId('live-come').dataset['count'])).toBeGreaterThan(0)
    const following = asked()
    known = 1_300
    await user.keyboard('j')
    expect(screen.getByTestId('live').dataset['state']).toBe('paused')
    // Counted anew, so what came in before is no longer named beside the number.
    await waitFor(() => expect(screen.getByTestId('audit-count').dataset['count']).toBe('1300'))
    expect(asked()).toEqual(following.map((times) => times + 1))
    const waiting = await screen.findByTestId('live-waiting')
    const held = count()
    expect(Number(waiting.dataset['count'])).toBeGreaterThan(0)
    // Nothing is counted anew where nothing came in.
    await screen.findByTestId('live-come', {}, { timeout: 4_000 })
    await user.keyboard('n')
    await waitFor(() => expect(count()).toBeGreaterThan(held))
    expect(screen.getByTestId('live').dataset['state']).toBe('following')
    await waitFor(() => expect(asked()).toEqual(following.map((times) => times + 2)))
    await user.click(screen.getByTestId('live-stop'))
    expect(screen.getByTestId('live').dataset['state']).toBe('off')
  })

  it('pauses when the list leaves its top, and stops with another query', async () => {
    const { user, field } = await openAudit('en')
    await user.click(screen.getByTestId('live-toggle'))
    await waitFor(() => expect(screen.getByTestId('live').dataset['state']).toBe('following'))
    fireEvent.scroll(screen.getByTestId('audit-list'), { target: { scrollTop: 400 } })
    expect(screen.getByTestId('live').dataset['state']).toBe('paused')
    await user.type(field, 'severity:critical{Escape}{Enter}')
    await waitFor(() => expect(screen.getByTestId('live').dataset['state']).toBe('off'))
  })
})

it('shows text of the log by its code in what appears on hover, too', async () => {
  const odd = 'read_\u202edael'
  const { user, fake } = openWindow('en')
  const wrap = <T,>(command: string, change: (answer: T) => unknown) => {
    const real = fake.answers[command] as (args: never) => T
    fake.answers[command] = (args) => change(real(args as never))
  }
  wrap<{ rows: object[] }>('audit_list', (page) => ({
    ...page,
    rows: page.rows.map((row) => ({ ...row, event_type: odd, actor_label: odd })),
  }))
  wrap<{ facets: { field: string; values: object[] }[] }>('audit_facets', (found) => ({
    ...found,
    facets: found.facets.map((each) =>
      each.field === 'tenant' ? { ...each, values: [{ value: odd, label: 'A', count: 3 }] } : each,
    ),
  }))
  wrap<AuditFindings>('audit_findings', ({ found, ...rest }) => ({
    found: found.map((each) => ({ ...each, query: odd })),
    ...rest,
  }))
  wrap<object>('audit_read', (event) => ({ ...event, event_type: odd, actor_label: odd }))
  await user.click(await screen.findByTestId('nav-audit'))
  await screen.findByTestId(`facet-tenant-${odd}`)
  await user.keyboard('i')
  await screen.findByTestId('finding-failed_logins-open')
  const titles = () => [...document.querySelectorAll('[title]')].map((each) => each.getAttribute('title') ?? '')
  expect(titles().filter((title) => title.includes('read_')).length).toBeGreaterThan(3)
  expect(titles().join('')).not.toContain('\u202e')
  await user.click((await screen.findAllByTestId('audit-row'))[0] as HTMLElement)
  await screen.findByTestId('related-type')
  expect(titles().join('')).not.toContain('\u202e')
})

it.each(languages)('shows every key with ? (%s)', async (language) => {
  const { user } = await openAudit(language)
  screen.getByTestId('audit-list').focus()
  await user.keyboard('?')
  await screen.findByText(language === 'es' ? 'En el histograma' : 'In the histogram')
  const caps = new Set([...document.querySelectorAll('[role="dialog"] kbd')].map((key) => key.textContent))
  const names = { es: ['Intro', 'Mayús', 'Inicio', 'RePág'], en: ['Enter', 'Shift', 'Home', 'PgUp'] }
  for (const [index, name] of names[language].entries()) {
    expect(caps).toContain(name)
    if (language === 'es') expect(caps).not.toContain(names.en[index])
  }
  for (const part of language === 'es' ? ['En la consulta', 'En los hallazgos'] : ['In the query', 'In the findings']) {
    expect(screen.getByText(new RegExp(`^${part}`))).toBeTruthy()
  }
  await expectAccessible()
  expectNoBareKeys()
})
