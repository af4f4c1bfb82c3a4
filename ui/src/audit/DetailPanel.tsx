import { ActionIcon, Skeleton, Tooltip } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/session'
import type { AuditRow } from '../backend/types'
import { ErrorPanel } from '../look/Panels'
import { OutcomeMark, SeverityMark } from '../look/Marks'
import { When } from '../look/When'
import { DetailBody } from './DetailBody'
import type { ScreenFilter } from './filter'
import { useAuditEvent } from './useAudit'
import { eventName, sentence } from './wording'
import css from './DetailPanel.module.css'

type Props = {
  row: AuditRow
  step: (by: number) => void
  close: () => void
  narrow: (part: Partial<ScreenFilter>) => void
}

/** Reading one event is itself recorded, so walking past rows does not read each: the row has to stay for a moment. */
const settle = 200

export function DetailPanel({ row, step, close, narrow }: Props) {
  const { t } = useTranslation()
  const { session } = useSession()
  const [settled] = useDebouncedValue(row, settle)
  const event = useAuditEvent(settled)
  const panel = useRef<HTMLElement>(null)
  useEffect(() => panel.current?.focus({ preventScroll: true }), [])
  const key = (pressed: React.KeyboardEvent) => {
    if ((pressed.target as HTMLElement).tagName === 'PRE' && pressed.key.startsWith('Arrow')) return
    const moves: Record<string, () => void> = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Escape: close }
    const run = moves[pressed.key]
    if (!run) return
    pressed.preventDefault()
    run()
  }
  const button = (label: string, icon: React.ReactNode, run: () => void, testId: string) => (
    <Tooltip label={label}>
      <ActionIcon size={28} onClick={run} aria-label={label} data-testid={testId}>
        {icon}
      </ActionIcon>
    </Tooltip>
  )
  return (
    <aside
      ref={panel}
      className={css.panel}
      aria-label={t('audit.detail.title')}
      tabIndex={-1}
      onKeyDown={key}
      data-testid="audit-detail"
    >
      <header className={css.head}>
        <h2 className={`cut ${css.title}`}>{eventName(t, row.event_type)}</h2>
        {button(t('audit.detail.previous'), <IconChevronUp size={16} />, () => step(-1), 'detail-previous')}
        {button(t('audit.detail.next'), <IconChevronDown size={16} />, () => step(1), 'detail-next')}
        {button(t('audit.detail.close'), <IconX size={16} />, close, 'detail-close')}
      </header>
      <div className={css.body}>
        <p className={css.sentence} data-testid="detail-sentence">
          {sentence(t, row, session.tenants)}
        </p>
        <div className={css.marks}>
          <SeverityMark severity={row.severity} />
          {row.outcome && <OutcomeMark outcome={row.outcome} />}
          <span className="soft">
            <When at={row.occurred_at} />
          </span>
        </div>
        {event.isError ? (
          <ErrorPanel error={event.error} retry={() => void event.refetch()} />
        ) : event.data && settled === row ? (
          <DetailBody event={event.data} narrow={narrow} />
        ) : (
          <div role="status" aria-label={t('loading')} className={css.skeleton}>
            {[70, 55, 80, 40, 65, 75, 50].map((width) => (
              <Skeleton key={width} height={10} width={`${width}%`} />
            ))}
          </div>
        )}
      </div>
    </aside>
  )
}
