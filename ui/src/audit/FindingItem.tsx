import { Button, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../app/session'
import type { AuditFinding, FindingRule } from '../backend/types'
import { SeverityMark } from '../look/Marks'
import { ErrorNote } from '../look/Panels'
import { visibleLine } from '../look/visible'
import { When } from '../look/When'
import { foundInWords, ruleInWords } from './findingWords'
import { useFindingChanges } from './useFindings'
import css from './Findings.module.css'

/** Where the focus goes when an item leaves its list: to the one after it, else before it, else to the panel. */
function beside(item: HTMLElement | null, leaving: (item: HTMLElement) => boolean): HTMLElement | null {
  const all = [...(item?.parentElement?.children ?? [])] as HTMLElement[]
  const at = item ? all.indexOf(item) : -1
  const next = [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0)).reverse()].find((each) => !leaving(each))
  return next?.querySelector<HTMLElement>('[data-finding]') ?? item?.closest<HTMLElement>('aside') ?? null
}

type Props = { finding: AuditFinding; rule: FindingRule | undefined; current: boolean; open: () => void }

/** What was found, why, and what to do with it: look at it, or say that it is expected. */
export function FindingItem({ finding, rule, current, open }: Props) {
  const { t, i18n } = useTranslation()
  const can = useCan('audit.review')
  const { note } = useFindingChanges()
  const item = useRef<HTMLLIElement>(null)
  const [writing, setWriting] = useState(false)
  const [text, setText] = useState('')
  const { rule: name, subject } = finding
  const id = `finding-${name}`
  // A note is about all that the rule found of this subject: all of it goes to the other list.
  const mark = (said: string | null) => {
    const next = beside(item.current, (each) => each.dataset['testid'] === id && each.dataset['subject'] === subject)
    note.mutateAsync({ rule: name, subject, note: said }).then(
      () => {
        setWriting(false)
        const focused = document.activeElement
        if (focused === document.body || item.current?.contains(focused)) next?.focus()
      },
      // What went wrong is shown below.
      () => undefined,
    )
  }
  const save = (event: React.FormEvent) => {
    event.preventDefault()
    if (text.trim() !== '') mark(text.trim())
  }
  return (
    <li ref={item} className={css.item} data-current={current || undefined} data-testid={id} data-subject={subject}>
      <div className={css.head}>
        <SeverityMark severity={finding.severity} />
        <span className="dim">
          <When at={finding.until} />
        </span>
      </div>
      <p className={css.found}>{foundInWords(t, i18n.language, finding)}</p>
      {rule && (
        <p className={css.why}>
          <span className="dim">{t('search.findings.rule')}</span> {ruleInWords(t, i18n.language, rule)}
        </p>
      )}
      {finding.shows !== 'found' && (
        <p className={css.why} data-testid={`${id}-shows`}>
          {t(`search.findings.shows.${finding.shows}`)}
        </p>
      )}
      {finding.note && (
        <p className={css.note}>
          {t('search.findings.note', { author: visibleLine(finding.note.author) })} «{visibleLine(finding.note.note)}»
        </p>
      )}
      <div className={css.acts}>
        <Button
          variant="default"
          size="compact-sm"
          onClick={open}
          title={visibleLine(finding.query)}
          data-finding
          data-testid={`${id}-open`}
        >
          {t('search.findings.open')}
        </Button>
        {can && finding.note && (
          <Button
            variant="subtle"
            size="compact-sm"
            loading={note.isPending}
            onClick={() => mark(null)}
            data-testid={`${id}-undo`}
          >
            {t('search.findings.undo')}
          </Button>
        )}
        {can && !finding.note && !writing && (
          <Button variant="subtle" size="compact-sm" onClick={() => setWriting(true)} data-testid={`${id}-expected`}>
            {t('search.findings.mark')}
          </Button>
        )}
      </div>
      {writing && (
        <form className={css.form} onSubmit={save}>
          <TextInput
            autoFocus
            size="xs"
            label={t('search.findings.noteLabel')}
            description={t('search.findings.noteHint')}
            value={text}
            maxLength={400}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return
              event.stopPropagation()
              setWriting(false)
            }}
            data-testid={`${id}-note`}
          />
          <div className={css.acts}>
            <Button
              type="submit"
              size="compact-sm"
              disabled={text.trim() === ''}
              loading={note.isPending}
              data-testid={`${id}-save`}
            >
              {t('search.findings.mark')}
            </Button>
            <Button variant="subtle" size="compact-sm" onClick={() => setWriting(false)}>
              {t('cancel')}
            </Button>
          </div>
        </form>
      )}
      <ErrorNote error={note.error} />
    </li>
  )
}
