import { Button } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '../app/queries'
import { auditOptions } from '../backend/audit'
import type { AuditQuery, QueryProblem } from '../backend/types'
import { Panel } from '../look/Panels'
import { visibleLine } from '../look/visible'

type Props = {
  filtered: boolean
  query: AuditQuery | null
  /** Nothing was asked, for this. */
  problem: QueryProblem | null
  clear: () => void
  back: (() => void) | null
}

export function AuditEmpty({ filtered, query, problem, clear, back }: Props) {
  const { t } = useTranslation()
  const unknown = useUnknownTypes(query)
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
          ? t(`search.problem.${problem.kind}`)
          : unknown.length > 0
            ? t('audit.empty.unknownType', { count: unknown.length, types: unknown.map(visibleLine).join(', ') })
            : t('audit.empty.text')
      }
      testId="audit-empty"
    >
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
  const options = useQuery({
    queryKey: keys.auditOptions,
    queryFn: auditOptions,
    enabled: asked.length > 0,
    staleTime: 10_000,
  })
  return options.data ? asked.filter((type) => !options.data.types.includes(type)) : []
}
