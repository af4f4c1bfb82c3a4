import { Skeleton } from '@mantine/core'
import { memo, useImperativeHandle, useRef, type KeyboardEvent, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { useScope } from '../app/scope'
import { useSession } from '../app/session'
import type { FacetCounts, FacetField } from '../backend/types'
import { whole } from '../look/numbers'
import { ErrorNote } from '../look/Panels'
import { FacetGroup } from './FacetGroup'
import { panelsOf } from './panelStore'
import { chosen, sideOf, toggle } from './query'
import { useAuditFacets } from './useAudit'
import type { AuditAsk } from './useAuditQuery'
import css from './FacetRail.module.css'

export type FacetRailHandle = { focus: () => void }
type Props = { handle: Ref<FacetRailHandle>; ask: AuditAsk; find: (field: string) => void; leave: () => void }

const order: FacetField[] = ['type', 'severity', 'outcome', 'actor', 'tenant', 'resource', 'ip', 'network', 'origin']

/** What the events of the query are, counted by their columns. The list never waits for it. */
export const FacetRail = memo(function FacetRail({ handle, ask, find, leave }: Props) {
  const { t, i18n } = useTranslation()
  const { session } = useSession()
  const { tenant } = useScope()
  const store = panelsOf(session.connection.id)
  const panels = store.use()
  const rail = useRef<HTMLElement>(null)
  const facets = useAuditFacets(ask.asked, ask.taken, true)
  useImperativeHandle(handle, () => ({
    focus: () => rail.current?.querySelector<HTMLElement>('[data-facet]')?.focus(),
  }))

  const counts = new Map<FacetField, FacetCounts>(facets.data?.facets.map((each) => [each.field, each]))
  const shown = order.filter((field) => {
    const found = counts.get(field)
    // Nothing to choose and nothing chosen: nothing to show.
    const used = ask.query && (chosen(ask.query, field, 'only').length || chosen(ask.query, field, 'except').length)
    if (!found || (found.values.length === 0 && !used)) return false
    return field !== 'tenant' || (tenant === null && session.tenants.length > 1)
  })

  const press = (event: KeyboardEvent) => {
    const stops = [...(rail.current?.querySelectorAll<HTMLElement>('[data-facet]') ?? [])]
    const at = stops.indexOf(document.activeElement as HTMLElement)
    const moves: Record<string, () => void> = {
      ArrowDown: () => stops[Math.min(stops.length - 1, at + 1)]?.focus(),
      ArrowUp: () => stops[Math.max(0, at - 1)]?.focus(),
      Home: () => stops[0]?.focus(),
      End: () => stops.at(-1)?.focus(),
      Escape: leave,
    }
    const run = moves[event.key]
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    run()
  }

  return (
    <aside
      ref={rail}
      className={css.rail}
      aria-label={t('search.facets.title')}
      aria-busy={facets.isFetching}
      onKeyDown={press}
      data-stale={facets.isPlaceholderData || undefined}
      data-testid="facets"
    >
      {facets.isError ? (
        <div className={css.note}>
          <ErrorNote error={facets.error} testId="facets-error" />
          <button type="button" className={css.link} onClick={() => void facets.refetch()} data-facet>
            {t('retry')}
          </button>
        </div>
      ) : !facets.data ? (
        <div role="status" aria-label={t('loading')} className={css.skeleton} data-testid="facets-loading">
          {[40, 85, 70, 90, 60, 40, 75, 80, 65].map((width, index) => (
            <Skeleton key={index} height={9} width={`${width}%`} />
          ))}
        </div>
      ) : (
        <>
          {shown.map((field) => (
            <FacetGroup
              key={field}
              counts={counts.get(field) as FacetCounts}
              query={ask.query}
              folded={panels.folded.includes(field)}
              fold={() =>
                store.write({
                  ...panels,
                  folded: panels.folded.includes(field)
                    ? panels.folded.filter((each) => each !== field)
                    : [...panels.folded, field],
                })
              }
              pick={(value, side) => ask.change((query) => toggle(query, field, value, side))}
              sideOf={(value) => (ask.query ? sideOf(ask.query, field, value) : null)}
              find={find}
            />
          ))}
          <p className={css.source} data-testid="facets-source" data-newest={facets.data.newest ?? undefined}>
            {facets.data.newest === null
              ? t(`search.source.${facets.data.source}`)
              : t(`search.facets.newest.${facets.data.source}`, { n: whole(facets.data.newest, i18n.language) })}
          </p>
        </>
      )}
    </aside>
  )
})
