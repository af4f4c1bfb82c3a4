import { describe, expect, it, vi } from 'vitest'
import { shiftOf, windowRows } from '../src/audit/listWindow'
import { Pages, pageSize, type Load } from '../src/audit/pages'
import { Live, liveRows } from '../src/audit/live'
import type { AuditPage, AuditRow, AuditTail } from '../src/backend/types'
import { eventAt, liveEvent } from './fake/data'

const newest = Date.parse('2026-02-01T10:00:00Z')
const cursorOf = (row: AuditRow) => ({ id: row.id, occurred_at: row.occurred_at, now: '2026-02-01T10:00:00Z' })

/** A log of so many rows, newest first. */
function logOf(size: number) {
  const rows = Array.from({ length: size }, (_, index) => eventAt(index, newest))
  const load: Load = vi.fn(async (cursor): Promise<AuditPage> => {
    const from = cursor ? rows.findIndex((row) => row.id === cursor.id) + 1 : 0
    const page = rows.slice(from, from + pageSize)
    const last = page.at(-1)
    return { rows: page, next: last && from + page.length < rows.length ? cursorOf(last) : null, searched: null }
  })
  return { rows, load: load as typeof load & ReturnType<typeof vi.fn> }
}

describe('pages', () => {
  it('follow each other to the end of the log', async () => {
    const { rows, load } = logOf(450)
    const pages = new Pages(load)
    while (pages.available) await pages.more()
    expect(pages.total).toBe(450)
    expect(load).toHaveBeenCalledTimes(3)
    expect([0, 199, 200, 449].map((index) => pages.row(index)?.id)).toEqual([0, 199, 200, 449].map((i) => rows[i]?.id))
    expect(pages.row(450)).toBeUndefined()
    await pages.more()
    expect(load).toHaveBeenCalledTimes(3)
  })

  it('hold no more rows however far somebody goes, and bring back what is looked at again', async () => {
    const { rows, load } = logOf(20_000)
    const pages = new Pages(load)
    let most = 0
    while (pages.available) {
      await pages.more()
      pages.see(pages.total - 40, pages.total - 1)
      most = Math.max(most, pages.held)
    }
    expect(pages.total).toBe(20_000)
    expect(most).toBeLessThanOrEqual(9 * pageSize)
    expect(pages.row(10)).toBeUndefined()
    pages.see(0, 40)
    await vi.waitFor(() => expect(pages.row(10)?.id).toBe(rows[10]?.id))
    expect(pages.row(19_990)).toBeUndefined()
    expect(pages.total).toBe(20_000)
  })

  it('keep their place when a late event came in between', async () => {
    const { rows, load } = logOf(4_000)
    const pages = new Pages(load)
    while (pages.available) await pages.more()
    pages.see(3_900, 3_999)
    rows.splice(50, 0, { ...eventAt(50, newest), id: '1' })
    pages.see(0, 40)
    await vi.waitFor(() => expect(pages.row(50)?.id).toBe('1'))
    expect(pages.total).toBe(4_001)
    pages.see(3_950, 4_000)
    await vi.waitFor(() => expect(pages.row(4_000)?.id).toBe(rows[4_000]?.id))
  })

  it('say what failed and try again when asked', async () => {
    const { load } = logOf(450)
    const pages = new Pages(load)
    await pages.more()
    vi.mocked(load).mockRejectedValueOnce(new Error('gone'))
    await pages.more()
    expect(pages.error?.message).toBe('gone')
    expect(pages.eager).toBe(false)
    expect(pages.total).toBe(200)
    pages.retry()
    await vi.waitFor(() => expect(pages.total).toBe(400))
    expect(pages.error).toBeNull()
  })

  it('do not ask over and over for what cannot be fetched again', async () => {
    const { load } = logOf(4_000)
    const pages = new Pages(load)
    while (pages.available) await pages.more()
    pages.see(3_900, 3_999)
    vi.mocked(load).mockRejectedValueOnce(new Error('gone'))
    vi.mocked(load).mockClear()
    pages.see(0, 40)
    await vi.waitFor(() => expect(pages.error).not.toBeNull())
    const asked = vi.mocked(load).mock.calls.length
    for (let index = 0; index < 10; index += 1) pages.see(0, 40)
    expect(vi.mocked(load).mock.calls.length).toBe(asked)
  })

  const cancelled = { code: 'CANCELLED', message: '', request_id: null, detail: {} }
  it('are asked for once more where somebody waits for the first of them and it was cancelled', async () => {
    const { load } = logOf(450)
    const pages = new Pages(load)
    pages.subscribe(() => undefined)
    vi.mocked(load).mockRejectedValueOnce(cancelled)
    await pages.more()
    expect([pages.begun, pages.total, pages.error]).toEqual([true, 200, null])
  })

  it('say so where it is cancelled again and again', async () => {
    const { load } = logOf(450)
    const pages = new Pages(load)
    pages.subscribe(() => undefined)
    vi.mocked(load).mockRejectedValueOnce(cancelled).mockRejectedValueOnce(cancelled)
    await pages.more()
    expect([pages.begun, pages.error !== null]).toEqual([false, true])
    pages.retry()
    await vi.waitFor(() => expect(pages.total).toBe(200))
  })

  it('do not ask again once another question took their place', async () => {
    const { load } = logOf(450)
    const pages = new Pages(load)
    const leave = pages.subscribe(() => undefined)
    vi.mocked(load).mockImplementationOnce(async () => {
      leave()
      throw cancelled
    })
    await pages.more()
    expect(load).toHaveBeenCalledTimes(1)
    expect([pages.begun, pages.error]).toEqual([false, null])
  })

  it('stop a search that finds nothing, until somebody wants more', async () => {
    const next = { id: '5', occurred_at: '2026-01-01T00:00:00Z', now: '2026-02-01T10:00:00Z' }
    const searched = { until: '2026-01-01T00:00:00Z', complete: false }
    const pages = new Pages(async () => ({ rows: [], next, searched }))
    for (let index = 0; index < 20 && (pages.eager || !pages.begun); index += 1) await pages.more()
    expect(pages.eager).toBe(false)
    expect(pages.available).toBe(true)
    expect(pages.searched).toEqual(searched)
    await pages.searchOn()
    expect(pages.eager).toBe(true)
  })
})

