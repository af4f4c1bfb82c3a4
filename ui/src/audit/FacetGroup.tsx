import { UnstyledButton } from '@mantine/core'
import { IconCheck, IconChevronRight, IconMinus } from '@tabler/icons-react'
import { useState, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/session'
import type { AuditQuery, FacetCounts, FacetField, FacetValue } from '../backend/types'
import { SeverityMark } from '../look/Marks'
import { whole } from '../look/numbers'
import { visibleLine } from '../look/visible'
import { chosen, type Side } from './query'
import { eventName, knownName, tenantName } from './wording'
import css from './FacetRail.module.css'

type Props = {
  counts: FacetCounts
  query: AuditQuery | null
  folded: boolean
  fold: () => void
  sideOf: (value: string) => Side | null
  pick: (value: string, side: Side) => void
  find: (field: string) => void
}

const few = 6

/** A value with how many events have it; null where nobody counted: what is chosen may be a beginning, a network of any size, or rare. */
type Listed = Omit<FacetValue, 'count'> & { count: number | null }

/** One column: its most frequent values. A click asks for one, with Alt it is excluded. */
export function FacetGroup({ counts, query, folded, fold, sideOf, pick, find }: Props) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const { field } = counts
  // What is chosen stays in sight, even where nothing has it any more.
  const known = (value: string) => (field === 'actor' ? value.toLowerCase() : value)
  const listed = new Set(counts.values.map((each) => known(each.value)))
  const uncounted: Listed[] = query
    ? [...chosen(query, field, 'only'), ...chosen(query, field, 'except')]
        .filter((value) => !listed.has(known(value)))
        .map((value) => ({ value, label: null, count: null }))
    : []
  const values = [...uncounted, ...counts.values]
  const most = Math.max(1, ...counts.values.map((each) => each.count))
  const inSight = all ? values : values.filter((each, index) => index < few || sideOf(each.value) !== null)
  const picked = values.filter((each) => sideOf(each.value) !== null).length
  return (
    <section className={css.group} data-testid={`facet-${field}`}>
      <h3 className={css.title}>
        <UnstyledButton
          className={css.fold}
          onClick={fold}
          aria-expanded={!folded}
          data-facet
          data-testid={`facet-${field}-fold`}
        >
          <IconChevronRight size="0.75rem" aria-hidden className={css.chevron} />
          {t(`search.facets.${field}`)}
          {picked > 0 && <span className={css.picked}>{picked}</span>}
        </UnstyledButton>
      </h3>
      {!folded && (
        <ul className={css.values}>
          {inSight.map((each) => (
            <FacetLine
              key={each.value}
              field={field}
              value={each}
              share={(each.count ?? 0) / most}
              side={sideOf(each.value)}
              pick={(side) => pick(each.value, side)}
            />
          ))}
          {values.length === 0 && <li className={`dim ${css.nothing}`}>{t('search.facets.nothing')}</li>}
          {values.length > inSight.length && (
            <li>
              <UnstyledButton className={css.link} onClick={() => setAll(true)} data-facet>
                {t('search.facets.more', { count: values.length - inSight.length })}
              </UnstyledButton>
            </li>
          )}
          {counts.more && values.length === inSight.length && (
            <li>
              <UnstyledButton
                className={css.link}
                onClick={() => find(field === 'network' ? 'ip' : field)}
                data-facet
                data-testid={`facet-${field}-find`}
              >
                {t('search.facets.find')}
              </UnstyledButton>
            </li>
          )}
        </ul>
      )}
    </section>
  )
}

type LineProps = {
  field: FacetField
  value: Listed
  share: number
  side: Side | null
  pick: (side: Side) => void
}

function FacetLine({ field, value, share, side, pick }: LineProps) {
  const { t, i18n } = useTranslation()
  const { session } = useSession()
  const name = useName(field, value, session.tenants)
  const raw = visibleLine(value.value)
  const click = (event: MouseEvent) => pick(event.altKey ? 'except' : 'only')
  const state = side === 'only' ? t('search.facets.included') : side === 'except' ? t('search.facets.excluded') : ''
  return (
    <li className={css.line} data-side={side ?? undefined}>
      <UnstyledButton
        className={css.value}
        onClick={click}
        onKeyDown={(event) => {
          if (event.key !== '-' && !(event.altKey && event.key === 'Enter')) return
          event.preventDefault()
          event.stopPropagation()
          pick('except')
        }}
        aria-pressed={side === 'only'}
        title={raw === name ? name : `${name}\n${raw}`}
        data-facet
        data-testid={`facet-${field}-${value.value}`}
      >
        <span className={css.share} style={{ width: `${Math.max(share * 100, share > 0 ? 1 : 0)}%` }} aria-hidden />
        <span className={css.mark} aria-hidden>
          {side === 'only' && <IconCheck size="0.75rem" stroke={2.5} />}
          {side === 'except' && <IconMinus size="0.75rem" stroke={2.5} />}
        </span>
        <span className={`cut ${css.name}`}>
          {field === 'severity' ? <SeverityMark severity={value.value} /> : <bdi className="cut">{name}</bdi>}
        </span>
        {value.count === null ? (
          <span className={css.number}>
            <span aria-hidden>–</span>
            <span className="spoken">{t('search.facets.uncounted')}</span>
          </span>
        ) : (
          <span className={css.number}>{whole(value.count, i18n.language)}</span>
        )}
        {state && <span className="spoken">{state}</span>}
      </UnstyledButton>
      <UnstyledButton
        className={css.exclude}
        tabIndex={-1}
        onClick={() => pick('except')}
        aria-label={t('search.facets.exclude', { name })}
        title={`${t('search.facets.exclude', { name })} (Alt)`}
        data-testid={`facet-${field}-${value.value}-exclude`}
      >
        <IconMinus size="0.75rem" aria-hidden />
      </UnstyledButton>
    </li>
  )
}

function useName(field: FacetField, { value, label }: Listed, tenants: Parameters<typeof tenantName>[2]): string {
  const { t } = useTranslation()
  switch (field) {
    case 'type':
      return knownName(t, value) ?? eventName(t, value)
    case 'severity':
      return t(`severity.${value}`, { defaultValue: value })
    case 'outcome':
      return t(`outcome.${value}`, { defaultValue: value })
    case 'origin':
      return t(`audit.origin.${value}`, { defaultValue: value })
    case 'tenant':
      return value === 'system' ? t('audit.system') : visibleLine(label ?? tenantName(t, Number(value), tenants))
    default:
      return visibleLine(label ?? value)
  }
}
