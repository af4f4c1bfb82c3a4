import { Button, Radio, TextInput } from '@mantine/core'
import { useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { lastPeriods, type LastPeriod, type Period } from './filter'
import { FilterChip } from './FilterChip'
import { fromLocalInput, periodInWords, toLocalInput } from './period'
import css from './FilterChip.module.css'

type Props = { period: Period; change: (period: Period) => void; button: RefObject<HTMLButtonElement | null> }

export function TimeFilter({ period, change, button }: Props) {
  const { t, i18n } = useTranslation()
  return (
    <FilterChip
      name="time"
      value={periodInWords(t, i18n.language, period)}
      clear={() => change({ kind: 'all' })}
      button={button}
      width={280}
    >
      {(close) => <TimeForm period={period} change={change} close={close} />}
    </FilterChip>
  )
}

/** Judged once it could be whole, so that nobody is corrected while typing. */
const isWrong = (text: string) => text.trim().length >= 10 && fromLocalInput(text) === null

function TimeForm({ period, change, close }: { period: Period; change: (period: Period) => void; close: () => void }) {
  const { t } = useTranslation()
  const [between, setBetween] = useState(period.kind === 'between')
  const [after, setAfter] = useState(period.kind === 'between' ? toLocalInput(period.after) : '')
  const [before, setBefore] = useState(period.kind === 'between' ? toLocalInput(period.before) : '')
  const [wrong, setWrong] = useState(false)
  const value = between ? 'between' : period.kind === 'last' ? period.last : 'all'
  const pick = (next: string) => {
    setBetween(next === 'between')
    if (next === 'between') return
    change(next === 'all' ? { kind: 'all' } : { kind: 'last', last: next as LastPeriod })
    close()
  }
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (isWrong(after) || isWrong(before)) return
    const range = { after: fromLocalInput(after), before: fromLocalInput(before) }
    const backwards = range.after !== null && range.before !== null && range.after >= range.before
    setWrong(backwards)
    if (backwards) return
    change(range.after || range.before ? { kind: 'between', ...range } : { kind: 'all' })
    close()
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <Radio.Group value={value} onChange={pick} aria-label={t('audit.filter.time')}>
        {['all', ...Object.keys(lastPeriods), 'between'].map((each) => (
          <Radio
            key={each}
            value={each}
            className={css.option}
            label={t(`audit.filter.period.${each}`)}
            data-testid={`filter-time-${each}`}
          />
        ))}
      </Radio.Group>
      {between && (
        <>
          <TextInput
            label={t('audit.filter.after')}
            description={t('audit.filter.timeHint')}
            placeholder={t('audit.filter.timeForm')}
            value={after}
            error={isWrong(after) && t('audit.filter.timeInvalid')}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setAfter(event.currentTarget.value)}
            data-testid="filter-time-after"
          />
          <TextInput
            label={t('audit.filter.before')}
            placeholder={t('audit.filter.timeForm')}
            value={before}
            error={isWrong(before) ? t('audit.filter.timeInvalid') : wrong && t('audit.filter.periodInvalid')}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setBefore(event.currentTarget.value)}
            data-testid="filter-time-before"
          />
          <Button type="submit" data-testid="filter-time-apply">
            {t('audit.filter.apply')}
          </Button>
        </>
      )}
    </form>
  )
}
