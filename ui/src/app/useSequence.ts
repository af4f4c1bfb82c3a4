import { useEffect } from 'react'

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null
  return !!element?.closest?.('input, textarea, select, [contenteditable="true"], [role="dialog"]')
}

/** Single keys and sequences such as "g a", ignored while somebody types or a dialog is open. */
export function useSequence(bindings: Record<string, () => void>): void {
  useEffect(() => {
    let first = ''
    let timer: ReturnType<typeof setTimeout> | undefined
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return
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
