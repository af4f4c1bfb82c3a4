/**
 * Says that the first screen can be used. `cargo xtask bench start` reads the mark. The second frame is asked for,
 * because the first one is what is being painted.
 */
export function markInteractive(): void {
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('interactive')))
}
