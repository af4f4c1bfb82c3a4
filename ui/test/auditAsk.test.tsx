// From what somebody writes or clicks to what is asked, where that does not go straight.
import { describe, expect, it } from 'vitest'
import { linkTo } from '../src/audit/link'
import { recentOf } from '../src/audit/queryStore'
import { appError } from './fake/door'
import { calls, expectAccessible, expectNoBareKeys, languages, openAudit, openWindow, screen, waitFor } from './render'

const tooMany = () => {
  throw appError('VALIDATION_FAILED', { field: 'query', kind: 'too_many' })
}
const value = () => (screen.getByTestId('audit-query') as HTMLInputElement).value

describe('a query of clicks', () => {
  it('that cannot be written is told of, until another one is asked', async () => {
    const { user, fake, field } = await openAudit('en')
    await user.type(field, 'type:login_failed{Escape}{Enter}')
    const facet = await screen.findByTestId('facet-ip-203.0.113.77')
    await waitFor(() => expect(screen.getByTestId('facets').dataset['stale']).toBeUndefined())
    fake.answers['audit_print'] = tooMany
    await user.click(facet)
    expect((await screen.findByTestId('query-problem')).dataset['kind']).toBe('too_many')
    await user.keyboard('b')
    await waitFor(() => expect(value()).toBe(''))
    expect(screen.queryByTestId('query-problem')).toBeNull()
  })

  it('gives way to what is asked while it is being written', async () => {
    const { user, fake, field } = await openAudit('en')
    const print = fake.answers['audit_print']!
    let release = () => undefined as void
    const held = new Promise<void>((go) => (release = go))
    fake.answers['audit_print'] = async (args) => (await held, print(args))
    await user.click(await screen.findByTestId('facet-ip-203.0.113.77'))
    await user.type(field, 'severity:critical{Escape}{Enter}')
    await waitFor(() => expect(calls(fake, 'audit_list').at(-1)?.req).toMatchObject({ query: 'severity:critical' }))
    release()
    await new Promise((after) => setTimeout(after, 200))
    expect(value()).toBe('severity:critical')
  })
})

it('a query of the palette has a way back, and is offered again', async () => {
  const { user } = await openAudit('en')
  await user.keyboard('{Control>}k{/Control}')
  await user.type(await screen.findByTestId('palette-search'), '203.0.113.77')
  await user.click(await screen.findByTestId('palette-byIp'))
  await waitFor(() => expect(value()).toBe('ip:203.0.113.77'))
  expect(recentOf('c1').read()).toEqual(['ip:203.0.113.77'])
  // The palette gives the focus back where it was.
  await waitFor(() => expect(document.querySelector('[role="dialog"]')).toBeNull())
  screen.getByTestId('audit-list').focus()
  await user.keyboard('b')
  await waitFor(() => expect(value()).toBe(''))
})

describe.each(languages)('with a tenant chosen (%s)', (language) => {
  const choose = async ({ user }: Awaited<ReturnType<typeof openAudit>>) => {
    await user.click(screen.getByTestId('tenant-switcher'))
    await user.click(await screen.findByTestId('tenant-5'))
  }

  it('says what is wrong with a query that has no room for it, and lets go of it', async () => {
    const opened = await openAudit(language)
    const { user, fake, field } = opened
    await user.type(field, 'type:login_failed{Escape}{Enter}')
    await waitFor(() => expect(screen.getByTestId('audit-count').dataset['count']).toBe('450'))
    const print = fake.answers['audit_print']!
    fake.answers['audit_print'] = () => {
      throw appError('VALIDATION_FAILED', { field: 'query', kind: 'query_too_long' })
    }
    await choose(opened)
    const empty = await screen.findByTestId('audit-empty')
    expect(empty.textContent).toContain(language === 'es' ? 'caben 4096 bytes' : '4,096 bytes fit')
    expect(screen.getByTestId('query-problem').dataset['kind']).toBe('query_too_long')
    await expectAccessible()
    expectNoBareKeys()
    fake.answers['audit_print'] = print
    await user.click(screen.getByTestId('audit-empty-clear'))
    await waitFor(() => expect(screen.getAllByTestId('audit-row').length).toBeGreaterThan(0))
  })

  it('says that asking failed, and tries again', async () => {
    const opened = await openAudit(language)
    const print = opened.fake.answers['audit_print']!
    opened.fake.answers['audit_print'] = () => {
      throw appError('INTERNAL')
    }
    await choose(opened)
    await screen.findByTestId('error-panel')
    opened.fake.answers['audit_print'] = print
    await opened.user.click(screen.getByTestId('retry'))
    await waitFor(() => expect(screen.getAllByTestId('audit-row').length).toBeGreaterThan(0))
  })
})

it.each(languages)('a link whose query cannot be read says why nothing is shown (%s)', async (language) => {
  window.location.hash = linkTo({ query: 'nope:1', event: null }).split('#')[1] ?? ''
  openWindow(language)
  await waitFor(() =>
    expect(screen.getByTestId('audit-empty').textContent).toContain(
      language === 'es' ? 'No existe ese campo' : 'There is no such field',
    ),
  )
  expect(screen.getByTestId('audit-empty').textContent).not.toContain(
    language === 'es' ? 'Ningún evento' : 'No event matches',
  )
  await expectAccessible()
})

it.each(languages)('a search that found nothing yet speaks of no rows (%s)', async (language) => {
  const searched = { until: '2026-01-01T00:00:00Z', complete: false }
  const next = { id: '5', occurred_at: '2026-01-01T00:00:00Z', now: '2026-02-01T00:00:00Z' }
  const { user } = openWindow(language, { answers: { audit_list: () => ({ rows: [], next, searched }) } })
  await user.click(await screen.findByTestId('nav-audit'))
  expect((await screen.findByTestId('audit-position')).textContent).toBe(
    language === 'es' ? 'Nada encontrado hasta ahora' : 'Nothing found so far',
  )
})
