// Numbers of the histogram: heights, ticks and the periods that a choice of bars means.
import type { AuditHistogram, AuditBucket } from '../backend/types'

export const layers = ['critical', 'warning', 'info', 'none'] as const
export type Layer = (typeof layers)[number]

export const sumOf = (bucket: AuditBucket): number => layers.reduce((sum, layer) => sum + bucket[layer], 0)

/** The first bar from below is the worst, so that every column begins with what matters. Anything at all is seen. */
export function stack(bucket: AuditBucket, most: number, height: number): { layer: Layer; y: number; h: number }[] {
  let y = height
  return layers
    .filter((layer) => bucket[layer] > 0)
    .map((layer) => {
      const h = Math.max(1.5, (bucket[layer] / Math.max(1, most)) * (height - 4))
      y -= h
      return { layer, y, h }
    })
}

/** From the first to the last of these bars, both included, as instants. */
export function periodOf({ buckets, step_seconds }: AuditHistogram, from: number, to: number) {
  const first = buckets[Math.min(from, to)]
  const last = buckets[Math.max(from, to)]
  if (!first || !last) return null
  const end = new Date(Date.parse(last.start) + step_seconds * 1000).toISOString()
  return { after: first.start, before: end }
}

/** About `count` bars to label, evenly spaced, none of them at the edge. */
export function ticks(length: number, count: number): number[] {
  const step = Math.max(1, Math.round(length / count))
  return Array.from({ length: Math.ceil(length / step) }, (_, index) => Math.round(index * step + step / 2)).filter(
    (at) => at < length,
  )
}

/** The form of a label: the shorter the bars, the finer it is. */
export function tickForm(span: number): Intl.DateTimeFormatOptions {
  const day = 86_400
  if (span <= 2 * day) return { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
  if (span <= 12 * day)
    return { weekday: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
  if (span <= 300 * day) return { day: 'numeric', month: 'short' }
  return { month: 'short', year: 'numeric' }
}
