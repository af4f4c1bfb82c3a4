import { fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import axe from 'axe-core'
import { expect } from 'vitest'
import { App } from '../src/app/App'
import { makeQueryClient } from '../src/app/queries'
import type { Preferences } from '../src/backend/types'
import { applyLanguage, startLanguages } from '../src/i18n'
import { preferences } from './fake/data'
import { installFake, type FakeOptions } from './fake/door'

export const languages = ['es', 'en'] as const
export type Language = (typeof languages)[number]

/** The whole window over the fake door, in a language. */
export function openWindow(language: Language = 'es', options: FakeOptions = {}, more: Partial<Preferences> = {}) {
  const i18n = startLanguages()
  applyLanguage(language)
  const fake = installFake({
    events: 1_200,
    ...options,
    status: { preferences: { ...preferences, language, ...more }, ...options.status },
  })
  const user = userEvent.setup({ delay: null })
  const view = render(<App client={makeQueryClient()} />)
  return { fake, user, view, i18n, find: (id: string) => screen.findByTestId(id) }
}

/** The window on the audit log, once its first rows are there. */
export async function openAudit(...args: Parameters<typeof openWindow>) {
  const view = openWindow(...args)
  await view.user.click(await view.find('nav-audit'))
  await screen.findAllByTestId('audit-row')
  return { ...view, field: screen.getByTestId('audit-query') as HTMLInputElement }
}

export const calls = (fake: ReturnType<typeof installFake>, command: string) =>
  fake.calls.filter((call) => call.command === command)

/** No violation at all. Colour contrast needs real pixels: the window tests judge it. */
export async function expectAccessible(): Promise<void> {
  const result = await withStylesOnce(() =>
    // Only what is told is described: naming every element that passes takes as long as judging it.
    axe.run(document.body, { resultTypes: ['violations'], rules: { 'color-contrast': { enabled: false } } }),
  )
  expect(result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`)).toEqual([])
}

/** jsdom works an element's style out anew each time that it is asked for; nothing changes while axe looks. */
async function withStylesOnce<T>(run: () => Promise<T>): Promise<T> {
  const real = window.getComputedStyle
  const known = new Map<Element, CSSStyleDeclaration>()
  window.getComputedStyle = (element, part) => {
    if (part) return real.call(window, element, part)
    const style = known.get(element) ?? real.call(window, element)
    known.set(element, style)
    return style
  }
  try {
    return await run()
  } finally {
    window.getComputedStyle = real
  }
}

/** No key was left without its text. */
export function expectNoBareKeys(): void {
  const text = document.body.textContent ?? ''
  expect(
    text.match(
      /\b(?:frame|audit|search|sentence|overview|settings|signIn|firstRun|adoption|error|event)\.[a-z]\w+|\bcrm\.(?:text|effect|finish|revert|right)\b/g,
    ),
  ).toBeNull()
}

export { fireEvent, screen, waitFor, within }
