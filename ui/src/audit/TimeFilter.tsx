import { Button, Radio, TextInput } from '@mantine/core'
import { useRef, useState, type ChangeEvent, type KeyboardEvent, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { auditParse } from '../backend/audit'
import { FilterChip } from './FilterChip'
import { instantOf, isNoDate, isPreset, periodInWords, presets, toLocalInput } from './period'
import { anyTime, hasPeriod, term, type Period } from './query'
import { readMoment } from './readMoment'
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

function TimeForm({ period, change, close }: { period: Period; change: (period: Period) => void; close: () => void }) {
  const { t } = useTranslation()
  const bounded = !!(period.after || period.before)
  const [mode, setMode] = useState<string>(
    bounded ? 'between' : !period.when ? 'all' : (presets[period.when] ?? 'words'),
  )
  const [words, setWords] = useState(period.when && !isPreset(period.when) ? period.when : '')
  const [after, setAfter] = useState(toLocalInput(period.after))
  const [before, setBefore] = useState(toLocalInput(period.before))
  const [wrong, setWrong] = useState<'period' | 'words' | 'after' | 'before' | null>(null)
  const walking = useRef(false)
  const done = (next: Period) => {
    change(next)
    close()
  }
  const write = (keep: (text: string) => void) => (event: ChangeEvent<HTMLInputElement>) => {
    setWrong(null)
    keep(event.currentTarget.value)
  }
  const usual = (name: string) => {
    const when = Object.entries(presets).find(([, each]) => each === name)?.[0] ?? null
    done({ ...anyTime, when })
  }
  // Arrows choose a radio by a click that nobody made: they only walk. A click, Space and Enter apply.
  const press = ({ key }: KeyboardEvent) => {
    walking.current = key.startsWith('Arrow')
  }
  const click = (name: string) => {
    const walked = walking.current
    walking.current = false
    if (!walked && name !== 'between' && name !== 'words') usual(name)
  }
  /** What nobody touched stays as it was said: what is shown of it may have lost digits. */
  const bound = async (name: 'after' | 'before', text: string) =>
    text === toLocalInput(period[name]) ? period[name] : readMoment(name, text)
  const submit = async (event: React.FormEvent) => {
    event.preventDefault()
    if (mode !== 'words' && mode !== 'between') {
      usual(mode)
      return
    }
    if (mode === 'words') {
      const read = await auditParse(term('when', words.trim())).catch(() => null)
      if (read?.state === 'ok') done({ ...anyTime, when: read.query.when })
      else setWrong('words')
      return
    }
    if (isNoDate(after) || isNoDate(before)) return
    const [from, to] = [await bound('after', after), await bound('before', before)]
    if (from === undefined || to === undefined) {
      setWrong(from === undefined ? 'after' : 'before')
      return
    }
    const [begins, ends] = [instantOf(from), instantOf(to)]
    if (begins !== null && ends !== null && begins >= ends) setWrong('period')
    else done({ ...anyTime, after: from, before: to })
  }
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      <Radio.Group
        value={mode}
        onChange={setMode}
        onKeyDown={press}
        onKeyUp={() => (walking.current = false)}
        aria-label={t('audit.filter.time')}
      >
        {['all', ...Object.values(presets), 'words', 'between'].map((each) => (
          <Radio
            key={each}
            value={each}
            className={css.option}
            label={t(`audit.filter.period.${each}`)}
            onClick={() => click(each)}
            // Arrows go on from what is chosen; words are written on in their field.
            data-autofocus={(each === mode && mode !== 'words') || undefined}
            data-testid={`filter-time-${each}`}
          />
        ))}
      </Radio.Group>
      {mode === 'words' && (
        <TextInput
          data-autofocus
          label={t('search.time.words')}
          description={t('search.time.wordsHint')}
          value={words}
          error={wrong === 'words' && t('search.problem.not_a_time')}
          spellCheck={false}
          autoComplete="off"
          onChange={write(setWords)}
          data-testid="filter-time-text"
        />
      )}
      {mode === 'between' && (
        <>
          <TextInput
            label={t('audit.filter.after')}
            description={t('audit.filter.timeHint')}
            placeholder={t('audit.filter.timeForm')}
            value={after}
            error={(isNoDate(after) || wrong === 'after') && t('audit.filter.timeInvalid')}
            spellCheck={false}
            autoComplete="off"
            onChange={write(setAfter)}
            data-testid="filter-time-after"
          />
          <TextInput
            label={t('audit.filter.before')}
            placeholder={t('audit.filter.timeForm')}
            value={before}
            error={
              isNoDate(before) || wrong === 'before'
                ? t('audit.filter.timeInvalid')
                : wrong === 'period' && t('audit.filter.periodInvalid')
            }
            spellCheck={false}
            autoComplete="off"
            onChange={write(setBefore)}
            data-testid="filter-time-before"
          />
        </>
      )}
      <Button type="submit" disabled={mode === 'words' && words.trim() === ''} data-testid="filter-time-apply">
        {t('audit.filter.apply')}
      </Button>
    </form>
  )
}
