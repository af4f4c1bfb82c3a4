// What jsdom lacks and the window has: sizes, media queries, observers. And a clean slate for each test.
import { cleanup, configure } from '@testing-library/react'
import { afterEach, beforeEach } from 'vitest'
import { forgetPersisted } from '../src/app/persisted'
import { dismissExport } from '../src/audit/exportStore'

window.matchMedia = (query: string) =>
  ({
    matches: query.includes('reduce'),
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    onchange: null,
    dispatchEvent: () => false,
  }) as MediaQueryList

class NoObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
Object.assign(window, { ResizeObserver: NoObserver, IntersectionObserver: NoObserver })
// A window of 1280 x 800, so that the virtual list has rows to show.
for (const [name, size] of [
  ['offsetHeight', 800],
  ['clientHeight', 800],
  ['offsetWidth', 1280],
] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size })
}
// Everything attached counts as laid out: focus traps look for an offset parent.
Object.defineProperty(HTMLElement.prototype, 'offsetParent', {
  configurable: true,
  get(this: HTMLElement) {
    return this.parentElement
  },
})
HTMLCanvasElement.prototype.getContext = () => null
Element.prototype.scrollIntoView = () => undefined
Element.prototype.scrollTo = function scrollTo(this: Element, at?: ScrollToOptions | number) {
  if (typeof at === 'object' && at.top !== undefined) this.scrollTop = at.top
  this.dispatchEvent(new Event('scroll'))
} as typeof Element.prototype.scrollTo
window.scrollTo = () => undefined
// Walking through radios with arrows asks for it; the names here need no escaping.
Object.assign(window, { CSS: { escape: (text: string) => text } })
Object.assign(document, { fonts: new EventTarget() })

// A busy machine is no failure.
configure({ asyncUtilTimeout: 10_000 })
// A menu that closes at once, as it does without motion, has nothing left to focus; the warning would print the whole tree.
const warn = console.warn
console.warn = (...args: unknown[]) => {
  if (!String(args[0]).startsWith('[@mantine/hooks/use-focus-trap]')) warn(...args)
}

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  forgetPersisted()
  dismissExport()
  window.location.hash = ''
})
afterEach(cleanup)
