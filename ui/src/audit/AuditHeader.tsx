import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconLayoutSidebar, IconLayoutSidebarFilled, IconRadar2 } from '@tabler/icons-react'
import { memo, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { ExportButton } from './ExportButton'
import type { Place } from './link'
import { QueryBar, type QueryBarHandle } from './QueryBar'
import { anyTime } from './query'
import { TimeFilter } from './TimeFilter'
import { useFindings } from './useFindings'
import type { AuditAsk } from './useAuditQuery'
import { ViewsMenu } from './ViewsMenu'
import css from './AuditScreen.module.css'

type Props = {
  ask: AuditAsk
  bar: RefObject<QueryBarHandle | null>
  time: RefObject<HTMLButtonElement | null>
  views: RefObject<HTMLButtonElement | null>
  leave: () => void
  openPlace: (place: Place) => void
  openExport: () => void
  findings: boolean
  toggleFindings: () => void
  facets: boolean
  toggleFacets: () => void
}

/** The question, and what is done with it as a whole. */
export const AuditHeader = memo(function AuditHeader(props: Props) {
  const { ask, bar, time, views, leave, openPlace, openExport, findings, toggleFindings, facets, toggleFacets } = props
  const { t } = useTranslation()
  const found = useFindings()
  const open = found.data?.found.filter((each) => each.note === null).length ?? 0
  const rail = t(facets ? 'search.facets.hide' : 'search.facets.show')
  const RailIcon = facets ? IconLayoutSidebarFilled : IconLayoutSidebar
  return (
    <div className={css.bar} role="search" aria-label={t('search.bar')}>
      <Tooltip label={`${rail} ([)`}>
        <ActionIcon
          size="2rem"
          onClick={toggleFacets}
          aria-label={rail}
          aria-pressed={facets}
          data-testid="facets-toggle"
        >
          <RailIcon size="1.0625rem" stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <QueryBar handle={bar} ask={ask} leave={leave} open={openPlace} />
      <TimeFilter
        period={ask.query ?? anyTime}
        change={(period) => ask.change((query) => ({ ...query, ...period }))}
        button={time}
      />
      <div className={css.acts}>
        <ViewsMenu ask={ask} button={views} />
        <Button
          variant="default"
          className={findings ? css.on : undefined}
          leftSection={<IconRadar2 size="0.9375rem" stroke={1.6} aria-hidden />}
          onClick={toggleFindings}
          aria-pressed={findings}
          title={`${t('search.findings.title')} (i)`}
          data-testid="findings-open"
          data-count={found.data ? open : undefined}
        >
          {t('search.findings.title')}
          {open > 0 && <span className={css.badge}>{(found.data?.more.length ?? 0) > 0 ? `${open}+` : open}</span>}
        </Button>
        <ExportButton open={openExport} />
      </div>
    </div>
  )
})
