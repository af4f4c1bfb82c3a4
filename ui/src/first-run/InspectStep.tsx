import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { adoptionInspect, type AdoptionRequest } from '../backend/adoption'
import type { Inspection } from '../backend/types'
import { ErrorPanel } from '../look/Panels'
import { Findings } from './Findings'
import { Plan, Tables } from './InspectionTables'
import { PlanSave } from './PlanSave'
import { Standing } from './Standing'
import { Statements } from './Statements'
import { StepActions, StepPage } from './StepPage'
import css from './FirstRun.module.css'

type Props = {
  request: AdoptionRequest
  decide: (code: string, choice: string) => void
  back: () => void
  restore: () => void
  apply: (inspection: Inspection) => void
}

export function InspectStep({ request, decide, back, restore, apply }: Props) {
  const { t } = useTranslation()
  const i = (key: string) => t(`firstRun.inspection.${key}`)
  // The key must not hold the passwords of the request, so it counts visits instead.
  const [visit] = useState(() => Date.now())
  const view = useQuery({
    queryKey: ['inspection', visit],
    queryFn: () => adoptionInspect(request),
    staleTime: Infinity,
    gcTime: 0,
  })
  const found = view.data
  // Of a database that stays as it is, only what forbids going on is of interest.
  const findings = found?.findings.filter((each) => found.kind !== 'other' || each.severity === 'blocking') ?? []
  // Adopted half-way, or without a first administrator yet: what is left can be done.
  const goesOn =
    found?.kind === 'adopted' && !found.taken?.completed && !findings.some((each) => each.severity === 'blocking')
  const open = findings.some((each) => each.choices.length > 0 && !request.decisions[each.code])
  return (
    <StepPage title={i('title')} {...(found?.kind !== 'adopted' && { text: i('dryRun') })}>
      {view.isFetching ? (
        <div role="status" aria-label={i('working')} className={css.page}>
          <span className="soft">{i('working')}</span>
          {[90, 70, 80, 55, 65].map((width) => (
            <Skeleton key={width} height={12} width={`${width}%`} />
          ))}
        </div>
      ) : view.isError ? (
        <ErrorPanel error={view.error} retry={() => void view.refetch()} />
      ) : (
        found && (
          <div className={css.page} data-testid="inspection">
            <p className={found.kind === 'other' ? css.notice : css.lead}>
              {t(`firstRun.inspection.kind.${found.kind}`)}
            </p>
            {found.kind === 'adopted' && <Standing taken={found.taken} />}
            {(found.kind === 'legacy' || found.kind === 'empty' || findings.length > 0) && (
              <Findings findings={findings} decisions={request.decisions} decide={decide} />
            )}
            {found.tables.length > 0 && <Tables tables={found.tables} done={found.kind === 'adopted'} />}
            {found.statements.length > 0 && <Statements classes={found.statements} />}
            {found.steps.length > 0 && <Plan steps={found.steps} />}
            {found.kind === 'legacy' && found.can_apply && request.owner && <PlanSave request={request} open={open} />}
            {!found.can_apply && found.kind !== 'adopted' && found.kind !== 'other' && (
              <div className={css.notice}>{i('blocked')}</div>
            )}
          </div>
        )
      )}
      <StepActions>
        <Button variant="default" onClick={back} data-testid="inspect-back">
          {t('back')}
        </Button>
        {found && !found.can_apply && (
          <Button variant="default" onClick={() => void view.refetch()} data-testid="inspect-again">
            {i('again')}
          </Button>
        )}
        {found?.kind === 'adopted' ? (
          <>
            <Button variant={goesOn ? 'default' : 'filled'} onClick={restore} data-testid="inspect-restore">
              {t('signIn.restore')}
            </Button>
            {goesOn && (
              <Button onClick={() => apply(found)} disabled={view.isFetching} data-testid="inspect-apply">
                {i('resume')}
              </Button>
            )}
          </>
        ) : (
          <>
            {found?.can_apply && <span className="dim">{i(open ? 'chooseHint' : 'applyHint')}</span>}
            <Button
              disabled={!found?.can_apply || open || view.isFetching}
              onClick={() => found && apply(found)}
              data-testid="inspect-apply"
            >
              {i('apply')}
            </Button>
          </>
        )}
      </StepActions>
    </StepPage>
  )
}
