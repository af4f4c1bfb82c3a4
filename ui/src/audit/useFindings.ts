// What stands out in the log: each finding is a query that can be opened, with the rule that found it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '../app/queries'
import { auditFindingNoteSave, auditFindingRules, auditFindingRuleSave, auditFindings } from '../backend/audit'
import type { AuditFinding, AuditFindings, FindingRule } from '../backend/types'

/** How far back is looked, in days. */
export const findingDays = 30

/** Before it is looked for. */
export const nothing: AuditFindings = { found: [], late: [], failed: [], more: [] }

/** `every` asks again by itself, in milliseconds, while the window is in sight: in a large log each time costs the server seconds. */
export const useFindings = (enabled = true, every: number | false = false) =>
  useQuery({
    queryKey: [...keys.auditFindings, findingDays],
    queryFn: () => auditFindings(findingDays),
    staleTime: 60_000,
    refetchInterval: every,
    enabled,
  })

const rank = { critical: 0, warning: 1, info: 2 }

/** What nobody called expected, or what somebody did; the worst first, then the newest. */
export const findingsOf = (all: AuditFindings | undefined, expected = false): AuditFinding[] =>
  (all?.found ?? [])
    .filter((each) => (each.note !== null) === expected)
    .sort((a, b) => rank[a.severity] - rank[b.severity] || b.until.localeCompare(a.until))

export const useFindingRules = () =>
  useQuery({ queryKey: keys.auditRules, queryFn: auditFindingRules, staleTime: 60_000 })

export function useFindingChanges() {
  const client = useQueryClient()
  const again = () => client.invalidateQueries({ queryKey: keys.auditFindings })
  const note = useMutation({ mutationFn: auditFindingNoteSave, onSuccess: again })
  const rule = useMutation({
    mutationFn: (next: FindingRule) => auditFindingRuleSave(next),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.auditRules })
      await again()
    },
  })
  return { note, rule }
}
