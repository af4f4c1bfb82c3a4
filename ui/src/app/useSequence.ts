import { useEffect } from 'react'

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null
  return !!element?.closest?.('input, textarea, select, [contenteditable="true"], [role="dialog"]')
}

/**
 * Whether the key commands something other than what it writes. AltGr, and Option on a Mac, are how many layouts write "[" and
 * "]" at all; Windows reports the first as Ctrl and Alt.
 */
function commands(event: KeyboardEvent): boolean {
  if (event.metaKey) return true
  const writes = event.getModifierState('AltGraph') || (isMac() && event.altKey && !event.ctrlKey)
  return writes ? event.key.length > 1 : event.ctrlKey || event.altKey
}
const isMac = () => /^Mac/.test(navigator.platform)

/** Single keys and sequences such as "g a", ignored while somebody types or a dialog is open. */
export function useSequence(bindings: Record<string, () => void>): void {
  useEffect(() => {
    let first = ''
    let timer: ReturnType<typeof setTimeout> | undefined
    const press = (event: KeyboardEvent) => {
      if (commands(event) || event.defaultPrevented || typing(event.target)) return
      const both = first ? `${first} ${event.key}` : ''
      const run = bindings[both] ?? bindings[event.key]
      clearTimeout(timer)
      first = ''
      if (run) {
        event.preventDefault()
        run()
        return
      }
      if (Object.keys(bindings).some((keys) => keys.startsWith(`${event.key} `))) {
        first = event.key
        timer = setTimeout(() => (first = ''), 1200)
      }
    }
    window.addEventListener('keydown', press)
    return () => {
      window.removeEventListener('keydown', press)
      clearTimeout(timer)
    }
  }, [bindings])
}
