// The rows of a query, page by page. Pages far from what is looked at give their rows back and are fetched again, by their
// cursor, when somebody returns: what is held does not grow with how far somebody scrolled.
import { asBackendError } from '../backend/door'
import type { AuditCursor, AuditPage, AuditRow, Searched } from '../backend/types'

export const pageSize = 200
/** Pages whose rows are kept on either side of the view. */
const keep = 6
/** Pages that may come back empty before somebody has to ask for more: a search without an index reports in between. */
const patience = 5
/** Pages more than one that a page may have become by events that came in late. */
const lateEvents = 3

const asError = (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason)))

const isCancelled = (reason: unknown) => asBackendError(reason).code === 'CANCELLED'

type Page = { at: AuditCursor | null; from: number; count: number; rows: AuditRow[] | null; asked: boolean }
export type Load = (cursor: AuditCursor | null) => Promise<AuditPage>

export class Pages {
  private pages: Page[] = []
  private next: AuditCursor | null = null
  private listeners = new Set<() => void>()
  private empty = 0
  /** Rows that are known of, held or not. */
  total = 0
  begun = false
  loading = false
  error: Error | null = null
  searched: Searched | null = null
  /** For who watches: another number, other contents. */
  version = 0

  constructor(private load: Load) {}

  subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  private changed() {
    this.version += 1
    for (const each of this.listeners) each()
  }

  private get watched(): boolean {
    return this.listeners.size > 0
  }

  get available(): boolean {
    return !this.begun || this.next !== null
  }

  /** Whether the next page may be fetched without being asked for. */
  get eager(): boolean {
    return this.available && !this.loading && this.error === null && this.empty < patience
  }

  /** Rows that are held. */
  get held(): number {
    return this.pages.reduce((sum, page) => sum + (page.rows?.length ?? 0), 0)
  }

  private pageAt(index: number): number {
    let low = 0
    let high = this.pages.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.pages[middle]?.from ?? 0) <= index) low = middle
      else high = middle - 1
    }
    return low
  }

  row(index: number): AuditRow | undefined {
    const page = this.pages[this.pageAt(index)]
    return page?.rows?.[index - page.from]
  }

  /** The next page; the first one too. After a failure it tries again. */
  more = async (): Promise<void> => {
    if (this.loading || !this.available) return
    this.loading = true
    this.error = null
    this.changed()
    try {
      const at = this.begun ? this.next : null
      const page = this.begun ? await this.load(at) : await this.first()
      if (page.rows.length > 0) {
        this.pages.push({ at, from: this.total, count: page.rows.length, rows: page.rows, asked: false })
      }
      this.empty = page.rows.length > 0 ? 0 : this.empty + 1
      this.total += page.rows.length
      this.next = page.next
      this.searched = page.searched
      this.begun = true
    } catch (reason) {
      // Another question was asked meanwhile: these rows are on their way out and say nothing any more.
      if (!isCancelled(reason) || (!this.begun && this.watched)) this.error = asError(reason)
    } finally {
      this.loading = false
      this.changed()
    }
  }

  /**
   * The server cancels a query's pages when another one is asked. Pages that somebody waits for were cancelled by what is on
   * its way out, and nobody else asks for them again.
   */
  private async first(): Promise<AuditPage> {
    try {
      return await this.load(null)
    } catch (reason) {
      if (!isCancelled(reason) || !this.watched) throw reason
      return this.load(null)
    }
  }

  /** Somebody asked to go on with a search that found nothing for a while. */
  searchOn = (): Promise<void> => {
    this.empty = 0
    return this.more()
  }

  /** What is looked at: fetched again where it was given back; what is far from it gives its rows back. */
  see(first: number, last: number): void {
    if (this.pages.length === 0) return
    const from = this.pageAt(first)
    const to = this.pageAt(last)
    this.pages.forEach((page, place) => {
      if (place >= from - 1 && place <= to + 1) {
        if (page.rows === null && !page.asked && this.error === null) void this.again(page)
      } else if (place < from - keep || place > to + keep) {
        page.rows = null
      }
    })
  }

  private async again(page: Page): Promise<void> {
    page.asked = true
    try {
      const following = this.pages[this.pages.indexOf(page) + 1]
      let { rows, next } = await this.load(page.at)
      // Late events may have come in between: the page still ends where the next one begins.
      const end = () => rows.findIndex((row) => row.id === following?.at?.id) + 1
      for (let more = 0; more < lateEvents && following?.at && end() === 0 && next; more += 1) {
        const rest = await this.load(next)
        rows = [...rows, ...rest.rows]
        next = rest.next
      }
      page.rows = rows.slice(0, end() || undefined)
      if (page.rows.length !== page.count) this.renumber(page)
    } catch (reason) {
      if (!isCancelled(reason)) this.error = asError(reason)
    } finally {
      page.asked = false
      this.changed()
    }
  }

  /** After a failure: what is in view and missing, or the next page. */
  retry = (): void => {
    if (this.error === null) return
    this.error = null
    const missing = this.pages.some((page) => page.rows === null)
    if (this.begun && missing) this.changed()
    else void this.more()
  }

  private renumber(changed: Page) {
    changed.count = changed.rows?.length ?? changed.count
    let from = 0
    for (const page of this.pages) {
      page.from = from
      from += page.count
    }
    this.total = from
  }
}
