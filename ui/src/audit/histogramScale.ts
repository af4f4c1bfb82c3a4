// Numbers of the histogram: heights, ticks and the periods that a choice of bars means.
import type { AuditHistogram, AuditBucket } from '../backend/types'
import type { Period } from './query'

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

const hours: Record<string, number> = { minute: 1 / 60, hour: 1, day: 24, week: 168 }

/** Where a period that is counted back from now began, by the clock of `now`; null for others, whose beginning Rust knows. */
function began(when: string | null, now: number): string | null {
  const [, count = '', unit = ''] = /^last (\d+) (minute|hour|day|week)s?$/.exec(when ?? '') ?? []
  const at = now - Number(count) * (hours[unit] ?? 0) * 3_600_000
  return unit && !Number.isNaN(new Date(at).getTime()) ? new Date(at).toISOString() : null
}

/**
 * The period of these bars within the one that was asked for. The first and the last bar begin and end at round times, which may
 * lie outside of it: there its own bounds stay. `now` is when the bars were counted.
 */
export function zoomed(data: AuditHistogram, from: number, to: number, asked: Period, now: number): Period | null {
  const bars = periodOf(data, from, to)
  if (!bars) return null
  const first = Math.min(from, to) === 0
  const last = Math.max(from, to) === data.buckets.length - 1
  const begin = began(asked.when, now)
  const when = begin === null && (first || last) ? asked.when : null
  return {
    when,
    after: first ? (asked.after ?? begin ?? (when ? null : bars.after)) : bars.after,
    before: last ? (asked.before ?? (when ? null : bars.before)) : bars.before,
  }
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
