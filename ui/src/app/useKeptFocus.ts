import { useEffect, useRef, type RefObject } from 'react'

const stops = 'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select, [tabindex]'

const stopsIn = (part: Element): HTMLElement[] =>
  [...part.querySelectorAll<HTMLElement>(stops)].filter((stop) => stop.tabIndex >= 0)

/** What stood around the focus: each part of the screen up to the whole, and the place of the focus among its stops. */
type Around = { part: Element; place: number }[]

function around(target: Element, whole: Element): Around {
  const out: Around = []
  for (let part = target.parentElement; part && part !== whole; part = part.parentElement) {
    out.push({ part, place: stopsIn(part).findIndex((stop) => stop === target || target.contains(stop)) })
    if (part.hasAttribute('data-focus-end')) break
  }
  return out
}

/**
 * Who presses a button that goes away keeps their place: the focus goes on to what stands where it was, in the smallest part of
 * the screen that is still there, or to what `otherwise` knows. A part with `data-focus-end` is not left by this.
 */
export function useKeptFocus(whole: RefObject<HTMLElement | null>, otherwise: () => void): void {
  const last = useRef(otherwise)
  useEffect(() => void (last.current = otherwise))
  useEffect(() => {
    const root = whole.current
    if (!root) return
    let focused: { target: Element; around: Around } | null = null
    const enter = (event: FocusEvent) => {
      const target = event.target as Element
      focused = target !== root && root.contains(target) ? { target, around: around(target, root) } : null
    }
    const changed = () => {
      if (!focused || focused.target.isConnected) return
      const { around: parts } = focused
      focused = null
      // Somebody else took it: a dialog, or the code that removed the button.
      if (document.activeElement && document.activeElement !== document.body) return
      for (const { part, place } of parts) {
        const list = part.isConnected ? stopsIn(part) : []
        const next = list[Math.min(Math.max(0, place), list.length - 1)]
        if (next) return next.focus()
      }
      last.current()
    }
    const observer = new MutationObserver(changed)
    observer.observe(root, { childList: true, subtree: true })
    document.addEventListener('focusin', enter)
    return () => {
      observer.disconnect()
      document.removeEventListener('focusin', enter)
    }
  }, [whole])
}
