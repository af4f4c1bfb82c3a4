import { fetchTheRest } from './later'

/**
 * Says that the first screen can be used. `cargo xtask bench start` reads the mark. The second frame is asked for,
 * because the first one is what is being painted. What the first screen did not need is fetched after that.
 */
export function markInteractive(): void {
  const usable = () => {
    performance.mark('interactive')
    setTimeout(() => void fetchTheRest(), 50)
  }
  requestAnimationFrame(() => requestAnimationFrame(usable))
}
