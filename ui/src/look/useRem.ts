import { useSyncExternalStore } from 'react'

// One root em in pixels. An element of that size tells when the text is made larger or smaller while the window is open.
let probe: HTMLElement | null = null
let observer: ResizeObserver | null = null
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (!probe) {
    probe = document.createElement('div')
    probe.ariaHidden = 'true'
    Object.assign(probe.style, {
      position: 'absolute',
      top: '0',
      left: '0',
      width: '1rem',
      height: '0',
      visibility: 'hidden',
    })
    document.body.append(probe)
    observer = new ResizeObserver(() => {
      for (const each of listeners) each()
    })
    observer.observe(probe)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    observer?.disconnect()
    probe?.remove()
    probe = observer = null
  }
}

const read = () => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16

export const useRem = (): number => useSyncExternalStore(subscribe, read)
