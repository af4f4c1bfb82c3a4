import { Button, Radio, TextInput } from '@mantine/core'
import { useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { auditParse } from '../backend/audit'
import { FilterChip } from './FilterChip'
import { fromLocalInput, isPreset, periodInWords, presets, toLocalInput } from './period'
import { anyTime, hasPeriod, term, type Period } from './query'
import css from './FilterChip.module.css'

type Props = { period: Period; change: (period: Period) => void; button: RefObject<HTMLButtonElement | null> }

/** The period of the query: one of the usual ones, in words, or between two times. */
export function TimeFilter({ period, change, button }: Props) {
  const { t, i18n } = useTranslation()
  return (
    <FilterChip
      name="time"
      value={hasPeriod(period) ? periodInWords(t, i18n.language, period) : null}
      clear={() => change(anyTime)}
      button={button}
      width={300}
    >
      {(close) => <TimeForm period={period} change={change} close={close} />}
    </FilterChip>
  )
}

/** Judged once it could be whole, so that nobody is corrected while typing. */
const isWrong = (text: string) => text.trim().length >= 10 && fromLocalInput(text) === null

function TimeForm({ period, change, close }: { period: Period; change: (period: Period) => void; close: () => void }) {
  const { t } = useTranslation()
  const bounded = !!(period.after || period.before)
  const [mode, setMode] = useState<string>(
    bounded ? 'between' : !period.when ? 'all' : (presets[period.when] ?? 'words'),
  )
  const [words, setWords] = useState(period.when && !isPreset(period.when) ? period.when : '')
  const [after, setAfter] = useState(toLocalInput(period.after))
  const [before, setBefore] = useState(toLocalInput(period.before))
  const [wrong, setWrong] = useState<'period' | 'words' | null>(null)
  const done = (next: Period) => {
    change(next)
    close()
  }
  const pick = (next: string) => {
    setMode(next)
    if (next === 'between' || next === 'words') return
    const when = Object.entries(presets).find(([, name]) => name === next)?.[0] ?? null
    done({ ...anyTime, when })
  }
  const submit = async (event: React.FormEvent) => {
    event.preventDefault()
    if (mode === 'words') {
      const read = await auditParse(term('when', words.trim())).catch(() => null)
      if (read?.state === 'ok') done({ ...anyTime, when: read.query.when })
      else setWrong('words')
      return
    }
    if (isWrong(after) || isWrong(before)) return
    const range = { after: fromLocalInput(after), before: fromLocalInput(before) }
    const backwards = range.after !== null && range.before !== null && range.after >= range.before
    setWrong(backwards ? 'period' : null)
    if (!backwards) done({ ...anyTime, ...range })
  }
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      <Radio.Group value={mode} onChange={pick} aria-label={t('audit.filter.time')}>
        {['all', ...Object.values(presets), 'words', 'between'].map((each) => (
          <Radio
            key={each}
            value={each}
            className={css.option}
            label={t(`audit.filter.period.${each}`)}
            data-testid={`filter-time-${each}`}
          />
        ))}
      </Radio.Group>
      {mode === 'words' && (
        <>
          <TextInput
            data-autofocus
            label={t('search.time.words')}
            description={t('search.time.wordsHint')}
            value={words}
            error={wrong === 'words' && t('search.problem.not_a_time')}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setWords(event.currentTarget.value)}
            data-testid="filter-time-text"
          />
          <Button type="submit" disabled={words.trim() === ''} data-testid="filter-time-apply">
            {t('audit.filter.apply')}
          </Button>
        </>
      )}
      {mode === 'between' && (
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
            error={
              isWrong(before) ? t('audit.filter.timeInvalid') : wrong === 'period' && t('audit.filter.periodInvalid')
            }
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
