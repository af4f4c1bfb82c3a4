import { UnstyledButton } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { QueryProblem } from '../backend/types'
import { Keys } from '../look/Keys'
import { problemText } from '../look/problemText'
import css from './QueryBar.module.css'

type Props = { id: string; problem: QueryProblem; correct: (suggestion: string) => void }

/** What is wrong with the query, and what was probably meant: one of them by Tab, several to choose from. */
export function QueryProblemLine({ id, problem, correct }: Props) {
  const { t, i18n } = useTranslation()
  const suggestions = problem.suggestion?.split(', ') ?? []
  return (
    <div className={css.problem} data-testid="query-problem" data-kind={problem.kind}>
      <IconAlertTriangle size="0.9375rem" stroke={1.75} aria-hidden className={css.problemIcon} />
      <span id={id} role="status">
        {problemText(t, problem.kind, i18n.language)}
        {suggestions.length > 0 && ` ${t('search.suggestion')}`}
      </span>
      {suggestions.map((suggestion) => (
        <UnstyledButton
          key={suggestion}
          className={`mono ${css.suggestion}`}
          // The field keeps the focus until the button has done its work.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => correct(suggestion)}
          data-testid={`query-suggestion-${suggestion}`}
        >
          {suggestion}
          {suggestions.length === 1 && <Keys keys="Tab" />}
        </UnstyledButton>
      ))}
    </div>
  )
}