describe('the window on a long list', () => {
  const total = 10_000_000
  it('stays while neither end is near', () => {
    expect(shiftOf({ from: 0, count: windowRows, total, top: 0, bottom: 30 })).toBe(0)
    expect(shiftOf({ from: 500_000, count: windowRows, total, top: 60_000, bottom: 60_030 })).toBe(0)
  })
  it('moves on before an end is met, and never past the list', () => {
    let from = 0
    let at = 0
    for (let step = 0; step < 3_000; step += 1) {
      at = Math.min(total - 1, at + 5_000)
      const count = Math.min(windowRows, total - from)
      const shift = shiftOf({ from, count, total, top: at - from, bottom: Math.min(count - 1, at - from + 30) })
      from += shift
      expect(at - from).toBeGreaterThanOrEqual(0)
      expect(from + Math.min(windowRows, total - from)).toBeGreaterThan(at)
    }
    expect(at).toBe(total - 1)
    while (at > 0) {
      at = Math.max(0, at - 5_000)
      from += shiftOf({
        from,
        count: Math.min(windowRows, total - from),
        total,
        top: at - from,
        bottom: at - from + 30,
      })
      expect(from).toBeGreaterThanOrEqual(0)
      expect(at).toBeGreaterThanOrEqual(from)
    }
    expect(from).toBe(0)
  })
})

