// What could stand at the cursor of the query: values and fields from Rust, and the queries that were asked before.
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSession } from '../app/session'
import { auditComplete } from '../backend/audit'
import type { Completion, Offer } from '../backend/types'
import { recentOf } from './queryStore'

export type Choice =
  { kind: 'recent'; text: string } | { kind: 'field'; offer: Offer } | { kind: 'value'; field: string; offer: Offer }
export type Choices = { list: Choice[]; completion: Completion | null }

const shownRecent = 6
const settle = 60

export function useCompletion(text: string, cursor: number, wanted: boolean): Choices {
  const { session } = useSession()
  const recent = recentOf(session.connection.id).use()
  const [settled] = useDebouncedValue(`${cursor} ${text}`, settle)
  const at = settled.indexOf(' ')
  const asked = { cursor: Number(settled.slice(0, at)), text: settled.slice(at + 1) }
  const offers = useQuery({
    queryKey: ['audit', 'complete', asked.text, asked.cursor],
    queryFn: () => auditComplete(asked),
    enabled: wanted,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    gcTime: 10_000,
  })
  const current = offers.data && !offers.isPlaceholderData && asked.text === text && asked.cursor === cursor
  const written = text.trim().toLowerCase()
  const asBefore: Choice[] = recent
    .filter((each) => each !== text && each.toLowerCase().includes(written))
    .slice(0, written === '' ? shownRecent : 2)
    .map((each) => ({ kind: 'recent', text: each }))
  const kind = offers.data?.completion.kind
  const offered: Choice[] = (offers.data?.offers ?? []).map((offer) =>
    kind === undefined || kind === 'field' ? { kind: 'field', offer } : { kind: 'value', field: kind.value, offer },
  )
  return {
    list: written === '' ? [...asBefore, ...offered] : [...offered, ...asBefore],
    completion: current && offers.data ? offers.data.completion : null,
  }
}
