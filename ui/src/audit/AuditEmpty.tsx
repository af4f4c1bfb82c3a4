import { Button } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '../app/queries'
import { auditComplete, auditList, auditOptions, auditParse, auditPrint, searchedCharacters } from '../backend/audit'
import type { AuditQuery, QueryProblem, When } from '../backend/types'
import { whole } from '../look/numbers'
import { Panel } from '../look/Panels'
import { problemText } from '../look/problemText'
import { visibleLine } from '../look/visible'
import { periodWords } from './periodWords'
import { emptyQuery, word } from './query'

type Props = {
  filtered: boolean
  query: AuditQuery | null
  /** Nothing was asked, for this. */
  problem: QueryProblem | null
  change: (next: (query: AuditQuery) => AuditQuery) => void
  clear: () => void
  back: (() => void) | null
}

export function AuditEmpty({ filtered, query, problem, change, clear, back }: Props) {
  const { t, i18n } = useTranslation()
  const unknown = useUnknownTypes(query)
  const meant = useMeantType(unknown[0])
  const period = useMeantPeriod(query)
  if (!filtered) {
    return (
      <Panel
        icon={IconListDetails}
        title={t('audit.empty.noneTitle')}
        text={t('audit.empty.noneText')}
        testId="audit-empty"
      />
    )
  }
  return (
    <Panel
      icon={IconListDetails}
      title={t(problem ? 'search.unread' : 'audit.empty.title')}
      text={
        problem
          ? problemText(t, problem.kind, i18n.language)
          : unknown.length > 0
            ? t('audit.empty.unknownType', { count: unknown.length, types: unknown.map(visibleLine).join(', ') })
            : query && query.text.length > 0
              ? t('audit.empty.noText', { n: whole(searchedCharacters, i18n.language) })
              : t('audit.empty.text')
      }
      testId="audit-empty"
    >
      {meant !== null && (
        <Button
          variant="default"
          onClick={() => change((query) => withType(query, unknown[0] as string, meant))}
          data-testid="audit-empty-meant"
        >
          {t('audit.empty.meant', { type: visibleLine(meant) })}
        </Button>
      )}
      {period !== null && (
        <Button
          variant="default"
          onClick={() => change((query) => ({ ...query, text: [], when: period }))}
          data-testid="audit-empty-period"
        >
          {t('audit.empty.meantPeriod', { period: periodWords({ t, locale: i18n.language }, period) })}
        </Button>
      )}
      {back && (
        <Button variant="default" onClick={back} data-testid="audit-empty-back">
          {t('search.back')}
        </Button>
      )}
      <Button variant="default" onClick={clear} data-testid="audit-empty-clear">
        {t('audit.filter.clear')}
      </Button>
    </Panel>
  )
}

/** Event types that are asked for and that no event has: a slip of the pen more often than a rare event. */
function useUnknownTypes(query: AuditQuery | null): string[] {
  const asked = query?.only.types ?? []
  const unknown = useQuery({
    queryKey: [...keys.auditOptions, asked],
    queryFn: () => unknownTypes(asked),
    enabled: asked.length > 0,
    staleTime: 10_000,
  })
  return unknown.data ?? []
}

/** Rust lists no more types than this. */
const listedTypes = 1_000
/** So many are asked for one by one. */
const askedTypes = 5

async function unknownTypes(asked: string[]): Promise<string[]> {
  const { types } = await auditOptions()
  const unlisted = asked.filter((type) => !types.includes(type))
  if (types.length < listedTypes) return unlisted
  const unknown: string[] = []
  for (const type of unlisted.slice(0, askedTypes)) {
    const alone = emptyQuery()
    alone.only.types.push(type)
    const page = await auditList({ query: await auditPrint(alone), cursor: null, limit: 1 })
    if (page.rows.length === 0 && page.next === null) unknown.push(type)
  }
  return unknown
}

/** What is offered in the place of a type that no event has. */
function useMeantType(type: string | undefined): string | null {
  const plain = type !== undefined && /^[\w.-]+$/.test(type)
  const text = `type:${type}`
  const offers = useQuery({
    queryKey: ['audit', 'complete', text, text.length],
    queryFn: () => auditComplete({ text, cursor: text.length }),
    enabled: plain,
    staleTime: 10_000,
    gcTime: 10_000,
  })
  const [first] = (plain && offers.data?.offers) || []
  return first && !first.insert.startsWith('"') ? first.insert : null
}

function withType(query: AuditQuery, was: string, type: string): AuditQuery {
  const types = new Set(query.only.types.map((each) => (each === was ? type : each)))
  return { ...query, only: { ...query.only, types: [...types] } }
}

/** The period that the free text says: without its field it was looked for as text. */
function useMeantPeriod(query: AuditQuery | null): When | null {
  const text = query?.when === null ? query.text.join(' ') : ''
  const read = useQuery({
    queryKey: ['audit', 'period', text],
    queryFn: () => auditParse(`when:${word(text)}`),
    enabled: text !== '',
    gcTime: 10_000,
  })
  return (text !== '' && read.data?.state === 'ok' && read.data.query.when) || null
}
