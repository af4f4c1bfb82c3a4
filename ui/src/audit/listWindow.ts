// The part of a long list that is laid out. Browsers stop at some 16 to 33 million pixels for one element.

/** Rows that are laid out at most: less than 10 million pixels, also at twice the text size. */
export const windowRows = 120_000
const half = windowRows / 2
const margin = windowRows / 12

type View = {
  /** Where the window begins in the list, and how many rows it has. */
  from: number
  count: number
  total: number
  /** First and last row in sight, counted in the window. */
  top: number
  bottom: number
}

/** By how many rows the window has to move, so that neither of its ends is met; 0 where it can stay. */
export function shiftOf({ from, count, total, top, bottom }: View): number {
  if (bottom > count - margin && from + count < total) return Math.min(half, total - (from + count))
  if (top < margin && from > 0) return -Math.min(half, from)
  return 0
}
