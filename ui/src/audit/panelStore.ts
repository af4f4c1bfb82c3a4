// Which parts of the audit screen are shown, remembered per connection.
import { persisted, type Persisted } from '../app/persisted'

export type Panels = { facets: boolean; histogram: boolean; folded: string[] }
const initial: Panels = { facets: true, histogram: true, folded: ['network', 'origin'] }

function check(value: unknown): Panels | null {
  if (typeof value !== 'object' || value === null) return null
  const { facets, histogram, folded } = { ...initial, ...(value as Partial<Panels>) }
  const sound =
    typeof facets === 'boolean' &&
    typeof histogram === 'boolean' &&
    Array.isArray(folded) &&
    folded.every((each) => typeof each === 'string')
  return sound ? { facets, histogram, folded } : null
}

export const panelsOf = (connectionId: string): Persisted<Panels> =>
  persisted(`atalaya.audit-panels.${connectionId}`, initial, check)
