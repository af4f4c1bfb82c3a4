import { IconHistory } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Keys } from '../look/Keys'
import { visibleLine } from '../look/visible'
import { capitalised, periodWords, type Words } from './periodWords'
import type { Choice } from './useCompletion'
import { eventName } from './wording'
import css from './QueryBar.module.css'

export const choiceId = (id: string, index: number) => `${id}-choice-${index}`

type Props = { id: string; list: Choice[]; active: number; accept: (choice: Choice) => void }

/** What could be written next. The field keeps the focus; the list only shows which one Enter takes. */
export function QueryChoices({ id, list, active, accept }: Props) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <>
      <div ref={box} id={`${id}-choices`} role="listbox" aria-label={t('search.choices')} className={css.choices}>
        {list.map((choice, index) => (
          <div
            key={choice.kind === 'recent' ? `recent ${choice.text}` : choice.offer.insert}
            id={choiceId(id, index)}
            role="option"
            aria-selected={index === active}
            className={css.choice}
            data-kind={choice.kind}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => accept(choice)}
            data-testid={`query-choice-${index}`}
          >
            <ChoiceText choice={choice} />
          </div>
        ))}
      </div>
      <div className={css.foot} aria-hidden>
        <span>
          <Keys keys="↑ ↓" /> {t('search.keys.choose')}
        </span>
        <span>
          <Keys keys="Tab" /> {t('search.keys.take')}
        </span>
        <span>
          <Keys keys="Enter" /> {t('search.keys.apply')}
        </span>
        <span>
          <Keys keys="Esc" /> {t('search.keys.leave')}
        </span>
      </div>
    </>
  )
}

function ChoiceText({ choice }: { choice: Choice }) {
  const { t, i18n } = useTranslation()
  if (choice.kind === 'recent') {
    return (
      <>
        <IconHistory size="0.8125rem" aria-hidden className="dim" />
        <span className="mono cut">{visibleLine(choice.text)}</span>
        <span className={`dim ${css.what}`}>{t('search.recent')}</span>
      </>
    )
  }
  const { insert, label } = choice.offer
  const words =
    choice.kind === 'field'
      ? t(`search.field.${insert.replace(/^-|:$/g, '')}`, { defaultValue: '' })
      : wordsOf({ t, locale: i18n.language }, choice.field, insert.replace(/^"|"$/g, ''))
  return (
    <>
      <span className="mono cut">{visibleLine(insert)}</span>
      <span className={`dim cut ${css.what}`}>{label === null ? words : visibleLine(label)}</span>
    </>
  )
}

function wordsOf({ t, locale }: Words, field: string, value: string): string {
  const keys: Record<string, string> = {
    severity: `severity.${value}`,
    outcome: `outcome.${value}`,
    origin: `audit.origin.${value}`,
    tenant: value === 'system' ? 'audit.filter.system' : '',
  }
  if (['when', 'after', 'before'].includes(field)) return capitalised(periodWords({ t, locale }, value), locale)
  if (field === 'type') {
    const name = eventName(t, value)
    return name === value ? '' : name
  }
  const key = keys[field]
  return key ? t(key, { defaultValue: '' }) : ''
}
