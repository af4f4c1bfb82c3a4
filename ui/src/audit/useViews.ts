// Saved views: queries with a name, of one person or of everybody. Also asked for by the palette and the overview.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '../app/queries'
import { auditViewRemove, auditViews, auditViewSave, type ViewDraft } from '../backend/audit'

export const useViews = (enabled = true) =>
  useQuery({ queryKey: keys.auditViews, queryFn: auditViews, staleTime: 60_000, enabled })

export function useViewChanges() {
  const client = useQueryClient()
  const again = () => client.invalidateQueries({ queryKey: keys.auditViews })
  const save = useMutation({ mutationFn: (view: ViewDraft) => auditViewSave(view), onSuccess: again })
  const remove = useMutation({ mutationFn: (id: string) => auditViewRemove(id), onSuccess: again })
  return { save, remove }
}
