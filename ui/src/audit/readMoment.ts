import { auditParse } from '../backend/audit'
import { fromLocalInput } from './period'
import { word } from './query'

/** What somebody typed as a bound: a local date, or whatever Rust understands there. Undefined for what nobody understands. */
export async function readMoment(bound: 'after' | 'before', text: string): Promise<string | null | undefined> {
  const written = text.trim()
  if (written === '') return null
  const instant = fromLocalInput(written)
  if (instant !== null) return instant
  const read = await auditParse(`${bound}:${word(written)}`).catch(() => null)
  return read?.state === 'ok' ? read.query[bound] : undefined
}
