// Following the log: what it does to what is open, and what it says aloud.
import { describe, expect, it } from 'vitest'
import { liveRate } from './fake/data'
import { appError } from './fake/door'
import { calls, expectAccessible, expectNoBareKeys, languages, openAudit, screen, waitFor } from './render'

const state = () => screen.getByTestId('live').dataset['state']
const list = () => screen.getByTestId('audit-list')

describe('a row that is open', () => {
  it('is left where following goes on, and no row that comes in is read by itself', async () => {
    liveRate.perSecond = 5
    const { user, fake } = await openAudit('en')
    list().focus()
    await user.keyboard('l')
    await waitFor(() => expect(state()).toBe('following'))
    await screen.findByTestId('live-come', {}, { timeout: 4_000 })
    await user.click(screen.getAllByTestId('audit-row')[3]!)
    expect(state()).toBe('paused')
    await screen.findByTestId('payload')
    await screen.findByTestId('live-waiting', {}, { timeout: 4_000 })
    const read = calls(fake, 'audit_read').length
    await user.keyboard('n')
    expect(state()).toBe('following')
    await waitFor(() => expect(document.activeElement).toBe(list()))
    await user.keyboard('{ArrowDown}')
    await new Promise((after) => setTimeout(after, 2_500))
    expect(screen.queryByTestId('audit-detail')).toBeNull()
    expect(calls(fake, 'audit_read')).toHaveLength(read)
    await user.keyboard('{Enter}')
    expect(state()).toBe('paused')
    expect(await screen.findByTestId('audit-detail')).toBeTruthy()
  })

  it('is left where following begins', async () => {
    const { user } = await openAudit('en')
    await user.click(screen.getAllByTestId('audit-row')[3]!)
    await screen.findByTestId('payload')
    await user.keyboard('l')
    await waitFor(() => expect(state()).toBe('following'))
    await waitFor(() => expect(document.activeElement).toBe(list()))
    await user.keyboard('{ArrowDown}')
    expect(screen.queryByTestId('audit-detail')).toBeNull()
  })
})

it.each(languages)('what did not begin is not called interrupted, and says why (%s)', async (language) => {
  const { user, fake, field } = await openAudit(language)
  fake.answers['audit_tail'] = () => {
    throw appError('DB_UNREACHABLE', { host: 'db.example' })
  }
  await user.click(screen.getByTestId('live-toggle'))
  expect((await screen.findByTestId('live-error')).textContent).toContain('db.example')
  expect(state()).toBe('off')
  expect(screen.getByTestId('live-toggle').textContent).toBe(language === 'es' ? 'En vivo' : 'Live')
  await expectAccessible()
  expectNoBareKeys()
  await user.type(field, 'type:login_failed{Escape}{Enter}')
  await waitFor(() => expect(screen.queryByTestId('live-error')).toBeNull())
})

it.each(languages)('what waits is said once, and not its number (%s)', async (language) => {
  liveRate.perSecond = 5
  const { user } = await openAudit(language)
  list().focus()
  await user.keyboard('l')
  await waitFor(() => expect(state()).toBe('following'))
  await user.keyboard('j')
  const waiting = await screen.findByTestId('live-waiting', {}, { timeout: 4_000 })
  expect(waiting.closest('[role="status"]')).toBeNull()
  const said = [...document.querySelectorAll('[role="status"]')].map((each) => each.textContent)
  expect(said).toContain(
    language === 'es'
      ? 'Llegaron eventos nuevos. Pulse n para mostrarlos.'
      : 'New events came in. Press n to show them.',
  )
})
