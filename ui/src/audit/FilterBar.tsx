import { Button } from '@mantine/core'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { useScope } from '../app/scope'
import { useSession } from '../app/session'
import { visibleLine } from '../look/visible'
import { activeCount, emptyFilter, outcomes, severities, type ScreenFilter } from './filter'
import { ActorFilter } from './ActorFilter'
import { ChoiceFilter } from './ChoiceFilter'
import { IpFilter } from './IpFilter'
import { TimeFilter } from './TimeFilter'
import { useAuditOptions } from './useAudit'
import { eventName } from './wording'
import css from './FilterBar.module.css'

type Props = {
  filter: ScreenFilter
  change: (filter: ScreenFilter) => void
  first: RefObject<HTMLButtonElement | null>
}

const systemValue = 'system'

export function FilterBar({ filter, change, first }: Props) {
  const { t, i18n } = useTranslation()
  const { session } = useSession()
  const { tenant } = useScope()
  const options = useAuditOptions()
  const set = (part: Partial<ScreenFilter>) => change({ ...filter, ...part })
  const byLabel = new Intl.Collator(i18n.language).compare
  // What is chosen stays in the list, even where the options do not know it (yet).
  const types = [...new Set([...(options.data?.types ?? []), ...filter.types])]
    .map((type) => ({ value: type, label: eventName(t, type), hint: type }))
    .sort((a, b) => byLabel(a.label, b.label))
  const tenants = (options.data?.tenants ?? session.tenants).map((each) => ({
    value: String(each.id),
    label: visibleLine(each.name),
  }))
  const chosenTenants = [...(filter.system ? [systemValue] : []), ...filter.tenants.map(String)]

  return (
    <div className={css.bar} role="group" aria-label={t('audit.filter.bar')}>
      <TimeFilter period={filter.period} change={(period) => set({ period })} button={first} />
      <ChoiceFilter
        name="type"
        options={types}
        chosen={filter.types}
        change={(chosen) => set({ types: chosen })}
        find={t('audit.filter.findType')}
      />
      <ChoiceFilter
        name="severity"
        options={severities.map((value) => ({ value, label: t(`severity.${value}`) }))}
        chosen={filter.severities}
        change={(chosen) => set({ severities: severities.filter((value) => chosen.includes(value)) })}
      />
      <ChoiceFilter
        name="outcome"
        options={outcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))}
        chosen={filter.outcomes}
        change={(chosen) => set({ outcomes: outcomes.filter((value) => chosen.includes(value)) })}
      />
      <ActorFilter actor={filter.actor} change={(actor) => set({ actor })} />
      {tenant === null && session.tenants.length > 1 && (
        <ChoiceFilter
          name="tenant"
          options={[{ value: systemValue, label: t('audit.filter.system') }, ...tenants]}
          chosen={chosenTenants}
          change={(chosen) =>
            set({
              system: chosen.includes(systemValue),
              tenants: chosen.filter((value) => value !== systemValue).map(Number),
            })
          }
          find={tenants.length > 8 ? t('audit.filter.findTenant') : undefined}
        />
      )}
      <IpFilter ip={filter.ip} change={(ip) => set({ ip })} />
      {activeCount(filter) > 0 && (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => change(emptyFilter)}
          data-testid="filter-clear"
          title={`${t('audit.filter.clear')} (x)`}
        >
          {t('audit.filter.clear')}
        </Button>
      )}
    </div>
  )
}