describe('following', () => {
  /** A tail that hands over so many rows each second. */
  function tailOf(perSecond: number) {
    let sent = 0
    const tail = vi.fn(async ({ mark }: { mark: string | null }): Promise<AuditTail> => {
      if (mark === null) return { rows: [], mark: '0', more: false }
      const rows = Array.from({ length: perSecond }, () => liveEvent((sent += 1)))
      return { rows, mark: String(sent), more: false }
    })
    return { tail, sent: () => sent }
  }
  const second = () => vi.advanceTimersByTimeAsync(1_050)

  it('begins at a mark, before the list is read again, and shows the newest first', async () => {
    vi.useFakeTimers()
    const { tail } = tailOf(3)
    const live = new Live(tail)
    const begun = vi.fn()
    await live.follow('', begun)
    expect(begun).toHaveBeenCalledOnce()
    expect(tail).toHaveBeenCalledTimes(1)
    await second()
    expect(live.rows.map((row) => row.id)).toEqual([3, 2, 1].map((n) => liveEvent(n).id))
    live.stop()
    vi.useRealTimers()
  })

  it('holds a bounded number of rows at 200 a second, and says that some were let go', async () => {
    vi.useFakeTimers()
    const { tail, sent } = tailOf(200)
    const live = new Live(tail)
    const changes = vi.fn()
    await live.follow('', () => undefined)
    live.subscribe(changes)
    for (let index = 0; index < 30; index += 1) await second()
    expect(sent()).toBeGreaterThan(5_000)
    expect(live.rows).toHaveLength(liveRows)
    expect(live.cut).toBe(true)
    expect(live.rows[0]?.id).toBe(liveEvent(sent()).id)
    // One rendering for each batch, however many rows it brings.
    expect(changes.mock.calls.length).toBeLessThanOrEqual(31)
    live.stop()
    vi.useRealTimers()
  })

  it('counts while it is paused, and catches up', async () => {
    vi.useFakeTimers()
    const { tail } = tailOf(5)
    const live = new Live(tail)
    await live.follow('', () => undefined)
    await second()
    live.pause()
    const shown = live.rows
    await second()
    await second()
    expect(live.rows).toBe(shown)
    expect(live.waiting).toBe(10)
    live.resume()
    expect(live.rows).toHaveLength(15)
    expect(live.waiting).toBe(0)
    live.stop()
    vi.useRealTimers()
  })

  it('does not show twice what the list has', async () => {
    vi.useFakeTimers()
    const { tail } = tailOf(4)
    const live = new Live(tail)
    await live.follow('', () => undefined)
    live.known([liveEvent(1)])
    await second()
    expect(live.rows).toHaveLength(3)
    live.known([liveEvent(4)])
    expect(live.rows.map((row) => row.id)).toEqual([liveEvent(3).id, liveEvent(2).id])
    live.stop()
    vi.useRealTimers()
  })

  it('says when it is behind, and asks again at once', async () => {
    vi.useFakeTimers()
    let more = true
    const tail = vi.fn(async ({ mark }: { mark: string | null }) => ({
      rows: mark === null ? [] : [liveEvent(Number(mark) + 1)],
      mark: String(Number(mark ?? 0) + 1),
      more: mark !== null && more,
    }))
    const live = new Live(tail)
    await live.follow('', () => undefined)
    await vi.advanceTimersByTimeAsync(1_020)
    expect(live.behind).toBe(true)
    expect(tail.mock.calls.length).toBeGreaterThan(3)
    more = false
    await second()
    expect(live.behind).toBe(false)
    live.stop()
    vi.useRealTimers()
  })

  it('says when it is interrupted, waits longer each time, and goes on', async () => {
    vi.useFakeTimers()
    let broken = true
    const tail = vi.fn(async ({ mark }: { mark: string | null }) => {
      if (mark !== null && broken) throw new Error('gone')
      return { rows: [], mark: '1', more: false }
    })
    const live = new Live(tail)
    await live.follow('', () => undefined)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(live.error?.message).toBe('gone')
    expect(tail.mock.calls.length).toBeLessThan(8)
    broken = false
    await vi.advanceTimersByTimeAsync(16_000)
    expect(live.error).toBeNull()
    live.stop()
    vi.useRealTimers()
  })

  it('forgets everything when it stops', async () => {
    vi.useFakeTimers()
    const { tail } = tailOf(5)
    const live = new Live(tail)
    await live.follow('', () => undefined)
    await second()
    live.stop()
    const asked = tail.mock.calls.length
    await vi.advanceTimersByTimeAsync(10_000)
    expect(tail.mock.calls.length).toBe(asked)
    expect([live.state, live.rows.length, live.cut]).toEqual(['off', 0, false])
    vi.useRealTimers()
  })
})
