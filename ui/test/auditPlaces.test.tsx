// Addresses of the log, from wherever they come.
import { describe, expect, it } from 'vitest'
import { linkTo } from '../src/audit/link'
import { calls, openAudit, openWindow, screen, waitFor } from './render'

const queries = [
  '"texto libre"',
  '12345678901234567890',
  '1e5',
  'true',
  'null',
  '{"a":1}',
  '[1]',
  'type:login_failed "á b" 100%&x=1+2',
]

describe.each(queries)('a link to %s', (query) => {
  it('opens as it is from the address', async () => {
    window.location.hash = linkTo({ query, event: null }).split('#')[1] ?? ''
    const { fake } = openWindow('en')
    await waitFor(() => expect(calls(fake, 'audit_list').at(-1)?.req).toMatchObject({ query }))
    expect((screen.getByTestId('audit-query') as HTMLInputElement).value).toBe(query)
  })
})

it('opens as it is from the palette', async () => {
  const { user } = openWindow('en')
  await screen.findByTestId('overview')
  await user.keyboard('{Control>}k{/Control}')
  await user.click(await screen.findByTestId('palette-search'))
  await user.paste(linkTo({ query: '12345678901234567890', event: null }))
  await user.click(await screen.findByTestId('palette-byLink'))
  await waitFor(() =>
    expect((screen.getByTestId('audit-query') as HTMLInputElement).value).toBe('12345678901234567890'),
  )
})

it('leads to the list of what stands out', async () => {
  window.location.hash = '#/audit?findings'
  openWindow('en')
  expect(await screen.findByTestId('findings')).toBeTruthy()
})

describe('the button at the end of the list', () => {
  it('is pressed with Enter, and opens no row', async () => {
    const next = { id: '5', occurred_at: '2026-01-01T00:00:00Z', now: '2026-02-01T00:00:00Z' }
    const searched = { until: '2026-01-01T00:00:00Z', complete: false }
    const { user, fake } = await openAudit('en')
    const rows = (fake.answers['audit_list']!({ req: { query: '', cursor: null, limit: 3 } } as never) as { rows: [] })
      .rows
    fake.answers['audit_list'] = (args) => ({ rows: args.req?.['cursor'] ? [] : rows, next, searched })
    await user.click(screen.getByTestId('refresh'))
    const on = await screen.findByTestId('audit-search-on')
    const before = calls(fake, 'audit_list').length
    on.focus()
    await user.keyboard('{Enter}')
    await waitFor(() => expect(calls(fake, 'audit_list').length).toBeGreaterThan(before))
    expect(screen.queryByTestId('audit-detail')).toBeNull()
  })
})
