// Where the focus goes when what had it goes away, and the keys that show and hide parts of the screen.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { act } from '@testing-library/react'
import { liveRate } from './fake/data'
import { calls, expectAccessible, fireEvent, languages, openAudit, openWindow, screen, waitFor } from './render'

const focused = () => document.activeElement as HTMLElement
const press = async (user: Awaited<ReturnType<typeof openAudit>>['user'], button: HTMLElement) => {
  button.focus()
  await user.keyboard('{Enter}')
}

describe('the focus', () => {
  it('goes on to the first of the values that a facet showed', async () => {
    const { user } = await openAudit('en')
    const group = await screen.findByTestId('facet-type')
    const values = () => [...group.querySelectorAll<HTMLElement>('button[aria-pressed]')]
    const before = values().length
    const more = [...group.querySelectorAll('button')].at(-1)!
    expect(more.textContent).toMatch(/more$/)
    await press(user, more)
    await waitFor(() => expect(values().length).toBeGreaterThan(before))
    await waitFor(() => expect(focused()).toBe(values()[before]))
  })

  it('stays in the query that was cleared, and offers nothing by itself', async () => {
    const { user, field } = await openAudit('en')
    await user.type(field, 'type:login_failed{Escape}{Enter}')
    await press(user, await screen.findByTestId('filter-clear'))
    await waitFor(() => expect(screen.queryByTestId('filter-clear')).toBeNull())
    expect(focused()).toBe(field)
    await new Promise((after) => setTimeout(after, 200))
    expect(screen.queryByRole('listbox')).toBeNull()
  })

  it('stays at the period that was cleared', async () => {
    const { user, field } = await openAudit('en')
    await user.type(field, 'when:yesterday{Escape}{Enter}')
    await press(user, await screen.findByTestId('filter-time-clear'))
    await waitFor(() => expect(focused().dataset['testid']).toBe('filter-time'))
  })

  it('stays beside the button that stopped following', async () => {
    liveRate.perSecond = 0
    const { user } = await openAudit('en')
    await user.keyboard('l')
    await press(user, await screen.findByTestId('live-stop'))
    await waitFor(() => expect(focused().dataset['testid']).toBe('live-toggle'))
  })

  it('goes to the list that comes after nothing was found', async () => {
    const { user, fake, field } = await openAudit('en')
    const answer = fake.answers['audit_list']!
    fake.answers['audit_list'] = (args) =>
      args.req?.['query'] === '' ? answer(args) : { rows: [], next: null, searched: null }
    await user.type(field, 'type:login_failed{Escape}{Enter}')
    await press(user, await screen.findByTestId('audit-empty-clear'))
    await waitFor(() => expect(focused()).toBe(screen.getByTestId('audit-list')))
  })

  it('goes to the list from the button over it', async () => {
    liveRate.perSecond = 5
    const { user } = await openAudit('en')
    screen.getByTestId('audit-list').focus()
    await user.keyboard('l')
    await screen.findByTestId('live-come', {}, { timeout: 4_000 })
    await user.keyboard('j')
    await press(user, await screen.findByTestId('live-waiting', {}, { timeout: 4_000 }))
    await waitFor(() => expect(focused()).toBe(screen.getByTestId('audit-list')))
  })
})

describe('brackets', () => {
  it.each([
    ['with AltGr', { modifierAltGraph: true }],
    ['with AltGr on Windows', { modifierAltGraph: true, ctrlKey: true, altKey: true }],
  ])('are keys %s', async (_, modifiers) => {
    await openAudit('es')
    expect(screen.getByTestId('facets')).toBeTruthy()
    fireEvent(document.body, new KeyboardEvent('keydown', { key: '[', bubbles: true, cancelable: true, ...modifiers }))
    await waitFor(() => expect(screen.queryByTestId('facets')).toBeNull())
    fireEvent(document.body, new KeyboardEvent('keydown', { key: ']', bubbles: true, cancelable: true, ...modifiers }))
    await waitFor(() => expect(screen.queryByTestId('histogram')).toBeNull())
  })

  it('are keys with Option on a Mac, and nowhere with Ctrl', async () => {
    const system = vi.spyOn(navigator, 'platform', 'get').mockReturnValue('MacIntel')
    await openAudit('es')
    fireEvent.keyDown(document.body, { key: '[', ctrlKey: true })
    expect(screen.getByTestId('facets')).toBeTruthy()
    fireEvent.keyDown(document.body, { key: '[', altKey: true })
    await waitFor(() => expect(screen.queryByTestId('facets')).toBeNull())
    system.mockRestore()
  })
})

it.each(languages)('the histogram is hidden and shown with a button (%s)', async (language) => {
  const { user } = await openAudit(language)
  const toggle = screen.getByTestId('histogram-toggle')
  expect(toggle.getAttribute('aria-label')).toBe(language === 'es' ? 'Ocultar el histograma' : 'Hide the histogram')
  await user.click(toggle)
  await waitFor(() => expect(screen.queryByTestId('histogram')).toBeNull())
  expect(toggle.getAttribute('aria-label')).toBe(language === 'es' ? 'Mostrar el histograma' : 'Show the histogram')
  await user.click(toggle)
  expect(await screen.findByTestId('histogram')).toBeTruthy()
})

describe('without room for three columns', () => {
  const real = window.ResizeObserver
  afterEach(() => void (window.ResizeObserver = real))

  it('the facets give way to a panel, come over the list when they are asked for, and the button knows', async () => {
    // Every element that is measured is a window of 1,000 pixels: 62.5 rem.
    window.ResizeObserver = class {
      constructor(private tell: ResizeObserverCallback) {}
      observe(target: Element) {
        const contentRect = { width: 1_000, height: 700, x: 0, y: 0, top: 0, left: 0, bottom: 700, right: 1_000 }
        const entry = { target, contentRect, borderBoxSize: [{ inlineSize: 1_000, blockSize: 700 }] }
        setTimeout(() => act(() => this.tell([entry as unknown as ResizeObserverEntry], this)))
      }
      unobserve() {}
      disconnect() {}
    } as typeof ResizeObserver
    const { user, fake } = openWindow('en')
    await user.click(await screen.findByTestId('nav-audit'))
    await screen.findAllByTestId('audit-row')
    const toggle = screen.getByTestId('facets-toggle')
    expect(screen.getByTestId('facets')).toBeTruthy()
    await user.click(screen.getAllByTestId('audit-row')[1]!)
    await screen.findByTestId('payload')
    await waitFor(() => expect(screen.queryByTestId('facets')).toBeNull())
    expect(toggle.getAttribute('aria-label')).toBe('Show the facets')
    await user.keyboard('f')
    await screen.findByTestId('facets')
    expect(toggle.getAttribute('aria-label')).toBe('Hide the facets')
    await waitFor(() => expect(focused().closest('[data-testid="facets"]')).toBeTruthy())
    await expectAccessible()
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByTestId('facets')).toBeNull())
    expect(screen.getByTestId('audit-detail')).toBeTruthy()
    // Opened with the button, which keeps the focus: what lies on top goes first all the same.
    await user.click(toggle)
    await screen.findByTestId('facets')
    await user.unhover(toggle)
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByTestId('facets')).toBeNull())
    expect(screen.getByTestId('audit-detail')).toBeTruthy()
    expect(focused()).toBe(toggle)
    await user.click(screen.getByTestId('detail-close'))
    expect(await screen.findByTestId('facets')).toBeTruthy()
    expect(calls(fake, 'audit_facets')).toHaveLength(1)
  })
})
