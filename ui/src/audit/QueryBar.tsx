import { UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { IconSearch, IconX } from '@tabler/icons-react'
import {
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type Ref,
} from 'react'
import { useTranslation } from 'react-i18next'
import { auditParse, longestQuery } from '../backend/audit'
import { Keys } from '../look/Keys'
import { highlight } from './highlight'
import { placeOf, type Place } from './link'
import { QueryChoices, choiceId } from './QueryChoices'
import { QueryProblemLine } from './QueryProblemLine'
import { parseKey, type AuditAsk } from './useAuditQuery'
import { useCompletion, type Choice } from './useCompletion'
import css from './QueryBar.module.css'

/** `begin` puts a text behind what is there and offers what could follow it. */
export type QueryBarHandle = { focus: () => void; begin: (text: string) => void }
type Props = { handle: Ref<QueryBarHandle>; ask: AuditAsk; leave: () => void; open: (place: Place) => void }

const settle = 120

export function QueryBar({ handle, ask, leave, open: openPlace }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const client = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const paint = useRef<HTMLDivElement>(null)
  const [draft, setDraft] = useState(ask.text)
  const [cursor, setCursor] = useState(ask.text.length)
  const [moveTo, setMoveTo] = useState<number | null>(null)
  const [focused, setFocused] = useState(false)
  const [offering, setOffering] = useState(false)
  const [active, setActive] = useState(-1)
  // Enter was pressed on this text: what is wrong with it is said even where it is still being written.
  const [insisted, setInsisted] = useState<string | null>(null)

  // Facets, saved views and links change the query from elsewhere.
  useEffect(() => {
    setDraft(ask.text)
    setOffering(false)
    setActive(-1)
  }, [ask.text])
  useLayoutEffect(() => {
    if (moveTo === null) return
    input.current?.setSelectionRange(moveTo, moveTo)
    setMoveTo(null)
  }, [moveTo])
  useLayoutEffect(() => {
    if (paint.current && input.current) paint.current.scrollLeft = input.current.scrollLeft
  }, [draft, cursor])

  const [settled] = useDebouncedValue(draft, settle)
  const parsed = useQuery({
    queryKey: parseKey(settled),
    queryFn: () => auditParse(settled),
    enabled: settled !== ask.text,
    staleTime: Infinity,
    gcTime: 30_000,
  })
  const answer = settled === draft && parsed.data?.state === 'problem' ? parsed.data.problem : null
  const wrong = draft === ask.text ? ask.problem : answer
  const beingWritten = focused && wrong !== null && wrong.from <= cursor && cursor <= wrong.to && insisted !== draft
  const problem = beingWritten ? null : wrong

  const { list, completion } = useCompletion(draft, cursor, focused && offering)
  const offered = focused && offering && list.length > 0
  const at = Math.min(active, list.length - 1)

  const write = (text: string, place = text.length) => {
    setDraft(text)
    setCursor(place)
    setMoveTo(place)
    setActive(-1)
  }
  useImperativeHandle(handle, () => ({
    focus: () => {
      input.current?.focus()
      input.current?.select()
    },
    begin: (text) => {
      input.current?.focus()
      write(draft.trim() === '' ? text : `${draft.trimEnd()} ${text}`)
      setOffering(true)
    },
  }))

  const apply = async (text: string) => {
    const trimmed = text.trim()
    const place = placeOf(trimmed)
    if (place) {
      setDraft(ask.text)
      openPlace(place)
      return
    }
    setInsisted(text)
    setOffering(false)
    setActive(-1)
    const read = await client
      .fetchQuery({ queryKey: parseKey(trimmed), queryFn: () => auditParse(trimmed), staleTime: Infinity })
      .catch(() => null)
    if (read?.state !== 'ok') return
    setDraft(trimmed)
    if (trimmed === ask.text) ask.refresh()
    else ask.apply(trimmed)
  }
  const accept = (choice: Choice) => {
    if (choice.kind === 'recent') {
      write(choice.text)
      void apply(choice.text)
      return
    }
    // What is offered belongs to an older text for a moment.
    if (!completion) return
    const { insert } = choice.offer
    write(draft.slice(0, completion.from) + insert + draft.slice(completion.to), completion.from + insert.length)
    setOffering(insert.endsWith(':'))
  }
  const correct = (suggestion: string) => {
    if (!problem) return
    input.current?.focus()
    write(draft.slice(0, problem.from) + suggestion + draft.slice(problem.to), problem.from + suggestion.length)
  }

  const single = problem?.suggestion && !problem.suggestion.includes(', ') ? problem.suggestion : null
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    const choice = offered ? list[at] : undefined
    const run = (act: () => void) => {
      event.preventDefault()
      event.stopPropagation()
      act()
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const by = event.key === 'ArrowDown' ? 1 : -1
      run(() => {
        if (!offered) setOffering(true)
        // Around, with the text itself between the last and the first.
        else setActive(((at + 1 + by + list.length + 1) % (list.length + 1)) - 1)
      })
    } else if (event.key === ' ' && event.ctrlKey) run(() => setOffering(true))
    else if (event.key === 'Enter') run(() => (choice ? accept(choice) : void apply(draft)))
    else if (event.key === 'Tab' && !event.shiftKey) {
      const first = list[0]
      if (choice) run(() => accept(choice))
      else if (single && !offered) run(() => correct(single))
      else if (offered && completion && completion.written !== '' && first) run(() => accept(first))
    } else if (event.key === 'Escape') {
      run(() => {
        if (offered) setOffering(false)
        else if (draft !== ask.text) write(ask.text)
        else leave()
      })
    }
  }

  return (
    <div className={css.bar} data-focused={focused || undefined} data-wrong={problem !== null || undefined}>
      <IconSearch size="0.9375rem" stroke={1.75} aria-hidden className={css.icon} />
      <div className={css.field}>
        <div ref={paint} className={css.paint} aria-hidden>
          {highlight(draft, problem).map((part, index) => (
            <span key={index} data-kind={part.kind} data-wrong={part.wrong || undefined}>
              {part.text}
            </span>
          ))}
        </div>
        <input
          ref={input}
          className={css.input}
          value={draft}
          onChange={(event) => {
            setDraft(event.currentTarget.value)
            setCursor(event.currentTarget.selectionStart ?? event.currentTarget.value.length)
            setOffering(true)
            setActive(-1)
          }}
          onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
          onScroll={(event) => {
            if (paint.current) paint.current.scrollLeft = event.currentTarget.scrollLeft
          }}
          onFocus={() => {
            setFocused(true)
            if (draft === '') setOffering(true)
          }}
          onBlur={() => {
            setFocused(false)
            setOffering(false)
          }}
          onKeyDown={press}
          role="combobox"
          aria-label={t('search.query')}
          aria-expanded={offered}
          aria-controls={offered ? `${id}-choices` : undefined}
          aria-activedescendant={offered && at >= 0 ? choiceId(id, at) : undefined}
          aria-autocomplete="list"
          aria-invalid={problem !== null || undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          placeholder={t('search.placeholder')}
          maxLength={longestQuery}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          data-testid="audit-query"
        />
      </div>
      {draft !== ask.text && !problem && (
        <span className={css.hint} aria-hidden>
          <Keys keys="Enter" />
        </span>
      )}
      {draft === '' && !focused && <Keys keys="/" />}
      {(draft !== '' || ask.text !== '') && (
        <UnstyledButton
          className={css.clear}
          onClick={() => {
            // Before the field is empty: an empty one that is entered offers what could be written.
            input.current?.focus()
            write('')
            ask.apply('')
          }}
          aria-label={t('audit.filter.clear')}
          title={`${t('audit.filter.clear')} (x)`}
          data-testid="filter-clear"
        >
          <IconX size="0.875rem" aria-hidden />
        </UnstyledButton>
      )}
      {(offered || problem) && (
        <div className={css.under}>
          {problem && <QueryProblemLine id={`${id}-problem`} problem={problem} correct={correct} />}
          {offered && <QueryChoices id={id} list={list} active={at} accept={accept} />}
        </div>
      )}
    </div>
  )
}
