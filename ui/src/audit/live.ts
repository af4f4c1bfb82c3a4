// What comes in while somebody follows the log. Rows are shown at once while the list stands at its top, and counted while it
// does not; either way only so many are held.
import { auditTail } from '../backend/audit'
import type { AuditRow, AuditTail } from '../backend/types'

/** Rows that are held, newest first; at 200 a second that is ten seconds. */
export const liveRows = 2_000
const every = 1_000
const slowest = 15_000

export type LiveState = 'off' | 'following' | 'paused'
export type Tail = (req: { query: string; mark: string | null }) => Promise<AuditTail>

/** Calls back when the browser paints next, so that a burst costs one rendering. */
const frame = (run: () => void) => {
  if (typeof requestAnimationFrame === 'undefined' || document.hidden) run()
  else requestAnimationFrame(run)
}

export class Live {
  private listeners = new Set<() => void>()
  private query = ''
  private mark: string | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private run = 0
  private wait = every
  private seen = new Set<string>()
  private arrived: AuditRow[] = []
  private drawn = false
  /** Shown, newest first. */
  rows: AuditRow[] = []
  /** Came in since the events were counted, shown or waiting. */
  come = 0
  /** Arrived since the pause: how many, of which the newest are held. */
  waiting = 0
  state: LiveState = 'off'
  /** The server has more than it handed over. */
  behind = false
  /** Some of the rows shown before were let go: what follows in the list does not touch them. */
  cut = false
  error: Error | null = null
  version = 0

  constructor(private tail: Tail = auditTail) {}

  subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  private changed() {
    this.version += 1
    for (const each of this.listeners) each()
  }

  /** Follows from now on. `begun` is called once the mark is set: rows read after that and rows that come in overlap. */
  async follow(query: string, begun: () => void): Promise<void> {
    this.stop()
    const mine = ++this.run
    this.query = query
    this.state = 'following'
    this.changed()
    try {
      const { mark } = await this.tail({ query, mark: null })
      if (mine !== this.run) return
      this.mark = mark
      begun()
      this.next(every)
    } catch (reason) {
      if (mine !== this.run) return
      this.stop()
      this.error = reason as Error
      this.changed()
    }
  }

  /** Rows that are in the list already are not shown twice. */
  known(rows: Iterable<AuditRow>): void {
    const listed = new Set<string>()
    for (const row of rows) listed.add(row.id)
    for (const id of listed) this.seen.add(id)
    // The list may have come after the first of them.
    const twice = this.rows.some((row) => listed.has(row.id))
    const held = this.rows.length + this.arrived.length
    if (twice) this.rows = this.rows.filter((row) => !listed.has(row.id))
    this.arrived = this.arrived.filter((row) => !listed.has(row.id))
    this.come = Math.max(0, this.come - (held - this.rows.length - this.arrived.length))
    if (twice) this.changed()
  }

  stop = (): void => {
    this.run += 1
    clearTimeout(this.timer)
    Object.assign(this, {
      rows: [],
      come: 0,
      waiting: 0,
      state: 'off',
      behind: false,
      cut: false,
      error: null,
      mark: null,
    })
    this.arrived = []
    this.seen.clear()
    this.wait = every
    this.changed()
  }

  pause = (): void => {
    if (this.state !== 'following') return
    this.state = 'paused'
    this.changed()
  }

  /** The events are counted anew: what came in so far is among them. */
  counted = (): void => {
    this.come = 0
    this.changed()
  }

  /** Shows what came in since the pause, and goes on. */
  resume = (): void => {
    if (this.state !== 'paused') return
    this.state = 'following'
    this.draw()
  }

  private next(ms: number) {
    const mine = this.run
    this.timer = setTimeout(() => void this.ask(mine), ms)
  }

  private async ask(mine: number): Promise<void> {
    try {
      const { rows, mark, more } = await this.tail({ query: this.query, mark: this.mark })
      if (mine !== this.run) return
      this.mark = mark
      this.wait = every
      const fresh = rows.filter((row) => !this.seen.has(row.id))
      for (const row of fresh) this.seen.add(row.id)
      if (this.seen.size > 4 * liveRows) this.seen = new Set([...this.seen].slice(-2 * liveRows))
      const moved = fresh.length > 0 || more !== this.behind || this.error !== null
      this.behind = more
      this.error = null
      this.take(fresh)
      if (moved) this.later()
      this.next(more ? 0 : every)
    } catch (reason) {
      if (mine !== this.run) return
      this.error = reason as Error
      this.changed()
      this.wait = Math.min(slowest, this.wait * 2)
      this.next(this.wait)
    }
  }

  private take(fresh: AuditRow[]) {
    this.arrived = [...fresh.toReversed(), ...this.arrived].slice(0, liveRows)
    this.waiting += fresh.length
    this.come += fresh.length
  }

  private later() {
    if (this.drawn) return
    this.drawn = true
    frame(() => {
      this.drawn = false
      this.draw()
    })
  }

  private draw() {
    if (this.state === 'following' && this.arrived.length > 0) {
      const top = this.arrived
      // More came in than is held: what was shown before does not follow on what is shown now.
      if (this.waiting > top.length || this.rows.length + top.length > liveRows) this.cut = true
      this.rows = this.waiting > top.length ? top : [...top, ...this.rows].slice(0, liveRows)
      this.arrived = []
      this.waiting = 0
    }
    this.changed()
  }
}
