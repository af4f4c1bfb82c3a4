// Rows of the query before stay in sight until the first of the next are there. What is done with them meanwhile.
import { expect, it } from 'vitest'
import type { AuditPage } from '../src/backend/types'
import type { Args } from './fake/door'
import { appError } from './fake/door'
import { calls, fireEvent, openAudit, screen, waitFor } from './render'

type Opened = Awaited<ReturnType<typeof openAudit>>

/** Answers as the server does: a page of another query cancels those that are still looked for. `hold` keeps a query waiting. */
function serve({ fake }: Opened) {
  const answer = fake.answers['audit_list']!
  let now: { query: string; cancel: (() => void)[] } = { query: '', cancel: [] }
  const held = new Map<string, Promise<void>>()
  fake.answers['audit_list'] = async (args: Args) => {
    const query = String(args.req?.['query'])
    if (query !== now.query) {
      for (const cancel of now.cancel) cancel()
      now = { query, cancel: [] }
    }
    const mine = now
    await new Promise<void>((go, stop) => {
      mine.cancel.push(() => stop(appError('CANCELLED')))
      void (held.get(query) ?? Promise.resolve()).then(go)
    })
    return answer(args) as AuditPage
  }
  return {
    hold(query: string) {
      let release = () => undefined as void
      held.set(query, new Promise((go) => (release = go)))
      return () => release()
    },
  }
}
const list = () => screen.getByTestId('audit-list')
const loaded = () => screen.getByTestId('audit-position').dataset['loaded']

it('a query that is asked from far down comes, and nothing of the one before is asked for any more', async () => {
  const opened = await openAudit('en', { events: 4_000 })
  const { user, fake, field } = opened
  list().focus()
  await user.keyboard('{End}')
  await waitFor(() => expect(loaded()).toBe('4000'))
  fireEvent.scroll(list(), { target: { scrollTop: 3_900 * 32 } })
  await waitFor(() => expect(screen.getByTestId('audit-position').dataset['first']).toBe('3900'))
  const release = serve(opened).hold('type:login_failed')
  await user.type(field, 'type:login_failed{Escape}{Enter}')
  await waitFor(() => expect(list().dataset['stale']).toBe('true'))
  await new Promise((after) => setTimeout(after, 100))
  expect(calls(fake, 'audit_list').at(-1)?.req).toMatchObject({ query: 'type:login_failed', cursor: null })
  release()
  await waitFor(() => expect(list().dataset['stale']).toBeUndefined())
  expect(screen.getAllByTestId('audit-row')[0]?.dataset['eventType']).toBe('login_failed')
  // From its top.
  expect(screen.getByTestId('audit-position').dataset['first']).toBe('0')
})

it('a row that is opened while it is on its way out stays the event that it was', async () => {
  const opened = await openAudit('en')
  const { user, fake, field } = opened
  const release = serve(opened).hold('type:login_failed')
  await user.type(field, 'type:login_failed{Escape}{Enter}')
  await waitFor(() => expect(list().dataset['stale']).toBe('true'))
  const row = screen.getAllByTestId('audit-row')[2]!
  const id = row.dataset['eventId']
  await user.click(row)
  await waitFor(() => expect(calls(fake, 'audit_read').at(-1)?.req).toMatchObject({ id }))
  release()
  await waitFor(() => expect(list().dataset['stale']).toBeUndefined())
  await screen.findByTestId('payload')
  await new Promise((after) => setTimeout(after, 400))
  expect(calls(fake, 'audit_read').map((call) => (call.req as { id: string }).id)).toEqual([id])
  // Nobody stands on a row of the new ones yet.
  expect(document.querySelector('[data-testid="audit-row"][aria-selected="true"]')).toBeNull()
})

it('rows that stay, because what was to come failed, are fetched as ever', async () => {
  const opened = await openAudit('en', { events: 4_000 })
  const { user, fake, field } = opened
  list().focus()
  await user.keyboard('{End}')
  await waitFor(() => expect(loaded()).toBe('4000'))
  fireEvent.scroll(list(), { target: { scrollTop: 3_900 * 32 } })
  await waitFor(() => expect(screen.getByTestId('audit-position').dataset['first']).toBe('3900'))
  const answer = fake.answers['audit_list']!
  fake.answers['audit_list'] = (args) => {
    if (args.req?.['query'] !== '') throw appError('QUERY_TOO_BROAD')
    return answer(args)
  }
  await user.type(field, 'type:login_failed{Escape}{Enter}')
  await waitFor(() => expect(screen.getByTestId('audit-end').textContent).toContain('could not be refreshed'))
  fireEvent.scroll(list(), { target: { scrollTop: 0 } })
  await waitFor(() => expect(screen.getAllByTestId('audit-row').length).toBeGreaterThan(10))
})
